"""The core records: feeds and entries, responses, extracted articles.

All are frozen. Absence is None or an empty tuple; a failure is an exception, never a partly filled
record. Every time is aware: a publisher's keeps the offset it was written with, our own (first seen,
fetched) are UTC. Sizes are in bytes, durations in seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from operator import attrgetter
from typing import Literal, TypeVar
from warnings import warn

_Record = TypeVar("_Record")


def _fast_pickle(cls: type[_Record]) -> type[_Record]:
    """Make pickling of a frozen record as fast as that of a tuple.

    The default of `dataclass` for slots looks fields up in Python for each record: a round trip of a feed
    with 20 entries takes 1.1 ms, and 0.3 ms with this.
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
"""Source of a field's value."""

ClockKind = Literal["published", "modified", "feed", "service"]
"""Meaning of a time. "service": set by an archiver between the publisher and us."""

CompletenessKind = Literal[
    "full", "live_blog", "truncated", "paywalled", "blocked", "consent_wall", "not_an_article"
]
"""Verdict on a text; docs/why/completeness.md has their signs and order."""

WHOLE_KINDS: frozenset[CompletenessKind] = frozenset(("full", "live_blog"))
"""Verdicts on a text that is all there is; of a live blog, all that there is so far."""

OTHER_PAGE_KINDS: frozenset[CompletenessKind] = frozenset(("blocked", "consent_wall", "not_an_article"))
"""Verdicts on a page that shows something else than the article."""

MediaKind = Literal["image", "video", "audio", "embed"]


@_fast_pickle
@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A stated time with its source.

    at: aware, with the offset as written. If none was written (`zone_stated` False), the offset is assumed:
    the site's usual one, else UTC. day_only: the source gave a day without a time; `at` is its midnight.
    """

    kind: ClockKind
    at: datetime
    origin: Origin
    zone_stated: bool = True
    day_only: bool = False
    raw: str = ""


@_fast_pickle
@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A hyperlink in an article's body; `url` is absolute, trackers stripped."""

    url: str
    text: str = ""


@_fast_pickle
@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """An image, video, audio or embed of an article. Sizes in CSS pixels, None if unknown."""

    kind: MediaKind
    url: str
    title: str = ""
    caption: str = ""
    credit: str = ""
    poster: str | None = None
    type: str | None = None
    width: int | None = None
    height: int | None = None


@_fast_pickle
@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file attached to a feed entry (a podcast episode, a picture). length: bytes as stated."""

    url: str
    type: str | None = None
    length: int | None = None
    title: str = ""


@_fast_pickle
@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed, as stated by the feed. HTML fields are raw and unsafe until cleaned.

    guid: the publisher's id as written, or None. url: absolute.
    base: base URL (xml:base) to resolve the links in its HTML.
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
"""Format of the document: a feed format, a news sitemap, or a page whose article links form a feed."""


@_fast_pickle
@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A parsed feed document. url: its address; self_url: the address that it states itself.

    ttl: seconds between polls requested by the feed (ttl, sy:updatePeriod), or None.
    extra: elements that no other field holds, (qualified name, text) in document order.
    notes: repairs by the parser ("DTD stripped", "read by feedparser: …").
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
    """One redirect. url: the address that answered with `status`."""

    url: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A response: the decoded body and the headers (names in lower case).

    url: requested; final_url: after redirects. fetched: UTC. wire_bytes: size on the wire.
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
    """A response of 304, or of 200 with the ETag that we already have."""

    url: str
    final_url: str
    headers: Mapping[str, str]
    fetched: datetime
    redirects: tuple[Redirect, ...] = ()


@_fast_pickle
@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """Completeness of an article's text, with the evidence in words."""

    kind: CompletenessKind
    evidence: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """The text is all there is; of a live blog, all that there is so far."""
        return self.kind in WHOLE_KINDS


@_fast_pickle
@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Article:
    """An article extracted from a page: its full clean text and metadata.

    html: clean semantic HTML with absolute URLs, sanitised; no title, byline, date or share line.
    text: plain text of html, one block per line, blocks separated by a blank line.
    markdown: html as Markdown. authors: people, agencies that sign by name, and a desk that signs alone.
    credit: all departments and agencies, including "Reuters Staff".
    published, modified: `at` of the chosen clocks; all stated times are in `clocks`.
    kind: JSON-LD or OpenGraph type if stated ("NewsArticle"). provenance: field -> origin.
    warnings: remarks for users of the record ("joined from 3 pages").
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
    html: str = ""
    text: str = ""
    markdown: str = ""
    links: tuple[Link, ...] = ()
    media: tuple[Media, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    clocks: tuple[Clock, ...] = ()
    completeness: Completeness = field(default_factory=lambda: Completeness(kind="full"))
    provenance: Mapping[str, Origin] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """The former name of `html`."""
        warn("Article.body is now called Article.html.", DeprecationWarning, stacklevel=2)
        return self.html

    def __repr__(self) -> str:
        """Return one short line: title, completeness, size and address."""
        size = f"{len(self.text):,} characters"
        return f"<Article {self.title[:60]!r}, {self.completeness.kind}, {size}, {self.url[:100]}>"

    def _repr_html_(self) -> str:
        """Return the article for a notebook: title, by-line and the sanitised body."""
        by = ", ".join(self.authors)
        day = f"{self.published:%Y-%m-%d}" if self.published else ""
        line = escape(" · ".join(filter(None, (by, self.site_name or "", day))))
        return f"<h2>{escape(self.title)}</h2><p><small>{line}</small></p>{self.html}"
