"""Sites, feeds and files as named on the command line."""

import pytest

from unabridged.cli.support.lookup import host_name
from unabridged.errors import InvalidURL


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("news.example", "news.example"),
        ("https://News.Example:8080/story?x=1", "news.example"),
        ("news.example/story", "news.example"),
        ("127.0.0.2", "127.0.0.2"),
    ],
)
def test_a_site_is_a_host_or_an_address(typed: str, host: str) -> None:
    assert host_name(typed) == host


@pytest.mark.parametrize("typed", ["", "https://", "//", "two words"])
def test_what_names_no_site_is_refused_in_words(typed: str) -> None:
    with pytest.raises(InvalidURL, match="it names no site"):
        host_name(typed)
