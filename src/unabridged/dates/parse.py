"""Tolerant parsing of the dates in feeds and pages, in many forms and languages.

`parse_date` tries, cheapest first: the exact ISO form, RFC 822 as feeds really write it, bare numbers (epoch,
20240201), then a general parser that finds a time, a zone and a date anywhere in a short text. It never
raises: text that is no date, or a date outside 1990 … now + 1 day, gives None.
"""

# ruff: noqa: DTZ001 (a reading is naive until its zone is known)

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from unabridged.dates.days import find_day, full_year
from unabridged.model import Clock, ClockKind, Origin
from unabridged.text.patterns import lazy_regex

LONGEST = 160  # characters that are parsed; the longest real date of the corpora has 62
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_MIDNIGHT = (0, 0, 0, 0)


def utc_now() -> datetime:
    """Return the present time, aware, in UTC."""
    return datetime.now(UTC)


class ParsedTime(NamedTuple):
    """A parsed time before it is checked. zone: None if none was written."""

    at: datetime
    zone: tzinfo | None
    day_only: bool


def parse_date(
    text: str,
    *,
    kind: ClockKind,
    origin: Origin,
    language: str | None = None,
    default_zone: tzinfo | None = None,
    now: datetime | None = None,
) -> Clock | None:
    """Parse one date; None if there is none, or one before 1990 or later than a day after `now`.

    language: a tag such as "en-GB"; decides 03/04/2020 and words that are months in two languages.
    default_zone: of a time written without one (UTC if None); the clock records this (`zone_stated`). now:
    aware; the system's clock if None. The written offset is kept.
    """
    raw = text[:LONGEST].strip()
    latest = (now or datetime.now(UTC)) + timedelta(days=1)
    try:
        stamp = _read(raw, language, latest)
        if stamp is None:
            return None
        zone = stamp.zone or default_zone or UTC
        at = stamp.at.replace(tzinfo=zone)
        if not EARLIEST <= at <= latest:
            return None
    except (ValueError, OverflowError):
        return None
    stated = stamp.zone is not None
    return Clock(kind=kind, at=at, origin=origin, zone_stated=stated, day_only=stamp.day_only, raw=raw)


def _read(raw: str, language: str | None, latest: datetime) -> ParsedTime | None:
    """Return the first form that matches, cheapest first. May raise ValueError (day 31 of June)."""
    if len(raw) < 4:
        return None
    if raw.startswith("/Date("):  # .NET's JSON
        raw = raw[6:].rstrip("/)")
    if len(raw) in (29, 31) and raw[3:5] == ", " and (at := _usual_822(raw)):
        return ParsedTime(at, at.tzinfo, False)
    if raw[0].isdigit() and (stamp := _read_digits_first(raw)):
        return stamp
    found = _RFC822.match(raw)
    if found and (month := _ENGLISH.get(found[2][:3].lower())):
        return _stamp_822(found, month, language)
    return _read_freely(raw, language, latest)


# ---- exact forms -------------------------------------------------------------------------------

