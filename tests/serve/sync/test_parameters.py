"""Parameters of address and body; numbers and times as apps write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unabridged.errors import InvalidValue
from unabridged.serve.sync.parameters import (
    MAX_FIELDS,
    parse_instant,
    parse_number,
    parse_time,
    read_parameters,
)


def test_the_body_follows_the_address_and_the_last_value_counts() -> None:
    found = read_parameters("a=1&b=2&empty", b"a=3&i=x:y,z/1&i=%C3%BC+b")
    assert found.pairs[:3] == (("a", "1"), ("b", "2"), ("empty", ""))
    assert (found.last("a"), found.last("b"), found.last("none")) == ("3", "2", None)
    assert found.all("i") == ("x:y,z/1", "ü b")
    assert found.has("empty") and not found.has("none")
    assert (found.number("b"), found.number("i")) == (2, None)


def test_more_fields_than_any_app_sends_are_refused() -> None:
    assert len(read_parameters("", b"&".join([b"i=1"] * MAX_FIELDS)).pairs) == MAX_FIELDS
    with pytest.raises(InvalidValue):
        read_parameters("", b"&".join([b"i=1"] * (MAX_FIELDS + 1)))


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), (" 7 ", 7), ("0", 0), ("007", 7), ("", None), ("-1", None), ("²", None), ("1" * 16, None)],
)
def test_numbers_are_digits_below_those_of_items(text: str, number: int | None) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("1773997200", 1773997200_999999),
        ("1773997200123", 1773997200_123999),
        ("1773997200123456", 1773997200_123456),
        ("0", None),
        ("000", None),
        ("", None),
        (None, None),
        ("soon", None),
        ("-5", None),
    ],
)
def test_a_time_is_seconds_milliseconds_or_microseconds_by_its_length(
    text: str | None, last: int | None
) -> None:
    assert parse_instant(text) == last


@given(st.text(max_size=60), st.binary(max_size=200))
def test_nothing_that_is_sent_is_an_error(text: str, body: bytes) -> None:
    found = read_parameters(text, body)
    assert isinstance(found.pairs, tuple)
    assert (parse_number(text) or 0) >= 0
    assert parse_time(text) is None or parse_instant(text) is not None


def test_a_number_of_any_length_is_a_time_that_can_be() -> None:
    assert parse_time("9" * 400) is not None
