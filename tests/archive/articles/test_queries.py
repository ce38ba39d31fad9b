"""Lists, pages of lists, marks and counts."""

from datetime import timedelta

import pytest

from tests.archive.sample_feeds import HOUR, NOW, URL, an_entry, save
from unabridged.archive import Archive, Query
from unabridged.errors import NotFound


@pytest.fixture
def feed_id(archive: Archive) -> int:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, *(an_entry(number) for number in range(25)))
    return feed.id


def titles(archive: Archive, query: Query) -> list[str]:
    return [one.title for one in archive.library().articles.headlines(query).headlines]


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


def test_marks_are_kept_counted_and_listed(archive: Archive, feed_id: int) -> None:
    numbers = [one.id for one in archive.library().articles.headlines(Query(limit=5)).headlines]

    assert archive.library().marks.set_read([*numbers, 999], True, now=NOW) == 5
    assert archive.library().marks.set_read(numbers, True, now=NOW) == 0
    assert archive.library().marks.set_starred(numbers[:2], True, now=NOW) == 2

    counts = archive.library().counts()
    assert (counts.articles, counts.unread, counts.starred) == (25, 20, 2)
    assert archive.library().subscriptions.get(feed_id).unread == 20
    assert len(titles(archive, Query(unread=True))) == 20
    assert titles(archive, Query(starred=True)) == ["Story 24", "Story 23"]
    assert archive.library().marks.set_read(numbers[:1], False, now=NOW) == 1
    assert archive.library().articles.get(numbers[0]).read is False
    assert archive.library().articles.get(numbers[1]).starred is True


def test_marking_all_read_spares_what_came_later(archive: Archive, feed_id: int) -> None:
    save(archive, feed_id, an_entry(100), now=NOW + HOUR)

    assert archive.library().marks.set_all_read(Query(feed=feed_id), now=NOW + 2 * HOUR, before=NOW) == 25

    assert titles(archive, Query(unread=True)) == ["Story 100"]


def test_a_new_version_stays_read(archive: Archive, feed_id: int) -> None:
    archive.library().marks.set_all_read(Query(), now=NOW, before=NOW)
    save(archive, feed_id, an_entry(3, text="Teaser 3 was edited."), now=NOW + HOUR)
    assert archive.library().counts().unread == 0


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


def test_numbers_in_the_tree_are_given_once(archive: Archive, feed_id: int) -> None:
    assert archive.documents.assign_numbers() == 25
    assert archive.documents.assign_numbers() == 0
    before = [(one.number, one.stored.id) for one in archive.documents.articles("news", batch=10)]
    save(archive, feed_id, an_entry(-5), now=NOW + timedelta(days=1))
    archive.documents.assign_numbers()
    after = [(one.number, one.stored.id) for one in archive.documents.articles("news", batch=10)]
    assert [number for number, _ in before] == list(range(1, 26))
    assert after[:25] == before
    assert after[25][0] == 26
