"""When to ask again: a feed from its rhythm and its publisher's wishes, a failure from its kind.

Pure. Time and chance are arguments: `luck` is a number in [0, 1), so that feeds of one minute drift
apart. The rules are those of publishers who count requests (https://rachelbythebay.com/fs/help.html).
"""

import itertools
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from unabridged.archive.records.core import PendingRedirect
from unabridged.archive.records.polling import Plan, WaitLimits
from unabridged.config import PollSettings
from unabridged.durations import parse_span
from unabridged.fetch.response_headers import MAX_WAIT
from unabridged.model import Redirect

UNKNOWN = 3600
"""Seconds between polls where the publisher says nothing: once an hour is the most that is polite."""

SITTING = 900
"""Posts less than so many seconds apart were put online in one sitting."""

DORMANT = 10
"""A feed silent for a while is asked no oftener than every tenth part of its silence."""

MAX_GAP = 10 * 365 * 24 * 3600
"""Seconds; entries of another century say nothing about the next one."""

LONG_AWAY = timedelta(days=30)
"""A feed due for longer than this when the poller starts is a sign that the clock jumped, or that nobody
polled for weeks: such feeds are asked one after the other, not all at once."""

LEAP = 900
"""Seconds by which the clock on the wall may leave the one that only counts, before it is called a jump."""

JITTER = 0.1
REDIRECT_HITS = 3
REDIRECT_DAYS = 2
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_PERMANENT = frozenset((301, 308))
_QUICK_KINDS = frozenset(("host-not-found", "connection", "timeout"))
"""Failures that cost the publisher nothing, or are often our own network's: tried again sooner."""

_HOPELESS_KINDS = frozenset(("refused", "too-large", "not-a-page", "redirects", "invalid-url", "robots"))
_HOPELESS_STATUS = frozenset((410, 451))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the publisher says about asking again. ttl (feed), fresh (headers): seconds, None: silent.

    skip_hours: hours of the day in GMT; skip_days: English names of days.
    """

    ttl: int | None = None
    fresh: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How a feed is used to post. usual_gap: seconds between sittings, 0 for a single one."""

    last_post: datetime
    usual_gap: int = 0


def next_check(
    now: datetime,
    *,
    rhythm: Rhythm | None = None,
    wishes: Wishes = Wishes(),
    settings: PollSettings,
    luck: float,
) -> datetime:
    """Say when a feed that answered is worth asking again.

    rhythm: None for a feed that shows none. The longest of its rhythm and all wishes counts, within
    [floor, ceiling]; under an hour only where the publisher names a shorter time. Hours and days to be
    skipped may lead past the ceiling.
    """
    stated = [seconds for seconds in (wishes.ttl, wishes.fresh) if seconds]
    floor = settings.floor if stated and min(stated) < UNKNOWN else max(settings.floor, UNKNOWN)
    wanted = max(_by_rhythm(rhythm, now) or UNKNOWN, *stated, floor)
    seconds = min(wanted * (1 + JITTER * luck), settings.ceiling)
    moment = now + timedelta(seconds=seconds)
    if not wishes.skip_hours and not wishes.skip_days:
        return moment
    return skip_to_open(moment, wishes.skip_hours, wishes.skip_days)


def _by_rhythm(rhythm: Rhythm | None, now: datetime) -> float:
    if rhythm is None:
        return 0.0
    silence = max(0.0, (now - rhythm.last_post).total_seconds())
    return max(rhythm.usual_gap / 2, silence / DORMANT)


def rhythm_of(posts: Iterable[datetime], now: datetime) -> Rhythm | None:
    """Return the usual gap between sittings, None where no rhythm shows.

    posts: when entries were published, in any order. A dozen put online at once are one sitting.
    """
    past = sorted((post for post in posts if post <= now), reverse=True)
    if not past:
        return None
    sittings = [past[0]]
    for post in past[1:]:
        if (sittings[-1] - post).total_seconds() > SITTING:
            sittings.append(post)
    gaps = [(a - b).total_seconds() for a, b in itertools.pairwise(sittings)]
    usual = min(statistics.median(gaps), MAX_GAP) if gaps else 0.0
    return Rhythm(last_post=past[0].astimezone(UTC), usual_gap=int(usual))


