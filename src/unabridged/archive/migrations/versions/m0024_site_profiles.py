"""Site profiles: what was learnt about a site's pages, and its alarms."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

INSTANT = sa.BigInteger()


def upgrade() -> None:
    op.create_table(
        "site_profiles",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False, server_default=""),
        sa.Column("seen", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("seen_learnt", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("learnt", INSTANT),
        sa.Column("learn_at", sa.Integer()),
        sa.Column("again", INSTANT),
        sa.Column("watch", sa.Text(), nullable=False, server_default=""),
        sa.Column("alarm", sa.Text(), nullable=False, server_default=""),
        sa.Column("alarmed", INSTANT),
        sa.Column("pinned", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("site", name="pk_site_profiles"),
    )
