"""Lists of pages that serve as feeds, as stored."""

import pytest

from tests.archive.sample_feeds import NOW
from unabridged.archive.facade.archive import Archive
from unabridged.archive.feeds.page_lists import LONGEST_PROFILE
from unabridged.archive.records.polling import Finished, PollOutcome, StoredList
from unabridged.errors import InvalidValue


def test_a_list_comes_back_as_it_was_stored_and_goes_with_its_feed(archive: Archive) -> None:
    feed = archive.library().subscriptions.add("https://harbour.example/news", now=NOW).feed
    assert archive.feeds.page_list(feed.id) is None
    listed = StoredList(
        profile='{"version": 1}',
        examples=("船が出る", "Ferry sails"),
        known=(("https://harbour.example/1", "Ferry sails \U0001f6a2"),),
        pages=(b"<old>", b"<new>\x00"),
        learnt=NOW,
    )
    archive.feeds.choose_list(feed.id, listed, marker="list:", now=NOW)
    assert archive.feeds.page_list(feed.id) == listed
    stored = archive.library().subscriptions.feed(feed.id)
    assert stored.validators.body_sha256 == "list:" and stored.next_poll_at == NOW
    shorter = StoredList(profile="x" * (LONGEST_PROFILE + 1), pages=(b"<one>",))
    archive.feeds.choose_list(feed.id, shorter, marker="list:", now=NOW)
    assert archive.feeds.page_list(feed.id) == StoredList(pages=(b"<one>",))

    other = archive.library().subscriptions.add("https://harbour.example/feed", now=NOW).feed
    archive.feeds.merge(feed.id, other.id, now=NOW)
    assert archive.feeds.page_list(feed.id) is None


def test_too_many_examples_are_refused_and_nothing_is_stored(archive: Archive) -> None:
    feed = archive.library().subscriptions.add("https://harbour.example/news", now=NOW).feed
    with pytest.raises(InvalidValue, match="no more than"):
        archive.feeds.choose_list(feed.id, StoredList(examples=("x",) * 11), marker="list:", now=NOW)
    assert archive.feeds.page_list(feed.id) is None


def test_a_poll_does_not_undo_a_choice_that_was_made_meanwhile(archive: Archive) -> None:
    feed = archive.library().subscriptions.add("https://harbour.example/news", now=NOW).feed
    chosen = StoredList(examples=("Ferry sails",), known=(("https://harbour.example/1", "Ferry sails"),))
    for polled, stays in ((StoredList(profile="old"), True), (StoredList(examples=("Ferry sails",)), False)):
        archive.feeds.choose_list(feed.id, chosen, marker="list:", now=NOW)
        outcome = PollOutcome(polled=NOW, next_poll_at=NOW, listed=polled)
        archive.schedule.record_polls([Finished(feed_id=feed.id, outcome=outcome)])
        assert archive.feeds.page_list(feed.id) == (chosen if stays else polled)
