"""What headers say about asking again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unabridged.fetch.response_headers import fresh_for, retry_after, same_validator

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


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": "public, Max-Age=600, must-revalidate"}, 600),
        ({"cache-control": 'max-age="600"'}, 600),
        ({"cache-control": "max-age=600", "age": "100"}, 500),
        ({"cache-control": "max-age=600", "age": "1000"}, 0),
        ({"cache-control": "s-maxage=900"}, None),
        ({"cache-control": "no-cache"}, None),
        ({"cache-control": "max-age=600", "expires": "Wed, 06 Mar 2024 13:00:00 GMT"}, 600),
        ({"expires": "Wed, 06 Mar 2024 13:00:00 GMT"}, 3600),
        ({"expires": "Wed, 06 Mar 2024 13:00:00 GMT", "date": "Wed, 06 Mar 2024 12:50:00 GMT"}, 600),
        ({"expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0),
        ({"expires": "0"}, None),
        ({"expires": "-1"}, None),
        ({"cache-control": "no-cache", "expires": "Wed, 06 Mar 2024 13:00:00 GMT"}, None),
        ({"cache-control": "max-age=x"}, None),
        ({}, None),
    ],
)
def test_freshness_is_max_age_less_age_else_expires(headers: dict[str, str], seconds: int | None) -> None:
    assert fresh_for(headers, NOW) == seconds


@settings(deadline=None)
@given(st.text(), st.text(), st.text())
def test_no_header_can_break_the_reading(one: str, two: str, three: str) -> None:
    headers = {"retry-after": one, "cache-control": two, "expires": three, "date": one, "age": two}
    for read in (retry_after, fresh_for):
        assert (read(headers, NOW) or 0) >= 0


def test_an_etag_is_compared_byte_for_byte() -> None:
    assert same_validator('W/"1"', {"etag": 'W/"1"'})
    assert not same_validator('"1"', {"etag": 'W/"1"'})
    assert not same_validator(None, {})
    assert not same_validator("", {"etag": ""})
