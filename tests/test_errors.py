"""Errors: one tree, one exit code each, and no password in any message."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unabridged import errors
from unabridged.errors import (
    BadStatus,
    FetchTimeout,
    InvalidURL,
    UnabridgedError,
    without_login,
    without_logins,
)


def every_class(cls: type[UnabridgedError] = UnabridgedError) -> set[type[UnabridgedError]]:
    return {cls}.union(*map(every_class, cls.__subclasses__()))


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = set(re.findall(r"^[│├└─ ]*([A-Z]\w+)", errors.__doc__ or "", re.MULTILINE))
    assert {cls.__name__ for cls in every_class() if cls.__module__ == errors.__name__} <= drawn


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://ada:hunter2@news.example/feed", "https://news.example/feed"),
        ("//ada:hunter2@news.example", "//news.example"),
        ("feed:https://ada:hunter2@news.example", "feed:https://news.example"),
        ("ada:hun/ter2@news.example", "news.example"),
        ("https://news.example/@author", "https://news.example/@author"),
        ("https://news.example:8080/a?b@c", "https://news.example:8080/a?b@c"),
    ],
)
def test_an_address_is_shown_without_its_login(url: str, shown: str) -> None:
    assert without_login(url) == shown


@settings(deadline=None)
@given(st.text(alphabet="ab:@/.?#[]0 ", max_size=40))
def test_taking_a_login_away_raises_nothing_and_adds_nothing(text: str) -> None:
    shown = without_login(f"https://ada:hunter2@{text}")
    assert "hunter2" not in shown
    assert len(shown) <= len(text) + len("https://")


def test_no_message_holds_a_password() -> None:
    url = "https://ada:hunter2@news.example/feed"
    for error in (
        FetchTimeout(url, f"{url} gave no answer."),
        InvalidURL(url, f"see {url}"),
        UnabridgedError(url),
    ):
        assert "hunter2" not in str(error)
        assert "hunter2" not in str(getattr(error, "url", ""))
    assert (
        without_logins(f"two: {url}, {url}!") == "two: https://news.example/feed, https://news.example/feed!"
    )


def test_a_status_is_kept_beside_its_message() -> None:
    error = BadStatus("https://news.example/", 429, "Too often.", retry_after=60)
    assert (error.status, error.retry_after, error.kind, error.exit_code) == (429, 60, "status", 3)
