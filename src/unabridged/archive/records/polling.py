"""Records of asking: what a poll came to, plans, robots.txt, hubs, what ails."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from unabridged.archive.records.core import Failure, FeedStatus, PendingRedirect, Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOutcome:
    """What a poll of a feed came to, with the schedule that follows from it.

    failure: None when the feed answered well (new, or 304). validators: None keeps the old ones.
    moved_to: the feed's new address for good, with the redirect's status. redirect: a permanent
    redirect not trusted yet (None clears it). status: None keeps it. usual_gap, last_post: its rhythm,
    None keeps it. postponed: nothing was asked, only the schedule moves.
    """

    polled: datetime
    next_poll_at: datetime | None
    failure: Failure | None = None
    validators: Validators | None = None
    redirect: PendingRedirect | None = None
    moved_to: str | None = None
    moved_status: int = 301
    status: FeedStatus | None = None
    usual_gap: int | None = None
    last_post: datetime | None = None
    postponed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A poll to be written down. token: of the claim, None for a feed that nobody claimed."""

    feed_id: int
    outcome: PollOutcome
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueBuckets:
    """Buckets in which a feed, a page, or a picture is due."""

    feeds: frozenset[int]
    pages: frozenset[int]
    pictures: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When a feed was asked and is to be asked again; for schedules that a jumping clock upset."""

    feed_id: int
    last_polled: datetime | None
    next_poll_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsFile:
    """What a site answered when asked for its robots.txt. origin: "https://host:port".

    status: None where no answer came. body: "" where there was none.
    """

    origin: str
    fetched: datetime
    expires: datetime
    status: int | None
    body: str = ""


HubState = Literal["wanted", "asked", "active", "denied", "ended"]
"""wanted: to be asked for; asked: the hub has yet to verify; active: pushes come; denied: the hub, or
the publisher, refused; ended: unsubscribed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSubscription:
    """A feed's subscription at a WebSub hub. token: the secret part of the callback's address.

    secret: signs what the hub sends. next_try_at: when it is asked (again), for a renewal too.
    message: why it failed, or "".
    """

    feed_id: int
    hub: str
    topic: str
    token: str
    secret: str = field(repr=False)
    state: HubState = "wanted"
    requested: datetime | None = None
    lease_until: datetime | None = None
    next_try_at: datetime | None = None
    attempts: int = 0
    last_push: datetime | None = None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A feed's document that killed the process which read it."""

    feed_id: int
    at: datetime
    why: str
    body: bytes
    content_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingPage:
    """An article's page whose last try failed. next_try_at: None when it was given up."""

    article_id: int
    url: str
    feed_id: int | None
    failure: Failure
    attempts: int
    tried: datetime | None
    next_try_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Feeds and pages that are due, and since when the first of them."""

    feeds: int
    feeds_since: datetime | None
    pages: int
    pages_since: datetime | None


CLOCK_TOLERANCE = timedelta(minutes=15)
"""Difference between the clocks of two machines, or correction of one, that does not count as wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitLimits:
    """Longest times from now for which a correct clock schedules feeds and pages, and lasts a lease."""

    feed: timedelta
    page: timedelta
    lease: timedelta
