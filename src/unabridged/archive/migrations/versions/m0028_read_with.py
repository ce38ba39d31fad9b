"""Near-duplicates that share their marks: the article with which an item was marked read."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.add_column("items", sa.Column("read_with", sa.BigInteger()))
