"""Origin to which a feed's login, password and headers belong: that of its present URL."""

import sqlalchemy as sa
from alembic import op

from unabridged.errors import InvalidURL
from unabridged.urls import origin

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    conn = op.get_bind()
    if "origin" not in {column["name"] for column in sa.inspect(conn).get_columns("feed_settings")}:
        op.add_column("feed_settings", sa.Column("origin", sa.Text()))
    table = sa.table("feed_settings", sa.column("feed_id", sa.BigInteger()), sa.column("origin", sa.Text()))
    held = sa.text(
        "SELECT s.feed_id, f.url FROM feed_settings s JOIN feeds f ON f.id = s.feed_id "
        "WHERE s.username IS NOT NULL OR s.password IS NOT NULL OR s.headers <> '[]'"
    )
    for feed_id, url in conn.execute(held).all():
        mine = sa.update(table).where(table.c.feed_id == feed_id)
        conn.execute(mine.values(origin=_origin(url)))


def _origin(url: str) -> str | None:
    try:
        return origin(url)
    except InvalidURL:
        return None  # such a feed is not asked, and its login sent nowhere
