"""Lists of pages that serve as feeds: what was learnt about them, and versions of the pages."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()


def upgrade() -> None:
    op.create_table(
        "page_lists",
        sa.Column("feed_id", ROW_ID, nullable=False, autoincrement=False),
        sa.Column("profile", sa.Text(), nullable=False, server_default=""),
        sa.Column("examples", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("known", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("learnt", INSTANT),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_page_lists_feed_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed_id", name="pk_page_lists"),
    )
    op.create_table(
        "page_versions",
        sa.Column("feed_id", ROW_ID, nullable=False, autoincrement=False),
        sa.Column("number", sa.SmallInteger(), nullable=False, autoincrement=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feeds.id"], name="fk_page_versions_feed_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("feed_id", "number", name="pk_page_versions"),
    )
