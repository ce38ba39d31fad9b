"""Unread items of a user in the order of their numbers, as apps ask for them."""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_index("ix_items_user_id_read_id", "items", ["user_id", "read", "id"])
