"""Choices of people about feeds: the interval between polls, and full text on or off."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from unabridged.archive.storage.tables import LISTED, articles, feeds, sightings
from unabridged.errors import InvalidValue

SHORTEST_INTERVAL, LONGEST_INTERVAL = 15 * 60, 24 * 3600
"""Bounds of an interval that a person may choose, in seconds."""

READ_AGAIN = 50
"""Newest articles whose pages are read when full text is switched on again."""


def set_interval(conn: Connection, feed_ids: Sequence[int], seconds: int | None, now: datetime) -> None:
    """Set the interval between polls; None: learned. Feeds that answer and would be late are due sooner.

    A feed that fails keeps its back-off, and a time to live that the publisher states is kept, too. Raises
    InvalidValue for an interval out of bounds.
    """
    if seconds is not None and not SHORTEST_INTERVAL <= seconds <= LONGEST_INTERVAL:
        raise InvalidValue("A feed can be asked every 15 minutes up to once a day.")
    mine = feeds.c.id.in_(feed_ids)
    conn.execute(update(feeds).where(mine).values(poll_interval=seconds))
    if seconds is None:
        return
    planned = (feeds.c.id, feeds.c.ttl, feeds.c.last_polled, feeds.c.next_poll_at)
    answering = (feeds.c.status == "active") & (feeds.c.failures == 0) & feeds.c.next_poll_at.is_not(None)
    query = select(*planned).where(mine, answering, feeds.c.last_polled.is_not(None))
    for row in conn.execute(query.order_by(feeds.c.id)).all():
        wanted = max(now, row.last_polled + timedelta(seconds=max(seconds, row.ttl or 0)))
        if wanted < row.next_poll_at:
            conn.execute(update(feeds).where(feeds.c.id == row.id).values(next_poll_at=wanted))


def set_full_text(conn: Connection, feed_ids: Sequence[int], now: datetime, *, on: bool) -> None:
    """Switch the reading of pages on or off.

    Off: no page of the feed's articles is fetched any more; texts that are stored stay. On: the pages of its
    newest articles that were not read are due.
    """
    changed = select(feeds.c.id).where(feeds.c.id.in_(feed_ids), feeds.c.full_text == int(not on))
    for feed_id in conn.execute(changed.order_by(feeds.c.id)).scalars().all():
        conn.execute(update(feeds).where(feeds.c.id == feed_id).values(full_text=int(on)))
        if on:
            _read_newest(conn, feed_id, now)
        else:
            _stop_reading(conn, feed_id)


def _stop_reading(conn: Connection, feed_id: int) -> None:
    mine = articles.c.feed_id == feed_id
    conn.execute(
        update(articles).where(mine, articles.c.page_state == "waiting").values(page_state="skipped")
    )
    conn.execute(
        update(articles).where(mine, articles.c.page_next_try_at.is_not(None)).values(page_next_try_at=None)
    )


def _read_newest(conn: Connection, feed_id: int, now: datetime) -> None:
    newest = (
        select(articles.c.id)
        .join(sightings, sightings.c.article_id == articles.c.id)
        .where(
            sightings.c.feed_id == feed_id,
            articles.c.feed_id == feed_id,
            articles.c.page_state.in_(("skipped", "failed")),
            LISTED,
        )
        .order_by(sightings.c.sort_at.desc(), articles.c.id.desc())
        .limit(READ_AGAIN)
    )
    numbers = conn.execute(newest).scalars().all()
    due = {"page_state": "waiting", "page_next_try_at": now, "page_attempts": 0}
    conn.execute(update(articles).where(articles.c.id.in_(numbers)).values(**due))
