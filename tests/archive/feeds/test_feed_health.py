"""Lengths and arrival of articles: those of the person's own feeds, lately and before."""

from datetime import timedelta

from tests.archive.sample_feeds import NOW, URL, a_page, an_article, an_entry, fine, save
from tests.archive.stored_rows import add_user
from unabridged.archive import Archive

DAY = timedelta(days=1)


def test_lengths_are_of_read_pages_lately_and_before(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed.id
    saved = save(archive, feed, *(an_entry(number) for number in range(3)))
    whole = an_article("https://news.example/0", text="word " * 500)
    archive.ingest.save_page(saved.new[0], whole, a_page(whole.url), now=NOW)

    library = archive.library().health
    lengths = library.lengths(now=NOW)[feed]
    assert (lengths.recent, lengths.recent_words, lengths.before) == (1, 500, 0)
    lengths = library.lengths(now=NOW + 30 * DAY)[feed]
    assert (lengths.recent, lengths.before, lengths.before_words) == (0, 1, 500)
    assert library.lengths(now=NOW + 200 * DAY) == {}

    arrived = library.arrived(since=NOW - DAY, limit=10)
    assert sorted(one.waiting for one in arrived) == [False, True, True]
    assert [one.whole for one in arrived].count(True) == 1
    assert len(library.arrived(since=NOW - DAY, limit=2)) == 2
    assert library.arrived(since=NOW + DAY, limit=10) == ()

    assert library.recent_titles([feed, 99], limit=2) == {feed: ("Story 2", "Story 1")}
    other = archive.library(add_user(archive, "Bo")).health
    assert other.lengths(now=NOW) == {}
    assert other.arrived(since=NOW - DAY, limit=10) == ()
    assert other.recent_titles([feed]) == {}


def test_first_polls_count_what_was_subscribed_together(archive: Archive) -> None:
    mine = archive.library().subscriptions
    mine.add("https://before.example/feed", now=NOW - DAY)
    numbers = [mine.add(f"https://site-{one}.example/feed", now=NOW).feed.id for one in range(3)]
    first = mine.all()[0].feed.id
    archive.schedule.record_poll(first, fine(NOW))
    health = archive.library().health
    assert (health.first_polls().waiting, health.first_polls().together) == (3, 3)
    archive.schedule.record_poll(numbers[0], fine(NOW))
    assert (health.first_polls().waiting, health.first_polls().together) == (2, 3)
    mine.set_statuses([numbers[1]], "paused", now=NOW)
    archive.schedule.record_poll(numbers[2], fine(NOW))
    assert (health.first_polls().waiting, health.first_polls().together) == (0, 0)
