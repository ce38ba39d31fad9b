"""Records of events: what happened to articles, feeds and sites."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

EventKind = Literal[
    "article.new",
    "article.whole",
    "article.changed",
    "article.taken_down",
    "article.restored",
    "feed.failed",
    "feed.recovered",
    "feed.moved",
    "feed.silent",
    "site.redesigned",
    "import.done",
]
"""article.new: a feed showed it first, or a person saved it. whole: its text became complete. changed: the
publisher edited it. taken_down, restored: its page is gone, or back. feed.failed: several polls in a row
failed, or the feed ended. moved: it has another address. silent: no post for much longer than usual.
site.redesigned: the pages of a site no longer fit what was learnt about it. import.done: files were imported.
"""

EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)

OWNER_KINDS: frozenset[EventKind] = frozenset({"site.redesigned"})
"""Kinds that only the owner of the archive sees: they are about no feed."""

MOST_EVENTS = 500
"""Events in one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """Event to write. before, after: versions of the article. details: a small JSON object.

    user: the only person who sees it; None: everybody who has the article or the feed.
    """

    kind: EventKind
    at: datetime
    feed: int | None = None
    article: int | None = None
    before: int | None = None
    after: int | None = None
    details: Mapping[str, str | int] = field(default_factory=dict)
    user: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Event as one person sees it. number: rises in the order of commits.

    feed: one of the person's feeds, that of the article if there is one. title, url: of the article, else of
    the feed.
    """

    number: int
    kind: EventKind
    at: datetime
    feed: int | None
    article: int | None
    before: int | None
    after: int | None
    details: Mapping[str, str | int]
    title: str | None
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """Events that a person asks for, oldest first. after: number of the last one seen, 0 for none.

    feed: only of this feed and its articles. since: only of this time or later.
    """

    after: int = 0
    kinds: tuple[EventKind, ...] = EVENT_KINDS
    feed: int | None = None
    since: datetime | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """Page of events. next: number after which to go on. more: there is more to read now."""

    events: tuple[Event, ...]
    next: int
    more: bool
