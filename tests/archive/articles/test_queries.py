"""Lists, pages of lists, marks and counts."""

from dataclasses import replace

import pytest

from tests.archive.sample_feeds import HOUR, NOW, an_entry, save
from unabridged.archive import Archive, Query
from unabridged.errors import NotFound


def test_pages_of_a_list_join_without_gap_or_overlap(archive: Archive, feed_id: int) -> None:
    for base in (Query(limit=10), Query(limit=10, feed=feed_id), Query(limit=10, source="news")):
        first = archive.library().articles.headlines(base)
        assert first.next is not None
        found = [one.title for one in first.headlines]
        place: str | None = first.next
        while place is not None:
            page = archive.library().articles.headlines(
                Query(limit=10, feed=base.feed, source=base.source, before=place)
            )
            found += [one.title for one in page.headlines]
            place = page.next
        assert found == [f"Story {number}" for number in range(24, -1, -1)]


def test_a_list_does_not_shift_when_news_arrive(archive: Archive, feed_id: int) -> None:
    first = archive.library().articles.headlines(Query(limit=10))
    save(archive, feed_id, an_entry(100), now=NOW + HOUR)
    second = archive.library().articles.headlines(Query(limit=10, before=first.next))
    assert second.headlines[0].title == "Story 14"


def test_an_exact_last_page_has_no_next(archive: Archive, feed_id: int) -> None:
    assert archive.library().articles.headlines(Query(limit=25)).next is None
    assert archive.library().articles.page(Query(limit=24)).next is not None


@pytest.mark.parametrize("cursor", ["x", "1", "1_", "_1", "1_2_3", "99999999999999999999_1", "9" * 18 + "_1"])
def test_a_made_up_cursor_is_not_found(archive: Archive, cursor: str) -> None:
    with pytest.raises(NotFound):
        archive.library().articles.headlines(Query(before=cursor))


def test_all_articles_come_whole_in_batches(archive: Archive, feed_id: int) -> None:
    found = [one.article.title for one in archive.library().articles.all(Query(limit=4))]
    assert found == [f"Story {number}" for number in range(24, -1, -1)]


def test_neighbours_follow_the_list(archive: Archive, feed_id: int) -> None:
    lines = archive.library().articles.headlines(Query(limit=3)).headlines
    for query in (Query(), Query(feed=feed_id)):
        assert archive.library().articles.neighbours(lines[1].id, query) == (lines[0].id, lines[2].id)
        assert archive.library().articles.neighbours(lines[0].id, query) == (None, lines[1].id)
    assert archive.library().articles.neighbours(999, Query()) == (None, None)


def test_a_headline_shows_the_opening_where_there_is_no_summary(archive: Archive, feed_id: int) -> None:
    save(archive, feed_id, an_entry(50, text="word " * 500), now=NOW + HOUR)
    [line] = [
        one for one in archive.library().articles.headlines(Query()).headlines if one.title == "Story 50"
    ]
    assert line.summary.startswith("word word")
    assert line.summary.endswith("…")
    assert len(line.summary) <= 401
    assert line.words == 500


def test_sources_are_named_once_and_count_their_articles(archive: Archive, feed_id: int) -> None:
    other = archive.library().subscriptions.add("https://second.example/feed", now=NOW).feed
    save(archive, other.id, an_entry(200, url="https://second.example/1"))
    assert [(one.slug, one.feed_id, one.articles) for one in archive.documents.sources()] == [
        ("news", feed_id, 25),
        ("news-2", other.id, 1),
    ]


def test_a_list_is_read_oldest_first_page_by_page(archive: Archive, feed_id: int) -> None:
    for where in (Query(), Query(feed=feed_id), Query(unread=True)):
        newest = [line.id for line in archive.library().articles.headlines(where).headlines]
        found: list[int] = []
        page: Query | None = replace(where, oldest=True, limit=10)
        while page is not None:
            part = archive.library().articles.headlines(page)
            found += [line.id for line in part.headlines]
            page = replace(page, before=part.next) if part.next else None
        assert found == newest[::-1] and len(found) == 25


def test_items_beyond_a_number_are_those_that_came_since(archive: Archive, feed_id: int) -> None:
    newest = archive.library().articles.newest_item()
    assert newest == 25
    assert archive.library().articles.count(Query(feed=feed_id, beyond=newest)) == 0
    assert archive.library().articles.count(Query(beyond=newest - 3)) == 3
