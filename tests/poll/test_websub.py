"""Hubs: which one a feed names, what they may ask, what is signed, when a lease is renewed. Pure."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import present
from unabridged.archive.records.polling import HubSubscription
from unabridged.model import Feed, NotModified
from unabridged.poll.websub import LEASE, MAX_LEASE, METHODS, denied, hub_of, is_signed, links_of, verify

NOW = datetime(2024, 5, 6, 9, 0, tzinfo=UTC)
ASKED = HubSubscription(
    feed_id=1,
    hub="https://hub.example/",
    topic="https://a.example/feed",
    token="t",
    secret="s",
    state="asked",
)


def answer(link: str = "") -> NotModified:
    headers = {"link": link} if link else {}
    return NotModified(
        url="https://a.example/rss", final_url="https://a.example/rss", headers=headers, fetched=NOW
    )


def feed(**more: Any) -> Feed:
    return Feed(url="https://a.example/rss", format="rss", **more)


def test_a_hub_is_found_in_the_document_or_in_the_link_header_which_counts_first() -> None:
    inside = feed(hubs=("https://in.example/",), self_url="https://a.example/self")
    header = '<https://out.example/>; rel="hub", <https://a.example/topic>; rel=self'
    assert hub_of(inside, answer()) == ("https://in.example/", "https://a.example/self")
    assert hub_of(inside, answer(header)) == ("https://out.example/", "https://a.example/topic")
    assert hub_of(feed(), answer()) == (None, "https://a.example/rss")
    assert hub_of(feed(hubs=("javascript:alert(1)",)), answer())[0] is None


def test_a_secret_is_told_to_no_hub_without_https_but_on_this_machine() -> None:
    hubs = ("http://out.example/", "http://127.0.0.1.example/", "https://safe.example/")
    assert hub_of(feed(hubs=hubs), answer())[0] == "https://safe.example/"
    assert hub_of(feed(hubs=hubs[:2]), answer())[0] is None
    assert hub_of(feed(hubs=("http://127.0.0.1:8080/hub",)), answer())[0] == "http://127.0.0.1:8080/hub"


@pytest.mark.parametrize(
    ("header", "links"),
    [
        ("", {}),
        ('<a>; rel="hub self"; title="x, y", <b>;rel=next', {"hub": ["a"], "self": ["a"], "next": ["b"]}),
        ("<a>; REL=Hub", {"hub": ["a"]}),
        ("nonsense; rel=hub", {}),
        ("<" * 50_000, {}),
        ('<a>;x="' * 9_000, {}),
    ],
)
def test_link_headers_are_read_as_far_as_they_are_ones(header: str, links: dict[str, list[str]]) -> None:
    assert links_of(header) == links


def test_a_question_is_answered_only_for_what_we_asked() -> None:
    good = present(verify(ASKED, "subscribe", ASKED.topic, "864000", NOW))
    assert (good.state, good.lease_until) == ("active", NOW + timedelta(days=10))
    assert good.next_try_at == NOW + timedelta(days=9)
    assert verify(ASKED, "subscribe", "https://evil.example/", "864000", NOW) is None
    assert verify(ASKED, "unsubscribe", ASKED.topic, None, NOW) is None
    assert verify(denied(ASKED, "", NOW), "subscribe", ASKED.topic, "1", NOW) is None


@pytest.mark.parametrize(
    ("stated", "lease"),
    [
        (None, LEASE),
        ("x", LEASE),
        ("0", LEASE),
        ("-5", LEASE),
        ("999999999", MAX_LEASE),
        ("3600", timedelta(hours=1)),
    ],
)
def test_a_lease_is_renewed_before_it_ends_however_long_it_is(stated: str | None, lease: timedelta) -> None:
    found = present(verify(ASKED, "subscribe", ASKED.topic, stated, NOW))
    assert found.lease_until == NOW + lease
    assert NOW < present(found.next_try_at) < NOW + lease


@pytest.mark.parametrize("method", METHODS)
def test_a_signature_of_every_method_is_right_for_its_body_alone(method: str) -> None:
    right = hmac.new(b"s", b"body", getattr(hashlib, method)).hexdigest()
    assert is_signed(ASKED, f"{method}={right}", b"body")
    assert is_signed(ASKED, f"{method.upper()}={right.upper()}", b"body")
    assert not is_signed(ASKED, f"{method}={right}", b"body ")
    assert not is_signed(ASKED, f"{method}={right[:-1]}", b"body")


@pytest.mark.parametrize("header", ["", "sha256=", "md5=x", "sha256", "=", "sha1=é", "sha1=" + "0" * 40])
def test_anything_else_is_no_signature(header: str) -> None:
    assert not is_signed(ASKED, header, b"body")
