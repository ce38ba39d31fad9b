"""The pure parts: comparisons, times and languages in words, what the templates are given."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from unabridged.serve.views import formatting

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "name"),
    [
        (timedelta(hours=2), "Today"),
        (timedelta(hours=10), "Yesterday"),
        (timedelta(days=3), "Tuesday"),
        (timedelta(days=30), "18 February"),
        (timedelta(days=400), "13 February 2025"),
    ],
)
def test_a_day_is_named_as_people_do(ago: timedelta, name: str) -> None:
    assert formatting.day_name(NOW - ago, NOW, UTC) == name


def test_a_day_begins_where_the_reader_is() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert formatting.day_name(datetime(2026, 3, 19, 16, 0, tzinfo=UTC), NOW, tokyo) == "Today"


@pytest.mark.parametrize(
    ("gap", "text"),
    [
        (timedelta(seconds=-10), "just now"),
        (timedelta(seconds=10), "in a moment"),
        (timedelta(minutes=-5), "5 minutes ago"),
        (timedelta(hours=2), "in 2 hours"),
        (timedelta(days=-1), "Yesterday, 09:00"),
        (timedelta(days=2), "22 March 2026, 09:00"),
    ],
)
def test_a_time_near_now_is_told_by_its_distance(gap: timedelta, text: str) -> None:
    assert formatting.relative_time(NOW + gap, NOW, UTC) == text


def test_a_publishers_time_keeps_its_own_zone() -> None:
    paris = datetime(2024, 2, 1, 16, 28, tzinfo=timezone(timedelta(hours=1)))
    assert formatting.publisher_time(paris) == "1 February 2024, 16:28 (UTC+01:00)"
    assert formatting.publisher_time(paris, day_only=True) == "1 February 2024"
    assert formatting.publisher_time(paris, zone_stated=False) == "1 February 2024, 16:28"


@pytest.mark.parametrize(
    ("stated", "text", "language"),
    [
        ("zh_CN", "", "zh-CN"),
        ("en", "中文", "en"),
        (None, "老街修伞人", "zh"),
        (None, "これは日本語です", "ja"),
        (None, "안녕하세요 여러분", "ko"),
        (None, "Plain English", None),
        ('en" onload="x', "Plain", None),
    ],
)
def test_the_language_is_what_was_stated_or_what_the_script_shows(
    stated: str | None, text: str, language: str | None
) -> None:
    assert formatting.language_of(stated, text) == language


def test_a_text_is_cut_at_a_word_with_a_mark() -> None:
    assert formatting.shorten("one two three four five", 16) == "one two three…"
    assert formatting.shorten("一二三四五，六七八九十", 6) == "一二三四五…"
    assert formatting.shorten("short", 16) == "short"


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(hours=2), "07:00"),
        (timedelta(hours=10), "19 March, 23:00"),
        (timedelta(days=3), "17 March, 09:00"),
        (timedelta(days=30), "18 February"),
        (timedelta(days=400), "13 February 2025"),
    ],
)
def test_a_time_in_a_list_tells_the_day_unless_that_is_today(ago: timedelta, text: str) -> None:
    assert formatting.short_time(NOW - ago, NOW, UTC) == text


def test_a_time_in_full_names_its_zone() -> None:
    summer = datetime(2026, 7, 15, 22, 30, tzinfo=UTC)
    assert formatting.zoned_time(summer, ZoneInfo("Europe/Berlin")) == "16 July 2026, 00:30 CEST"
    assert formatting.zoned_time(summer, ZoneInfo("Asia/Dubai")) == "16 July 2026, 02:30 UTC+04"
    assert formatting.zoned_time(summer, UTC) == "15 July 2026, 22:30 UTC"