_ISO = lazy_regex(
    r"(\d{4})-?(\d\d)-?(\d\d)[T\s]*(\d\d):?(\d\d)(?::?(\d\d|(?<=:)\d)(?:[.,:](\d{1,9}))?)?\s*(Z|"
    r"[+-]\d\d:?(?:\d\d)?)?$",
    re.I | re.A,
)
_DAY = lazy_regex(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$", re.A)
_NUMBER = lazy_regex(r"\d{8,19}(?:\.\d{1,9})?$", re.A)
_RFC822 = lazy_regex(
    r"(?:[A-Za-z]{2,9}\.?[\s,]+)?(\d{1,2})[\s-]+([A-Za-z]{3,9})[.,]?[\s-]+(\d{4}|\d\d)"
    r"(?:[\s,T]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d{1,9})?)?\s*([+-]\d\d:?\d\d|[+-]\d:\d\d|"
    r"[A-Za-z]{1,5})?(?:\s[A-Z]{1,4})?)?$",
    re.A,
)


def _read_digits_first(raw: str) -> ParsedTime | None:
    """Parse ISO 8601, W3CDTF and bare numbers; None for anything else."""
    if len(raw) > 15 and raw[4] == "-":
        try:
            at = datetime.fromisoformat(raw)
        except ValueError:
            pass
        else:
            return ParsedTime(at, at.tzinfo, False)
    if found := _ISO.match(raw):
        year, month, day, hour, minute, second, _, zone = found.groups()
        at = _moment(int(year), int(month), int(day), (int(hour), int(minute), int(second or 0), 0))
        return ParsedTime(at, _offset(zone) if zone else None, False)
    if found := _DAY.match(raw):
        year, month, day = found.groups()
        return ParsedTime(datetime(full_year(year), int(month or 1), int(day or 1)), None, True)
    return _read_number(raw) if _NUMBER.match(raw) else None


def _read_number(raw: str) -> ParsedTime | None:
    """Parse 20240201, 202402011628, 20240201162800, or an epoch in s, ms, µs or ns by its size."""
    if len(raw) in (8, 12, 14) and raw[:2] in ("19", "20") and "01" <= raw[4:6] <= "12":
        fields = [int(raw[:4])] + [int(raw[i : i + 2]) for i in range(4, len(raw), 2)]
        try:
            return ParsedTime(datetime(*fields), None, len(raw) == 8)  # type: ignore[arg-type]
        except ValueError:
            pass
    value = float(raw)
    for unit in (1, 1e3, 1e6, 1e9):
        if 6e8 <= value / unit < 6e9:
            return ParsedTime(datetime.fromtimestamp(value / unit, UTC), UTC, False)
    return None


def _usual_822(raw: str) -> datetime | None:
    """Parse "Wed, 02 Oct 2002 13:00:00 GMT" (or +0000) by position, in a third of the time; else None."""
    month, zone = _MONTH_DIGITS.get(raw[8:11]), raw[26:]
    marks = raw[7] + raw[11] + raw[16] + raw[25] + raw[19] + raw[22]
    if month is None or marks != "    ::" or not raw.isascii() or not raw[:3].isalpha():
        return None
    if zone != "GMT" and (zone[1:3] > "13" or zone == "-0000"):
        return None
    offset = "+00:00" if zone == "GMT" else f"{zone[:3]}:{zone[3:]}"
    try:
        return datetime.fromisoformat(f"{raw[12:16]}-{month}-{raw[5:7]}T{raw[17:25]}{offset}")
    except ValueError:
        return None


def _stamp_822(found: re.Match[str], month: int, language: str | None) -> ParsedTime:
    day, _, year, hour, minute, second, zone_text = found.groups()
    if hour is None:
        return ParsedTime(datetime(full_year(year), month, int(day)), None, True)
    at = _moment(full_year(year), month, int(day), (int(hour), int(minute), int(second or 0), 0))
    return ParsedTime(at, _zone(zone_text, at, language) if zone_text else None, False)


def _moment(year: int, month: int, day: int, time: tuple[int, int, int, int]) -> datetime:
    """Return the time; a leap second becomes the second before, 24:00 the next midnight."""
    hour, minute, second, micro = time
    if (hour, minute) == (24, 0):
        return datetime(year, month, day) + timedelta(days=1)
    return datetime(year, month, day, hour, minute, min(second, 59) if second == 60 else second, micro)


_ENGLISH = {
    name: month for month, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
}

_MONTH_DIGITS = {name.title(): f"{month:02}" for name, month in _ENGLISH.items()}


# ---- zones -------------------------------------------------------------------------------------

_ZONES = {
    name: minutes
    for minutes, names in {
        0: "Z UT UTC GMT WET",
        60: "CET MEZ BST WEST WAT",
        120: "CEST MESZ EET SAST CAT",
        180: "EEST MSK EAT TRT",
        210: "IRST",
        300: "PKT UZT",
        330: "IST",
        420: "WIB ICT",
        480: "SGT HKT WITA PHT AWST",
        540: "JST KST WIT",
        570: "ACST",
        600: "AEST",
        660: "AEDT",
        720: "NZST",
        780: "NZDT",
        -150: "NDT",
        -180: "BRT ART CLST ADT",
        -210: "NST",
        -240: "EDT AST CLT",
        -300: "EST CDT COT PET",
        -360: "CST MDT",
        -420: "MST PDT",
        -480: "PST AKDT",
        -540: "AKST",
        -600: "HST",
    }.items()
    for name in names.split()
}
# American zones written without "standard" or "daylight": the calendar decides.
_BY_CALENDAR = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}


