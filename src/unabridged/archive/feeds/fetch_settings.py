"""Per-feed request settings, site cookies, host back-off and cached robots.txt."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import orjson
from sqlalchemy import Connection, delete, insert, select, update

from unabridged.archive.feeds.feeds import get_feed
from unabridged.archive.records.encoding import storable
from unabridged.archive.records.polling import CLOCK_TOLERANCE, RobotsFile
from unabridged.archive.storage.tables import feed_settings, feeds, robots, silences, site_cookies
from unabridged.config import FeedSettings
from unabridged.urls import origin

MAX_HOST_BLOCK = timedelta(days=1)
"""Longest pause of a host that is honoured; a later end was written by a wrong clock."""

MAX_ROBOTS = 10_000
"""Most cached robots.txt files; those that expired first are deleted first."""


def load_settings(conn: Connection, feed_ids: Sequence[int] | None = None) -> dict[int, FeedSettings]:
    """Map feed ids (None: of all feeds) to request settings, for feeds that have any."""
    query = select(feed_settings)
    if feed_ids is not None:
        query = query.where(feed_settings.c.feed_id.in_(feed_ids))
    rows = conn.execute(query)
    return {
        row.feed_id: FeedSettings(
            user_agent=row.user_agent,
            headers=tuple((name, value) for name, value in orjson.loads(row.headers)),
            username=row.username,
            password=row.password,
            proxy=row.proxy,
            origin=row.origin,
        )
        for row in rows
    }


def settings_for_pages(conn: Connection, pages: Sequence[tuple[int, int | None]]) -> dict[int, FeedSettings]:
    """Map article ids to the request settings of their feeds, secrets bound to their origin.

    pages: pairs of article id and feed id.
    """
    feed_ids = {feed_id for _, feed_id in pages if feed_id is not None}
    own = load_settings(conn, tuple(feed_ids)) if feed_ids else {}
    return {article: own[feed_id] for article, feed_id in pages if feed_id in own}


def set_settings(conn: Connection, feed_id: int, wanted: FeedSettings, now: datetime) -> None:
    """Replace a feed's request settings; a failing feed becomes due immediately. Raises NotFound.

    Secrets without an origin are bound to the origin of the feed's current address.
    """
    feed = get_feed(conn, feed_id)
    wanted = wanted.bound_to(wanted.origin or origin(feed.url))
    conn.execute(delete(feed_settings).where(feed_settings.c.feed_id == feed_id))
    if wanted != FeedSettings():
        row = {
            "feed_id": feed_id,
            "user_agent": wanted.user_agent,
            "headers": orjson.dumps(wanted.headers).decode(),
            "username": wanted.username,
            "password": wanted.password,
            "proxy": wanted.proxy,
            "origin": wanted.origin,
        }
        conn.execute(insert(feed_settings), row)
    if feed.failures and feed.status == "active":
        conn.execute(update(feeds).where(feeds.c.id == feed_id).values(next_poll_at=now))


def load_cookies(conn: Connection) -> dict[str, str]:
    """Map sites to the user's login cookie."""
    rows = conn.execute(select(site_cookies.c.site, site_cookies.c.cookie))
    return {row.site: row.cookie for row in rows}


def set_cookie(conn: Connection, site: str, cookie: str | None, now: datetime) -> None:
    """Save a login cookie for a site, or delete it (None)."""
    conn.execute(delete(site_cookies).where(site_cookies.c.site == site))
    if cookie is not None:
        conn.execute(insert(site_cookies), {"site": site, "cookie": cookie, "added": now})


def blocked_hosts(conn: Connection, now: datetime) -> dict[str, datetime]:
    """Map hosts that asked for a pause to its end; pauses that are over are deleted."""
    wrong = now + MAX_HOST_BLOCK + CLOCK_TOLERANCE  # a later end was written by a wrong clock
    conn.execute(delete(silences).where((silences.c.until <= now) | (silences.c.until > wrong)))
    return {row.host: row.until for row in conn.execute(select(silences))}


def block_host(conn: Connection, host: str, until: datetime) -> None:
    """Save that a host asked for a pause, so that a restart honours it."""
    conn.execute(delete(silences).where(silences.c.host == host))
    conn.execute(insert(silences), {"host": host, "until": until})


def load_robots(conn: Connection, origin: str) -> RobotsFile | None:
    row = conn.execute(select(robots).where(robots.c.origin == origin)).first()
    if row is None:
        return None
    return RobotsFile(
        origin=row.origin, fetched=row.fetched, expires=row.expires, status=row.status, body=row.body
    )


def save_robots(conn: Connection, file: RobotsFile) -> None:
    """Replace the cached robots.txt of a site, and delete the stalest beyond MAX_ROBOTS."""
    conn.execute(delete(robots).where(robots.c.origin == file.origin))
    row = {
        "origin": file.origin,
        "fetched": file.fetched,
        "expires": file.expires,
        "status": file.status,
        "body": storable(file.body),
    }
    conn.execute(insert(robots), row)
    stalest = select(robots.c.origin).order_by(robots.c.expires.desc()).offset(MAX_ROBOTS).limit(1000)
    stale = conn.execute(stalest).scalars().all()
    if stale:
        conn.execute(delete(robots).where(robots.c.origin.in_(stale)))
