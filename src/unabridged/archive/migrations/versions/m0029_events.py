"""Events, numbered in the order of commits."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("number", ROW_ID, nullable=False, autoincrement=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("feed_id", ROW_ID),
        sa.Column("article_id", ROW_ID),
        sa.Column("revision_before", sa.Integer()),
        sa.Column("revision_after", sa.Integer()),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("user_id", ROW_ID),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_events_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number", name="pk_events"),
    )
    op.execute("INSERT INTO counters (name, value) VALUES ('events', 0)")
