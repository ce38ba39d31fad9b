"""Subscribers of our own feeds, at our hub."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "hub_subscribers",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("user_id", ROW_ID, nullable=False),
        sa.Column("token_id", ROW_ID),
        sa.Column("callback", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.Text()),
        sa.Column("lease_until", sa.BigInteger(), nullable=False),
        sa.Column("sent", sa.Text(), nullable=False),
        sa.Column("next_try_at", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_hub_subscribers_user_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["token_id"], ["tokens.id"], name="fk_hub_subscribers_token_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_hub_subscribers"),
        sa.UniqueConstraint("key", name="uq_hub_subscribers_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_hub_subscribers_user_id", "hub_subscribers", ["user_id"])
    op.create_index("ix_hub_subscribers_token_id", "hub_subscribers", ["token_id"])
