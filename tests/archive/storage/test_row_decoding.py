"""Invalid rows of an older version are repaired on opening; unreadable rows are reported and skipped."""

import io
import logging

import orjson
import pytest
from sqlalchemy import text

from tests.archive.migrations.test_runner import bare, old_archive
from tests.archive.sample_feeds import NOW, URL, a_feed, an_article, an_entry, fine, save
from unabridged import limits
from unabridged.archive import Archive, Query
from unabridged.archive.storage.engine import Database
from unabridged.formats.export import STREAMS
from unabridged.formats.export_job import ExportJob

__all__ = ["bare"]

POISON = (
    "UPDATE feeds SET title = :huge, site_url = 'javascript:alert(1)', icon = 'data:text/html,x',"
    ' hubs = \'["file:///x", "https://hub.example/"]\', description = :huge',
    "UPDATE sources SET title = :huge",
    "UPDATE subscriptions SET title = :huge",
    "UPDATE articles SET url = 'javascript:alert(1)', title = :huge, summary = :huge, authors = 'no json',"
    " lead_image = 'vbscript:x', published = '0001-01-01T00:00:00+14:00', sort_at = 9100000000000000000,"
    " first_seen = -9100000000000000000",
    "UPDATE items SET sort_at = 9100000000000000000, delivered = 9100000000000000000",
    "UPDATE sightings SET url = 'javascript:alert(1)', guid = :huge, sort_at = 9100000000000000000",
    "UPDATE revisions SET title = :huge, saved = 9100000000000000000",
)


def poisoned(dsn: str) -> None:
    """Make an archive of the last schema before the repair, with invalid values in its rows."""
    old_archive(dsn, "0008")
    database = Database(dsn)
    with database._writer.connect() as conn, conn.begin():
        for row in POISON:
            conn.execute(text(row), {"huge": "x\x1b\u202e" * 50_000} if ":huge" in row else {})
    database.close()


def test_rows_of_an_older_version_are_mended(bare: str) -> None:
    poisoned(bare)
    with Archive(bare) as archive:
        [feed] = [one.feed for one in archive.library().subscriptions.all()]
        assert (feed.title, feed.site_url, feed.icon) == ("x" * limits.TITLE, None, None)
        assert feed.hubs == ("https://hub.example/",)
        [line] = archive.library().articles.headlines(Query()).headlines
        assert (line.url, line.lead_image, line.published, line.authors) == ("", None, None, ())
        assert line.title == "x" * limits.TITLE
        assert len(line.summary) == limits.SUMMARY
        [stored] = archive.library().articles.page(Query()).articles
        assert stored.article.url == "https://news.example/1"
        assert stored.at.isoformat()
        assert [len(one.title) for one in archive.library().articles.revisions(stored.id)] == [limits.TITLE]
    database = Database(bare)
    with database.reading() as conn:
        for table, column in (
            ("articles", "title"),
            ("feeds", "title"),
            ("sightings", "guid"),
            ("revisions", "title"),
        ):
            size = conn.execute(text(f"SELECT max(length({column})) FROM {table}")).scalar_one()
            assert size <= limits.GUID, (table, column)
    database.close()


def garble(dsn: str, statement: str) -> None:
    database = Database(dsn)
    with database._writer.connect() as conn, conn.begin():
        conn.execute(text(statement))
    database.close()


def test_a_row_that_cannot_be_read_is_named_and_passed_over(
    archive: Archive, dsn: str, caplog: pytest.LogCaptureFixture
) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, *map(an_entry, range(1, 4)))
    numbers = [line.id for line in archive.library().articles.headlines(Query()).headlines]
    bad = numbers[1]
    garble(dsn, f"UPDATE revisions SET record = content_hash WHERE article_id = {bad}")
    rest = [number for number in numbers if number != bad]

    found = archive.library().articles.page(Query())
    assert [one.id for one in found.articles] == rest
    assert len(found.damaged) == 1
    assert f"article {bad} cannot be read" in found.damaged[0]
    assert [line.id for line in archive.library().articles.headlines(Query()).headlines] == numbers
    with caplog.at_level(logging.WARNING, "unabridged.archive"):
        assert {one.id for one in archive.library().articles.items_after(0)} == set(rest)
        archive.documents.assign_numbers()
        [source] = archive.documents.sources()
        assert {one.stored.id for one in archive.documents.articles(source.slug)} == set(rest)
        archive.library().search.hits("Teaser")
    assert f"article {bad}" in caplog.text
    out = io.BytesIO()
    report = STREAMS["jsonl"](archive, ExportJob(now=NOW), out)
    assert {orjson.loads(line)["id"] for line in out.getvalue().splitlines()} == set(rest)
    assert (report.articles, len(report.failed)) == (2, 1)
    assert any(
        f"article {bad}, version 0" in problem.what for problem in archive.maintenance.verify().problems
    )


def test_a_line_that_cannot_be_read_does_not_end_a_list(archive: Archive, dsn: str) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, *map(an_entry, range(1, 4)))
    garble(dsn, "UPDATE articles SET authors = '{', published = 'never', url = 'javascript:x' WHERE id = 2")
    garble(dsn, "UPDATE items SET delivered = 9200000000000000000 WHERE article_id = 1")
    garble(dsn, "UPDATE feeds SET hubs = 'x', notes = '{', skip_hours = '['")
    lines = {line.id: line for line in archive.library().articles.headlines(Query()).headlines}
    assert sorted(lines) == [1, 2, 3]
    assert (lines[2].authors, lines[2].published, lines[2].url) == ((), None, "")
    assert len(archive.library().articles.page(Query()).articles) == 3
    assert archive.library().subscriptions.feed(feed.id).hubs == ()


def test_a_title_that_is_cut_is_no_edit_with_every_poll(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    entry, _ = an_entry(1)
    article = an_article("https://news.example/1", title="x" * 100_000)
    for _ in range(3):
        archive.ingest.save_entries(feed.id, a_feed(title="y" * 100_000), [(entry, article)], fine())
    [stored] = archive.library().articles.page(Query()).articles
    assert [one.number for one in archive.library().articles.revisions(stored.id)] == [0]
    assert len(stored.article.title) == limits.TITLE
    assert len(archive.library().subscriptions.feed(feed.id).title) == limits.TITLE
    assert any("title cut" in note for note in stored.article.warnings)
