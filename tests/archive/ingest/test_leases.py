"""Subscriptions, schedules, claims and health of feeds."""

from datetime import datetime, timedelta

import pytest

from tests.archive.sample_feeds import HOUR, NOW, URL, a_feed, a_page, an_article, an_entry, fine, save
from tests.archive.stored_rows import add_user, due_feeds, feed_numbers
from unabridged.archive import (
    Archive,
    Failure,
    Finished,
    ListedFeed,
    PendingRedirect,
    Plan,
    PollOutcome,
    Query,
    Validators,
)
from unabridged.config import FeedSettings
from unabridged.errors import ArchiveError, InvalidURL, LeaseLost, NotFound


def test_subscribing_twice_is_subscribing_once(archive: Archive) -> None:
    first = archive.library().subscriptions.add(URL, now=NOW)
    again = archive.library().subscriptions.add(
        "http://www.news.example/feed/", now=NOW + HOUR, folder="World", title="Mine"
    )

    assert (first.new, again.new) == (True, False)
    assert first.feed.id == again.feed.id
    assert (again.title, again.folder) == ("Mine", "World")
    assert len(archive.library().subscriptions.all()) == 1


def test_sound_feeds_are_claimed_before_those_that_fail(archive: Archive) -> None:
    failing = archive.library().subscriptions.add("https://a.example/1", now=NOW).feed.id
    sound = archive.library().subscriptions.add("https://a.example/2", now=NOW).feed.id
    failure = Failure(kind="status", message="It answers 429.")
    [one] = [each for each in archive.schedule.claim_feeds(NOW, 2, lease=60) if each.feed.id == failing]
    outcome = PollOutcome(polled=NOW, next_poll_at=NOW, failure=failure)
    archive.schedule.record_poll(failing, outcome, token=one.token)
    later = NOW + HOUR
    assert [each.feed.id for each in archive.schedule.claim_feeds(later, 2, lease=60)] == [sound, failing]


def test_many_feeds_are_subscribed_to_at_once_or_none(archive: Archive) -> None:
    rows = [
        ListedFeed(url="https://a.example/", folder="World"),
        ListedFeed(url="https://b.example/", title="Mine"),
        ListedFeed(url="https://a.example"),
    ]
    first, second, again = archive.library().subscriptions.add_many(rows, now=NOW)
    assert first == again
    assert {(one.feed.id, one.folder, one.title) for one in archive.library().subscriptions.all()} == {
        (first, "World", "https://a.example/"),
        (second, None, "Mine"),
    }
    with pytest.raises(InvalidURL):
        archive.library().subscriptions.add_many(
            [ListedFeed(url="https://c.example/"), ListedFeed(url="nonsense:")], now=NOW
        )
    assert len(feed_numbers(archive)) == 2


def test_a_listed_feed_stands_as_the_list_says_and_a_new_folder_keeps_as_long(archive: Archive) -> None:
    archive.library().subscriptions.add("https://old.example/", folder="Old", now=NOW)
    rows = [
        ListedFeed(url="https://a.example/", folder="New", paused=True, user_agent="Mine/1"),
        ListedFeed(url="https://b.example/", folder="Old"),
    ]
    paused, active = archive.library().subscriptions.add_many(
        rows, now=NOW, retain={"New": 60, "Old": 60, "None": 60}
    )
    assert (
        archive.library().subscriptions.feed(paused).status,
        archive.library().subscriptions.feed(active).status,
    ) == ("paused", "active")
    assert archive.feeds.settings(paused) == FeedSettings(user_agent="Mine/1")
    assert {one.name: one.retain for one in archive.library().subscriptions.folders()} == {
        "New": 60,
        "Old": None,
    }


def test_an_address_that_cannot_be_fetched_is_refused(archive: Archive) -> None:
    with pytest.raises(InvalidURL):
        archive.library().subscriptions.add("ftp://news.example/feed", now=NOW)
    assert feed_numbers(archive) == []


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


def test_a_schedule_that_a_jump_of_the_clock_upset_is_planned_anew(archive: Archive) -> None:
    feeds = [
        archive.library().subscriptions.add(f"https://{name}.example/feed", now=NOW).feed for name in "abc"
    ]
    archive.schedule.record_poll(feeds[0].id, fine(NOW))
    archive.schedule.record_poll(feeds[1].id, fine(NOW + timedelta(days=9)))
    archive.schedule.claim_feed(feeds[2].id, NOW + timedelta(days=9), lease=60)

    asked: list[int] = []

    def replan(plan: Plan) -> datetime:
        asked.append(plan.feed_id)
        return NOW + timedelta(minutes=5)

    mended = archive.schedule.repair(NOW, overdue_before=NOW - timedelta(days=30), lease=900, replan=replan)

    assert (mended, asked) == (1, [feeds[1].id])
    assert archive.library().subscriptions.feed(feeds[1].id).next_poll_at == NOW + timedelta(minutes=5)
    assert [one.feed.id for one in archive.schedule.claim_feeds(NOW, 10)] == [feeds[2].id]


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
    archive.library().subscriptions.set_feed_status(feed.id, "active", now=NOW)
    assert len(due_feeds(archive, NOW)) == 1


