"""Addresses in their plainest forms are resolved without parsing, and to the same as with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unabridged import urls
from unabridged.extraction.html.resolve import resolve

BASE = "https://news.example/a/1?x"
LETTERS = "abzAZ019._~-/+,:;@!$'()*=&?%#^ é"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://a.example/b/C.jpg?w=300&h=2,5", "https://a.example/b/C.jpg?w=300&h=2,5"),
        ("/b/c:d@e?f=g+h", "https://news.example/b/c:d@e?f=g+h"),
        ("/b?", "https://news.example/b"),
        ("/b;", "https://news.example/b"),
        ("/b/../c", "https://news.example/c"),
        ("c?d", "https://news.example/a/c?d"),
    ],
)
def test_addresses_are_made_absolute(url: str, address: str) -> None:
    assert resolve(url, BASE) == address


@given(st.sampled_from(["https://a.example/", "/", "//b.example/", ""]), st.text(LETTERS, max_size=12))
def test_the_short_way_leads_where_the_long_one_does(start: str, rest: str) -> None:
    assert resolve(start + rest, BASE) == urls.absolute(start + rest, BASE)
    assert resolve(start + rest, None) == urls.absolute(start + rest, None)
