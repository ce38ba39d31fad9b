"""Schedule of polls: the next poll of a feed, retries after failures, rechecks of articles.

Pure. Time and randomness are arguments: `jitter` is a random number in [0, 1) that spreads requests.
The rules follow publishers who count requests (https://rachelbythebay.com/fs/help.html).
"""

import itertools
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from unabridged.archive.records.core import CONFIRMED_HITS, PendingRedirect
from unabridged.archive.records.polling import Plan, WaitLimits
from unabridged.config import PollSettings
from unabridged.durations import parse_duration
from unabridged.fetch.response_headers import MAX_WAIT
from unabridged.model import Redirect
from unabridged.poll.failures import NOT_FOUND, PERMANENT_STATUSES

DEFAULT_INTERVAL = 3600
"""Seconds between polls if the publisher gives no hint. Polling more often than hourly is impolite."""

BURST_SECONDS = 900
"""Posts at most this many seconds apart count as one burst."""

DORMANT_DIVISOR = 10
"""The interval of a silent feed is at least its silence divided by this."""

MAX_GAP = 10 * 365 * 24 * 3600
"""Longest usual gap, in seconds; very old dates say nothing about the next post."""

LONG_AWAY = timedelta(days=30)
"""Feeds overdue by more than this at start mean that the clock jumped or that no poller ran for weeks.
They are spread out instead of polled together."""

CLOCK_JUMP = 900
"""Seconds of drift between the wall clock and a monotonic clock from which on it counts as a jump."""

FUTURE = timedelta(days=2)
"""Tolerance between a publisher's clock and ours."""

JITTER_SHARE = 0.1
"""Largest random delay, as a share of the interval, so that feeds and articles of one minute spread out."""

REDIRECT_DAYS = 2
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_PERMANENT = frozenset((301, 308))
_QUICK_RETRY_KINDS = frozenset(("host-not-found", "connection", "timeout"))
"""Failures that cost the publisher nothing, or are often those of our own network: retried sooner."""

