"""Subscribers at our hub, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from unabridged.archive.facade.archive import Archive
from unabridged.archive.library import hub_subscribers
from unabridged.archive.records.polling import HubSubscriber
from unabridged.errors import InvalidValue

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
MADE = HubSubscriber(
    user=1,
    callback="https://reader.example/push?id=7",
    topic="https://news.example/feeds/1.atom",
    secret="only we know",
    lease_until=NOW + timedelta(days=10),
    sent="",
    next_try_at=NOW,
)


def test_a_subscriber_is_kept_with_all_its_fields(archive: Archive) -> None:
    archive.hub_subscribers.save(MADE)
    [found] = archive.hub_subscribers.all()
    assert replace(found, id=0) == MADE
    failed = replace(found, failures=3, failing_since=NOW, next_try_at=NOW + timedelta(hours=1), sent='"x"')
    archive.hub_subscribers.record(failed)
    assert archive.hub_subscribers.all() == (failed,)


def test_a_renewal_keeps_what_was_sent_and_takes_the_new_secret(archive: Archive) -> None:
    archive.hub_subscribers.save(replace(MADE, sent='"first"'))
    later = NOW + timedelta(days=20)
    archive.hub_subscribers.save(replace(MADE, secret="another", lease_until=later))
    archive.hub_subscribers.save(replace(MADE, callback="https://other.example/"))
    first, other = archive.hub_subscribers.all()
    assert (first.sent, first.secret, first.lease_until) == ('"first"', "another", later)
    assert other.sent == ""
    assert archive.hub_subscribers.remove(MADE.callback, MADE.topic)
    assert not archive.hub_subscribers.remove(MADE.callback, MADE.topic)
    assert archive.hub_subscribers.all() == (other,)


def test_one_process_alone_delivers(archive: Archive) -> None:
    archive.hub_subscribers.save(MADE)
    [found] = archive.hub_subscribers.all()
    until = NOW + timedelta(minutes=2)
    claims = [archive.hub_subscribers.claim(found.id, NOW, until) for _ in range(3)]
    assert claims == [True, False, False]
    assert archive.hub_subscribers.claim(found.id, until, until + timedelta(minutes=2))


def test_leases_end_and_tokens_take_their_subscribers_with_them(archive: Archive) -> None:
    token = archive.library().tokens.add("reader", "read", now=NOW).token
    archive.hub_subscribers.save(replace(MADE, token=token.id))
    archive.hub_subscribers.save(replace(MADE, callback="https://b.example/", lease_until=NOW))
    archive.hub_subscribers.save(replace(MADE, callback="https://c.example/"))
    assert archive.hub_subscribers.remove_expired(NOW) == 1
    archive.library().tokens.remove(token.id)
    assert [one.callback for one in archive.hub_subscribers.all()] == ["https://c.example/"]


def test_a_person_has_a_bounded_number_of_subscribers(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_subscribers, "MAX_SUBSCRIBERS", 2)
    for number in range(2):
        archive.hub_subscribers.save(replace(MADE, callback=f"https://{number}.example/"))
    with pytest.raises(InvalidValue, match="at most"):
        archive.hub_subscribers.save(replace(MADE, callback="https://3.example/"))
    archive.hub_subscribers.save(replace(MADE, callback="https://1.example/", secret="renewed"))
    assert len(archive.hub_subscribers.all()) == 2