def test_unsubscribing_stops_polling_and_keeps_articles(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, an_entry(1))

    archive.library().subscriptions.remove(feed.id)

    assert archive.library().subscriptions.all() == ()
    assert due_feeds(archive, NOW + timedelta(days=9)) == []
    assert len(archive.library().articles.page(Query()).articles) == 1
    with pytest.raises(NotFound):
        archive.library().subscriptions.remove(feed.id)
    archive.library().subscriptions.add(URL, now=NOW + HOUR)
    assert save(archive, feed.id, an_entry(1), now=NOW + HOUR).new == ()


def test_purging_erases_what_only_this_feed_showed_and_nobody_starred(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    other = archive.library().subscriptions.add("https://other.example/feed", now=NOW).feed
    _, starred, _ = save(archive, feed.id, an_entry(1), an_entry(2), an_entry(3)).new
    save(archive, other.id, an_entry(3, guid="theirs"))
    archive.library().marks.set_starred([starred], True, now=NOW)

    assert archive.library().subscriptions.purge(feed.id) == 1
    assert sorted(one.title for one in archive.library().articles.headlines(Query()).headlines) == [
        "Story 2",
        "Story 3",
    ]


def test_what_two_feeds_showed_goes_with_the_second_that_is_purged(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    other = archive.library().subscriptions.add("https://other.example/feed", now=NOW).feed
    save(archive, feed.id, an_entry(1), an_entry(2))
    save(archive, other.id, an_entry(2, guid="theirs"))

    assert archive.library().subscriptions.purge(feed.id) == 1
    assert feed_numbers(archive) == [other.id]
    again = archive.library().subscriptions.add(URL, now=NOW).feed
    assert len(save(archive, again.id, an_entry(1), an_entry(2)).new) == 1
    assert len(archive.library().articles.page(Query(feed=again.id)).articles) == 2

    assert archive.library().subscriptions.purge(again.id) == 1
    assert archive.library().subscriptions.purge(other.id) == 1
    assert (archive.library().counts().articles, feed_numbers(archive)) == (0, [])


def test_purging_erases_nothing_of_a_feed_that_somebody_else_reads(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    reader = add_user(archive, "somebody")
    archive.library(reader).subscriptions.add(URL, now=NOW)
    save(archive, feed.id, an_entry(1))

    assert archive.library().subscriptions.purge(feed.id) == 0
    assert archive.library(reader).counts().unread == 1
    assert archive.library(reader).subscriptions.purge(feed.id) == 1


def test_purging_a_feed_with_nothing_kept_forgets_it(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    number = save(archive, feed.id, an_entry(1)).new[0]
    archive.ingest.save_page(
        number, an_article("https://news.example/1"), a_page("https://news.example/1"), now=NOW
    )

    assert archive.library().subscriptions.purge(feed.id) == 1
    assert feed_numbers(archive) == []
    assert archive.library().counts().snapshots == 0


def test_folders_hold_feeds_and_vanish_when_empty(archive: Archive) -> None:
    first = archive.library().subscriptions.add(URL, now=NOW, folder="World").feed
    second = archive.library().subscriptions.add("https://other.example/feed", now=NOW, folder="World").feed
    save(archive, first.id, an_entry(1), an_entry(2))
    [folder] = archive.library().subscriptions.folders()
    assert (folder.name, folder.feeds, folder.unread) == ("World", 2, 2)
    assert len(archive.library().articles.headlines(Query(folder=folder.id)).headlines) == 2

    archive.library().subscriptions.move(second.id, "Arts")
    archive.library().subscriptions.move(first.id, None)

    assert [one.name for one in archive.library().subscriptions.folders()] == ["Arts"]
    assert {one.feed.id: one.folder for one in archive.library().subscriptions.all()} == {
        first.id: None,
        second.id: "Arts",
    }


def test_a_subscription_has_the_users_title_else_the_feeds_else_the_address(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    assert archive.library().subscriptions.get(feed.id).title == URL
    save(archive, feed.id, an_entry(1))
    assert archive.library().subscriptions.get(feed.id).title == "News"
    archive.library().subscriptions.rename(feed.id, "Mine")
    assert archive.library().subscriptions.get(feed.id).title == "Mine"
    assert archive.library().articles.headlines(Query()).headlines[0].feed_title == "Mine"
    archive.library().subscriptions.rename(feed.id, None)
    assert archive.library().subscriptions.get(feed.id).title == "News"


def test_posting_times_are_newest_first(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, an_entry(1), an_entry(3), an_entry(2))
    times = archive.schedule.posting_times(feed.id, 2)
    assert times == tuple(sorted(times, reverse=True))
    assert len(times) == 2


def test_feeds_of_one_domain_share_a_bucket(archive: Archive) -> None:
    buckets = {
        archive.library().subscriptions.add(f"https://{name}.news.example.co.uk/feed", now=NOW).feed.bucket
        for name in "abcd"
    }
    assert len(buckets) == 1
    assert 0 <= buckets.pop() < 256


def test_unknown_numbers_are_not_found(archive: Archive) -> None:
    for ask in (
        archive.library().subscriptions.feed,
        archive.library().articles.get,
        archive.library().articles.revisions,
        archive.library().subscriptions.get,
        archive.library().subscriptions.purge,
    ):
        with pytest.raises(NotFound):
            ask(77)
    with pytest.raises(NotFound):
        archive.library().articles.revision(77, 1)
    with pytest.raises(NotFound):
        archive.library().articles.snapshot("00" * 32)
    with pytest.raises(NotFound):
        archive.library().articles.snapshot("../../etc/passwd")


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
