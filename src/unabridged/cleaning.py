"""Validation of records: every text, address, count and time that comes from outside.

Parsers and extraction clean what they return, and the archive cleans what it is given. So no feed, page or
file can put an unsafe address, a control character, half a surrogate pair, an endless text or an impossible
time into a record. Changes are noted on the record. Cleaning is idempotent and returns the same object if
there is nothing to change.

Rules are in tables, field -> rule. A rule returns the same object for a valid value.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, get_args

from unabridged import limits
from unabridged.model import (
    Article,
    Clock,
    ClockKind,
    Completeness,
    CompletenessKind,
    Enclosure,
    Entry,
    Feed,
    Link,
    Media,
    MediaKind,
    Origin,
    Page,
)
from unabridged.text.patterns import lazy_regex
from unabridged.urls import link_target, web_address

EARLIEST = datetime(1000, 1, 1, tzinfo=UTC)
"""Imported archives may hold texts printed long ago; feeds and pages are believed from 1990 on."""

LATEST = datetime(9000, 1, 1, tzinfo=UTC)
"""Later times are rejected. If the time of an import is known, the limit is one day after it."""

AHEAD = timedelta(days=1)
_WIDEST = timedelta(hours=14)
_MINUTE = timedelta(minutes=1)

_FORBIDDEN = lazy_regex(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|[\ud800-\udfff]"
)
"""Control characters except white space, direction overrides, non-characters and lone surrogates."""

_SURROGATE = lazy_regex("[\ud800-\udfff]")

_Record = TypeVar("_Record", Article, Entry, Feed, Clock, Link, Media, Enclosure, Completeness)


@dataclass(slots=True)
class Notes:
    """Changes made, in order, each once. now: times more than a day after it are rejected."""

    now: datetime | None = None
    texts: dict[str, None] = field(default_factory=dict)

    def add(self, text: str) -> None:
        self.texts[clean_line(text)[: limits.NOTE]] = None


Rule = Callable[[Any, str, Notes], Any]


# Texts


def clean_text(text: str) -> str:
    """Return text without control characters, direction overrides and lone surrogates; line breaks stay."""
    if text.isprintable():  # contains none of them; takes a tenth of the time of the search
        return text
    return _FORBIDDEN.sub(_replacement, text) if _FORBIDDEN.search(text) else text


def _replacement(found: re.Match[str]) -> str:
    return "?" if "\ud800" <= found[0] <= "\udfff" else ""


def clean_line(text: str) -> str:
    """Return the cleaned text on one line, with single spaces."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(clean_text(text).split())


