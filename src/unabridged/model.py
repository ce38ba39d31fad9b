"""The records of Unabridged: what a feed says, what a site answered, what we made of it.

All are frozen. Absence is None (or an empty tuple); a failure is an exception, never a record
half filled. Every time is aware: a publisher's keeps the offset it was written with, our own
(first seen, fetched) are UTC. Sizes are bytes, spans seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Literal, TypeVar

_Record = TypeVar("_Record")


def _quickly_pickled(cls: type[_Record]) -> type[_Record]:
    """Let a frozen record travel between processes at the speed of a tuple.

    What `dataclass` itself adds for slots looks its fields up in Python for each record: 1.1 ms there and
    back for a feed of 20 entries, which is 0.3 ms here.
    """
    names = cls.__slots__  # type: ignore[attr-defined]
    state = attrgetter(*names)
    setters = tuple(cls.__dict__[name].__set__ for name in names)

    def set_state(record: _Record, values: tuple[object, ...]) -> None:
        for setter, value in zip(setters, values, strict=True):
            setter(record, value)

    setattr(cls, "__getstate__", lambda record: state(record))  # noqa: B010
    setattr(cls, "__setstate__", set_state)  # noqa: B010
    return cls


Origin = Literal[
    "feed", "json-ld", "microdata", "meta", "page", "url", "rule", "learnt", "document", "http", "clock"
]
"""Where a value was found: the evidence behind a field."""

ClockKind = Literal["published", "modified", "feed", "service"]
"""What an instant claims to be. "service" is the clock of an archiver between publisher and us."""

CompletenessKind = Literal["full", "truncated", "paywalled", "blocked", "not_an_article"]

MediaKind = Literal["image", "video", "audio", "embed"]


@_quickly_pickled
@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One instant that somebody claimed, with who claimed it.

    at: aware, with the offset as it was written; where none was written (`zone_stated` False)
    the offset is an assumption (the site's usual one, else UTC).
    day_only: the source named a day but no time of day; `at` is then its midnight.
    """

    kind: ClockKind
    at: datetime
    origin: Origin
    zone_stated: bool = True
    day_only: bool = False
    raw: str = ""


@_quickly_pickled
@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A hyperlink in an article's body; `url` is absolute, trackers stripped."""

    url: str
    text: str = ""


@_quickly_pickled
@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture, film, sound or embed that belongs to an article. Sizes in CSS pixels where known."""

    kind: MediaKind
    url: str
    title: str = ""
    caption: str = ""
    credit: str = ""
    poster: str | None = None
    type: str | None = None
    width: int | None = None
    height: int | None = None


@_quickly_pickled
@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that a feed's entry carries (a podcast's sound, a picture). length: bytes as claimed."""

    url: str
    type: str | None = None
    length: int | None = None
    title: str = ""


@_quickly_pickled
@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed, as the feed tells it. HTML fields are raw and unsafe until cleaned.

    guid: the publisher's id as written, None where there is none. url: absolute.
    base: the base URL in force (xml:base), against which its HTML resolves.
    extra: unknown extension elements, (qualified name, text) in document order.
    """

    guid: str | None = None
    url: str | None = None
    title: str = ""
    authors: tuple[str, ...] = ()
    published: Clock | None = None
    modified: Clock | None = None
    summary_html: str = ""
    content_html: str = ""
    language: str | None = None
    tags: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    lead_image: str | None = None
    comments_url: str | None = None
    source_title: str | None = None
    source_url: str | None = None
    base: str | None = None
    extra: tuple[tuple[str, str], ...] = ()


FeedFormat = Literal["rss", "rdf", "atom", "json", "sitemap", "page"]
"""What was read: a feed's own format, a news sitemap, or a page whose article links make a feed."""


@_quickly_pickled
@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed document as read. url: where it was read; self_url: what it calls itself.

    ttl: seconds between polls that the feed asks for (ttl, sy:updatePeriod), None where silent.
    extra: elements that no other field holds, (qualified name, text) in document order.
    notes: what the reader had to mend ("DTD stripped", "read by feedparser: …"), for the record.
    """

    url: str
    format: FeedFormat
    title: str = ""
    description: str = ""
    site_url: str | None = None
    self_url: str | None = None
    next_url: str | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    icon: str | None = None
    updated: Clock | None = None
    entries: tuple[Entry, ...] = ()
    hubs: tuple[str, ...] = ()
    ttl: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """One hop: `status` sent us from `url` onwards."""

    url: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a site answered: the decoded bytes and the headers (names in lower case).

    url: asked for; final_url: after redirects. fetched: UTC. wire_bytes: size on the wire.
    """

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched: datetime
    redirects: tuple[Redirect, ...] = ()
    wire_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """A site's 304, or a 200 with the ETag that we already have."""

    url: str
    final_url: str
    headers: Mapping[str, str]
    fetched: datetime
    redirects: tuple[Redirect, ...] = ()


@_quickly_pickled
@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """Whether an article's text is whole, with the evidence in words."""

    kind: CompletenessKind
    evidence: tuple[str, ...] = ()


@_quickly_pickled
@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What we made of a page: the whole clean text and what is known about it.

    body: clean semantic HTML with absolute URLs, sanitised; no title, byline, date or share line.
    text: plain text of body, one block a line, blocks separated by a blank line.
    markdown: body as Markdown. authors: people, agencies that sign by name;
    credit: all desks and agencies ("Reuters Staff" too).
    published/modified: the chosen clocks' `at`; all claims are in `clocks`.
    kind: JSON-LD or OpenGraph type where stated ("NewsArticle"). provenance: field -> origin.
    warnings: what a reader of the record should know ("joined from 3 pages").
    """

    url: str
    canonical_url: str | None = None
    title: str = ""
    authors: tuple[str, ...] = ()
    credit: tuple[str, ...] = ()
    published: datetime | None = None
    modified: datetime | None = None
    language: str | None = None
    lead_image: str | None = None
    site_name: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    kind: str | None = None
    summary: str = ""
    body: str = ""
    text: str = ""
    markdown: str = ""
    links: tuple[Link, ...] = ()
    media: tuple[Media, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    clocks: tuple[Clock, ...] = ()
    completeness: Completeness = field(default_factory=lambda: Completeness(kind="full"))
    provenance: Mapping[str, Origin] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
