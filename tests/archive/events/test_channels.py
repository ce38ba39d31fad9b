"""Channels in the archive, on both databases: leases, bounds, dead letters, channels of one feed."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta

import pytest

from tests.archive.sample_feeds import NOW, URL, an_entry, save
from unabridged.archive import Archive
from unabridged.archive.events import channels
from unabridged.archive.records.events import EVENT_KINDS, ChannelDraft, DeliveryFailure
from unabridged.errors import InvalidValue, LeaseLost, NotFound

ADDRESS = "https://hooks.example/news"
LATER = NOW + timedelta(minutes=1)
FAILURE = DeliveryFailure(kind="status", message="The receiver answered 500.")


def test_a_secret_is_shown_once_and_never_twice_the_same(archive: Archive) -> None:
    own = archive.library().channels
    first = own.add(ChannelDraft(address=ADDRESS), now=NOW)
    second = own.rotate(first.channel.id, now=NOW)
    assert first.secret.startswith("whsec_") and second.secret.startswith("whsec_")
    assert len({first.secret, second.secret, own.add(ChannelDraft(address=ADDRESS), now=NOW).secret}) == 3
    shown = repr([asdict(one) for one in own.all()])
    assert first.secret not in shown and second.secret not in shown
    assert second.channel.old_until == NOW + timedelta(hours=24)


def test_a_channel_keeps_its_kinds_and_one_for_all_gets_later_kinds(archive: Archive) -> None:
    own = archive.library().channels
    some = own.add(ChannelDraft(address=ADDRESS, kinds=("article.changed", "feed.failed")), now=NOW)
    every = own.add(ChannelDraft(address=ADDRESS), now=NOW)
    assert set(some.channel.kinds) == {"article.changed", "feed.failed"}
    assert every.channel.kinds == EVENT_KINDS


@pytest.mark.parametrize("address", ["", "https://hooks.example/" + "a" * 5000], ids=["none", "long"])
def test_addresses_have_bounds(archive: Archive, address: str) -> None:
    with pytest.raises(InvalidValue, match="address"):
        archive.library().channels.add(ChannelDraft(address=address), now=NOW)


def test_a_channel_needs_a_kind_and_a_feed_of_the_person(archive: Archive) -> None:
    with pytest.raises(InvalidValue, match="kind"):
        archive.library().channels.add(ChannelDraft(address=ADDRESS, kinds=()), now=NOW)
    with pytest.raises(NotFound, match="feed 7"):
        archive.library().channels.add(ChannelDraft(address=ADDRESS, feed=7), now=NOW)
    assert archive.library().channels.all() == ()


def test_a_person_has_a_bounded_number_of_channels(archive: Archive) -> None:
    own = archive.library().channels
    for _ in range(channels.MAX_CHANNELS):
        own.add(ChannelDraft(address=ADDRESS), now=NOW)
    with pytest.raises(InvalidValue, match="at most 20"):
        own.add(ChannelDraft(address=ADDRESS), now=NOW)


def test_one_sender_leases_a_channel_until_its_time_is_over(open_archive: Callable[[], Archive]) -> None:
    one, other = open_archive(), open_archive()
    one.library().channels.add(ChannelDraft(address=ADDRESS), now=NOW)
    assert one.deliveries.claim(NOW, LATER) is None  # nothing to send
    one.library().events.imported({}, now=NOW)
    first = one.deliveries.claim(NOW, LATER)
    assert first is not None and other.deliveries.claim(NOW, LATER) is None
    other.deliveries.release_dead()  # the process lives
    assert other.deliveries.claim(NOW, LATER) is None
    second = other.deliveries.claim(LATER, LATER + timedelta(minutes=1))
    assert second is not None
    with pytest.raises(LeaseLost):
        one.deliveries.delivered(first, 1, LATER, LATER)
    with pytest.raises(LeaseLost):
        one.deliveries.failed(first, FAILURE, LATER, LATER)
    one.deliveries.release(first)  # not that of the other
    assert one.deliveries.claim(LATER, LATER) is None
    assert other.deliveries.delivered(second, 1, LATER, LATER)
    assert other.library().channels.all()[0].cursor == 1


def test_a_removed_channel_takes_no_outcome_and_leaves_no_letter(archive: Archive) -> None:
    own = archive.library().channels
    number = own.add(ChannelDraft(address=ADDRESS), now=NOW).channel.id
    archive.library().events.imported({}, now=NOW)
    out = archive.deliveries.claim(NOW, LATER)
    assert out is not None
    [event] = archive.deliveries.read(out).events
    archive.deliveries.given_up(out, event, FAILURE, NOW, LATER)
    assert [one.event for one in own.dead_letters(number)] == [1]
    own.remove(number)
    with pytest.raises(LeaseLost):
        archive.deliveries.advance(out, 1, LATER)
    with pytest.raises(LeaseLost):
        archive.deliveries.read(out)
    assert own.dead_letters() == ()


def test_a_failed_letter_keeps_its_newest_reason(archive: Archive) -> None:
    own = archive.library().channels
    number = own.add(ChannelDraft(address=ADDRESS), now=NOW).channel.id
    archive.library().events.imported({}, now=NOW)
    out = archive.deliveries.claim(NOW, LATER)
    assert out is not None
    archive.deliveries.given_up(out, archive.deliveries.read(out).events[0], FAILURE, NOW, NOW)
    archive.deliveries.release(out)
    assert own.send_again(number) == 1 and own.send_again(number) == 0
    out = archive.deliveries.claim(NOW, LATER)
    assert out is not None
    [(letter, event)] = archive.deliveries.wanted_letters(out)
    assert event is not None and event.number == letter.event == 1
    newer = DeliveryFailure(kind="timeout", message="\x00It is slow.")
    assert archive.deliveries.letter_failed(out, letter.id, newer, LATER)
    [kept] = own.dead_letters()
    assert (kept.failure.kind, kept.failure.message, kept.again) == ("timeout", "It is slow.", False)


def test_a_channel_of_a_feed_gets_its_events_alone_also_after_a_merge(archive: Archive) -> None:
    old = archive.library().subscriptions.add(URL, now=NOW).feed
    new = archive.library().subscriptions.add("https://news.example/other", now=NOW).feed
    archive.library().channels.add(ChannelDraft(address=ADDRESS, feed=old.id), now=NOW)
    archive.feeds.merge(old.id, new.id, now=NOW)
    archive.library().events.imported({}, now=NOW)
    save(archive, new.id, an_entry(1))
    out = archive.deliveries.claim(NOW, LATER)
    assert out is not None and out.channel.feed == new.id
    assert [one.kind for one in archive.deliveries.read(out).events] == ["article.new"]
