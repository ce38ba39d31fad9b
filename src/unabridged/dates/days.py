"""Find the day in a text: numbers in some order, or with a month's name in any of many languages."""

# ruff: noqa: DTZ001 (a day has no zone)

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from unabridged.dates.month_names import MONTH_NAMES
from unabridged.text.patterns import lazy_regex

_TOKEN = lazy_regex(r"\d+|[^\s\d.,/:;()\-–—|·•'’‘\"<>\[\]+=?!@#&*_،、]+")
_CJK_DATE = lazy_regex(
    r"(令和|平成|民國|民国)?\s?(\d{1,4}|元)\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?(?:[日号號일])?"
)
_YMD = lazy_regex(r"(?<!\d)(\d{4})\s?([-/.:])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)")
_DMY = lazy_regex(r"(?<!\d)(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d\d)(?!\d)")
_VIETNAMESE = lazy_regex(r"(\d{1,2})\s*tháng\s*(\d{1,2})\s*[,/]?\s*(?:năm\s*)?(\d{4})")
_ERAS = {"令和": 2018, "平成": 1988, "民國": 1911, "民国": 1911}
_FILL = frozenset(
    (
        "st nd rd th er re º ª o a e i de del di of the den der dem le la el d m na do von ngày tháng năm "
        "thang "
        "bulan tahun tanggal г гг год года году р рік року ж ko eko ren gada met mo il it af á í dne roku "
        "rok yılı "
        "พศ คศ sh n y"
    ).split()
)


def full_year(text: str) -> int:
    """Return the full year: two digits are 1970–2069, three a year of the Republic of China; Buddhist years
    are converted."""
    year = int(text)
    if len(text) <= 2:
        return year + (2000 if year < 70 else 1900)
    if len(text) == 3:
        return year + 1911
    return year - 543 if 2533 <= year <= 2643 else year


Day = tuple[int, int, int, int, int]  # year, month, day, and its start and end in the text


def find_day(text: str, language: str | None, latest: datetime) -> Day | None:
    """Return the first date in the text: CJK, year-first, Vietnamese, with a month's name, or three
    numbers."""
    if found := _CJK_DATE.search(text):
        era, year_text, month, day = found.groups()
        years = "1" if year_text == "元" else year_text
        year = _ERAS[era] + int(years) if era else full_year(years)
        return year, int(month), int(day), *found.span()
    if found := _YMD.search(text):
        year, month, day = int(found[1]), int(found[3]), int(found[4])
        if 1368 <= year <= 1460:
            return *_from_persian(year, month, day), *found.span()
        return full_year(found[1]), month, day, *found.span()
    if found := _VIETNAMESE.search(text):
        return int(found[3]), int(found[2]), int(found[1]), *found.span()
    if named := _named_day(text, language):
        return named
    if found := _DMY.search(text):
        return *_order(int(found[1]), found[2], int(found[3]), found[4], language, latest), *found.span()
    return None


def _order(
    a: int, mark: str, b: int, year_text: str, language: str | None, latest: datetime
) -> tuple[int, int, int]:
    """Return year, month, day of a/b/year: by what is possible, then by dots, the language and the present.

    English without a country is read month first, as in America. Any other language, or none, is read day
    first, unless that day lies in the future.
    """
    tag = (language or "").lower().replace("_", "-")
    year = full_year(year_text)
    if len(year_text) == 2 and tag[:2] in ("ko", "ja", "zh", "hu", "lt", "mn") and b <= 12:
        return 2000 + a, b, int(year_text)
    if b > 12 or (a <= 12 and mark != "." and tag in ("en", "en-us", "es-us", "fil", "en-ph")):
        return year, a, b
    if a <= 12 and mark != "." and not tag and datetime(year, b, a, tzinfo=UTC) > latest:
        return year, a, b
    return year, b, a


