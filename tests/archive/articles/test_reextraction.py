"""Versions made anew of kept pages: what they are, and that they can be taken back to the byte."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.archive.sample_feeds import HOUR, LONG, NOW, URL, a_page, an_article, an_entry, save
from unabridged.archive import Archive
from unabridged.archive.articles.version_policy import decide_replay
from unabridged.archive.records.library import ReplayChange, ReplaySelection
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.tables import metadata
from unabridged.errors import NotFound
from unabridged.urls import host

ADDRESS = "https://news.example/1"
OLD = replace(an_article(ADDRESS), authors=("Ada",), published=NOW)


def words(**more: object) -> str:
    return decide_replay(OLD, replace(OLD, **more)).kind  # type: ignore[arg-type]


def test_kinds_of_change_are_told_apart() -> None:
    assert words() == "same"
    assert words(text=LONG + "\n\nOne more line.") == "text"
    assert words(title="Another") == "head"
    assert words(published=NOW + HOUR) == "head"
    assert words(lead_image="https://news.example/a.jpg") == "body"
    assert words(warnings=("joined",)) == "details"


def test_a_worse_reading_is_never_taken() -> None:
    assert words(text="") == "worse"
    assert words(text=LONG[: len(LONG) // 2]) == "worse"
    assert words(title="") == "worse"
    assert words(authors=()) == "worse"
    assert words(published=None) == "worse"


def test_a_text_that_loses_more_than_a_fifth_is_taken_only_when_asked_for() -> None:
    shorter = replace(OLD, text=LONG[: int(len(LONG) * 0.7)])
    assert decide_replay(OLD, shorter).kind == "worse"
    assert decide_replay(OLD, shorter, shorter=True).kind == "text"
    assert decide_replay(OLD, replace(OLD, text=LONG[: len(LONG) // 3]), shorter=True).kind == "worse"


def rows(dsn: str) -> dict[str, list[str]]:
    """Every row of every table but the replays' own, as written."""
    database = Database(dsn)
    with database.reading() as conn:
        found = {
            name: sorted(repr(tuple(row)) for row in conn.execute(select(table)))
            for name, table in metadata.tables.items()
            if name not in ("replays", "replay_changes")
        }
    database.close()
    return found


@pytest.fixture
def read(archive: Archive) -> Iterator[list[int]]:
    """Three articles whose pages were read."""
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    numbers = list(save(archive, feed.id, *(an_entry(n) for n in (1, 2, 3))).new)
    for number in numbers:
        url = archive.library().articles.get(number).article.url
        body = f"<html>{number}</html>".encode()
        archive.ingest.save_page(number, an_article(url, published=NOW - HOUR), a_page(url, body), now=NOW)
    archive.library().marks.set_starred(numbers[:1], True, now=NOW)
    yield numbers


def changes(archive: Archive, numbers: list[int]) -> list[ReplayChange]:
    """Better readings, with another date, by which the articles move in lists if no feed dated them."""
    found = [one for one in archive.reextraction.sources(batch=2) if one.article_id in numbers]
    return [
        ReplayChange(
            article_id=one.article_id,
            base=one.revision,
            article=replace(
                one.article,
                text=one.article.text + "\n\nThe last line.",
                published=NOW - timedelta(days=3),
                authors=("Bob",),
            ),
            reason="2 words added",
        )
        for one in found
    ]


def test_a_replay_makes_versions_of_its_own_kind_from_the_same_page(
    archive: Archive, read: list[int]
) -> None:
    number = archive.reextraction.begin("--feed 1", now=NOW + HOUR)
    assert archive.reextraction.apply(number, changes(archive, read), now=NOW + HOUR) == 3
    archive.reextraction.finish(number, now=NOW + HOUR)
    before, line = archive.library().articles.revisions(read[0])[-2:]
    assert (line.number, line.source, line.snapshot) == (2, "replay", before.snapshot)
    stored = archive.library().articles.get(read[0])
    assert stored.article.text.endswith("The last line.")
    assert (stored.starred, stored.article.published) == (True, NOW - timedelta(days=3))
    [one] = archive.reextraction.runs()
    assert (one.id, one.articles, one.asked, one.undone) == (number, 3, "--feed 1", None)


def test_a_replay_taken_back_leaves_every_row_as_it_was(archive: Archive, read: list[int], dsn: str) -> None:
    before = rows(dsn)
    number = archive.reextraction.begin("", now=NOW)
    archive.reextraction.apply(number, changes(archive, read), now=NOW + HOUR)
    assert rows(dsn) != before
    undone = archive.reextraction.undo(number, now=NOW + HOUR)
    assert (undone.restored, undone.kept) == (3, ())
    assert rows(dsn) == before
    with pytest.raises(NotFound, match="already undone"):
        archive.reextraction.undo(number, now=NOW)


def test_what_came_after_a_replay_is_left_alone_by_taking_it_back(archive: Archive, read: list[int]) -> None:
    number = archive.reextraction.begin("", now=NOW)
    archive.reextraction.apply(number, changes(archive, read), now=NOW + HOUR)
    stored = archive.library().articles.get(read[1])
    edited = replace(stored.article, text=stored.article.text.replace("town", "village"))
    archive.ingest.save_page(
        read[1], edited, a_page(stored.article.url, b"<html>2b</html>"), now=NOW + 2 * HOUR
    )
    undone = archive.reextraction.undo(number, now=NOW + 3 * HOUR)
    assert (undone.restored, undone.kept) == (2, (read[1],))
    assert archive.library().articles.get(read[1]).revision == 3
    assert archive.library().articles.get(read[0]).revision == 1


def test_an_article_that_changed_meanwhile_is_not_written_over(archive: Archive, read: list[int]) -> None:
    made = changes(archive, read)
    stored = archive.library().articles.get(read[0])
    edited = replace(stored.article, text=stored.article.text.replace("town", "village"))
    archive.ingest.save_page(read[0], edited, a_page(stored.article.url, b"<html>1b</html>"), now=NOW + HOUR)
    number = archive.reextraction.begin("", now=NOW)
    assert archive.reextraction.apply(number, made, now=NOW + HOUR) == 2
    assert "village" in archive.library().articles.get(read[0]).article.text


def test_only_what_a_feed_showed_or_was_fetched_since_is_replayed(archive: Archive, read: list[int]) -> None:
    other = archive.library().subscriptions.add("https://other.example/feed", now=NOW).feed
    assert archive.reextraction.count_sources() == 3
    assert list(archive.reextraction.sources(ReplaySelection(feed=other.id))) == []
    assert archive.reextraction.count_sources(ReplaySelection(since=NOW + HOUR)) == 0
    assert archive.reextraction.count_sources(ReplaySelection(since=NOW)) == 3
    assert archive.reextraction.count_sources(ReplaySelection(until=NOW - HOUR)) == 0
    assert archive.reextraction.count_sources(ReplaySelection(site="other.example")) == 0
    site = host(archive.library().articles.get(read[0]).article.url)
    assert archive.reextraction.count_sources(ReplaySelection(site=site, until=NOW)) == 3


def test_a_page_read_with_a_newer_extractor_makes_no_publishers_edit(
    archive: Archive, read: list[int]
) -> None:
    archive.reextraction.apply(None, changes(archive, read[:1]), now=NOW + HOUR)
    assert archive.reextraction.runs() == ()
    assert archive.library().articles.revisions(read[0])[-1].source == "replay"
