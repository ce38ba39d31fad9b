"""Pages are in buckets as feeds are: workers that take turns at buckets never meet at a site."""

import sqlalchemy as sa
from alembic import op

from unabridged.archive.keys import bucket_of

revision = "0006"
down_revision = "0004"

BATCH = 10_000
"""Articles whose bucket is worked out in one step."""


def upgrade() -> None:
    op.add_column("articles", sa.Column("bucket", sa.SmallInteger(), nullable=False, server_default="0"))
    _fill()
    op.create_index("ix_articles_bucket_page_next_try_at", "articles", ["bucket", "page_next_try_at"])
    op.create_index("ix_feeds_bucket_next_poll_at", "feeds", ["bucket", "next_poll_at"])


def _fill() -> None:
    conn = op.get_bind()
    articles = sa.table(
        "articles",
        sa.column("id", sa.BigInteger()),
        sa.column("url", sa.Text()),
        sa.column("bucket", sa.SmallInteger()),
    )
    mine = sa.update(articles).where(articles.c.id == sa.bindparam("article"))
    last = 0
    while True:
        query = sa.select(articles.c.id, articles.c.url).where(articles.c.id > last)
        rows = conn.execute(query.order_by(articles.c.id).limit(BATCH)).all()
        if not rows:
            return
        buckets = [{"article": row.id, "place": bucket_of(row.url)} for row in rows]
        conn.execute(mine.values(bucket=sa.bindparam("place")), buckets)
        last = rows[-1].id
