"""What headers say about asking again."""

from datetime import UTC, datetime

import pytest

from unabridged.fetch.response_headers import retry_after

NOW = datetime(2024, 3, 6, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("0", 0),
        ("99999999", 86400),
        ("Wed, 06 Mar 2024 12:10:00 GMT", 600),
        ("Wednesday, 06-Mar-24 12:10:00 GMT", 600),
        ("Wed Mar  6 12:10:00 2024", 600),
        ("Wed, 06 Mar 2024 11:00:00 GMT", 0),
        ("Fri, 06 Mar 2054 12:10:00 GMT", 86400),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("١٢", None),
        ("", None),
        ("Wed, 99 Mar 2024 12:10:00 GMT", None),
    ],
)
def test_retry_after_is_read_in_both_forms_and_capped_at_a_day(value: str, seconds: int | None) -> None:
    assert retry_after({"retry-after": value}, NOW) == seconds


def test_a_date_counts_from_the_sites_own_clock() -> None:
    headers = {"retry-after": "Wed, 06 Mar 2024 13:05:00 GMT", "date": "Wed, 06 Mar 2024 13:00:00 GMT"}
    assert retry_after(headers, NOW) == 300


def test_no_retry_after_is_none() -> None:
    assert retry_after({}, NOW) is None
