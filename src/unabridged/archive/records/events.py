"""Records of events: what happened to articles, feeds and sites; channels that they are delivered to."""

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


WEBHOOK_SECRET = "whsec_"
"""Beginning of the secret of a webhook; its key follows in base64."""

ChannelState = Literal["active", "paused", "failing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelDraft:
    """Webhook to add. address: it gets the events. feed: only events of this feed and its articles."""

    address: str
    kinds: tuple[EventKind, ...] = EVENT_KINDS
    feed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailure:
    """Failure of a delivery. kind: code of the error; gone: the receiver wants no more events.

    retry_after: seconds for which the receiver wants no request.
    """

    kind: str
    message: str
    retry_after: float | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Webhook of a person, without its secrets. cursor: number of the last event delivered or given up.

    attempts: failed ones at the next event. failing_since: first failure since the last delivery. failure:
    the last one, also if it is over. old_until: time until which a replaced secret signs, too.
    """

    id: int
    address: str
    kinds: tuple[EventKind, ...]
    feed: int | None
    state: ChannelState
    cursor: int
    created: datetime
    next_try_at: datetime
    attempts: int
    failing_since: datetime | None
    failure: DeliveryFailure | None
    failed_at: datetime | None
    delivered_at: datetime | None
    old_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSecret:
    """Channel with its new secret, which is shown once."""

    secret: str = field(repr=False)
    channel: Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """Channel with what a sender needs. secrets: keys that sign now. token: of the sender's lease."""

    channel: Channel
    user: int
    secrets: tuple[str, ...] = field(repr=False)
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """Event that could not be delivered. event: its number. happened: time of the event.

    again: it is sent again soon.
    """

    id: int
    channel: int
    event: int
    kind: EventKind
    happened: datetime
    given_up: datetime
    failure: DeliveryFailure
    again: bool
