"""Publication date and authors from the first lines of another archiver's document.

Archivers put the publisher's date line and by-line above the text. The number in the document's first
line is the archiver's own clock, an upper bound: of several readings of a date, the latest one that is not
after it is taken.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from urllib.parse import unquote, urlsplit

from unabridged.dates.parse import parse_date
from unabridged.extraction.body.fragment import parse_fragment, sanitise
from unabridged.extraction.html.render import to_text
from unabridged.extraction.metadata.names import looks_like_a_person, split_names, strip_by_words
from unabridged.formats.document.time_zones import zone_of_host, zone_of_language
from unabridged.model import Clock
from unabridged.urls import host

HEAD_LINES = 8
LONGEST_LINE = 60
"""Characters: the longest date line of the known documents has 31."""

GRACE = timedelta(minutes=15)
"""Tolerance for a publisher's clock that runs ahead of the archiver's."""

_DIGITS = re.compile(r"\d")
_RELATIVE = re.compile(r"(\d{1,3})\s*(分钟|分鐘|小时|小時|minutes?|hours?|mins?)\s*(?:前|ago)", re.IGNORECASE)
_DAY_IN_PATH = re.compile(r"/((?:19|20)\d\d)[-/]?(0[1-9]|1[0-2])[-/]?(0[1-9]|[12]\d|3[01])(?=\D|$)")
_AUTHOR_PATHS = frozenset(
    "作者 author authors auteur auteurs autor autoren autores autore forfatter yazar".split()
)
_BLOCK = re.compile(r"<(p|figure)(?:\s[^>]*)?>(.*?)</\1>", re.DOTALL)
_LINK = re.compile(r'<a [^>]*?href="([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Times and authors found, and the body without its date lines and by-lines."""

    body: str
    clocks: tuple[Clock, ...] = ()
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Context for parsing dates: the article's URL and language, the archiver's clock (UTC)."""

    url: str
    language: str | None
    service: datetime


def read_head(raw: str, body: str, context: Context) -> Head:
    """Read the first lines of a document. raw: the HTML as archived; body: the same, cleaned."""
    clock = _time_element(raw, context) or _date_line(raw, context)
    by_path = day_in_path(context)
    rest, authors = _without_byline(body, context)
    clocks = tuple(one for one in (clock, by_path) if one is not None)
    return Head(body=rest, clocks=clocks, authors=authors)


def _time_element(raw: str, context: Context) -> Clock | None:
    """Return the machine-readable time of the first time element."""
    for element in parse_fragment(raw[:20_000]).elements("time"):
        for name in ("datetime", "pudate"):
            clock = read_clock(element.attr(name) or "", context)
            if clock is not None:
                return clock
    return None


def _date_line(raw: str, context: Context) -> Clock | None:
    """Return the time of the first date line."""
    lines = to_text(sanitise(raw[:20_000])).splitlines()
    for line in [line.strip() for line in lines if line.strip()][:HEAD_LINES]:
        if len(line) > LONGEST_LINE:
            break
        clock = read_clock(line, context) if is_date_line(line) else None
        if clock is not None:
            return clock
    return None


def is_date_line(line: str) -> bool:
    """Tell if a short line is a date: mostly digits, or a relative time."""
    if _RELATIVE.fullmatch(line.strip()):
        return True
    letters = sum(1 for char in line if char.isalpha())
    return len(_DIGITS.findall(line)) >= 6 and letters <= 14


def read_clock(text: str, context: Context) -> Clock | None:
    """Parse a date line in the publisher's time zone; None if it is not a date."""
    relative = _RELATIVE.fullmatch(text.strip())
    if relative is not None:
        unit = timedelta(minutes=1) if relative[2].lower().startswith(("分", "min")) else timedelta(hours=1)
        at = context.service - int(relative[1]) * unit
        return Clock(kind="published", at=at, origin="document", raw=text.strip())
    readings = [
        clock
        for zone in _zones(context)
        for language in (context.language, "en-GB", "en-US")
        if (clock := _read(text, language, zone, context.service)) is not None
    ]
    possible = [clock for clock in readings if clock.at <= context.service + GRACE]
    zones_first = possible or readings
    if not zones_first:
        return None
    # Compare only readings in the likeliest zone: another zone must not win by being nearer.
    first = zones_first[0].at.utcoffset()
    return max((one for one in zones_first if one.at.utcoffset() == first), key=lambda one: one.at)


