"""Backlog: what workers hold and what waits for them."""

from datetime import timedelta

from tests.archive.sample_feeds import NOW, URL, an_entry, save
from unabridged.archive import Archive


def test_what_is_under_way_is_counted(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed.id
    archive.library().subscriptions.add("https://other.example/feed", now=NOW)
    save(archive, feed, *(an_entry(number) for number in range(3)))
    archive.schedule.claim_feed(feed, NOW)
    archive.schedule.claim_pages(NOW, 1)  # one is read at the moment
    found = archive.schedule.under_way(NOW)
    assert (found.polled, found.due, found.pages, found.pictures) == (1, 1, 3, 0)
    later = archive.schedule.under_way(NOW + timedelta(hours=1))
    assert (later.polled, later.pages) == (0, 3)
