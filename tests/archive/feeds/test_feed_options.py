"""Choices of people about feeds: the interval between polls, and full text on or off."""

from datetime import timedelta

import pytest

from tests.archive.sample_feeds import HOUR, NOW, URL, a_feed, an_entry, fine, save
from unabridged.archive import Archive, Failure, Query
from unabridged.errors import InvalidValue

QUARTER = 15 * 60


def states(archive: Archive, feed_id: int) -> list[str]:
    """The page states of the articles of a feed."""
    return [line.page_state for line in archive.library().articles.headlines(Query(feed=feed_id)).headlines]


def test_a_shorter_interval_makes_a_feed_due_sooner_but_never_before_its_time_to_live(
    archive: Archive,
) -> None:
    mine = archive.library().subscriptions
    quick, slow = (mine.add(f"{URL}{number}", now=NOW).feed.id for number in (1, 2))
    archive.ingest.save_entries(quick, a_feed(), [], fine(next_poll_at=NOW + 9 * HOUR))
    archive.ingest.save_entries(slow, a_feed(ttl=7200), [], fine(next_poll_at=NOW + 9 * HOUR))
    mine.set_interval([quick, slow], QUARTER, now=NOW)
    assert mine.feed(quick).next_poll_at == NOW + timedelta(seconds=QUARTER)
    assert mine.feed(slow).next_poll_at == NOW + 2 * HOUR
    assert [mine.feed(one).interval for one in (quick, slow)] == [QUARTER, QUARTER]
    mine.set_interval([quick], None, now=NOW)
    assert mine.feed(quick).interval is None


def test_a_failing_feed_keeps_its_back_off(archive: Archive) -> None:
    mine = archive.library().subscriptions
    feed = mine.add(URL, now=NOW).feed.id
    failure = Failure(kind="status", message="503")
    archive.schedule.record_poll(feed, fine(next_poll_at=NOW + 9 * HOUR, failure=failure))
    mine.set_interval([feed], QUARTER, now=NOW)
    assert mine.feed(feed).next_poll_at == NOW + 9 * HOUR


@pytest.mark.parametrize("seconds", [QUARTER - 1, 24 * 3600 + 1])
def test_an_interval_out_of_bounds_is_refused(archive: Archive, seconds: int) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed.id
    with pytest.raises(InvalidValue, match="15 minutes up to once a day"):
        archive.library().subscriptions.set_interval([feed], seconds, now=NOW)


def test_without_full_text_no_page_is_due_and_with_it_again_the_newest_are(archive: Archive) -> None:
    mine = archive.library().subscriptions
    feed = mine.add(URL, now=NOW).feed.id
    save(archive, feed, *(an_entry(number) for number in range(3)))
    assert states(archive, feed) == ["waiting"] * 3
    mine.set_full_text([feed], on=False, now=NOW)
    save(archive, feed, *(an_entry(number) for number in range(5)), now=NOW + HOUR)
    assert states(archive, feed) == ["skipped"] * 5
    assert archive.schedule.claim_pages(NOW + 2 * HOUR, 10) == ()
    mine.set_full_text([feed], on=False, now=NOW)  # again: nothing else happens

    mine.set_full_text([feed], on=True, now=NOW + 2 * HOUR)
    assert states(archive, feed) == ["waiting"] * 5
    assert len(archive.schedule.claim_pages(NOW + 2 * HOUR, 10)) == 5


def test_an_edit_in_a_feed_without_full_text_asks_for_no_page(archive: Archive) -> None:
    mine = archive.library().subscriptions
    feed = mine.add(URL, now=NOW).feed.id
    save(archive, feed, an_entry(1))
    [page] = archive.schedule.claim_pages(NOW, 10)
    archive.ingest.record_page_failure(
        page.article_id, Failure(kind="status", message="404"), now=NOW, next_try_at=None
    )
    mine.set_full_text([feed], on=False, now=NOW)
    save(archive, feed, an_entry(1, text="Another text, edited in the feed itself."), now=NOW + HOUR)
    assert archive.schedule.claim_pages(NOW + HOUR, 10) == ()
    mine.set_full_text([feed], on=True, now=NOW + HOUR)
    assert len(archive.schedule.claim_pages(NOW + HOUR, 10)) == 1
