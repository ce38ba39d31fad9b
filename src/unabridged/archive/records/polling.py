"""Records of polling: outcomes, schedules, robots.txt, WebSub subscriptions, failures, clock limits."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from unabridged.archive.records.core import Failure, FeedStatus, PendingRedirect, Validators

FAILED_AFTER = 3
"""Polls failed in a row after which a feed counts as failed; one that ended (410) does at once."""

SILENT_GAPS = 10
MIN_SILENCE = timedelta(days=30)
SILENCE_WITHOUT_GAP = timedelta(days=180)
"""A feed is silent after SILENT_GAPS of its usual gaps without a post, but at least MIN_SILENCE. Without a
known gap, it is silent after SILENCE_WITHOUT_GAP."""


def silent_from(last_post: datetime, usual_gap: int | None) -> datetime:
    """Return the time from which a feed without a further post is silent. usual_gap: seconds."""
    usual = timedelta(seconds=usual_gap or 0)
    return last_post + (max(SILENT_GAPS * usual, MIN_SILENCE) if usual else SILENCE_WITHOUT_GAP)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOutcome:
    """Outcome of polling a feed, with the schedule that follows from it.

    failure: None after a success (a document, or 304). validators: None keeps the old ones.
    moved_to: the feed's confirmed new URL, with the redirect's status. redirect: a permanent redirect
    that is not confirmed yet (None clears it). status: None keeps it. usual_gap, last_post: its posting
    rate, None keeps it. postponed: no request was made, only the schedule changes. listed: what is
    known about the list of a page that serves as the feed, None keeps it.
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
    listed: "StoredList | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredList:
    """Knowledge about the list of a page that serves as a feed.

    profile: as JSON, "" where nothing is learnt yet. examples: headlines that a person pointed at. known:
    address and title of the items last read. pages: versions of the page, newest last. learnt: time of the
    last learning.
    """

    profile: str = ""
    examples: tuple[str, ...] = ()
    known: tuple[tuple[str, str], ...] = ()
    pages: tuple[bytes, ...] = field(default=(), repr=False)
    learnt: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A finished poll to be recorded. token: of the lease, None for a feed that was not leased."""

    feed_id: int
    outcome: PollOutcome
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueBuckets:
    """Buckets in which a feed, a page, or an image is due."""

    feeds: frozenset[int]
    pages: frozenset[int]
    pictures: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Last and next poll of a feed, for rescheduling after a jump of the clock."""

    feed_id: int
    last_polled: datetime | None
    next_poll_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsFile:
    """A site's response to the request for robots.txt. origin: "https://host:port".

    status: None without a response. body: "" if it had none.
    """

    origin: str
    fetched: datetime
    expires: datetime
    status: int | None
    body: str = ""


HubState = Literal["wanted", "asked", "active", "denied", "ended"]
"""wanted: to be requested; asked: the hub has not verified it yet; active: the hub pushes; denied: the hub
or the publisher refused; ended: unsubscribed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSubscription:
    """A feed's subscription at a WebSub hub. token: the secret part of the callback URL.

    secret: key of the hub's signatures. next_try_at: time of the next request, renewals included.
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
class HubSubscriber:
    """A subscriber of one of our own feeds at our hub. topic: the feed's address; it may hold a token.

    token: number of that token, None for a feed that needs none; the subscriber is removed with it. secret:
    key of signatures, None to send none. sent: validator of the document that the subscriber has. failures:
    deliveries failed in a row, since failing_since; next_try_at: no delivery before it.
    """

    user: int
    callback: str
    topic: str = field(repr=False)
    lease_until: datetime
    sent: str
    next_try_at: datetime
    token: int | None = None
    secret: str | None = field(default=None, repr=False)
    failures: int = 0
    failing_since: datetime | None = None
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A feed document that crashed the process that parsed it."""

    feed_id: int
    at: datetime
    why: str
    body: bytes
    content_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentFailure:
    """A feed or page whose last fetch failed. about: "feed" or "page"."""

    about: str
    url: str
    failure: Failure
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingPage:
    """An article's page whose last fetch failed. next_try_at: None after the last attempt."""

    article_id: int
    url: str
    feed_id: int | None
    failure: Failure
    attempts: int
    tried: datetime | None
    next_try_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Numbers of due feeds and pages, and the earliest due time of each."""

    feeds: int
    feeds_since: datetime | None
    pages: int
    pages_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """Work at this moment. polled: feeds that a worker holds; due: feeds that wait for one.

    pages: of new articles, waiting or being read. pictures: due ones.
    """

    polled: int
    due: int
    pages: int
    pictures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPolls:
    """First polls of feeds that were subscribed to together. waiting: those that were never polled."""

    waiting: int = 0
    together: int = 0


LONGEST_RULES = 20_000
"""Most characters of the site rules of one site that are stored."""

CLOCK_TOLERANCE = timedelta(minutes=15)
"""Difference between the clocks of two machines, or correction of one, that does not count as wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitLimits:
    """Longest times from now for which a correct clock schedules feeds and pages, and lasts a lease."""

    feed: timedelta
    page: timedelta
    lease: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLengths:
    """Number and words of a feed's articles whose pages were read: of the last two weeks, and before."""

    recent: int
    recent_words: int
    before: int
    before_words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedArticle:
    """An article that a feed showed. seen: when the archive saw it first. waiting: its page is to be read."""

    published: datetime
    seen: datetime
    whole: bool
    waiting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedEntries:
    """Result of saving a feed's entries. new: article numbers, in the feed's order.

    known: entries seen before. updated: articles whose text in the feed changed.
    """

    new: tuple[int, ...] = ()
    known: int = 0
    updated: tuple[int, ...] = ()
