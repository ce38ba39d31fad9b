"""Failures as they are stored: a kind for every error, and what a person can do."""

import pytest

from unabridged.errors import (
    BadStatus,
    ConfigError,
    FeedFault,
    FeedKilledReader,
    FetchError,
    FetchTimeout,
    HostSilent,
    InvalidURL,
    NotAFeed,
    NotAPage,
    UnabridgedError,
)
from unabridged.poll.failures import NO_IMAGE_STATUSES, PERMANENT_STATUSES, advice_for, failure_of

URL = "https://news.example/feed"


@pytest.mark.parametrize(
    ("error", "kind", "advice"),
    [
        (FetchTimeout(URL, "No answer."), "timeout", "raise `timeout`"),
        (BadStatus(URL, 404, "Not found."), "status", "new address"),
        (BadStatus(URL, 401, "Login."), "status", "user name and password"),
        (BadStatus(URL, 418, "Teapot."), "status", "unless this lasts"),
        (HostSilent(URL, "Not asked.", 60), "silent", "asked less often"),
        (InvalidURL("x:", "no host"), "invalid-url", ""),
        (FeedKilledReader("Too heavy."), "feed-too-heavy", "Tell the publisher"),
        (FeedFault(URL, ValueError("x")), "fault", "Report it"),
        (NotAFeed(URL, "an HTML page"), "not-a-feed", "unabridged find"),
        (NotAPage("A picture."), "not-a-page", "not a web page"),
        (ConfigError("No."), "error", ""),
    ],
)
def test_an_error_has_its_kind_and_its_advice(error: UnabridgedError, kind: str, advice: str) -> None:
    failure = failure_of(error)
    assert (failure.kind, failure.message) == (kind, str(error))
    assert advice in failure.advice


def kinds_of_fetching(cls: type[FetchError] = FetchError) -> set[str]:
    return {cls.kind}.union(*map(kinds_of_fetching, cls.__subclasses__()))


def test_there_is_advice_for_every_way_in_which_a_request_fails() -> None:
    assert {kind for kind in kinds_of_fetching() if not advice_for(kind)} == {"fetch"}


def test_a_picture_is_given_up_wherever_a_page_is() -> None:
    assert PERMANENT_STATUSES < NO_IMAGE_STATUSES