def _offset(text: str) -> tzinfo | None:
    """Return '+01:00', '-0500', '+7', 'Z' as a fixed offset; None for an offset beyond 14 hours."""
    if text in ("Z", "z"):
        return UTC
    digits = text[1:].replace(":", "")
    minutes = int(digits) * 60 if len(digits) <= 2 else int(digits[:-2]) * 60 + int(digits[-2:])
    if minutes > 14 * 60:
        return None
    if minutes == 0:
        return UTC
    return timezone(timedelta(minutes=-minutes if text[0] in "-−–" else minutes))


def _zone(text: str, at: datetime, language: str | None) -> tzinfo | None:
    """Return a written zone, by offset or name; None for an unknown name."""
    if text[0] in "+-−–":
        return _offset(text)
    name = text.upper()
    if place := _BY_CALENDAR.get(name) or _place(name):
        try:
            there = at.replace(tzinfo=ZoneInfo(place)).utcoffset()
        except (KeyError, OSError):  # no time zone data on this system
            return None
        return timezone(there) if there is not None else None
    if name == "CST" and (language or "").startswith("zh"):
        return timezone(timedelta(hours=8))
    minutes = _ZONES.get(name)
    return None if minutes is None else timezone(timedelta(minutes=minutes)) if minutes else UTC


def _place(name: str) -> str | None:
    """Return a zone of the tz database ("EUROPE/BRUSSELS") as it is spelt there, None for another name."""
    return _places().get(name) if "/" in name else None


@lru_cache(maxsize=1)
def _places() -> dict[str, str]:
    return {name.upper(): name for name in available_timezones()}


# ---- the general reader ------------------------------------------------------------------------

_MERIDIEM = {
    word: late
    for late, words in {
        False: "am a.m. a.m a上午 上午 早上 凌晨 清晨 오전 새벽 午前 ص sa sáng π.μ. πμ öö de. vorm पूर्वाह्न",
        True: "pm p.m. p.m 下午 晚上 傍晚 中午 오후 午後 م ch chiều tối μ.μ. μμ ös du. nachm अपराह्न",
    }.items()
    for word in words.split()
}
_MERIDIEM_WORD = "|".join(sorted(map(re.escape, _MERIDIEM), key=len, reverse=True))
_TIME = lazy_regex(
    rf"(?:(?<!\w)({_MERIDIEM_WORD})\s?)?(?<![\d:])(\d{{1,2}})\s?[:：]\s?(\d\d|\d(?=[:：]\d))"
    rf"(?:[:：](\d\d?)(?:[.,](\d{{1,9}}))?)?(?![\d:])"
    rf"(?:\s?({_MERIDIEM_WORD})(?!\w))?"
)
_LOOSE_TIME = lazy_regex(
    rf"(?:(?<!\w)({_MERIDIEM_WORD})\s?)?(?<!\d)(\d{{1,2}})"
    r"(?:(?:\s?(?:uhr|h|hs|hrs|u|ч|時|时|点|點|시)(?![^\W\d]))\s?(?:(\d\d?)(?:\s?(?:分|분|min|"
    r"m))?)?(?:\s?(\d\d?)\s?(?:秒|초))?"
    rf"|[.h](\d\d)(?:[.](\d\d))?(?![\d.])|)(?:\s?({_MERIDIEM_WORD})(?!\w))?"
)
_FOUR_DIGIT_TIME = lazy_regex(r"\s(\d\d)(\d\d)\s+(?=gmt|utc|z\b|[+-]\d{4})")
_ZONE_AFTER = lazy_regex(
    r"\s*น?\.?\s*[(\[]?\s*(?:(?:gmt|utc|ut)\s?([+\-−–]\s?\d{1,2}(?::?\d\d)?)|([+\-−]\d\d:?\d\d|"
    r"[+\-−]\d:?\d\d(?!\d)|[+\-−]\d\d?(?!\d))|([a-z]+/[a-z_]+(?:/[a-z_]+)?(?![\w/])|[a-z]{1,5}(?!\w)))"
)
_THAI_DOT = lazy_regex(r"(?<=[\u0e00-\u0e7f])\.(?=[\u0e00-\u0e7f])|(?<=[\u0e00-\u0e7f])\.")
_COMMENT = lazy_regex(r"\([^()]{0,60}\)")
_MARKS = lazy_regex(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u0307\u0640]")
_HAN_DIGITS = {ord(han): str(value) for value, han in enumerate("〇一二三四五六七八九")} | {
    ord("○"): "0",
    ord("零"): "0",
}