def _zones(context: Context) -> Iterable[tzinfo]:
    candidates = (zone_of_host(host(context.url)), zone_of_language(context.language), UTC)
    return [zone for zone in candidates if zone is not None]


def _read(text: str, language: str | None, zone: tzinfo, service: datetime) -> Clock | None:
    clock = parse_date(
        text, kind="published", origin="document", language=language, default_zone=zone, now=service
    )
    if clock is None:
        return None
    offset = clock.at.utcoffset() or timedelta(0)
    return Clock(
        kind="published",
        at=clock.at.replace(tzinfo=timezone(offset)),
        origin="document",
        zone_stated=clock.zone_stated,
        day_only=clock.day_only,
        raw=text.strip(),
    )


def day_in_path(context: Context) -> Clock | None:
    """Return the day in the URL, as the publisher's claim."""
    match = _DAY_IN_PATH.search(unquote(urlsplit(context.url).path))
    if match is None:
        return None
    zone = next(iter(_zones(context)))
    clock = _read("-".join(match.groups()), None, zone, context.service)
    if clock is None:
        return None
    return Clock(kind="published", at=clock.at, origin="url", zone_stated=False, day_only=True, raw=match[0])


# By-lines


def _without_byline(body: str, context: Context) -> tuple[str, tuple[str, ...]]:
    """Return the body without the date lines and by-lines at its start, and the people they name."""
    authors: list[str] = []
    kept: list[str] = []
    place = 0
    while (block := _BLOCK.match(body, place)) is not None:
        if block[1] == "p":
            names = _byline(block[2], body[block.end() :], context)
            if names is None:
                break
            authors += names
        else:
            kept.append(block[0])
        place = block.end()
    rest, late = _without_author_links("".join(kept) + body[place:])
    return rest, tuple(dict.fromkeys([*authors, *late]))


def _byline(html: str, after: str, context: Context) -> list[str] | None:
    """Return the people named by a block at the start; None if the block is text."""
    lines = _text_lines(html)
    if not lines or any(len(line) > LONGEST_LINE for line in lines):
        return None
    dates = [line for line in lines if is_date_line(line) and read_clock(line, context)]
    others = [line for line in lines if line not in dates]
    if dates or _starts_with_date(after, context):
        return (
            _people(others) if all(looks_like_a_person(strip_by_words(line)[1]) for line in others) else None
        )
    said, rest = strip_by_words(lines[0])
    if len(lines) == 1 and said and looks_like_a_person(rest):
        return _people(lines)
    return None


def _text_lines(html: str) -> list[str]:
    return [line for line in to_text(html).splitlines() if line.strip()]


def _starts_with_date(html: str, context: Context) -> bool:
    """Tell if the next block is only a date line."""
    block = _BLOCK.match(html)
    lines = _text_lines(block[2]) if block is not None and block[1] == "p" else []
    return len(lines) == 1 and is_date_line(lines[0]) and read_clock(lines[0], context) is not None


def _people(lines: Iterable[str]) -> list[str]:
    return [name for line in lines for name in split_names(line)]


def _without_author_links(body: str) -> tuple[str, list[str]]:
    """Remove short blocks that only link to an author's page."""
    authors: list[str] = []

    def remove_author_links(block: re.Match[str]) -> str:
        names = _linked_authors(block[2]) if block[1] == "p" else []
        authors.extend(names)
        return "" if names else block[0]

    return _BLOCK.sub(remove_author_links, body), authors


def _linked_authors(html: str) -> list[str]:
    if len(html) > 1000:
        return []
    links = [(unquote(urlsplit(href).path), _TAG.sub("", name).strip()) for href, name in _LINK.findall(html)]
    if not links or not all(_AUTHOR_PATHS.intersection(path.casefold().split("/")) for path, _ in links):
        return []
    rest = strip_by_words(_TAG.sub("", _LINK.sub("", html)).strip())[1].strip(" :：,，、|·")
    names = [name for _, name in links if name]
    return names if not rest and all(len(name) <= LONGEST_LINE for name in names) else []
