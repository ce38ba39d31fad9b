"""Erasing: by hand, for good; by age, folder by folder; and what comes back when it should."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.archive.sample_feeds import HOUR, NOW, URL, a_page, an_article, an_entry, save
from tests.conftest import present
from unabridged.archive import Archive, Imported, Query
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.tables import metadata
from unabridged.errors import ArchiveError, NotFound

DAY = timedelta(days=1)
KEPT = {
    "alembic_version",
    "users",
    "counters",
    "feeds",
    "subscriptions",
    "folders",
    "sources",
    "tombstones",
} | {
    "search_state"  # of the index as a whole
}


def left(dsn: str) -> dict[str, int]:
    """Rows of every table that is about articles."""
    database = Database(dsn)
    with database.reading() as conn:
        found = {
            name: conn.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
            if name not in KEPT
        }
    database.close()
    return {name: count for name, count in found.items() if count}


def titles(archive: Archive) -> set[str]:
    return {one.title for one in archive.library().articles.headlines(Query()).headlines}


def test_an_erased_article_leaves_no_row_about_it(archive: Archive, dsn: str) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    [number] = save(archive, feed.id, an_entry(1)).new
    article = an_article("https://news.example/1", lead_image="https://news.example/a.jpg")
    archive.ingest.save_page(number, article, a_page("https://news.example/1"), now=NOW)
    archive.library().marks.set_starred([number], True, now=NOW)
    archive.images.queue(NOW)
    [picture] = archive.images.claim(NOW, 5)
    archive.images.save(picture.id, "image/jpeg", b"\xff\xd8\xff bytes", now=NOW)
    archive.documents.assign_numbers()
    archive.library().articles.delete(number, now=NOW)
    assert left(dsn) == {}
    with pytest.raises(NotFound):
        archive.library().articles.get(number)


@pytest.mark.parametrize("again", ["as it was", "another guid", "another address"])
def test_an_erased_article_does_not_come_back_with_the_next_poll(archive: Archive, again: str) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    [number, _] = save(archive, feed.id, an_entry(1), an_entry(2)).new
    archive.library().articles.delete(archive.library().articles.find("https://news.example/1").id, now=NOW)  # type: ignore[union-attr]
    changed = {"another guid": {"guid": "new"}, "another address": {"url": "https://news.example/1b"}}
    saved = save(archive, feed.id, an_entry(1, **changed.get(again, {})), an_entry(2), now=NOW + HOUR)
    assert (saved.new, saved.known) == ((), 2)
    assert titles(archive) == {"Story 2"}
    other = archive.library().subscriptions.add("https://other.example/feed", now=NOW).feed
    twin = an_entry(9, url="https://news.example/1")
    assert len(save(archive, other.id, twin).new) == (1 if again == "never" else 0)
    assert number > 0


def test_what_another_feed_calls_by_the_same_guid_is_another_article(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    [number] = save(archive, feed.id, an_entry(1)).new
    archive.library().articles.delete(number, now=NOW)
    other = archive.library().subscriptions.add("https://other.example/feed", now=NOW).feed
    assert len(save(archive, other.id, an_entry(1, url="https://other.example/1")).new) == 1


def test_an_article_may_come_back_when_it_is_allowed_to(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, an_entry(1), an_entry(2))
    one, two = (archive.library().articles.find(f"https://news.example/{n}") for n in (1, 2))
    assert one is not None and two is not None
    archive.library().articles.delete(one.id)
    archive.library().articles.delete(two.id, now=NOW)
    assert len(save(archive, feed.id, an_entry(1), an_entry(2)).new) == 1
    archive.library().articles.remove_tombstone("https://news.example/2?utm_source=x")
    assert len(save(archive, feed.id, an_entry(1), an_entry(2)).new) == 1
    assert titles(archive) == {"Story 1", "Story 2"}
    with pytest.raises(NotFound, match="was deleted here"):
        archive.library().articles.remove_tombstone("https://news.example/2")


def test_who_saves_or_imports_an_erased_article_wants_it_back(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    for number in save(archive, feed.id, an_entry(1), an_entry(2)).new:
        archive.library().articles.delete(number, now=NOW)
    page = an_article("https://news.example/1", title="By hand")
    archive.library().articles.save(page, a_page("https://news.example/1"), now=NOW)
    file = an_article("https://news.example/2", title="From a file")
    archive.library().imports.add(Imported(article=file, origin="document", source="news"), now=NOW)
    assert save(archive, feed.id, an_entry(1), an_entry(2)).new == ()
    assert titles(archive) == {"By hand", "From a file"}


def test_only_the_owner_erases(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    [number] = save(archive, feed.id, an_entry(1)).new
    attempts: tuple[Callable[[], object], ...] = (
        lambda: archive.library(2).articles.delete(number, now=NOW),
        lambda: archive.library(2).articles.remove_tombstone("https://news.example/1"),
        lambda: archive.library(2).subscriptions.set_retention("News", 1),
    )
    for attempt in attempts:
        with pytest.raises(ArchiveError, match="Only the owner"):
            attempt()
    assert titles(archive) == {"Story 1"}


def test_a_folder_that_keeps_ninety_days_lets_older_articles_go_and_no_others(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW, folder="Daily").feed
    other = archive.library().subscriptions.add("https://other.example/feed", now=NOW, folder="Kept").feed
    save(archive, feed.id, *(an_entry(n) for n in (1, 2, 3, 4)))
    save(archive, other.id, an_entry(8, url="https://other.example/8"), an_entry(4))
    archive.library().marks.set_starred(
        [present(archive.library().articles.find("https://news.example/2")).id], True, now=NOW
    )
    archive.library().tags.add(
        [present(archive.library().articles.find("https://news.example/3")).id], ["keep"], now=NOW
    )
    archive.library().subscriptions.set_retention("daily", 90 * 86_400)
    assert archive.maintenance.delete_expired(NOW + 89 * DAY) == 0
    save(archive, feed.id, an_entry(5), now=NOW + 80 * DAY)
    assert archive.maintenance.delete_expired(NOW + 91 * DAY) == 1
    assert titles(archive) == {"Story 2", "Story 3", "Story 4", "Story 5", "Story 8"}
    assert save(archive, feed.id, an_entry(1), now=NOW + 91 * DAY).new == ()
    assert [(one.name, one.retain) for one in archive.library().subscriptions.folders()] == [
        ("Daily", 7_776_000),
        ("Kept", None),
    ]


def test_nothing_is_erased_by_age_unless_a_folder_says_so(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW, folder="Daily").feed
    save(archive, feed.id, an_entry(1))
    assert archive.maintenance.delete_expired(NOW + 9999 * DAY) == 0
    archive.library().subscriptions.set_retention("Daily", 86_400)
    archive.library().subscriptions.set_retention("Daily", None)
    assert archive.maintenance.delete_expired(NOW + 9999 * DAY) == 0
    with pytest.raises(NotFound, match="no folder 'Weekly'"):
        archive.library().subscriptions.set_retention("Weekly", 1)


def test_articles_of_a_feed_that_nobody_follows_any_more_stay(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW, folder="Daily").feed
    archive.library().subscriptions.add("https://other.example/feed", now=NOW, folder="Daily")
    save(archive, feed.id, an_entry(1))
    archive.library().subscriptions.set_retention("Daily", 86_400)
    archive.library().subscriptions.remove(feed.id)
    assert archive.maintenance.delete_expired(NOW + 9 * DAY) == 0


def test_purging_a_feed_leaves_what_was_starred_or_tagged(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, *(an_entry(n) for n in (1, 2, 3)))
    archive.library().tags.add(
        [present(archive.library().articles.find("https://news.example/3")).id], ["keep"], now=NOW
    )
    archive.library().marks.set_starred(
        [present(archive.library().articles.find("https://news.example/2")).id], True, now=NOW
    )
    assert archive.library().subscriptions.purge(feed.id) == 1
    assert titles(archive) == {"Story 2", "Story 3"}
    again = archive.library().subscriptions.add(URL, now=NOW).feed
    assert len(save(archive, again.id, an_entry(1), an_entry(2), an_entry(3)).new) == 1


def test_an_edited_entry_that_was_erased_stays_erased(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    [number] = save(archive, feed.id, an_entry(1)).new
    archive.library().articles.delete(number, now=NOW)
    entry, article = an_entry(1, text="Other words altogether.")
    assert save(archive, feed.id, (replace(entry, title="New title"), article)).new == ()