def _read_freely(raw: str, language: str | None, latest: datetime) -> ParsedTime | None:
    """Find a time, a zone and a date anywhere in a short text."""
    text = _normal(raw)
    if not any(map(str.isdigit, text)):
        return None
    for attempt in (text, None):
        if attempt is None:  # RFC 822 comments may stand anywhere: "9(th) Feb(ruary) 2006"
            if "(" not in text:
                break
            attempt = _strip_comments(text)
        if stamp := _read_parts(attempt, language, latest):
            return stamp
    return None


def _read_parts(text: str, language: str | None, latest: datetime) -> ParsedTime | None:
    time, zone_text, rest = _take_time(text)
    found = find_day(rest, language, latest)
    if found is None:
        return None
    year, month, day, start, end = found
    if time is None:
        time, zone_text = _loose_time(rest[end:], rest[:start])
    at = _moment(year, month, day, time or _MIDNIGHT)
    return ParsedTime(at, _zone(zone_text, at, language) if zone_text else None, time is None)


def _normal(raw: str) -> str:
    """Normalize: ASCII digits, one width, lower case, no direction marks, Chinese numerals as digits."""
    text = raw
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKC", text).casefold())
        text = "".join(str(int(c)) if c.isdecimal() else c for c in text)
        text = _THAI_DOT.sub("", text)
        if "年" in text and not re.search(r"\d\s?年", text):
            text = _han_numbers(text)
    return text.lower()


def _han_numbers(text: str) -> str:
    """Convert 二〇二四年十二月二十一日 to 2024年12月21日."""
    text = re.sub(r"(?<=[二三四五])十(?=[一二三四五六七八九])", "", text)
    text = re.sub(r"(?<=[二三四五])十", "〇", text)
    text = re.sub(r"十(?=[一二三四五六七八九])", "一", text).replace("十", "一〇")
    return text.translate(_HAN_DIGITS)


def _strip_comments(text: str) -> str:
    for _ in range(4):
        text, changed = _COMMENT.subn(" ", text)
        if not changed:
            break
    return text


Time = tuple[int, int, int, int]


def _hour(hour: int, early: str | None, late: str | None) -> int:
    """Return the hour of the day, from a 12-hour clock if the text says which half."""
    half = _MERIDIEM.get(early or late or "")
    if half is None or hour > 12:
        return hour
    return hour % 12 + (12 if half else 0)


def _take_time(text: str) -> tuple[Time | None, str | None, str]:
    """Return the first h:mm(:ss) with its zone, and the text without them."""
    found = _TIME.search(text)
    if found is None:
        if four := _FOUR_DIGIT_TIME.search(text):
            zone = _ZONE_AFTER.match(text, four.end())
            return (int(four[1]), int(four[2]), 0, 0), _zone_text(zone), text[: four.start()]
        return None, None, text
    before, hour, minute, second, fraction, after = found.groups()
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    time = (_hour(int(hour), before, after), int(minute), int(second or 0), micro)
    zone = _ZONE_AFTER.match(text, found.end())
    zone_text, end = _zone_text(zone), found.end()
    if zone_text and zone:
        end = zone.end()
    start = found.start()
    if start and text[start - 1] == "t" and start > 1 and text[start - 2] in " 0123456789":
        start -= 1  # 2003-07-01 T01:55
    return time, zone_text, f"{text[:start]} {text[end:]}"


def _zone_text(found: re.Match[str] | None) -> str | None:
    if found is None:
        return None
    if sign := found[1] or found[2]:
        return sign.replace(" ", "")
    name = found[3].upper()
    return name if name in _ZONES or name in _BY_CALENDAR or _place(name) else None


def _loose_time(after: str, before: str) -> tuple[Time | None, str | None]:
    """Return a time without colons beside the date: 16.28, 16h28, 4 pm, 16時28分, 16 Uhr."""
    for part in (after[:40], before[-40:]):
        for found in _LOOSE_TIME.finditer(part):
            early, hour, minute, second, minute2, second2, late = found.groups()
            said = minute or minute2 or early or late or part[found.end(2) : found.end()].strip()
            if said and int(hour) < 25 and int(minute or minute2 or 0) < 60:
                time = (
                    _hour(int(hour), early, late),
                    int(minute or minute2 or 0),
                    int(second or second2 or 0),
                    0,
                )
                return time, _zone_text(_ZONE_AFTER.match(part, found.end()))
    return None, None
