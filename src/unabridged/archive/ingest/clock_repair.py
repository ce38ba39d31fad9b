"""Repair of times that only a wrong clock can have written.

A clock that was ahead for a while leaves times beyond any interval of this program: nothing would be polled
until they come. Finding them costs one index lookup each; they are repaired where they are found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Table,
    delete,
    insert,
    or_,
    select,
    type_coerce,
    update,
)

from unabridged.archive.feeds.fetch_settings import MAX_HOST_BLOCK
from unabridged.archive.records.polling import CLOCK_TOLERANCE, WaitLimits
from unabridged.archive.search_index.writer import index_stored, unindex
from unabridged.archive.storage.tables import (
    EPOCH,
    Instant,
    articles,
    counters,
    feeds,
    from_microseconds,
    hub_subscriptions,
    items,
    robots,
    sightings,
    silences,
    to_microseconds,
    users,
)
from unabridged.archive.storage.tables_library import images, tokens

MICROSECOND = timedelta(microseconds=1)
SPREAD_SECONDS = 3600
"""Seconds over which pages and images are spread whose times a wrong clock wrote."""

LONGEST_IMAGE_WAIT = timedelta(days=31)
LONGEST_HUB_LEASE = timedelta(days=90)

LONG_GAP = timedelta(days=30)
TRUST_DELAY = timedelta(days=1)
"""Time for which nothing is deleted by age after a gap of LONG_GAP between two clock checks."""

CHECK_INTERVAL = timedelta(hours=1)

_LAST_CHECK = "clock_last_look"
_TRUSTED_FROM = "clock_trusted_from"


def has_wrong_times(conn: Connection, now: datetime, longest: WaitLimits) -> bool:
    """Say whether anything is scheduled for a time that only a wrong clock can have written."""
    future = now + CLOCK_TOLERANCE
    checks: Sequence[tuple[Table, ColumnElement[bool]]] = (
        (feeds, feeds.c.next_poll_at > now + longest.feed),
        (articles, articles.c.page_next_try_at > now + longest.page),
        (images, images.c.next_try_at > now + LONGEST_IMAGE_WAIT),
        (silences, silences.c.until > future + MAX_HOST_BLOCK),
        (hub_subscriptions, _hub_has_wrong_times(now)),
        (items, items.c.user_id.in_(select(users.c.id)) & (items.c.sort_at > future)),
        (feeds, feeds.c.lease_until > future + longest.lease),
        (feeds, (feeds.c.last_polled > future) | (feeds.c.added > future)),
    )
    return any(
        conn.execute(select(1).select_from(table).where(where).limit(1)).first() for table, where in checks
    )


def repair_waits(conn: Connection, now: datetime, longest: WaitLimits) -> None:
    """End waits for times that a wrong clock wrote, except the polls of feeds (see `reschedule`)."""
    future = now + CLOCK_TOLERANCE
    beyond = feeds.c.lease_until > future + longest.lease
    conn.execute(update(feeds).where(beyond).values(lease_token=None, lease_until=None))
    late = articles.c.page_next_try_at > future
    wrong = (articles.c.page_next_try_at > now + longest.page) | (articles.c.page_tried > future)
    _spread(conn, articles.c.page_next_try_at, now, late & wrong)
    conn.execute(update(articles).where(articles.c.page_tried > future).values(page_tried=now))
    _spread(conn, images.c.next_try_at, now, images.c.next_try_at > now + LONGEST_IMAGE_WAIT)
    conn.execute(delete(silences).where(silences.c.until > future + MAX_HOST_BLOCK))
    conn.execute(delete(robots).where(robots.c.fetched > future))
    again = {"state": "asked", "lease_until": None, "requested": None, "next_try_at": now, "attempts": 0}
    conn.execute(update(hub_subscriptions).where(_hub_has_wrong_times(now)).values(**again))
    conn.execute(update(tokens).where(tokens.c.last_used > future).values(last_used=now))
    for column in (feeds.c.failing_since, feeds.c.failed_at, feeds.c.redirect_since, feeds.c.last_ok):
        conn.execute(update(feeds).where(column > future).values({column.name: now}))


def _hub_has_wrong_times(now: datetime) -> ColumnElement[bool]:
    hub, future = hub_subscriptions.c, now + CLOCK_TOLERANCE
    beyond = future + LONGEST_HUB_LEASE
    return or_(hub.requested > future, hub.lease_until > beyond, hub.next_try_at > beyond)


def _spread(conn: Connection, column: Any, now: datetime, where: ColumnElement[bool]) -> None:
    """Reschedule rows within SPREAD_SECONDS from now, by their ids."""
    seconds = column.table.c.id % SPREAD_SECONDS
    moment = type_coerce(to_microseconds(now) + seconds * 1_000_000, Instant)
    conn.execute(update(column.table).where(where).values({column.name: moment}))


def future_arrivals(conn: Connection, now: datetime) -> tuple[tuple[int, ...], timedelta]:
    """Return the articles that lists date in the future, and how far the latest of them is ahead."""
    late = items.c.user_id.in_(select(users.c.id)) & (items.c.sort_at > now + CLOCK_TOLERANCE)
    rows = conn.execute(select(items.c.article_id, items.c.sort_at).where(late)).all()
    ahead = max((row.sort_at for row in rows), default=now) - now
    return tuple(sorted({row.article_id for row in rows})), ahead


def repair_arrivals(conn: Connection, article_ids: Sequence[int], now: datetime, ahead: timedelta) -> None:
    """Move articles from the future to the present; those of one wrong hour keep their order.

    Lists are sorted by these times: new articles would stand below such ones until the times come.
    """
    unindex(conn, article_ids)
    for column, article in (
        (items.c.delivered, items.c.article_id),
        (items.c.sort_at, items.c.article_id),
        (sightings.c.seen, sightings.c.article_id),
        (sightings.c.sort_at, sightings.c.article_id),
        (articles.c.sort_at, articles.c.id),
        (articles.c.first_seen, articles.c.id),
    ):
        moved = type_coerce(type_coerce(column, BigInteger) - ahead // MICROSECOND, Instant)
        mine = article.in_(article_ids) & (column > now + CLOCK_TOLERANCE)
        conn.execute(update(column.table).where(mine).values({column.name: moved}))
    index_stored(conn, article_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRecord:
    """Time of the last clock check (EPOCH: none yet), and the time from which the clock is trusted."""

    last_check: datetime = EPOCH
    trusted_from: datetime = EPOCH


def next_clock_record(known: ClockRecord, now: datetime) -> ClockRecord:
    """Return the record after a check of the clock; the same one within CHECK_INTERVAL of the last check.

    After more than LONG_GAP since the last check, either the clock jumped or the machine was off: the clock
    is trusted again once it has run for TRUST_DELAY.
    """
    trusted = known.trusted_from
    if known.last_check != EPOCH and now - known.last_check > LONG_GAP:
        trusted = now + TRUST_DELAY
    elif trusted > now + TRUST_DELAY:
        trusted = EPOCH  # the clock was ahead when it was doubted, and is right again
    elif abs(now - known.last_check) < CHECK_INTERVAL:
        return known
    return ClockRecord(last_check=now, trusted_from=trusted)


def load_clock_record(conn: Connection) -> ClockRecord:
    """Return the record of the last clock check."""
    rows = conn.execute(select(counters).where(counters.c.name.in_((_LAST_CHECK, _TRUSTED_FROM))))
    known = {row.name: from_microseconds(row.value) for row in rows}
    return ClockRecord(last_check=known.get(_LAST_CHECK, EPOCH), trusted_from=known.get(_TRUSTED_FROM, EPOCH))


def save_clock_record(conn: Connection, record: ClockRecord) -> None:
    """Replace the record of the last clock check."""
    conn.execute(delete(counters).where(counters.c.name.in_((_LAST_CHECK, _TRUSTED_FROM))))
    named = ((_LAST_CHECK, record.last_check), (_TRUSTED_FROM, record.trusted_from))
    conn.execute(insert(counters), [{"name": name, "value": to_microseconds(at)} for name, at in named])
