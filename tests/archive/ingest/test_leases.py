"""Subscriptions, schedules, claims and health of feeds."""

from datetime import timedelta

import pytest

from tests.archive.sample_feeds import HOUR, NOW, URL, a_feed, an_entry, fine, save
from tests.archive.stored_rows import due_feeds
from unabridged.archive import (
    Archive,
    Failure,
    Finished,
    PollOutcome,
)
from unabridged.errors import LeaseLost


def test_sound_feeds_are_claimed_before_those_that_fail(archive: Archive) -> None:
    failing = archive.library().subscriptions.add("https://a.example/1", now=NOW).feed.id
    sound = archive.library().subscriptions.add("https://a.example/2", now=NOW).feed.id
    failure = Failure(kind="status", message="It answers 429.")
    [one] = [each for each in archive.schedule.claim_feeds(NOW, 2, lease=60) if each.feed.id == failing]
    outcome = PollOutcome(polled=NOW, next_poll_at=NOW, failure=failure)
    archive.schedule.record_poll(failing, outcome, token=one.token)
    later = NOW + HOUR
    assert [each.feed.id for each in archive.schedule.claim_feeds(later, 2, lease=60)] == [sound, failing]


def test_a_new_subscription_is_due_at_once_and_a_restart_does_not_poll_again(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    assert [one.id for one in due_feeds(archive, NOW)] == [feed.id]

    archive.schedule.record_poll(feed.id, fine())
    archive.library().subscriptions.add(URL, now=NOW + timedelta(minutes=1))

    assert due_feeds(archive, NOW + timedelta(minutes=1)) == []
    assert [one.id for one in due_feeds(archive, NOW + HOUR)] == [feed.id]
    assert archive.schedule.next_due_at() == NOW + HOUR


def test_a_claimed_feed_is_nobody_elses_until_the_lease_ends(archive: Archive) -> None:
    archive.library().subscriptions.add(URL, now=NOW)
    [first] = archive.schedule.claim_feeds(NOW, 10, lease=60)
    assert archive.schedule.claim_feeds(NOW, 10) == ()
    assert archive.schedule.claim_feed(first.feed.id, NOW) is None

    [second] = archive.schedule.claim_feeds(NOW + timedelta(seconds=61), 10, lease=60)

    with pytest.raises(LeaseLost):
        archive.schedule.record_poll(first.feed.id, fine(), token=first.token)
    with pytest.raises(LeaseLost):
        archive.ingest.save_entries(first.feed.id, a_feed(), [an_entry(1)], fine(), token=first.token)
    assert archive.library().counts().articles == 0
    archive.ingest.save_entries(second.feed.id, a_feed(), [an_entry(1)], fine(), token=second.token)
    assert archive.library().counts().articles == 1
    assert archive.schedule.claim_feed(first.feed.id, NOW) is not None


def test_many_results_are_written_at_once_and_only_those_of_lost_claims_are_dropped(archive: Archive) -> None:
    for name in "abc":
        archive.library().subscriptions.add(f"https://{name}.example/feed", now=NOW)
    first, second, third = archive.schedule.claim_feeds(NOW, 10, lease=60)
    later = NOW + timedelta(seconds=61)
    taken = archive.schedule.claim_feed(second.feed.id, later)
    failure = Failure(kind="timeout", message="no answer", advice="wait")
    finished = [
        Finished(feed_id=first.feed.id, outcome=fine(later), token=first.token),
        Finished(feed_id=second.feed.id, outcome=fine(later), token=second.token),
        Finished(feed_id=third.feed.id, outcome=fine(later, failure=failure), token=third.token),
        Finished(feed_id=99, outcome=fine(later), token="none"),
    ]

    assert archive.schedule.record_polls(finished) == {second.feed.id, 99}

    good, bad = (archive.library().subscriptions.feed(one.feed.id) for one in (first, third))
    assert (good.last_ok, good.failures, good.next_poll_at) == (later, 0, later + HOUR)
    assert (bad.last_failure, bad.failures, bad.failed_at, bad.failing_since) == (failure, 1, later, later)
    assert taken is not None
    archive.schedule.record_poll(taken.feed.id, fine(later), token=taken.token)
    archive.schedule.record_polls([Finished(feed_id=bad.id, outcome=fine(later + HOUR, failure=failure))])
    assert (
        archive.library().subscriptions.feed(bad.id).failures,
        archive.library().subscriptions.feed(bad.id).failing_since,
    ) == (2, later)


def test_a_poll_that_was_put_off_moves_the_schedule_alone(archive: Archive) -> None:
    archive.library().subscriptions.add(URL, now=NOW)
    [leased] = archive.schedule.claim_feeds(NOW, 10)
    put_off = PollOutcome(polled=NOW, next_poll_at=NOW + HOUR, postponed=True)
    archive.schedule.record_polls([Finished(feed_id=leased.feed.id, outcome=put_off, token=leased.token)])
    feed = archive.library().subscriptions.feed(leased.feed.id)
    assert (feed.next_poll_at, feed.last_polled, feed.last_ok, feed.failures) == (NOW + HOUR, None, None, 0)
    assert len(archive.schedule.claim_feeds(NOW + HOUR, 10)) == 1


def test_a_claim_can_be_held_for_longer(archive: Archive) -> None:
    archive.library().subscriptions.add(URL, now=NOW)
    held = archive.schedule.claim_feeds(NOW, 10, lease=60)
    archive.schedule.renew_leases(held, NOW + timedelta(seconds=50), lease=60)
    assert archive.schedule.claim_feeds(NOW + timedelta(seconds=100), 10) == ()
    assert len(archive.schedule.claim_feeds(NOW + timedelta(seconds=111), 10)) == 1


def test_hosts_that_want_silence_are_remembered_until_it_is_over(archive: Archive) -> None:
    archive.feeds.block_host("a.example", NOW + HOUR)
    archive.feeds.block_host("b.example", NOW + timedelta(minutes=1))
    archive.feeds.block_host("a.example", NOW + 2 * HOUR)
    assert dict(archive.feeds.blocked_hosts(NOW + timedelta(minutes=2))) == {"a.example": NOW + 2 * HOUR}


def test_a_released_feed_is_due_as_before(archive: Archive) -> None:
    archive.library().subscriptions.add(URL, now=NOW)
    [leased] = archive.schedule.claim_feeds(NOW, 10)
    archive.schedule.release_feed(leased)
    assert len(archive.schedule.claim_feeds(NOW, 10)) == 1


def test_posting_times_are_newest_first(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, an_entry(1), an_entry(3), an_entry(2))
    times = archive.schedule.posting_times(feed.id, 2)
    assert times == tuple(sorted(times, reverse=True))
    assert len(times) == 2


def test_a_claim_in_a_bucket_takes_its_feeds_and_pages_alone(archive: Archive) -> None:
    feeds = [
        archive.library().subscriptions.add(f"https://site{n}.example/feed", now=NOW).feed for n in range(20)
    ]
    buckets = {feed.bucket for feed in feeds}
    assert archive.schedule.due_buckets(NOW).feeds == buckets
    one = feeds[0].bucket
    claimed = archive.schedule.claim_feeds(NOW, 100, bucket=one)
    assert {each.feed.id for each in claimed} == {feed.id for feed in feeds if feed.bucket == one}
    assert archive.schedule.due_buckets(NOW).feeds == buckets - {one}


def test_a_page_is_in_the_bucket_of_its_own_site_and_not_of_its_feeds(archive: Archive) -> None:
    here = archive.library().subscriptions.add("https://planet.example/feed", now=NOW).feed
    there = archive.library().subscriptions.add("https://example.com/feed", now=NOW).feed
    assert here.bucket != there.bucket
    save(archive, here.id, an_entry(1, url="https://www.example.com/story"))
    assert archive.schedule.due_buckets(NOW).pages == {there.bucket}
    assert archive.schedule.claim_pages(NOW, 9, bucket=here.bucket) == ()
    [page] = archive.schedule.claim_pages(NOW, 9, bucket=there.bucket)
    assert page.url == "https://www.example.com/story"
    assert archive.schedule.claim_pages(NOW, 9) == ()
