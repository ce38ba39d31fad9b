"""Ages read as times, in many languages, relative to the moment the page was fetched."""

from datetime import UTC, datetime, timedelta

import pytest

from unabridged.dates.ages import read_age
from unabridged.model import Clock

NOW = datetime(2024, 5, 6, 9, 30, tzinfo=UTC)


def age(text: str) -> Clock | None:
    return read_age(text, kind="published", origin="page", now=NOW)


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("3 hours ago", timedelta(hours=3)),
        ("an hour ago", timedelta(hours=1)),
        ("Posted 20 min ago", timedelta(minutes=20)),
        ("vor einer Stunde", timedelta(hours=1)),
        ("il y a 5 minutes", timedelta(minutes=5)),
        ("hace 2 horas", timedelta(hours=2)),
        ("2 часа назад", timedelta(hours=2)),
        ("15分钟前", timedelta(minutes=15)),
        ("3시간 전", timedelta(hours=3)),
    ],
)
def test_minutes_and_hours_give_a_time(text: str, back: timedelta) -> None:
    found = age(text)
    assert found is not None
    assert (found.at, found.day_only, found.zone_stated, found.raw) == (NOW - back, False, False, text)


@pytest.mark.parametrize(
    ("text", "days"),
    [("2 days ago", 2), ("vor 3 Tagen", 3), ("a week ago", 7), ("yesterday", 1), ("前天", 2), ("heute", 0)],
)
def test_days_give_a_day_without_a_time(text: str, days: int) -> None:
    found = age(text)
    assert found is not None
    midnight = NOW.replace(hour=0, minute=0) - timedelta(days=days)
    assert (found.at, found.day_only) == (midnight, True)


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [("yesterday at 7:05 pm", 19, 5), ("昨天 12:30", 12, 30), ("gestern, 08:15 Uhr", 8, 15)],
)
def test_a_named_day_with_a_time_gives_both(text: str, hour: int, minute: int) -> None:
    found = age(text)
    assert found is not None
    assert (found.at, found.day_only) == (datetime(2024, 5, 5, hour, minute, tzinfo=UTC), False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ago",
        "Chicago",
        "Today we tell the story of the harbour that froze",
        "3 hours of work",
        "2024-05-05",
        "The pumps came 3 hours ago, and everybody who was there tells of it to this day.",
    ],
)
def test_any_other_text_is_no_age(text: str) -> None:
    assert age(text) is None
