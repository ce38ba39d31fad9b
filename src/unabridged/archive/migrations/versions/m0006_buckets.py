"""Buckets of pages and images, like those of feeds: two workers never fetch from one site together."""

import sqlalchemy as sa
from alembic import op

from unabridged.archive.storage.identity import bucket_of

revision = "0006"
down_revision = "0005"

BATCH = 10_000
"""Rows whose bucket is computed in one step."""


TABLES = {"articles": "page_next_try_at", "images": "next_try_at"}


def upgrade() -> None:
    for table, due in TABLES.items():
        op.add_column(table, sa.Column("bucket", sa.SmallInteger(), nullable=False, server_default="0"))
        _fill(table)
        op.create_index(f"ix_{table}_bucket_{due}", table, ["bucket", due])
    op.create_index("ix_feeds_bucket_next_poll_at", "feeds", ["bucket", "next_poll_at"])


def _fill(name: str) -> None:
    conn = op.get_bind()
    table = sa.table(
        name,
        sa.column("id", sa.BigInteger()),
        sa.column("url", sa.Text()),
        sa.column("bucket", sa.SmallInteger()),
    )
    mine = sa.update(table).where(table.c.id == sa.bindparam("number"))
    last = 0
    while True:
        query = sa.select(table.c.id, table.c.url).where(table.c.id > last)
        rows = conn.execute(query.order_by(table.c.id).limit(BATCH)).all()
        if not rows:
            return
        buckets = [{"number": row.id, "place": bucket_of(row.url)} for row in rows]
        conn.execute(mine.values(bucket=sa.bindparam("place")), buckets)
        last = rows[-1].id
