"""A document that our own reader cannot make sense of, read by feedparser."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from unabridged.feeds.parsing.channel import MAX_ENTRIES
from unabridged.feeds.parsing.values import Scope, address, clock, one_line, people, person, plain
from unabridged.model import Clock, ClockKind, Enclosure, Entry, Feed, FeedFormat

MAX_CHARACTERS = 500_000
"""Longest text handed to feedparser: it takes 0.4 s for one MB, but over 6 s for one of hostile markup."""

_Parsed = Mapping[str, Any]
_DECLARATIONS = re.compile(r"<!(?:DOCTYPE|ENTITY|ATTLIST|ELEMENT|NOTATION)", re.IGNORECASE)
_FORMATS: dict[str, FeedFormat] = {"atom": "atom", "rss090": "rdf", "rss10": "rdf", "rss1": "rdf"}


def read_by_feedparser(text: str, *, url: str, now: datetime | None, why: str) -> Feed | None:
    """Return what feedparser makes of a text, None where that is nothing or the text is too long.

    Declarations are cut out first: expat, below feedparser, can be killed with a chain of entities.
    """
    if len(text) > MAX_CHARACTERS:
        return None
    import feedparser  # takes 0.05 s, which few feeds need

    harmless = _DECLARATIONS.sub("<!--", text)
    try:
        parsed: _Parsed = feedparser.parse(
            harmless.encode("utf-8", "replace"),
            sanitize_html=False,
            resolve_relative_uris=False,
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        )
    except (ValueError, LookupError, AttributeError, TypeError, AssertionError, RecursionError):
        return None  # feedparser raises such things on hostile markup: then nobody can read it
    if not parsed["entries"] and not parsed["feed"].get("title") and not parsed.get("version", ""):
        return None
    return _feed(parsed, Scope(base=url, language=parsed["feed"].get("language"), now=now), url, why)


def _feed(parsed: _Parsed, scope: Scope, url: str, why: str) -> Feed:
    head: _Parsed = parsed["feed"]
    version = str(parsed.get("version", ""))
    return Feed(
        url=url,
        format=next((form for start, form in _FORMATS.items() if version.startswith(start)), "rss"),
        title=plain(head.get("title", "")),
        description=plain(head.get("subtitle", "")),
        site_url=address(head.get("link"), scope.base),
        self_url=_related(head, "self", scope),
        next_url=_related(head, "next", scope),
        language=scope.language,
        authors=_authors(head),
        icon=address(head.get("icon") or (head.get("image") or {}).get("href"), scope.base),
        updated=_clock(head, ("updated", "published"), "feed", scope),
        entries=tuple(_entry(entry, scope) for entry in parsed["entries"][:MAX_ENTRIES]),
        notes=(f"read by feedparser: {why}",),
    )


def _entry(entry: _Parsed, scope: Scope) -> Entry:
    contents = [part.get("value", "") for part in entry.get("content", ())]
    source: _Parsed = entry.get("source") or {}
    return Entry(
        guid=entry.get("id") or None,
        url=address(entry.get("link"), scope.base),
        title=plain(entry.get("title", "")),
        authors=_authors(entry),
        published=_clock(entry, ("published", "created"), "published", scope),
        modified=_clock(entry, ("updated",), "modified", scope),
        summary_html=entry.get("summary", ""),
        content_html=next((value for value in contents if value), ""),
        language=entry.get("language") or scope.language,
        tags=tuple(
            dict.fromkeys(term for tag in entry.get("tags", ()) if (term := one_line(tag.get("term") or "")))
        ),
        enclosures=tuple(_enclosures(entry, scope)),
        comments_url=address(entry.get("comments"), scope.base),
        source_title=plain(source.get("title", "")) or None,
        source_url=address(source.get("href") or source.get("link"), scope.base),
        base=_base(entry) or scope.base,
    )


def _base(entry: _Parsed) -> str | None:
    detail = (entry.get("content") or [entry.get("summary_detail") or {}])[0]
    base = detail.get("base")
    return base if isinstance(base, str) and base.startswith(("http://", "https://")) else None


def _related(head: _Parsed, rel: str, scope: Scope) -> str | None:
    links = (link.get("href") for link in head.get("links", ()) if link.get("rel") == rel)
    return address(next(links, None), scope.base)


def _authors(record: _Parsed) -> tuple[str, ...]:
    names = [person(plain(each.get("name") or each.get("email") or "")) for each in record.get("authors", ())]
    return people(names) or people([person(plain(record.get("author", "")))])


def _clock(record: _Parsed, names: tuple[str, ...], kind: ClockKind, scope: Scope) -> Clock | None:
    for name in names:
        raw = dict.get(record, name) if isinstance(record, dict) else None
        if isinstance(raw, str) and raw and (found := clock(raw, kind, scope)):
            return found
    return None


def _enclosures(entry: _Parsed, scope: Scope) -> Iterator[Enclosure]:
    for each in entry.get("enclosures", ()):
        if url := address(each.get("href"), scope.base):
            size = str(each.get("length") or "")
            length = int(size) if size.isascii() and size.isdigit() and len(size) < 16 else None
            yield Enclosure(url=url, type=each.get("type") or None, length=length)