def clean_long(text: str) -> str:
    """Return a long text (a body, markup) without NUL and lone surrogates, which cannot be stored."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    try:
        text.encode()  # much faster than a search
    except UnicodeEncodeError:
        return _SURROGATE.sub("?", text)
    return text


def clean_guid(text: str) -> str:
    """Return an identifier that can be stored; a longer one is cut and ends in a hash of the whole."""
    fit = clean_long(text)
    if len(fit) <= limits.GUID:
        return fit
    whole = hashlib.sha256(fit.encode()).hexdigest()
    return f"{fit[: limits.GUID - len(whole) - 1]}#{whole}"


def _fitted(clean: Callable[[str], str], most: int) -> Rule:
    """Clean a text and cut it. Only the beginning of a very long one is cleaned."""

    def rule(value: Any, name: str, notes: Notes) -> Any:
        if not isinstance(value, str):
            return ""
        fit = clean(value if len(value) <= 4 * most else value[: 4 * most])
        if len(fit) <= most and len(value) <= 4 * most:
            return fit
        notes.add(f"{name} cut at {most:,} characters")
        return fit if len(fit) <= most else fit[: most - 1].rstrip() + "…"

    return rule


def _line_rule(most: int) -> Rule:
    return _fitted(clean_line, most)


def _optional(inner: Rule) -> Rule:
    """Return a rule that gives None for "" and for values that are not text."""

    def rule(value: Any, name: str, notes: Notes) -> Any:
        if value is None:
            return None
        return inner(value, name, notes) or None

    return rule


def _paragraphs_rule(most: int) -> Rule:
    return _fitted(clean_text, most)


def _long(value: Any, _name: str, _notes: Notes) -> Any:
    return clean_long(value) if isinstance(value, str) else ""


def _guid(value: Any, name: str, notes: Notes) -> Any:
    if not isinstance(value, str):
        return None
    fit = clean_guid(value)
    if len(value) > limits.GUID:
        notes.add(f"{name} longer than {limits.GUID:,} characters: kept with a hash of the whole")
    return fit


def _one_of(names: Iterable[str], otherwise: str | None) -> Rule:
    known = frozenset(names)
    return lambda value, _name, _notes: value if isinstance(value, str) and value in known else otherwise


# Addresses


def _address(value: Any, name: str, notes: Notes) -> Any:
    if value is None:
        return None
    found = web_address(value)
    if found is None and value != "":
        notes.add(f"{name} left out: not a web address")
    return found


def _own_address(value: Any, name: str, notes: Notes) -> Any:
    return _address(value, name, notes) or ""


def _target(value: Any, name: str, notes: Notes) -> Any:
    found = link_target(value)
    if found is None and value:
        notes.add(f"{name} left out: not a web address")
    return found


# Instants and numbers


def sane_instant(at: object, now: datetime | None = None) -> datetime | None:
    """Return an aware time that can be converted to any zone; None for a time out of bounds.

    A time with an impossible offset is converted to UTC. now: the time of an import; times more than a day
    after it are out of bounds.
    """
    if not isinstance(at, datetime):
        return None
    try:
        offset = at.utcoffset()
        known = at.replace(tzinfo=UTC) if offset is None else at
        utc = known.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    if not EARLIEST <= utc < LATEST or (now is not None and utc > now + AHEAD):
        return None
    return known if offset is None or (abs(offset) <= _WIDEST and not offset % _MINUTE) else utc


def _instant(value: Any, name: str, notes: Notes) -> Any:
    found = sane_instant(value, notes.now)
    if found is None and value is not None:
        notes.add(f"{name} left out: {_shown(value)} is not a possible time")
    return found


def _shown(value: object) -> str:
    return clean_line(value.isoformat() if isinstance(value, datetime) else str(value))[:60]


def _number(most: int) -> Rule:
    def rule(value: Any, _name: str, _notes: Notes) -> Any:
        good = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        return min(value, most) if good else None

    return rule


def _flag(value: Any, _name: str, _notes: Notes) -> Any:
    return value if isinstance(value, bool) else bool(value)


# Many


def _many(inner: Rule, most: int) -> Rule:
    """Return a rule that keeps the valid values of a sequence, at most `most`."""

    def rule(value: Any, name: str, notes: Notes) -> Any:
        if value == ():  # most fields
            return value
        if not isinstance(value, tuple | list):
            return ()
        given = value[:most]
        if len(value) > most:
            notes.add(f"{name}: {len(value) - most:,} more than {most:,} left out")
        kept = tuple(fit for one in given if (fit := inner(one, name, notes)))
        same = len(kept) == len(value) and all(map(_is, kept, value)) and isinstance(value, tuple)
        return value if same else kept

    return rule


def _is(one: object, other: object) -> bool:
    return one is other


def _record_of(kind: type[_Record], rules: Mapping[str, Rule], needed: str) -> Rule:
    """Return a rule that cleans a nested record; None without its required field `needed`."""

    def rule(value: Any, name: str, notes: Notes) -> Any:
        if not isinstance(value, kind):
            return None
        cleaned = _cleaned(value, rules, notes, f"{name}: ")
        return cleaned if getattr(cleaned, needed) else None

    return rule


def _pair(value: Any, name: str, notes: Notes) -> Any:
    """Clean an unknown element: (name, text)."""
    paired = isinstance(value, tuple | list) and len(value) == 2
    if not paired or not all(isinstance(one, str) for one in value):
        return None
    own, text = value
    if own == "author:uri":
        found = _address(text, own, notes)
        fit = (own, found) if found else None
    else:
        fit = (clean_line(own)[: limits.EXTRA_NAME], clean_long(text)[: limits.EXTRA_TEXT])
    return value if fit == value else fit


def _hours(value: Any, _name: str, _notes: Notes) -> Any:
    if not isinstance(value, tuple):
        return ()
    fit = all(isinstance(hour, int) and 0 <= hour < 24 for hour in value) and len(value) <= limits.SKIPPED
    return value if fit else ()


_ORIGINS = frozenset(get_args(Origin))


def _provenance(value: Any, _name: str, _notes: Notes) -> Any:
    if not isinstance(value, Mapping):
        return {}
    kept = {
        clean_line(name)[: limits.NAME]: origin
        for name, origin in list(value.items())[: limits.PROVENANCE]
        if isinstance(name, str) and isinstance(origin, str) and origin in _ORIGINS
    }
    return value if kept == value else kept


def _cleaned(record: _Record, rules: Mapping[str, Rule], notes: Notes, prefix: str = "") -> _Record:
    changes: dict[str, Any] = {}
    for name, rule in rules.items():
        value = getattr(record, name)
        fit = rule(value, prefix + name, notes)
        if fit is not value and (fit != value or type(fit) is not type(value)):
            changes[name] = fit
    return replace(record, **changes) if changes else record


# The tables

_TITLE, _NAME = _line_rule(limits.TITLE), _line_rule(limits.NAME)
_NAMES = _many(_NAME, limits.NAMES)
_TAGS = _many(_line_rule(limits.TAG), limits.TAGS)
_LANGUAGE = _optional(_line_rule(limits.LANGUAGE))
_NOTES = _many(_line_rule(limits.NOTE), limits.NOTES)
_EXTRA = _many(_pair, limits.EXTRA)

_CLOCK: Mapping[str, Rule] = {
    "kind": _one_of(get_args(ClockKind), None),
    "at": _instant,
    "origin": _one_of(_ORIGINS, "document"),
    "zone_stated": _flag,
    "day_only": _flag,
    "raw": _line_rule(limits.RAW_DATE),
}
_LINK: Mapping[str, Rule] = {"url": _target, "text": _paragraphs_rule(limits.CAPTION)}
_MEDIA: Mapping[str, Rule] = {
    "kind": _one_of(get_args(MediaKind), "embed"),
    "url": _address,
    "title": _paragraphs_rule(limits.TITLE),
    "caption": _paragraphs_rule(limits.CAPTION),
    "credit": _paragraphs_rule(limits.CAPTION),
    "poster": _address,
    "type": _optional(_line_rule(limits.MEDIA_TYPE)),
    "width": _number(limits.PIXELS),
    "height": _number(limits.PIXELS),
}
_ENCLOSURE: Mapping[str, Rule] = {
    "url": _address,
    "type": _optional(_line_rule(limits.MEDIA_TYPE)),
    "length": _number(2**63 - 1),
    "title": _TITLE,
}
_COMPLETENESS: Mapping[str, Rule] = {
    "kind": _one_of(get_args(CompletenessKind), "full"),
    "evidence": _NOTES,
}
_ONE_CLOCK = _record_of(Clock, _CLOCK, "kind")
_ONE_COMPLETENESS = _record_of(Completeness, _COMPLETENESS, "kind")
_ENCLOSURES = _many(_record_of(Enclosure, _ENCLOSURE, "url"), limits.ENCLOSURES)


def _clock(value: Any, name: str, notes: Notes) -> Any:
    """Clean a stated time; None if the time is impossible."""
    if not isinstance(value, Clock) or _instant(value.at, name, notes) is None:
        return None
    return _ONE_CLOCK(value, name, notes)


def _completeness(value: Any, name: str, notes: Notes) -> Any:
    return _ONE_COMPLETENESS(value, name, notes) or Completeness(kind="full")


_ARTICLE: Mapping[str, Rule] = {
    "url": _own_address,
    "canonical_url": _address,
    "title": _TITLE,
    "authors": _NAMES,
    "credit": _NAMES,
    "published": _instant,
    "modified": _instant,
    "language": _LANGUAGE,
    "lead_image": _address,
    "site_name": _optional(_NAME),
    "section": _optional(_NAME),
    "tags": _TAGS,
    "kind": _optional(_NAME),
    "summary": _paragraphs_rule(limits.SUMMARY),
    "html": _long,
    "text": _long,
    "markdown": _long,
    "links": _many(_record_of(Link, _LINK, "url"), limits.LINKS),
    "media": _many(_record_of(Media, _MEDIA, "url"), limits.MEDIA),
    "enclosures": _ENCLOSURES,
    "clocks": _many(_clock, limits.CLOCKS),
    "completeness": _completeness,
    "provenance": _provenance,
    "warnings": _NOTES,
}
_ADDRESSES = {
    name: _ARTICLE[name] for name in ("url", "canonical_url", "lead_image", "enclosures", "links", "media")
}
_ENTRY: Mapping[str, Rule] = {
    "guid": _guid,
    "url": _address,
    "title": _TITLE,
    "authors": _NAMES,
    "published": _clock,
    "modified": _clock,
    "summary_html": _long,
    "content_html": _long,
    "language": _LANGUAGE,
    "tags": _TAGS,
    "enclosures": _ENCLOSURES,
    "lead_image": _address,
    "comments_url": _address,
    "source_title": _optional(_TITLE),
    "source_url": _address,
    "base": _address,
    "extra": _EXTRA,
}
_FEED: Mapping[str, Rule] = {
    "title": _TITLE,
    "description": _line_rule(limits.SUMMARY),
    "site_url": _address,
    "self_url": _address,
    "next_url": _address,
    "language": _LANGUAGE,
    "authors": _NAMES,
    "icon": _address,
    "updated": _clock,
    "hubs": _many(_address, limits.HUBS),
    "ttl": _number(2**31 - 1),
    "skip_hours": _hours,
    "skip_days": _many(_line_rule(limits.NAME), limits.SKIPPED),
    "extra": _EXTRA,
    "notes": _NOTES,
}


def clean_article(article: Article, *, now: datetime | None = None) -> Article:
    """Return a valid article; its warnings list the changes.

    now: the time of an import; times more than a day after it are left out.
    """
    notes = Notes(now=now)
    cleaned = _cleaned(article, _ARTICLE, notes)
    return replace(cleaned, warnings=_with(cleaned.warnings, notes)) if notes.texts else cleaned


def _with(before: tuple[str, ...], notes: Notes) -> tuple[str, ...]:
    """Add notes to earlier ones up to the limit; earlier ones are dropped first."""
    new = [text for text in notes.texts if text not in before][: limits.NOTES]
    return (*before[: limits.NOTES - len(new)], *new)


def with_web_addresses(article: Article) -> Article:
    """Return an article with web addresses only. Every output passes this check."""
    return _cleaned(article, _ADDRESSES, Notes())


def clean_entry(entry: Entry, notes: Notes | None = None) -> Entry:
    """Return a valid entry. notes: receives the changes."""
    return _cleaned(entry, _ENTRY, notes if notes is not None else Notes())


def clean_feed(feed: Feed) -> Feed:
    """Return a valid feed with valid entries; its notes list the changes, each once."""
    notes, of_entries = Notes(), Notes()
    cleaned = _cleaned(feed, _FEED, notes)
    entries = tuple(clean_entry(entry, of_entries) for entry in feed.entries)
    if any(map(lambda one, other: one is not other, entries, feed.entries)):
        cleaned = replace(cleaned, entries=entries)
    for text in of_entries.texts:
        notes.add(f"entry's {text}")
    return replace(cleaned, notes=_with(cleaned.notes, notes)) if notes.texts else cleaned


def clean_page(page: Page) -> Page:
    """Return a page with valid headers: no control characters, limited length and number."""
    headers = {
        clean_line(str(name))[: limits.NAME]: _header(str(value))[: limits.HEADER]
        for name, value in list(page.headers.items())[: limits.HEADERS]
    }
    return page if headers == page.headers else replace(page, headers=headers)


def _header(value: str) -> str:
    return value if value.isprintable() else clean_text(value).replace("\r", " ").replace("\n", " ")


def clean_name(text: str, most: int = limits.NAME) -> str:
    """Return a valid name of a folder, subscription or source."""
    return clean_line(text)[:most].rstrip()
