"""Log of events, read by cursor: what a person may see of it, and its retention.

A person sees the events of their feeds, and of articles that were delivered to them, unless a rule of theirs
mutes the article or it is a duplicate of another one. A page looks at SCANNED numbers at most, so that a
person with few events does not have all those of others read; its cursor moves on all the same.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, or_, select

from unabridged.archive.records.core import OWNER
from unabridged.archive.records.events import (
    EVENT_KINDS,
    MOST_EVENTS,
    OWNER_KINDS,
    Event,
    EventPage,
    EventQuery,
)
from unabridged.archive.storage.tables import (
    LISTED,
    articles,
    counters,
    feeds,
    items,
    sightings,
    subscriptions,
)
from unabridged.archive.storage.tables_events import events
from unabridged.errors import NotFound

SCANNED = 10_000
"""Numbers that one page looks at: some 20 ms."""
DELETED = 2000
"""Old events that one transaction deletes."""


def last_number(conn: Connection) -> int:
    """Return the number of the last event, 0 if there was none yet."""
    return conn.execute(select(counters.c.value).where(counters.c.name == "events")).scalar() or 0


def read_events(conn: Connection, user: int, query: EventQuery) -> EventPage:
    """Return a page of events, oldest first. Raises NotFound for a feed that the person does not have."""
    if query.feed is not None:
        check_subscription(conn, user, query.feed)
    first = conn.execute(select(func.min(events.c.number)).where(events.c.number > query.after)).scalar()
    last = last_number(conn)
    if first is None:
        return EventPage(events=(), next=max(query.after, last), more=False)
    end = min(first + SCANNED - 1, last)
    limit = max(1, min(query.limit, MOST_EVENTS))
    found = conn.execute(_selection(user, query, first, end).limit(limit + 1)).all()
    page = found[:limit]
    reached = page[-1].number if len(found) > limit else end
    return EventPage(events=_events(conn, user, page), next=reached, more=reached < last)


def latest_events(conn: Connection, user: int, query: EventQuery, before: int | None) -> EventPage:
    """Return a page of events, the latest first. before: a number; only lower ones. Raises NotFound.

    The `next` of the page is the `before` of the next one.
    """
    if query.feed is not None:
        check_subscription(conn, user, query.feed)
    last = last_number(conn) if before is None else before - 1
    first = max(query.after + 1, last - SCANNED + 1)
    limit = max(1, min(query.limit, MOST_EVENTS))
    chosen = _selection(user, query, first, last).order_by(None).order_by(events.c.number.desc())
    found = conn.execute(chosen.limit(limit + 1)).all()
    page = found[:limit]
    reached = page[-1].number if len(found) > limit else first
    oldest = conn.execute(select(func.min(events.c.number))).scalar() or 0
    more = reached > max(oldest, query.after + 1)
    return EventPage(events=_events(conn, user, page), next=reached, more=more)


def check_subscription(conn: Connection, user: int, feed: int) -> None:
    """Raise NotFound unless the user subscribes to the feed, even for the owner."""
    mine = (subscriptions.c.user_id == user) & (subscriptions.c.feed_id == feed)
    if conn.execute(select(subscriptions.c.feed_id).where(mine)).first() is None:
        raise NotFound(f"There is no feed {feed}.")


def _selection(user: int, query: EventQuery, first: int, last: int) -> Select[Any]:
    """Return the events from a number to another that match and that the person may see, oldest first."""
    shown = (
        select(func.min(sightings.c.feed_id))
        .join(subscriptions, subscriptions.c.feed_id == sightings.c.feed_id)
        .where(sightings.c.article_id == events.c.article_id, subscriptions.c.user_id == user)
        .correlate(events)
        .scalar_subquery()
    )
    mine = (items.c.article_id == events.c.article_id) & (items.c.user_id == user)
    own = (subscriptions.c.feed_id == events.c.feed_id) & (subscriptions.c.user_id == user)
    source = (
        events.outerjoin(articles, articles.c.id == events.c.article_id)
        .outerjoin(items, mine)
        .outerjoin(subscriptions, own)
    )
    feed = func.coalesce(subscriptions.c.feed_id, shown).label("shown_feed")
    where: list[ColumnElement[bool]] = [events.c.number.between(first, last), _visible(user)]
    if query.kinds != EVENT_KINDS:
        where.append(events.c.kind.in_(query.kinds))
    if query.since is not None:
        where.append(events.c.at >= query.since)
    if query.feed is not None:
        where.append(_of_feed(query.feed))
    columns = (events, feed, articles.c.title, articles.c.url)
    return select(*columns).select_from(source).where(*where).order_by(events.c.number)


def _visible(user: int) -> ColumnElement[bool]:
    """Condition that a person may see an event, in the join of `_selection`."""
    of_article = items.c.id.is_not(None) & items.c.muted.is_(None) & LISTED
    of_feed = events.c.article_id.is_(None) & subscriptions.c.feed_id.is_not(None)
    ways: list[ColumnElement[bool]] = [of_article, of_feed]
    if user == OWNER:
        ways.append(events.c.kind.in_(OWNER_KINDS))
    return or_(events.c.user_id == user, events.c.user_id.is_(None) & or_(*ways))


def _of_feed(feed: int) -> ColumnElement[bool]:
    """Condition that an event is about a feed, or about an article that it shows."""
    shown = select(sightings.c.article_id).where(
        sightings.c.feed_id == feed, sightings.c.article_id == events.c.article_id
    )
    return or_(events.c.feed_id == feed, shown.correlate(events).exists())


def _events(conn: Connection, user: int, rows: Sequence[Row[Any]]) -> tuple[Event, ...]:
    names = _feed_names(conn, user, {row.shown_feed for row in rows if row.shown_feed is not None})
    return tuple(_event(row, names) for row in rows)


def _feed_names(conn: Connection, user: int, numbers: set[int]) -> dict[int, tuple[str, str]]:
    """Map feeds to their titles, as the person named them, and their addresses."""
    own = (subscriptions.c.feed_id == feeds.c.id) & (subscriptions.c.user_id == user)
    title = func.coalesce(subscriptions.c.title, feeds.c.title)
    query = select(feeds.c.id, title, feeds.c.url).select_from(feeds.outerjoin(subscriptions, own))
    return {number: (name, url) for number, name, url in conn.execute(query.where(feeds.c.id.in_(numbers)))}


def _event(row: Row[Any], names: Mapping[int, tuple[str, str]]) -> Event:
    title, url = (
        (row.title, row.url) if row.article_id is not None else names.get(row.shown_feed, (None, None))
    )
    return Event(
        number=row.number,
        kind=row.kind,
        at=row.at,
        feed=row.shown_feed,
        article=row.article_id,
        before=row.revision_before,
        after=row.revision_after,
        details=orjson.loads(row.details),
        title=title,
        url=url,
    )


def has_old(conn: Connection, before: datetime) -> bool:
    """Say whether any of the first events is of earlier than a time."""
    first = select(events.c.at).order_by(events.c.number).limit(DELETED)
    return any(at < before for at in conn.execute(first).scalars())


def delete_old(conn: Connection, before: datetime, after: int) -> int | None:
    """Delete up to DELETED events of earlier than a time. Returns where to go on; None: nothing is left.

    after: number after which to look, 0 at first.
    """
    oldest = select(events.c.number, events.c.at).where(events.c.number > after)
    rows = conn.execute(oldest.order_by(events.c.number).limit(DELETED)).all()
    old = [row.number for row in rows if row.at < before]
    if not old:
        return None
    conn.execute(delete(events).where(events.c.number.between(old[0], old[-1]), events.c.at < before))
    return int(rows[-1].number)
