"""Errors as answers: the status of each, and a title for each status."""

import pytest

from tests.test_errors import every_class
from unabridged.errors import (
    ArchiveLocked,
    BadQuery,
    BadStatus,
    ConfigError,
    FetchRefused,
    FetchTimeout,
    HostNotFound,
    InvalidURL,
    NotAFeed,
    NotAPage,
    NotFound,
    UnabridgedError,
)
from unabridged.serve.error_pages import STATUSES, TITLES, status_of

URL = "https://news.example/"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("No article."), 404),
        (InvalidURL(URL, "no"), 400),
        (BadQuery("No."), 422),
        (FetchRefused(URL, "No."), 403),
        (FetchTimeout(URL, "No."), 504),
        (HostNotFound(URL, "No."), 502),
        (BadStatus(URL, 410, "Gone."), 404),
        (BadStatus(URL, 500, "Broken."), 502),
        (NotAFeed(URL, "a page"), 422),
        (NotAPage("No."), 422),
        (ArchiveLocked("Held."), 503),
        (ConfigError("No."), 500),
    ],
)
def test_an_error_has_the_status_that_says_whose_fault_it_is(error: UnabridgedError, status: int) -> None:
    assert status_of(error) == status
    assert status in TITLES


def test_no_row_of_the_table_is_hidden_by_one_before_it() -> None:
    for place, (later, _) in enumerate(STATUSES):
        assert not any(issubclass(later, earlier) for earlier, _ in STATUSES[:place])
        assert later in every_class()
