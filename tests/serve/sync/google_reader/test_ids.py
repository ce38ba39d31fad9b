"""Ids of items, in every form in which apps send them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unabridged.serve.sync.google_reader.ids import long_id, parse_item_id, parse_item_ids

PREFIX = "tag:google.com,2005:reader/item/"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (f"{PREFIX}000000000000002a", 42),
        (f"{PREFIX}2a", 42),
        (f"{PREFIX}000000000000002A", 42),
        ("000000000000002a", 42),
        ("000000000000002A", 42),
        ("0000000000000042", 66),
        ("42", 42),
        (" 42\n", 42),
        ("123456789012345", 123456789012345),
        ("1234567890123456", None),  # decimal, above all numbers of ours
        ("ffffffffffffffff", None),
        ("-42", None),
        (f"{PREFIX}", None),
        (f"{PREFIX}xyz", None),
        (f"{PREFIX}-1", None),
        ("0", None),
        ("", None),
        ("4.2", None),
        ("４２", None),
        ("9" * 400, None),
    ],
)
def test_an_id_is_long_hexadecimal_or_decimal(text: str, number: int | None) -> None:
    assert parse_item_id(text) == number


@given(st.integers(min_value=1, max_value=10**15 - 1))
def test_every_number_comes_back_in_every_form(number: int) -> None:
    for text in (long_id(number), long_id(number).removeprefix(PREFIX), str(number)):
        assert parse_item_id(text) == number
    assert parse_item_id(f"{PREFIX}{number:X}") == number


@given(st.lists(st.text(max_size=60), max_size=20))
def test_no_text_is_an_error(texts: list[str]) -> None:
    assert all(0 < number < 10**15 for number in parse_item_ids(texts))


def test_ids_are_taken_once_in_their_order() -> None:
    assert parse_item_ids(["3", "x", long_id(1), "3", "2"]) == [3, 1, 2]
