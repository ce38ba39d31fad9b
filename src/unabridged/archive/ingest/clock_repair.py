"""Times that only a wrong clock can have written, put right.

A clock that was ahead for a while leaves times beyond any interval of this program: nothing would be asked
until they come. Looking for them costs one look into an index each; they are mended where they are found.
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
SPREAD = 3600
"""Seconds over which pages and pictures are spread that were planned by a wrong clock."""

LONGEST_PICTURE = timedelta(days=31)
LONGEST_HUB_LEASE = timedelta(days=90)

LONG_GAP = timedelta(days=30)
SETTLING = timedelta(days=1)
"""After a gap of so much between two looks at the clock, nothing is erased for its age for so long."""

LOOK_EVERY = timedelta(hours=1)

_LAST_LOOK = "clock_last_look"
_TRUSTED_FROM = "clock_trusted_from"


def is_upset(conn: Connection, now: datetime, longest: WaitLimits) -> bool:
    """Say whether anything is planned for a time that only a wrong clock can have chosen."""
    looks: Sequence[tuple[Table, ColumnElement[bool]]] = (
        (feeds, feeds.c.next_poll_at > now + longest.feed),
        (articles, articles.c.page_next_try_at > now + longest.page),
        (images, images.c.next_try_at > now + LONGEST_PICTURE),
        (silences, silences.c.until > now + MAX_HOST_BLOCK + CLOCK_TOLERANCE),
        (hub_subscriptions, _hub_is_upset(now)),
        (items, items.c.user_id.in_(select(users.c.id)) & (items.c.sort_at > now + CLOCK_TOLERANCE)),
        (feeds, feeds.c.lease_until > now + longest.lease + CLOCK_TOLERANCE),
        (feeds, (feeds.c.last_polled > now + CLOCK_TOLERANCE) | (feeds.c.added > now + CLOCK_TOLERANCE)),
    )
    return any(
        conn.execute(select(1).select_from(table).where(where).limit(1)).first() for table, where in looks
    )


def mend_waits(conn: Connection, now: datetime, longest: WaitLimits) -> None:
    """End what would wait until a time that a wrong clock chose; feeds have plans of their own."""
    beyond = feeds.c.lease_until > now + longest.lease + CLOCK_TOLERANCE
    conn.execute(update(feeds).where(beyond).values(lease_token=None, lease_until=None))
    late = articles.c.page_next_try_at > now + CLOCK_TOLERANCE
    tried_late = articles.c.page_tried > now + CLOCK_TOLERANCE
    wrong = (articles.c.page_next_try_at > now + longest.page) | tried_late
    _spread(conn, articles.c.page_next_try_at, now, late & wrong)
    conn.execute(update(articles).where(tried_late).values(page_tried=now))
    _spread(conn, images.c.next_try_at, now, images.c.next_try_at > now + LONGEST_PICTURE)
    conn.execute(delete(silences).where(silences.c.until > now + MAX_HOST_BLOCK + CLOCK_TOLERANCE))
    conn.execute(delete(robots).where(robots.c.fetched > now + CLOCK_TOLERANCE))
    again = {"state": "asked", "lease_until": None, "requested": None, "next_try_at": now, "attempts": 0}
    conn.execute(update(hub_subscriptions).where(_hub_is_upset(now)).values(**again))
    conn.execute(update(tokens).where(tokens.c.last_used > now + CLOCK_TOLERANCE).values(last_used=now))
    for column in (feeds.c.failing_since, feeds.c.failed_at, feeds.c.redirect_since, feeds.c.last_ok):
        conn.execute(update(feeds).where(column > now + CLOCK_TOLERANCE).values({column.name: now}))


def _hub_is_upset(now: datetime) -> ColumnElement[bool]:
    one = hub_subscriptions.c
    beyond = now + LONGEST_HUB_LEASE + CLOCK_TOLERANCE
    return or_(one.requested > now + CLOCK_TOLERANCE, one.lease_until > beyond, one.next_try_at > beyond)


def _spread(conn: Connection, column: Any, now: datetime, where: ColumnElement[bool]) -> None:
    """Plan rows anew, each a number of seconds from now that its own number gives."""
    seconds = column.table.c.id % SPREAD
    moment = type_coerce(to_microseconds(now) + seconds * 1_000_000, Instant)
    conn.execute(update(column.table).where(where).values({column.name: moment}))


def late_arrivals(conn: Connection, now: datetime) -> tuple[tuple[int, ...], timedelta]:
    """Return the articles that stand in lists as of the future, and by how much the latest is ahead."""
    late = items.c.user_id.in_(select(users.c.id)) & (items.c.sort_at > now + CLOCK_TOLERANCE)
    rows = conn.execute(select(items.c.article_id, items.c.sort_at).where(late)).all()
    ahead = max((row.sort_at for row in rows), default=now) - now
    return tuple(sorted({row.article_id for row in rows})), ahead


def mend_arrivals(conn: Connection, article_ids: Sequence[int], now: datetime, ahead: timedelta) -> None:
    """Move articles from the future to the present; those of one wrong hour keep their order.

    Lists are sorted by these times: nothing new would be seen above such articles for as long.
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
class Looks:
    """When the clock was last looked at (EPOCH: never), and from when on it is believed."""

    last: datetime = EPOCH
    trusted_from: datetime = EPOCH


def next_looks(known: Looks, now: datetime) -> Looks:
    """Return what is known of the clock after a look at it; the same as before within LOOK_EVERY.

    After more than LONG_GAP since the last look the clock may have leapt as well as the machine have rested:
    it is believed when it has gone on for SETTLING.
    """
    trusted = known.trusted_from
    if known.last != EPOCH and now - known.last > LONG_GAP:
        trusted = now + SETTLING
    elif trusted > now + SETTLING:
        trusted = EPOCH  # it was ahead when it was doubted, and is right again
    elif abs(now - known.last) < LOOK_EVERY:
        return known
    return Looks(last=now, trusted_from=trusted)


def looks(conn: Connection) -> Looks:
    """Return what is known of the clock."""
    rows = conn.execute(select(counters).where(counters.c.name.in_((_LAST_LOOK, _TRUSTED_FROM))))
    known = {row.name: from_microseconds(row.value) for row in rows}
    return Looks(last=known.get(_LAST_LOOK, EPOCH), trusted_from=known.get(_TRUSTED_FROM, EPOCH))


def keep_looks(conn: Connection, looks: Looks) -> None:
    """Keep what is known of the clock."""
    conn.execute(delete(counters).where(counters.c.name.in_((_LAST_LOOK, _TRUSTED_FROM))))
    named = ((_LAST_LOOK, looks.last), (_TRUSTED_FROM, looks.trusted_from))
    conn.execute(insert(counters), [{"name": name, "value": to_microseconds(at)} for name, at in named])
