"""PostgreSQL's index of words keeps few rows aside: every question reads those that are not merged yet."""

from alembic import op

revision = "0007"
down_revision = "0006"

PENDING = 256
"""Kilobytes of words that wait to be merged into the index; of PostgreSQL's own 4,096 a question may take a
quarter of a second more."""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER INDEX ix_search_index_tokens SET (gin_pending_list_limit = {PENDING})")
