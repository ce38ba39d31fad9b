"""Choices of people about a feed: interval of its polls, full text; site rules; numbers of merged feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()


def upgrade() -> None:
    op.add_column("feeds", sa.Column("poll_interval", sa.Integer()))
    op.add_column("feeds", sa.Column("full_text", sa.SmallInteger(), nullable=False, server_default="1"))
    op.create_table(
        "site_rules",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_site_rules"),
    )
    op.create_table(
        "merged_feeds",
        sa.Column("id", ROW_ID, nullable=False, autoincrement=False),
        sa.Column("feed_id", ROW_ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feeds.id"], name="fk_merged_feeds_feed_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_merged_feeds"),
    )
    op.create_index("ix_merged_feeds_feed_id", "merged_feeds", ["feed_id"])