def _from_persian(year: int, month: int, day: int) -> tuple[int, int, int]:
    """Convert a date of the Persian solar calendar (arithmetic 33-year rule, valid for 1244–1472)."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise ValueError("no such Persian day")
    leaps = (year + 38) * 31 // 128 - (1403 + 38) * 31 // 128
    days = (year - 1403) * 365 + leaps + (month - 1) * 30 + min(month - 1, 6) + day - 1
    at = datetime(2024, 3, 20) + timedelta(days=days)
    return at.year, at.month, at.day


_PERSIAN = {
    name: month
    for month, name in enumerate(
        "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split(), 1
    )
}


def _bare(word: str) -> str:
    """Return the word without accents: février, fevrier."""
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _month_tables() -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    """Return word -> month, and (language, word) -> month for languages in which the word means another
    month."""
    words: dict[str, int] = {}
    own: dict[tuple[str, str], int] = {}
    for tag, names in MONTH_NAMES.items():
        for month, group in enumerate(names.split("|"), 1):
            for name in group.split():
                for word in {name, _bare(name)}:
                    if words.setdefault(word, month) != month:
                        own[tag[:3].rstrip("-"), word] = month
    return words, own


_MONTHS, _OWN_MONTHS = _month_tables()


def _month(word: str, language: str) -> int | None:
    """Return the month that a word names in a language, else in any."""
    month = _OWN_MONTHS.get((language, word)) or _MONTHS.get(word)
    if month is None and not word.isascii():
        month = _MONTHS.get(_bare(word)) or (_MONTHS.get(word[1:]) if word[0] == "ב" else None)
    return month


class _Token(NamedTuple):
    text: str
    start: int
    end: int
    month: int | None
    number: int | None


def _tokens(text: str, language: str) -> list[_Token]:
    found = [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(text)][:40]
    tokens: list[_Token] = []
    skip = False
    for i, (word, start, end) in enumerate(found):
        if skip:
            skip = False
            continue
        if word.isdecimal():
            tokens.append(_Token(word, start, end, None, int(word) if len(word) <= 4 else -1))
            continue
        month = None
        if i + 1 < len(found) and (month := _month(f"{word}_{found[i + 1][0]}", language)):
            end, skip = found[i + 1][2], True
        tokens.append(_Token(word, start, end, month or _month(word, language) or _PERSIAN.get(word), None))
    return tokens


def _near(tokens: list[_Token], index: int, step: int, month: int | None) -> int:
    """Return the index of the next number in a direction, past filler words of dates; -1 if there is none."""
    at = index + step
    while 0 <= at < len(tokens):
        token = tokens[at]
        if token.number is not None:
            return at
        if token.text not in _FILL and token.month != month:
            return -1
        at += step
    return -1


def _is_year(token: _Token) -> bool:
    return len(token.text) == 4 and 1368 <= (token.number or 0) <= 2643


def _is_day(token: _Token) -> bool:
    return len(token.text) <= 2 and 1 <= (token.number or 0) <= 31


def _readings(tokens: list[_Token], i: int) -> Iterator[tuple[_Token, _Token]]:
    """Yield the (year, day) that may belong to the month at i, most likely first."""
    month = tokens[i].month
    before, after = _near(tokens, i, -1, month), _near(tokens, i, 1, month)
    if before >= 0 and after >= 0 and _is_day(tokens[before]) and _is_year(tokens[after]):
        yield tokens[after], tokens[before]  # 1 February 2024
    if after >= 0 and _is_day(tokens[after]):
        year = _near(tokens, after, 1, month)
        if year >= 0 and _is_year(tokens[year]):
            yield tokens[year], tokens[after]  # February 1, 2024
        if before >= 0 and _is_year(tokens[before]):
            yield tokens[before], tokens[after]  # 2024. február 1.
    if before >= 0 and _is_day(tokens[before]):
        year = _near(tokens, before, -1, month)
        if year >= 0 and _is_year(tokens[year]):
            yield tokens[year], tokens[before]  # 2024. gada 1. februāris
        if after >= 0 and len(tokens[after].text) == 2:
            yield tokens[after], tokens[before]  # 1 Feb 24


def _named_day(text: str, language: str | None) -> Day | None:
    """Return a date with a month's name; one with a four-digit year is preferred."""
    tokens = _tokens(text, (language or "").lower()[:2])
    best: Day | None = None
    for i, token in enumerate(tokens):
        if token.month is None:
            continue
        for year_token, day_token in _readings(tokens, i):
            year, month, day = year_token.number or 0, token.month, day_token.number or 0
            if token.text in _PERSIAN and 1368 <= year <= 1460:
                year, month, day = _from_persian(year, month, day)
            elif year < 1460 and len(year_token.text) == 4:
                continue
            span = [edge for t in (token, year_token, day_token) for edge in (t.start, t.end)]
            found = (
                year - 543 if year >= 2533 else full_year(year_token.text) if year < 100 else year,
                month,
                day,
                min(span),
                max(span),
            )
            if len(year_token.text) == 4:
                return found
            best = best or found
    return best
