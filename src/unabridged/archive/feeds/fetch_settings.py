"""How feeds and sites are to be asked: settings of one feed, cookies, hosts that want silence, robots.txt."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import orjson
from sqlalchemy import Connection, delete, insert, select, update

from unabridged.archive.feeds.feeds import one_feed
from unabridged.archive.records.encoding import storable
from unabridged.archive.records.polling import CLOCK_TOLERANCE, RobotsFile
from unabridged.archive.storage.tables import feed_settings, feeds, robots, silences, site_cookies
from unabridged.config import FeedSettings
from unabridged.urls import origin

MAX_HOST_BLOCK = timedelta(days=1)
"""Longest pause of a host that is honoured; a later end was written by a wrong clock."""

MAX_ROBOTS = 10_000
"""Answers about robots.txt that are kept; the stalest go first."""


def settings_of(conn: Connection, feed_ids: Sequence[int] | None = None) -> dict[int, FeedSettings]:
    """Feed number -> its settings, for those feeds that have any; None: of all feeds."""
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
    """Article number -> what its feed's settings say, their secrets bound to the origin they belong to.

    pages: (article, feed).
    """
    feed_ids = {feed_id for _, feed_id in pages if feed_id is not None}
    own = settings_of(conn, tuple(feed_ids)) if feed_ids else {}
    return {article: own[feed_id] for article, feed_id in pages if feed_id in own}


def set_settings(conn: Connection, feed_id: int, wanted: FeedSettings, now: datetime) -> None:
    """Ask a feed so from now on; one that failed is due at once. Raises NotFound.

    Secrets that are not bound yet are for the origin of the feed's present address.
    """
    feed = one_feed(conn, feed_id)
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


def cookies(conn: Connection) -> dict[str, str]:
    """Site -> the reader's own login cookie for it."""
    rows = conn.execute(select(site_cookies.c.site, site_cookies.c.cookie))
    return {row.site: row.cookie for row in rows}


def set_cookie(conn: Connection, site: str, cookie: str | None, now: datetime) -> None:
    """Keep a cookie for a site, or forget it (None)."""
    conn.execute(delete(site_cookies).where(site_cookies.c.site == site))
    if cookie is not None:
        conn.execute(insert(site_cookies), {"site": site, "cookie": cookie, "added": now})


def silent_hosts(conn: Connection, now: datetime) -> dict[str, datetime]:
    """Host -> until when it wants to be left alone; what is over is forgotten."""
    wrong = now + MAX_HOST_BLOCK + CLOCK_TOLERANCE  # what lasts longer was written by a wrong clock
    conn.execute(delete(silences).where((silences.c.until <= now) | (silences.c.until > wrong)))
    return {row.host: row.until for row in conn.execute(select(silences))}


def note_silence(conn: Connection, host: str, until: datetime) -> None:
    """Remember beyond a restart that a host wants to be left alone."""
    conn.execute(delete(silences).where(silences.c.host == host))
    conn.execute(insert(silences), {"host": host, "until": until})


def robots_of(conn: Connection, origin: str) -> RobotsFile | None:
    row = conn.execute(select(robots).where(robots.c.origin == origin)).first()
    if row is None:
        return None
    return RobotsFile(
        origin=row.origin, fetched=row.fetched, expires=row.expires, status=row.status, body=row.body
    )


def keep_robots(conn: Connection, file: RobotsFile) -> None:
    """Keep what a site answered about robots, in place of what it said before."""
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
