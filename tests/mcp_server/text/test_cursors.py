"""Cursors: opaque, and bound to the call that they continue."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unabridged.errors import InvalidValue
from unabridged.mcp_server.text.cursors import make_cursor, read_cursor, read_offset

ARGUMENTS = {"article": 3, "cursor": None}


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=50))
def test_a_cursor_gives_its_place_back(place: str) -> None:
    cursor = make_cursor("read", ARGUMENTS, place)
    assert read_cursor("read", {**ARGUMENTS, "cursor": cursor}, cursor) == place


def test_a_cursor_of_another_call_or_of_other_arguments_is_refused() -> None:
    cursor = make_cursor("read", ARGUMENTS, "7")
    for call, arguments in (("list", ARGUMENTS), ("read", {"article": 4})):
        with pytest.raises(InvalidValue, match="same arguments"):
            read_cursor(call, arguments, cursor)


@given(
    st.one_of(st.text(max_size=2000), st.sampled_from(["W10", "bnVsbA", "MQ", "WzEsMl0", "e30", "=", "Wzld"]))
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        read_cursor("read", ARGUMENTS, text)


@given(st.text(max_size=12))
def test_a_place_that_should_be_a_number_is_one(text: str) -> None:
    try:
        assert read_offset(text) == int(text)
    except InvalidValue:
        assert not (text.isascii() and text.isdecimal() and len(text) < 10)
