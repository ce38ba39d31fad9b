"""How long a response is fresh, and whether its ETag is the stored one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unabridged.fetch.http_cache import fresh_for, same_validator
from unabridged.fetch.response_headers import retry_after

NOW = datetime(2024, 3, 6, 12, 0, tzinfo=UTC)


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
