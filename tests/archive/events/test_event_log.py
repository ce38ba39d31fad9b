"""Events: which ones are written for what happens, who sees them, the order of commits, retention."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from tests.archive.sample_feeds import (
    HOUR,
    LONG,
    NOW,
    URL,
    a_feed,
    a_page,
    an_article,
    an_entry,
    filled,
    fine,
    incomplete,
    save,
)
from tests.archive.stored_rows import add_user
from unabridged.archive import Archive
from unabridged.archive.events import event_log
from unabridged.archive.ingest.feed_document import FeedSave, save_entries
from unabridged.archive.records.core import Failure
from unabridged.archive.records.events import EVENT_KINDS, Event, EventKind, EventQuery
from unabridged.archive.records.imports import Imported
from unabridged.archive.records.rules import RuleDraft
from unabridged.archive.records.sites import SiteNews
from unabridged.config import ArchiveSettings
from unabridged.errors import ConfigError, LeaseLost, NotFound

DAY = timedelta(days=1)
DOWN = Failure(kind="status", message="The site answered 500.")
GONE = Failure(kind="taken-down", message="The publisher has taken the article down.")

Told = tuple[EventKind, int | None, int | None, int | None]


def read_page(
    archive: Archive, number: int, place: int, word: str, at: datetime = NOW, **more: object
) -> None:
    url = f"https://news.example/{place}"
    article = an_article(url, f"Story {place}", LONG.replace("town", word), **more)
    page = a_page(url, f"{word} {place}".encode(), at)
    archive.ingest.save_page(number, article, page, now=at)


def miss(archive: Archive, number: int, at: datetime) -> None:
    archive.ingest.record_page_failure(
        number,
        GONE,
        now=at,
        next_try_at=None,
        status=410,
        taken_down=True,
    )


def log(archive: Archive, user: int = 1, **query: object) -> list[Event]:
    """Read all events of a user, page by page."""
    found: list[Event] = []
    after, more = 0, True
    while more:
        page = archive.library(user).events.read(EventQuery(after=after, **query))  # type: ignore[arg-type]
        assert page.next >= after
        found += page.events
        after, more = page.next, page.more
    return found


def told(found: list[Event]) -> list[Told]:
    return [(one.kind, one.article, one.before, one.after) for one in found]


def test_each_thing_that_happens_to_an_article_is_one_event(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    [one, two] = save(archive, feed.id, an_entry(0), an_entry(1)).new
    read_page(archive, one, 0, "town")
    read_page(archive, one, 0, "town", NOW + HOUR)  # the same
    read_page(archive, one, 0, "city", NOW + 2 * HOUR)
    for hours in (3, 4):
        miss(archive, one, NOW + hours * HOUR)
    read_page(archive, one, 0, "city", NOW + 5 * HOUR)
    read_page(archive, two, 1, "town", NOW + 6 * HOUR, completeness=incomplete("truncated"))
    read_page(archive, two, 1, "whole town", NOW + 7 * HOUR)
    miss(archive, two, NOW + 8 * HOUR)
    archive.ingest.record_page_unchanged(two, now=NOW + 9 * HOUR, next_check_at=None)
    save(archive, feed.id, an_entry(0), an_entry(1), now=NOW + 10 * HOUR)  # nothing new
    found = log(archive)
    assert told(found) == [
        ("article.new", one, None, 0),
        ("article.new", two, None, 0),
        ("article.whole", one, 0, 1),
        ("article.changed", one, 1, 2),
        ("article.taken_down", one, 2, None),
        ("article.restored", one, None, 2),
        ("article.whole", two, 1, 2),
        ("article.taken_down", two, 2, None),
        ("article.restored", two, None, 2),
    ]
    assert [one.number for one in found] == list(range(1, 10))
    changed = found[3]
    assert (changed.feed, changed.title, changed.at) == (feed.id, "Story 0", NOW + 2 * HOUR)
    assert changed.details["reason"] == "12 words and marks added, 12 removed, 276 before"


def test_a_text_read_again_by_a_newer_extractor_is_no_event(archive: Archive) -> None:
    [number] = filled(archive, 0)
    read_page(archive, number, 0, "town")
    before = told(log(archive))
    archive.library().imports.add(
        Imported(
            article=an_article("https://news.example/0", "Story 0", "Other words."),
            source="x",
            origin="jsonl",
        ),
        now=NOW,
    )
    assert told(log(archive)) == before


def test_a_feed_fails_and_recovers_once(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    for place in range(5):
        archive.schedule.record_poll(feed.id, fine(NOW + place * HOUR, failure=DOWN))
    archive.schedule.record_poll(feed.id, fine(NOW + 6 * HOUR, postponed=True))
    for place in (7, 8):
        archive.schedule.record_poll(feed.id, fine(NOW + place * HOUR))
    archive.schedule.record_poll(feed.id, fine(NOW + 9 * HOUR, failure=DOWN))
    archive.schedule.record_poll(feed.id, fine(NOW + 10 * HOUR))
    found = log(archive)
    assert [(one.kind, one.at) for one in found] == [
        ("feed.failed", NOW + 2 * HOUR),
        ("feed.recovered", NOW + 7 * HOUR),
    ]
    assert found[0].details == {"failure": "status", "reason": "The site answered 500."}
    assert (found[0].feed, found[0].url) == (feed.id, URL)


def test_a_feed_that_ended_has_failed_at_once_and_may_recover(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    archive.schedule.record_poll(feed.id, fine(NOW, failure=DOWN, status="gone", next_poll_at=None))
    archive.schedule.record_poll(feed.id, fine(NOW + HOUR, status="active"))
    assert [one.kind for one in log(archive)] == ["feed.failed", "feed.recovered"]


def test_a_feed_becomes_silent_once_and_again_after_its_next_post(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    day = 24 * 3600
    archive.schedule.record_poll(feed.id, fine(NOW, last_post=NOW, usual_gap=day))
    for days in (10, 29):
        archive.schedule.record_poll(feed.id, fine(NOW + days * DAY))
    archive.schedule.record_poll(feed.id, fine(NOW + 31 * DAY, failure=DOWN))
    for days in (32, 33, 60):
        archive.schedule.record_poll(feed.id, fine(NOW + days * DAY))
    archive.schedule.record_poll(feed.id, fine(NOW + 61 * DAY, last_post=NOW + 61 * DAY, usual_gap=day))
    archive.schedule.record_poll(feed.id, fine(NOW + 92 * DAY))
    assert [(one.kind, one.at) for one in log(archive)] == [
        ("feed.silent", NOW + 32 * DAY),
        ("feed.silent", NOW + 92 * DAY),
    ]


def test_a_feed_that_was_silent_when_it_was_added_gives_no_event(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    archive.schedule.record_poll(feed.id, fine(NOW, last_post=NOW - 900 * DAY))
    archive.schedule.record_poll(feed.id, fine(NOW + DAY))
    assert log(archive) == []


def test_a_feed_moves_by_redirect_and_by_hand(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    archive.schedule.record_poll(feed.id, fine(NOW, moved_to="https://news.example/rss"))
    archive.schedule.record_poll(feed.id, fine(NOW + HOUR))
    assert [(one.kind, one.feed, one.details) for one in log(archive)] == [
        ("feed.moved", feed.id, {"from": URL, "to": "https://news.example/rss"})
    ]


def test_the_first_alarm_of_a_site_is_an_event_for_the_owner_alone(archive: Archive) -> None:
    ann = add_user(archive, "ann")
    news = SiteNews(site="news.example", pages=1, watch="{}", alarm="its texts became short")
    for hours in range(3):
        archive.sites.record((news,), now=NOW + hours * HOUR)
    [one] = log(archive)
    assert (one.kind, one.details) == (
        "site.redesigned",
        {"site": "news.example", "reason": "its texts became short"},
    )
    assert log(archive, ann) == []


def test_an_import_is_one_event_of_the_person_who_imported(archive: Archive) -> None:
    ann = add_user(archive, "ann")
    imported = Imported(article=an_article("https://old.example/1"), source="old", origin="jsonl")
    archive.library(ann).imports.add_many([imported], now=NOW)
    archive.library(ann).events.imported({"new": 1}, now=NOW)
    assert [(one.kind, one.details) for one in log(archive, ann)] == [("import.done", {"new": 1})]
    assert log(archive) == []


def test_people_see_the_events_of_their_own_feeds_and_articles(archive: Archive) -> None:
    ann = add_user(archive, "ann")
    [number] = filled(archive, 0)
    theirs = archive.library(ann).subscriptions.add("https://other.example/feed", now=NOW).feed
    [other] = save(archive, theirs.id, an_entry(7, url="https://other.example/7")).new
    archive.schedule.record_poll(theirs.id, fine(NOW, moved_to="https://other.example/rss"))
    assert [(one.kind, one.article) for one in log(archive)] == [("article.new", number)]
    assert [(one.kind, one.article) for one in log(archive, ann)] == [
        ("article.new", other),
        ("feed.moved", None),
    ]
    with pytest.raises(NotFound):
        archive.library(ann).events.read(EventQuery(feed=1))
    shared = archive.library().subscriptions.add("https://other.example/rss", now=NOW).feed
    assert shared.id == theirs.id
    assert [one.feed for one in log(archive, feed=theirs.id)] == [theirs.id, theirs.id]


def test_a_feed_of_others_that_showed_an_article_first_is_not_told(archive: Archive) -> None:
    ann = add_user(archive, "ann")
    [number] = filled(archive, 0)
    mine = archive.library(ann).subscriptions.add("https://planet.example/feed", now=NOW).feed
    save(archive, mine.id, an_entry(0, guid="elsewhere"))
    [one] = log(archive, ann)
    assert (one.kind, one.article, one.feed) == ("article.new", number, mine.id)


def test_events_of_muted_articles_and_of_duplicates_are_left_out(archive: Archive) -> None:
    archive.library().subscriptions.add(URL, now=NOW)
    archive.library().rules.add(RuleDraft(query="sports", action="mute"), now=NOW)
    save(archive, 1, an_entry(0, text="sports today"), an_entry(1))
    assert [one.title for one in log(archive)] == ["Story 1"]


def test_events_are_filtered_by_kind_and_time(archive: Archive) -> None:
    [number] = filled(archive, 0)
    read_page(archive, number, 0, "town")
    read_page(archive, number, 0, "city", NOW + HOUR)
    assert told(log(archive, kinds=("article.changed",))) == [("article.changed", number, 1, 2)]
    assert [one.kind for one in log(archive, since=NOW + HOUR)] == ["article.changed"]
    newest = archive.library().events.latest(EventQuery(limit=2))
    assert [one.kind for one in newest.events] == ["article.changed", "article.whole"]
    assert newest.more
    older = archive.library().events.latest(EventQuery(limit=2), before=newest.next)
    assert ([one.kind for one in older.events], older.more) == (["article.new"], False)


def test_a_page_moves_on_over_what_others_have(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = add_user(archive, "ann")
    filled(archive, *range(9))
    theirs = archive.library(ann).subscriptions.add("https://other.example/feed", now=NOW).feed
    save(archive, theirs.id, an_entry(7, url="https://other.example/7"))
    monkeypatch.setattr(event_log, "SCANNED", 4)
    first = archive.library(ann).events.read(EventQuery())
    assert (first.events, first.next, first.more) == ((), 4, True)
    assert [one.number for one in log(archive, ann)] == [10]
    assert len(log(archive, limit=2)) == 9


def test_a_write_that_fails_leaves_no_event(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed

    def work(conn: Connection) -> None:
        pairs = [an_entry(0), an_entry(1)]
        given = FeedSave(parsed=a_feed(), articles=pairs, outcome=fine(), token=None, read_newest=5)
        save_entries(conn, feed.id, given)
        raise LeaseLost("another worker has it")

    with pytest.raises(LeaseLost):
        archive._db.writing(work)
    assert log(archive) == []
    save(archive, feed.id, an_entry(0))
    assert [one.number for one in log(archive)] == [1]


def test_old_events_are_deleted_and_their_numbers_not_used_again(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(archive, *range(5))
    archive.schedule.record_poll(1, fine(NOW + 100 * DAY, moved_to="https://news.example/rss"))
    monkeypatch.setattr(event_log, "DELETED", 2)
    archive.maintenance.delete_old_events(NOW + 10 * DAY)
    assert [(one.number, one.kind) for one in log(archive)] == [(6, "feed.moved")]
    archive.maintenance.delete_old_events(NOW + 101 * DAY)
    page = archive.library().events.read(EventQuery())
    assert (page.events, page.next, page.more) == ((), 6, False)
    archive.schedule.record_poll(1, fine(NOW + 100 * DAY, moved_to="https://news.example/atom"))
    assert [one.number for one in log(archive)] == [7]


def test_a_cursor_misses_no_event_of_concurrent_writers(open_archive: Callable[[], Archive]) -> None:
    writers = [open_archive() for _ in range(4)]
    reader = open_archive()
    feeds = [
        writer.library().subscriptions.add(f"https://site{place}.example/feed", now=NOW).feed
        for place, writer in enumerate(writers)
    ]
    done = threading.Event()

    def write(place: int) -> None:
        for round_ in range(8):
            url = f"https://site{place}.example/{round_}"
            [number] = save(writers[place], feeds[place].id, an_entry(100 * place + round_, url=url)).new
            article = an_article(url, "A title")
            writers[place].ingest.save_page(number, article, a_page(url, url.encode()), now=NOW)

    def read() -> list[Event]:
        seen: list[Event] = []
        after = 0
        while True:
            last_look = done.is_set()
            page = reader.library().events.read(EventQuery(after=after, limit=3))
            seen += page.events
            after = page.next
            if last_look and not page.more:
                return seen

    with ThreadPoolExecutor(5) as pool:
        reading = pool.submit(read)
        try:
            list(pool.map(write, range(4)))
        finally:
            done.set()
        seen = reading.result()

    numbers = [one.number for one in seen]
    assert numbers == list(range(1, 4 * 8 * 2 + 1))
    for one in {event.article for event in seen}:
        assert [event.kind for event in seen if event.article == one] == ["article.new", "article.whole"]


def test_events_are_kept_for_a_day_at_least() -> None:
    assert ArchiveSettings().events == 90
    with pytest.raises(ConfigError, match="1 day or more"):
        ArchiveSettings(events=0)


def test_the_names_of_kinds_say_what_they_are_about() -> None:
    assert {kind.partition(".")[0] for kind in EVENT_KINDS} == {"article", "feed", "site", "import"}