_PERMANENT_KINDS = frozenset(("refused", "too-large", "not-a-page", "redirects", "invalid-url", "robots"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherHints:
    """Hints of the publisher about the interval.

    ttl: from the feed, in seconds; fresh: from the headers, in seconds; None if not given. skip_hours:
    hours of the day in GMT; skip_days: English names of days.
    """

    ttl: int | None = None
    fresh: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingRate:
    """Posting rate of a feed. usual_gap: seconds between bursts, 0 for a single burst."""

    last_post: datetime
    usual_gap: int = 0


def next_check(
    now: datetime,
    *,
    rate: PostingRate | None = None,
    chosen: int | None = None,
    hints: PublisherHints = PublisherHints(),
    settings: PollSettings,
    jitter: float,
) -> datetime:
    """Return the time of the next poll of a feed that responded.

    rate: None if unknown. chosen: seconds that a person chose instead of it. The interval is the longest of
    the posting rate (or the choice) and all hints, within [floor, ceiling]. It is under an hour only if a
    person chose so or the publisher names a shorter time. Skipped hours and days can lead past the ceiling.
    """
    stated = [seconds for seconds in (hints.ttl, hints.fresh) if seconds]
    is_short = chosen is not None or (stated and min(stated) < DEFAULT_INTERVAL)
    floor = settings.floor if is_short else max(settings.floor, DEFAULT_INTERVAL)
    wanted = max(chosen or _by_rate(rate, now) or DEFAULT_INTERVAL, *stated, floor)
    seconds = min(wanted * (1 + JITTER_SHARE * jitter), settings.ceiling)
    moment = now + timedelta(seconds=seconds)
    if not hints.skip_hours and not hints.skip_days:
        return moment
    return next_open_hour(moment, hints.skip_hours, hints.skip_days)


def _by_rate(rate: PostingRate | None, now: datetime) -> float:
    if rate is None:
        return 0.0
    silence = max(0.0, (now - rate.last_post).total_seconds())
    return max(rate.usual_gap / 2, silence / DORMANT_DIVISOR)


def posting_rate(posts: Iterable[datetime], now: datetime) -> PostingRate | None:
    """Return the posting rate, None if no post is dated in the past.

    posts: publication times of entries, in any order. Entries published together count as one burst.
    """
    past = sorted((post for post in posts if post <= now), reverse=True)
    if not past:
        return None
    bursts = [past[0]]
    for post in past[1:]:
        if (bursts[-1] - post).total_seconds() > BURST_SECONDS:
            bursts.append(post)
    gaps = [(a - b).total_seconds() for a, b in itertools.pairwise(bursts)]
    usual = min(statistics.median(gaps), MAX_GAP) if gaps else 0.0
    return PostingRate(last_post=past[0].astimezone(UTC), usual_gap=int(usual))


def next_open_hour(moment: datetime, hours: Iterable[int], days: Iterable[str]) -> datetime:
    """Return the first time from `moment` on that is in no skipped hour or day (GMT).

    If all hours or all days are skipped, the hint is ignored as a mistake.
    """
    closed_hours = {hour % 24 for hour in hours}
    closed_days = {day.strip().lower() for day in days} & set(DAYS)
    if len(closed_hours) == 24 or len(closed_days) == 7:
        return moment
    there = moment.astimezone(UTC)
    for _ in range(24 * 7):
        if there.hour not in closed_hours and DAYS[there.weekday()] not in closed_days:
            return there
        there = there.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return moment


def after_failure(
    now: datetime,
    failures: int,
    *,
    kind: str,
    retry_after: int | None,
    settings: PollSettings,
    jitter: float,
) -> datetime:
    """Return the time of the next try of a feed that failed; the wait doubles each time, up to the ceiling.

    failures: consecutive ones, including this one. retry_after: seconds that the site asked for; obeyed
    even beyond the ceiling.
    """
    first = settings.floor if kind in _QUICK_RETRY_KINDS else max(settings.floor, DEFAULT_INTERVAL)
    seconds = first * 2.0 ** min(failures - 1, 20) * (1 + JITTER_SHARE * jitter)
    if seconds > settings.ceiling:
        seconds = settings.ceiling * (1 - JITTER_SHARE * jitter)
    seconds = max(seconds, (retry_after or 0) * (1 + JITTER_SHARE * jitter))
    return now + timedelta(seconds=seconds)


def page_retry(
    now: datetime,
    attempts: int,
    *,
    kind: str,
    status: int | None,
    retry_after: int | None,
    settings: PollSettings,
    jitter: float,
) -> datetime | None:
    """Return the time of the next try of a page that failed, None to give up.

    attempts: so far, including this one. A 404 gets three tries: feeds are often ahead of their site.
    """
    limit = 3 if status == NOT_FOUND else settings.page_attempts
    if kind in _PERMANENT_KINDS or status in PERMANENT_STATUSES or attempts >= limit:
        return None
    seconds = min(settings.floor * 4.0 ** min(attempts - 1, 10), settings.ceiling)
    return now + timedelta(seconds=max(seconds, retry_after or 0) * (1 + JITTER_SHARE * jitter))


def recheck_at(published: datetime, now: datetime, spans: Iterable[str], jitter: float) -> datetime | None:
    """Return the time of an article's next recheck, None when the article is past the last one.

    published: when the article came out. spans: ages at which to recheck, in any order ("1h"). Publishers
    edit mostly in the first hours. A recheck that was missed is not caught up: the next age counts.
    An article dated more than FUTURE ahead is not rechecked, because its age is unknown.
    """
    if published > now + FUTURE:
        return None
    for seconds in sorted(map(parse_duration, spans)):
        at = published + timedelta(seconds=seconds * (1 + JITTER_SHARE * jitter))
        if at > now:
            return at
    return None


def reschedule(plan: Plan, now: datetime, *, settings: PollSettings, jitter: float) -> datetime:
    """Return a new time for a feed whose schedule a clock jump invalidated.

    It is random within the feed's own interval, so that the load of the next hours is as usual.
    """
    interval = DEFAULT_INTERVAL
    if plan.last_polled is not None and plan.next_poll_at > plan.last_polled:
        interval = int((plan.next_poll_at - plan.last_polled).total_seconds())
    return now + timedelta(seconds=jitter * min(max(interval, DEFAULT_INTERVAL), settings.ceiling))


def longest_waits(settings: PollSettings, lease: float) -> WaitLimits:
    """Return the longest possible waits of feeds and pages; a later time is proof of a wrong clock.

    A feed waits for the ceiling or a Retry-After, plus skipped days; a page for those or its next recheck.
    lease: length of a lease in seconds.
    """
    longest = max(timedelta(seconds=settings.ceiling), timedelta(seconds=MAX_WAIT)) * (1 + JITTER_SHARE)
    rechecks = timedelta(seconds=max(map(parse_duration, settings.recheck), default=0)) * (1 + JITTER_SHARE)
    return WaitLimits(
        feed=longest + timedelta(days=7, hours=1),
        page=max(longest, rechecks) + timedelta(days=2),
        lease=timedelta(seconds=lease),
    )


@dataclass(slots=True)
class ClockWatch:
    """Detects jumps of the wall clock with a monotonic clock.

    steady: seconds since any fixed moment, including sleep of the machine.
    """

    wall: datetime
    steady: float

    def jumped(self, wall: datetime, steady: float) -> bool:
        """Return whether the wall clock jumped by more than CLOCK_JUMP since the last call."""
        passed = (wall - self.wall).total_seconds() - (steady - self.steady)
        self.wall, self.steady = wall, steady
        return abs(passed) > CLOCK_JUMP


def permanent_target(redirects: Sequence[Redirect], final_url: str) -> str | None:
    """Return the target of the leading permanent redirects (301, 308) of a chain, None if there are none."""
    leading = 0
    for hop in redirects:
        if hop.status not in _PERMANENT:
            break
        leading += 1
    if leading == 0:
        return None
    return redirects[leading].url if leading < len(redirects) else final_url


def confirm_redirect(
    pending: PendingRedirect | None, target: str | None, now: datetime
) -> tuple[PendingRedirect | None, str | None]:
    """Count a permanent redirect; return (redirect to store, URL to move to now).

    It is confirmed after CONFIRMED_HITS polls in a row over at least REDIRECT_DAYS days: hotel networks
    and broken deployments send 301 too. target: None for a poll without a permanent redirect.
    """
    if target is None:
        return None, None
    if pending is None or pending.to != target:
        return PendingRedirect(to=target, hits=1, since=now), None
    hits = pending.hits + 1
    if hits >= CONFIRMED_HITS and now - pending.since >= timedelta(days=REDIRECT_DAYS):
        return None, target
    return PendingRedirect(to=target, hits=hits, since=pending.since), None
