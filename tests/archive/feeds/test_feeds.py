"""Feeds as stored: what they ask for, moves, failures, buckets."""

from datetime import timedelta

import pytest

from tests.archive.sample_feeds import HOUR, NOW, URL, a_feed, an_entry, fine, save
from tests.archive.stored_rows import due_feeds
from unabridged.archive import (
    Archive,
    Failure,
    PendingRedirect,
    PollOutcome,
    Validators,
)
from unabridged.errors import ArchiveError


def test_what_a_feed_asks_for_and_what_was_mended_is_kept(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    asks = a_feed(ttl=7200, skip_hours=(1, 2), skip_days=("Sunday",), notes=("DTD stripped",))
    archive.ingest.save_entries(feed.id, asks, [], fine(last_post=NOW - HOUR, usual_gap=600))
    archive.schedule.record_poll(feed.id, fine(NOW + HOUR))
    kept = archive.library().subscriptions.feed(feed.id)
    assert (kept.ttl, kept.skip_hours, kept.skip_days) == (7200, (1, 2), ("Sunday",))
    assert (kept.notes, kept.usual_gap, kept.last_post) == (("DTD stripped",), 600, NOW - HOUR)

    archive.ingest.save_entries(feed.id, a_feed(), [], fine(NOW + HOUR))
    assert archive.library().subscriptions.feed(feed.id).skip_hours == ()


def test_failures_count_and_a_good_poll_clears_them(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    failure = Failure(kind="timeout", message="no answer", advice="wait")
    for number in range(3):
        archive.schedule.record_poll(feed.id, fine(NOW + number * HOUR, failure=failure))
    ill = archive.library().subscriptions.feed(feed.id)
    archive.schedule.record_poll(feed.id, fine(NOW + 3 * HOUR))
    well = archive.library().subscriptions.feed(feed.id)

    assert (ill.failures, ill.last_failure, ill.last_ok) == (3, failure, None)
    assert (well.failures, well.last_failure, well.last_ok) == (0, None, NOW + 3 * HOUR)


def test_validators_are_kept_byte_for_byte_and_survive_a_304(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    validators = Validators(etag='W/"a b"', last_modified="Thu, 01 Feb 2024 12:00:00 GMT", body_sha256="ab")
    archive.ingest.save_entries(feed.id, a_feed(), [], fine(validators=validators))
    archive.schedule.record_poll(feed.id, fine(NOW + HOUR))
    assert archive.library().subscriptions.feed(feed.id).validators == validators


def test_a_move_keeps_the_old_address_in_the_history(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    pending = PendingRedirect(to="https://new.example/feed", hits=2, since=NOW)
    archive.schedule.record_poll(feed.id, fine(redirect=pending))
    assert archive.library().subscriptions.feed(feed.id).redirect == pending

    archive.schedule.record_poll(feed.id, fine(NOW + HOUR, moved_to="https://new.example/feed"))

    moved = archive.library().subscriptions.feed(feed.id)
    assert (moved.url, moved.redirect) == ("https://new.example/feed", None)
    [move] = archive.feeds.moves()[feed.id]
    assert (move.old_url, move.new_url, move.status, move.at) == (URL, moved.url, 301, NOW + HOUR)
    found = archive.feeds.find(URL)
    assert found is not None
    assert found.id == feed.id
    assert archive.library().subscriptions.add(URL, now=NOW).feed.id == feed.id


def test_a_move_onto_another_feed_leaves_both(archive: Archive) -> None:
    first = archive.library().subscriptions.add(URL, now=NOW).feed
    second = archive.library().subscriptions.add("https://other.example/feed", now=NOW).feed
    archive.schedule.record_poll(first.id, fine(moved_to=second.url))
    assert archive.library().subscriptions.feed(first.id).url == URL
    with pytest.raises(ArchiveError, match="another feed"):
        archive.library().subscriptions.set_feed_url(first.id, second.url, now=NOW)


def test_a_gone_feed_is_not_asked_and_keeps_its_articles(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, an_entry(1))
    gone = PollOutcome(
        polled=NOW, next_poll_at=None, status="gone", failure=Failure(kind="status", message="410 Gone")
    )
    archive.schedule.record_poll(feed.id, gone)

    assert due_feeds(archive, NOW + timedelta(days=999)) == []
    assert archive.library().counts().articles == 1
    archive.library().subscriptions.set_statuses([feed.id], "active", now=NOW)
    assert len(due_feeds(archive, NOW)) == 1


def test_feeds_of_one_domain_share_a_bucket(archive: Archive) -> None:
    buckets = {
        archive.library().subscriptions.add(f"https://{name}.news.example.co.uk/feed", now=NOW).feed.bucket
        for name in "abcd"
    }
    assert len(buckets) == 1
    assert 0 <= buckets.pop() < 256
