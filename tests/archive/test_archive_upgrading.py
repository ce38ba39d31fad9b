"""Archives of earlier schemas: with rows in them, brought up to this program's."""

from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from archive_stories import NOW
from sqlalchemy import text

from unabridged.archive import Archive, Query
from unabridged.archive.codec import compress, content_hash, encode
from unabridged.archive.db import Database
from unabridged.archive.keys import bucket_of
from unabridged.model import Article

ROWS = (
    "INSERT INTO users (id, name, created) VALUES (1, 'owner', 0)",
    "INSERT INTO counters (name, value) VALUES ('items', 1)",
    "INSERT INTO feeds (id, url, url_hash, title, description, hubs, status, bucket, added, failures)"
    " VALUES (1, 'https://news.example/feed', :key, 'News', '', '[]', 'active', 1, 0, 0)",
    "INSERT INTO folders (id, user_id, name) VALUES (1, 1, 'Daily')",
    "INSERT INTO subscriptions (user_id, feed_id, folder_id, added) VALUES (1, 1, 1, 0)",
    "INSERT INTO sources (id, slug, title, feed_id, last_number) VALUES (1, 'news', 'News', 1, 0)",
    "INSERT INTO articles (id, url, title, summary, authors, words, sort_at, first_seen, revision, feed_id,"
    " source_id, page_state, page_attempts)"
    " VALUES (1, 'https://news.example/1', 'A title', '', '[]', 2, 0, 0, 0, 1, 1, 'read', 0)",
    "INSERT INTO revisions (article_id, number, source, saved, content_hash, record, title, words,"
    " completeness, reason) VALUES (1, 0, 'feed', 0, :hash, :record, 'A title', 2, 'full', '')",
    "INSERT INTO items (id, user_id, article_id, sort_at, delivered, read, starred)"
    " VALUES (1, 1, 1, 0, 0, false, true)",
    "INSERT INTO sightings (feed_id, article_id, sort_at, seen, url) VALUES (1, 1, 0, 0, '')",
)


def old_archive(dsn: str, version: str) -> None:
    """Make an archive of an earlier schema with one article in it."""
    encoded = encode(Article(url="https://news.example/1", title="A title", text="Two words"))
    values = {"key": b"k", "hash": content_hash(encoded), "record": compress(encoded)}
    database = Database(dsn)
    with database._writer.connect() as conn, conn.begin():
        config = Config()
        config.set_main_option("script_location", "unabridged.archive:migrations")
        config.attributes["connection"] = conn
        command.upgrade(config, version)
        for row in ROWS:
            conn.execute(text(row), {name: value for name, value in values.items() if f":{name}" in row})
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'old.db'}"
    address: str = request.getfixturevalue("postgresql")
    name = f"old_{abs(hash(tmp_path))}"
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{address}/{name}"


@pytest.mark.parametrize("version", ["0001", "0002"])
def test_an_archive_of_an_earlier_schema_keeps_what_is_in_it(bare: str, version: str) -> None:
    old_archive(bare, version)
    with Archive(bare) as archive:
        [article] = archive.articles(Query(starred=True)).articles
        assert (article.article.title, article.item_id, article.starred) == ("A title", 1, True)
        [folder] = archive.folders()
        assert (folder.name, folder.feeds, folder.unread) == ("Daily", 1, 1)
        archive.request_page(1, now=NOW)
        assert archive.due_buckets(NOW).pages == {bucket_of("https://news.example/1")}
