"""Requests to our hub: what is understood, and what is refused in words."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from unabridged.errors import InvalidValue
from unabridged.serve.hub.requests import LEASE, LONGEST_LEASE, SHORTEST_LEASE, read_request

FORM = {
    "hub.mode": "subscribe",
    "hub.topic": "https://news.example/feeds/1.atom?token=x",
    "hub.callback": "https://reader.example/push?id=7",
}


def form(**changed: str) -> bytes:
    return urlencode(FORM | {f"hub.{name}": value for name, value in changed.items()}).encode()


def test_a_request_is_read_with_its_secret_and_lease() -> None:
    asked = read_request(form(secret="s" * 199, lease_seconds="86400"))
    assert (asked.mode, asked.topic, asked.callback) == tuple(FORM.values())
    assert (asked.secret, asked.lease) == ("s" * 199, timedelta(days=1))
    assert "token=x" not in repr(asked)
    assert "sss" not in repr(asked)


@pytest.mark.parametrize(
    ("wish", "lease"),
    [
        ("", LEASE),
        ("0", LEASE),
        ("-5", LEASE),
        ("soon", LEASE),
        ("1", SHORTEST_LEASE),
        ("999999999", LONGEST_LEASE),
        ("9" * 40, LEASE),
    ],
)
def test_a_lease_is_within_bounds(wish: str, lease: timedelta) -> None:
    assert read_request(form(lease_seconds=wish)).lease == lease


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"&".join(b"a=1" for _ in range(1000)),
        form(mode="publish"),
        form(topic="ftp://news.example/"),
        form(topic="https://news.example/ x"),
        form(callback="javascript:alert(1)"),
        form(callback="https://reader.example/" + "x" * 5000),
        form(secret="s" * 200),
    ],
)
def test_what_is_no_request_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidValue):
        read_request(body)


def test_the_question_keeps_the_callbacks_own_query() -> None:
    address = read_request(form(lease_seconds="600")).question("say this")
    assert address.startswith("https://reader.example/push?id=7&")
    asked = dict(parse_qsl(urlsplit(address).query))
    assert asked == {
        "id": "7",
        "hub.mode": "subscribe",
        "hub.topic": FORM["hub.topic"],
        "hub.challenge": "say this",
        "hub.lease_seconds": "600",
    }
    assert "lease" not in read_request(form(mode="unsubscribe")).question("say this")
