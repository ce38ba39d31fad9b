"""Times and errors as Miniflux writes them."""

from datetime import datetime, timedelta, timezone

import orjson
import pytest

from unabridged.errors import (
    ArchiveUnwritable,
    BadStatus,
    InvalidURL,
    InvalidValue,
    LoginRefused,
    NotAFeed,
    NotFound,
    UnabridgedError,
)
from unabridged.serve.sync.miniflux.answers import error_of, moment


def test_times_are_in_utc() -> None:
    zone = timezone(timedelta(hours=8))
    assert moment(datetime(2026, 3, 20, 7, 5, 1, 250_000, zone)) == "2026-03-19T23:05:01.250000Z"
    assert moment(datetime(2026, 3, 20, 8, tzinfo=zone)) == "2026-03-20T00:00:00Z"
    assert moment(None) == "0001-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("x"), 404),
        (InvalidValue("x"), 400),
        (InvalidURL("x", "y"), 400),
        (BadStatus("https://a.example/", 404, "x"), 500),
        (NotAFeed("https://a.example/", "a page"), 500),
        (LoginRefused("x"), 403),
        (ArchiveUnwritable("x"), 503),
    ],
)
def test_errors_have_the_statuses_of_miniflux(error: UnabridgedError, status: int) -> None:
    answer = error_of(error)
    assert answer.status_code == status
    told = orjson.loads(bytes(answer.body))
    assert told == {"error_message": "resource not found" if status == 404 else str(error)}