def skip_to_open(moment: datetime, hours: Iterable[int], days: Iterable[str]) -> datetime:
    """Return the first instant from `moment` on that lies in no skipped hour or day of GMT.

    A publisher who skips every hour, or every day, is taken to have made a mistake.
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
    luck: float,
) -> datetime:
    """Say when a feed that failed is asked again: twice as long each time, up to the ceiling.

    failures: in a row, this one included. retry_after: seconds that the site asked for, obeyed in full.
    """
    first = settings.floor if kind in _QUICK_KINDS else max(settings.floor, UNKNOWN)
    seconds = first * 2.0 ** min(failures - 1, 20) * (1 + JITTER * luck)
    if seconds > settings.ceiling:
        seconds = settings.ceiling * (1 - JITTER * luck)
    seconds = max(seconds, (retry_after or 0) * (1 + JITTER * luck))
    return now + timedelta(seconds=seconds)


def page_retry(
    now: datetime,
    attempts: int,
    *,
    kind: str,
    status: int | None,
    retry_after: int | None,
    settings: PollSettings,
    luck: float,
) -> datetime | None:
    """Say when a page that failed is tried again; None when that is hopeless.

    attempts: so far, this one included. A 404 gets three tries: feeds are often ahead of their site.
    """
    limit = 3 if status == 404 else settings.page_attempts
    if kind in _HOPELESS_KINDS or status in _HOPELESS_STATUS or attempts >= limit:
        return None
    seconds = min(settings.floor * 4.0 ** min(attempts - 1, 10), settings.ceiling)
    return now + timedelta(seconds=max(seconds, retry_after or 0) * (1 + JITTER * luck))


def replan(plan: Plan, now: datetime, *, settings: PollSettings, luck: float) -> datetime:
    """Say when a feed is asked whose schedule a jump of the clock upset.

    Somewhere within its own interval: as many requests go out in the next hour as in any other.
    """
    interval = UNKNOWN
    if plan.last_polled is not None and plan.next_poll_at > plan.last_polled:
        interval = int((plan.next_poll_at - plan.last_polled).total_seconds())
    return now + timedelta(seconds=luck * min(max(interval, UNKNOWN), settings.ceiling))


def longest_waits(settings: PollSettings, lease: float) -> WaitLimits:
    """Return for how long a feed or a page can be put off at most; what is later shows a wrong clock.

    A feed: by the ceiling or Retry-After, and the days that it skips. A page: by those, or by its next look.
    lease: seconds of a claim.
    """
    asked = max(timedelta(seconds=settings.ceiling), timedelta(seconds=MAX_WAIT)) * (1 + JITTER)
    looks = timedelta(seconds=max(map(parse_span, settings.recheck), default=0)) * (1 + JITTER)
    return WaitLimits(
        feed=asked + timedelta(days=7, hours=1),
        page=max(asked, looks) + timedelta(days=2),
        lease=timedelta(seconds=lease),
    )


@dataclass(slots=True)
class ClockWatch:
    """Tells jumps of the wall's clock by a clock that only counts.

    steady: seconds since any moment, sleep of the machine included.
    """

    wall: datetime
    steady: float

    def jumped(self, wall: datetime, steady: float) -> bool:
        """Say whether the clock was set since the last look, by more than LEAP."""
        passed = (wall - self.wall).total_seconds() - (steady - self.steady)
        self.wall, self.steady = wall, steady
        return abs(passed) > LEAP


def permanent_target(redirects: Sequence[Redirect], final_url: str) -> str | None:
    """Return where a chain's permanent redirects (301, 308) lead before the first other one."""
    leading = 0
    for hop in redirects:
        if hop.status not in _PERMANENT:
            break
        leading += 1
    if leading == 0:
        return None
    return redirects[leading].url if leading < len(redirects) else final_url


def weigh_redirect(
    pending: PendingRedirect | None, target: str | None, now: datetime
) -> tuple[PendingRedirect | None, str | None]:
    """Count a permanent redirect that a poll met; return (what to remember, where to move now).

    It is believed after REDIRECT_HITS polls in a row over at least REDIRECT_DAYS days: hotel
    networks and broken deployments send 301 too. target: None for a poll without one.
    """
    if target is None:
        return None, None
    if pending is None or pending.to != target:
        return PendingRedirect(to=target, hits=1, since=now), None
    hits = pending.hits + 1
    if hits >= REDIRECT_HITS and now - pending.since >= timedelta(days=REDIRECT_DAYS):
        return None, target
    return PendingRedirect(to=target, hits=hits, since=pending.since), None
