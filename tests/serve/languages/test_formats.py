"""Dates and numbers as each language writes them."""

from datetime import UTC, datetime

import pytest

from unabridged.serve.languages.choice import LANGUAGES
from unabridged.serve.languages.formats import day, day_of_week, month_of_year, number
from unabridged.serve.languages.messages import language
from unabridged.serve.views.formatting import date_time, period_heading

AT = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", ("20 November 2026, 14:05", "20 November", "November 2026", "Friday", "12,345.6", "1,234")),
        ("zh-Hans", ("2026年11月20日 14:05", "11月20日", "2026年11月", "星期五", "12,345.6", "1,234")),
        ("zh-Hant", ("2026年11月20日 14:05", "11月20日", "2026年11月", "星期五", "12,345.6", "1,234")),
        ("ja", ("2026年11月20日 14:05", "11月20日", "2026年11月", "金曜日", "12,345.6", "1,234")),
        (
            "de",
            ("20. November 2026, 14:05", "20. November", "November 2026", "Freitag", "12.345,6", "1.234"),
        ),
        (
            "fr",
            (
                "20 novembre 2026, 14:05",
                "20 novembre",
                "Novembre 2026",
                "vendredi",
                "12\u202f345,6",
                "1\u202f234",
            ),
        ),
        (
            "es",
            (
                "20 de noviembre de 2026, 14:05",
                "20 de noviembre",
                "Noviembre de 2026",
                "viernes",
                "12.345,6",
                "1234",
            ),
        ),
        (
            "ru",
            (
                "20 ноября 2026\u202fг., 14:05",
                "20 ноября",
                "Ноябрь 2026\u202fг.",
                "пятница",
                "12\xa0345,6",
                "1\xa0234",
            ),
        ),
        ("ar", ("20 نوفمبر 2026، 14:05", "20 نوفمبر", "نوفمبر 2026", "الجمعة", "12,345.6", "1,234")),
    ],
)
def test_dates_and_numbers_are_written_as_in_the_language(code: str, expected: tuple[str, ...]) -> None:
    token = language.set(LANGUAGES[code])
    try:
        written = (date_time(AT, UTC), day(AT), month_of_year(AT), day_of_week(AT))
        assert (*written, number(12345.6, 1), number(1234)) == expected
        assert period_heading(AT, AT.replace(month=12), UTC) == expected[2]
    finally:
        language.reset(token)
