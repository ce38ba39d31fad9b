"""Archive of the first schema with one article, for tests of its upgrade."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from tests.archive.sample_feeds import an_article
from unabridged.archive.records.encoding import encode
from unabridged.archive.storage.codec import compress, content_hash
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.identity import address_key
from unabridged.archive.storage.tables import to_microseconds

PAGE = b"<html>a page as it was kept before</html>" * 50
PAGE_HASH = hashlib.sha256(PAGE).digest()
AT = to_microseconds(datetime(2024, 1, 1, tzinfo=UTC))
ARTICLE = an_article("https://old.example/1", "An old story")


def make_old_archive(dsn: str) -> None:
    """Fill an empty database with the first schema, a source, an article, its version and raw page."""
    database = Database(dsn)
    database.writing(_make)
    database.close()


def _make(conn: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", "unabridged.archive:migrations")
    config.attributes["connection"] = conn
    command.upgrade(config, "0001")
    encoded = encode(ARTICLE)
    _insert(conn, "users", id=1, name="owner", created=0)
    _insert(conn, "counters", name="items", value=1)
    _insert(conn, "sources", id=1, slug="old", title="Old", last_number=0)
    article: dict[str, Any] = {"id": 1, "url": ARTICLE.url, "title": ARTICLE.title, "summary": ""}
    article |= {"authors": "[]", "words": 9, "sort_at": AT, "first_seen": AT, "revision": 1, "source_id": 1}
    _insert(conn, "articles", **article, page_state="read", page_attempts=0)
    _insert(conn, "addresses", hash=address_key(ARTICLE.url), article_id=1, url=ARTICLE.url)
    page: dict[str, Any] = {"hash": PAGE_HASH, "body": compress(PAGE), "size": len(PAGE), "url": ARTICLE.url}
    _insert(conn, "snapshots", **page, status=200, headers='{"content-type":"text/html"}', fetched=AT)
    version: dict[str, Any] = {"article_id": 1, "number": 1, "source": "page", "saved": AT, "words": 9}
    version |= {"content_hash": content_hash(encoded), "record": compress(encoded), "title": ARTICLE.title}
    _insert(conn, "revisions", **version, snapshot_hash=PAGE_HASH, completeness="full", reason="first")
    item: dict[str, Any] = {"id": 1, "user_id": 1, "article_id": 1, "sort_at": AT, "delivered": AT}
    _insert(conn, "items", **item, read=True, starred=False)


def _insert(conn: Connection, table: str, **row: Any) -> None:
    names = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    conn.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)
