"""Dates in the forms that feeds and pages really use."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.dates.readings import read, written
from unabridged.dates.parse import parse_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-01T16:28:00Z", "2024-02-01T16:28:00+00:00"),
        ("2024-02-01T16:28:00.25+01:00", "2024-02-01T16:28:00.250000+01:00"),
        ("2024-02-01T16:28:00-0500", "2024-02-01T16:28:00-05:00"),
        ("2024-02-01T16:28+01:00", "2024-02-01T16:28:00+01:00"),
        ("2024-02-01 T 16:28:00-05:00", "2024-02-01T16:28:00-05:00"),
        ("20240201T162800Z", "2024-02-01T16:28:00+00:00"),
        ("2024-02-01T162800+01:00", "2024-02-01T16:28:00+01:00"),
        ("2024-02-01 16:28:00", "2024-02-01T16:28:00"),
        ("2024-02-01T24:00:00Z", "2024-02-02T00:00:00+00:00"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59+00:00"),
        ("2024-02-01", "2024-02-01"),
        ("2024-02", "2024-02-01"),
        ("2024", "2024-01-01"),
        ("20240201", "2024-02-01"),
        ("20240201162800", "2024-02-01T16:28:00"),
        ("2020/1/10 14:33:00", "2020-01-10T14:33:00"),
        ("2024:02:01 16:28:00", "2024-02-01T16:28:00"),
    ],
)
def test_iso_and_its_relatives_are_read(text: str, expected: str) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thu, 01 Feb 2024 16:28:00 GMT", "2024-02-01T16:28:00+00:00"),
        ("Mon, 01 Feb 2024 16:28:00 +0530", "2024-02-01T16:28:00+05:30"),
        ("1 Feb 2024 16:28 EST", "2024-02-01T16:28:00-05:00"),
        ("Thu , \t 01  Feb\t2024  16:28:00\t +0000", "2024-02-01T16:28:00+00:00"),
        ("Thu,01 Feb 2024 16:28:00 +0000", "2024-02-01T16:28:00+00:00"),
        ("Thursday, 01-Feb-24 16:28:00 UTC", "2024-02-01T16:28:00+00:00"),
        ("Thu Feb  1 16:28:00 2024", "2024-02-01T16:28:00"),
        ("Thu Feb 01 16:28:00 +0000 2024", "2024-02-01T16:28:00+00:00"),
        ("Thu Feb 01 2024 16:28:00 GMT+0100 (CET)", "2024-02-01T16:28:00+01:00"),
        ("Thu (what a day), 1(st) Feb(ruary) 2024 16:28:00 +0000 (GMT)", "2024-02-01T16:28:00+00:00"),
        ("01 Feb 24 1628 GMT", "2024-02-01T16:28:00+00:00"),
        ("Feb. 1, 2024, 4:28 p.m. ET", "2024-02-01T16:28:00-05:00"),
        ("Jul 1, 2024, 4:28 p.m. ET", "2024-07-01T16:28:00-04:00"),
        ("Updated 5:40 PM EDT, Mon August 10, 2015", "2015-08-10T17:40:00-04:00"),
    ],
)
def test_the_mail_form_is_read_however_it_is_mangled(text: str, expected: str) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    "text", ["1706804880", "1706804880000", "1706804880000000", "1706804880.0", "/Date(1706804880000)/"]
)
def test_an_epoch_is_read_by_its_size(text: str) -> None:
    assert written(text) == "2024-02-01T16:28:00+00:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024年2月1日16時28分", "2024-02-01T16:28:00"),
        ("2024年2月1日 下午4:28", "2024-02-01T16:28:00"),
        ("2024년 2월 1일 오후 4:28", "2024-02-01T16:28:00"),
        ("1er février 2024 à 16h28", "2024-02-01T16:28:00"),
        ("1. Februar 2024, 16.28 Uhr", "2024-02-01T16:28:00"),
        ("01/02/2024 - 16:28", "2024-02-01T16:28:00"),
        ("1 ก.พ. 2567 16:28 น.", "2024-02-01T16:28:00"),
        ("Thứ Năm, 01/02/2024 - 16:28 (GMT+7)", "2024-02-01T16:28:00+07:00"),
    ],
)
def test_the_time_beside_a_day_is_read(text: str, expected: str) -> None:
    assert written(text) == expected


def test_the_publishers_offset_is_kept() -> None:
    clock = read("2024-02-01T23:30:00+09:00")
    assert clock is not None
    assert clock.zone_stated
    assert clock.at.utcoffset() == timedelta(hours=9)
    assert clock.at.day == 1


def test_an_unstated_zone_is_said_to_be_an_assumption() -> None:
    tokyo = timezone(timedelta(hours=9))
    clock = read("2024-02-01 16:28", zone=tokyo)
    assert clock is not None
    assert not clock.zone_stated
    assert clock.at.utcoffset() == timedelta(hours=9)
    assert not clock.day_only


def test_a_day_without_time_is_its_midnight() -> None:
    clock = read("1 February 2024")
    assert clock is not None
    assert clock.day_only
    assert (clock.at.hour, clock.at.minute) == (0, 0)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "3 hours ago", "2024-13-01", "2024-02-30", "30 Feb 2024",
     "0000-00-00 00:00:00", "1 Jan 0001 00:00",
     "insert date here", "99999999999999999999",
     "07-01T01:55:07-05:00", "1989-12-31", "2026-11-24", "2099-01-01",
     "25:61", "+1 800 555 2024"],
)  # fmt: skip
def test_what_is_no_date_of_our_time_is_none(text: str) -> None:
    assert read(text) is None


def test_tomorrow_is_allowed_and_the_day_after_is_not() -> None:
    assert read("2026-11-23T11:59:00Z") is not None
    assert read("2026-11-23T12:01:00Z") is None


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("Thu, 02 Sep 2021 20:0:0 Z", "2021-09-02T20:00:00+00:00"),
        ("Wed, 10 Sep 2025 8:5:3 GMT", "2025-09-10T08:05:03+00:00"),
        ("10.09.2025 8:5:0", "2025-09-10T08:05:00+00:00"),
        ("Wed, 10 Sep 2025 12:00:00 +1:00", "2025-09-10T12:00:00+01:00"),
        ("2025-09-10T12:00:00+1:00", "2025-09-10T12:00:00+01:00"),
        ("2025-09-10 12:00:00 -5:30", "2025-09-10T12:00:00-05:30"),
        ("Wed, 10 Sep 2025 12:00:00 +100", "2025-09-10T12:00:00+01:00"),
        ("Wed, 10 Sep 2025 12:00:00 Europe/Brussels", "2025-09-10T12:00:00+02:00"),
        ("Wed, 10 Dec 2025 12:00:00 Europe/Brussels", "2025-12-10T12:00:00+01:00"),
        ("2025-09-10 12:00 America/Argentina/Buenos_Aires", "2025-09-10T12:00:00-03:00"),
        ("2025-09-10T12:00:00+02:00[Europe/Brussels]", "2025-09-10T12:00:00+02:00"),
        ("Wed, 10 Sep 2025 12:00:00 and/or", "2025-09-10T12:00:00+00:00"),
    ],
)
def test_times_and_zones_of_few_digits_and_places_are_read(written: str, instant: str) -> None:
    found = parse_date(written, kind="published", origin="feed", now=datetime(2026, 1, 1, tzinfo=UTC))
    assert found is not None and found.at.isoformat() == instant
