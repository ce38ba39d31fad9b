"""Pages that somebody else fetched, in both databases: clocks, bytes, and place in a history."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from unabridged.archive import Archive, ImportedPage, Query
from unabridged.model import Article, Page

NOW = datetime(2024, 2, 1, 12, 0, tzinfo=UTC)


def capture(words: str, at: datetime) -> ImportedPage:
    url = "https://news.example/1"
    page = Page(url=url, final_url=url, status=200, headers={}, body=words.encode(), fetched=at)
    text = f"{words} and the harbour was full of people who had come to see the old ferry leave"
    return ImportedPage(article=Article(url=url, title="One", html=f"<p>{text}</p>", text=text), page=page)


def test_captures_become_versions_and_an_older_one_history_alone(
    open_archive: Callable[[], Archive],
) -> None:
    archive = open_archive()
    first, second = capture("it sails", NOW), capture("it waits", NOW + timedelta(days=1))
    older = capture("it rusts", NOW - timedelta(days=1))

    changes = archive.library().imports.add_pages([first, second, older], now=NOW + timedelta(days=9))
    again = archive.library().imports.add_pages([first, second, older], now=NOW + timedelta(days=9))

    assert [one.kind for one in changes] == ["new", "changed", "changed"]
    assert [one.kind for one in again] == ["same", "same", "same"]
    [stored] = archive.library().articles.page(Query()).articles
    assert (stored.article.text[:8], stored.revision) == ("it waits", 2)
    assert (stored.first_seen, stored.fetched) == (NOW, NOW + timedelta(days=1))
    versions = archive.library().articles.revisions(stored.id)
    assert [archive.library().articles.snapshot(one.snapshot or "").body for one in versions] == [
        b"it sails",
        b"it waits",
        b"it rusts",
    ]
    assert archive.library().articles.count(Query(since=NOW, until=NOW + timedelta(days=1))) == 1
    assert archive.library().articles.count(Query(came=NOW + timedelta(days=10))) == 0
    assert [one.headline.id for one in archive.library().search.hits("harbour").hits] == [stored.id]
    assert archive.maintenance.verify().problems == ()


def test_a_capture_is_known_by_its_bytes_whatever_its_time(open_archive: Callable[[], Archive]) -> None:
    archive = open_archive()
    one = capture("it sails", NOW)
    archive.library().imports.add_pages([one], now=NOW)
    known = archive.ingest.known_page(replace(one.page, fetched=NOW + timedelta(days=3)))
    assert known is not None and known.kind == "same"
    assert archive.ingest.known_page(replace(one.page, body=b"else")) is None
