"""Dates and numbers in the language of the request. The table is written by tools/languages.py from CLDR."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from unabridged.serve.languages.messages import language, ngettext

TABLE = Path(__file__).parent / "formats.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Formats:
    """Formats of a language. months: as in a date; standalone_months: as a heading; days: from Monday.

    day, day_of_year, month_of_year: patterns of a date without a year, of one with it, of a month.
    date_time: pattern of date and time. group: between thousands, from `group_from` digits on.
    decimal: between whole and part. sizes: patterns of thousands of bytes, millions, and so on.
    """

    months: Sequence[str]
    standalone_months: Sequence[str]
    days: Sequence[str]
    day: str
    day_of_year: str
    month_of_year: str
    date_time: str
    group: str
    group_from: int
    decimal: str
    sizes: Sequence[str]


@cache
def _table() -> Mapping[str, Formats]:
    stored = json.loads(TABLE.read_text(encoding="utf-8"))
    return {code: Formats(**fields) for code, fields in stored.items()}


def present_formats() -> Formats:
    """Return the formats of the request's language."""
    return _table()[language.get().code]


def number(value: float, digits: int = 0) -> str:
    """Return a number with its thousands grouped: "2,300" or "2.300". digits: behind the decimal sign."""
    formats = present_formats()
    text = f"{value:,.{digits}f}"
    if len(text.partition(".")[0].replace(",", "").lstrip("-")) < formats.group_from:
        text = text.replace(",", "")
    return text.translate({ord(","): formats.group, ord("."): formats.decimal})


def size(count: int) -> str:
    """Return a number of bytes: "123 bytes", "667.6 kB"."""
    if count < 1000:
        return ngettext("{n} byte", "{n} bytes", count).format(n=number(count))
    patterns = present_formats().sizes
    power = next((one for one in range(1, len(patterns)) if count < 1000 ** (one + 1)), len(patterns))
    return patterns[power - 1].format(number(count / 1000**power, 1))


def day(at: date) -> str:
    """Return day and month: "20 November"."""
    return _written(present_formats().day, at)


def day_of_year(at: date) -> str:
    """Return day, month and year: "20 November 2026"."""
    return _written(present_formats().day_of_year, at)


def month_of_year(at: date) -> str:
    """Return month and year, as a heading: "November 2026"."""
    return capitalised(_written(present_formats().month_of_year, at))


def day_of_week(at: date) -> str:
    """Return the name of a day of the week: "Friday"."""
    return present_formats().days[at.weekday()]


def with_time(date_text: str, at: datetime) -> str:
    """Return a date that is written already, with the time of day: "20 November, 14:05"."""
    return present_formats().date_time.format(date=date_text, time=f"{at:%H:%M}")


def capitalised(text: str) -> str:
    """Return a text with a capital first letter, as a heading has."""
    return text[:1].upper() + text[1:]


def _written(pattern: str, at: date) -> str:
    formats = present_formats()
    return pattern.format(
        day=at.day,
        number=at.month,
        month=formats.months[at.month - 1],
        standalone=formats.standalone_months[at.month - 1],
        year=at.year,
    )
