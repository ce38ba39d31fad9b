"""Which feeds and pages are due, who works on them, and what came of it."""

import secrets
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from unabridged.archive.codec import decode_entry, decompress, storable
from unabridged.archive.feeds import move_feed, one_feed, stored_feed
from unabridged.archive.records import LeasedFeed, PendingPage, PollOutcome, StoredFeed
from unabridged.archive.schema import articles, feeds, revisions, sightings, subscriptions
from unabridged.errors import LeaseLost, NotFound
from unabridged.model import Feed

MAX_TTL = 365 * 24 * 3600
"""Seconds: a feed that asks for more is kept to a year."""


def _due(now: datetime) -> ColumnElement[bool]:
    subscribed = select(subscriptions.c.feed_id).where(subscriptions.c.feed_id == feeds.c.id).exists()
    free = or_(feeds.c.lease_until.is_(None), feeds.c.lease_until <= now)
    return (feeds.c.next_poll_at <= now) & (feeds.c.status == "active") & free & subscribed


def due_feeds(conn: Connection, now: datetime, limit: int) -> tuple[StoredFeed, ...]:
    query = select(feeds).where(_due(now)).order_by(feeds.c.next_poll_at, feeds.c.id).limit(limit)
    return tuple(stored_feed(row) for row in conn.execute(query).mappings())


def claim_feeds(conn: Connection, now: datetime, limit: int, lease: float) -> tuple[LeasedFeed, ...]:
    query = select(feeds).where(_due(now)).order_by(feeds.c.next_poll_at, feeds.c.id).limit(limit)
    # Workers step over each other's rows instead of queueing; SQLite has one writer and ignores it.
    rows = conn.execute(query.with_for_update(skip_locked=True, of=feeds)).mappings().all()
    return _lease(conn, [stored_feed(row) for row in rows], now, lease)


def claim_feed(conn: Connection, feed_id: int, now: datetime, lease: float) -> LeasedFeed | None:
    conn.execute(select(feeds.c.id).where(feeds.c.id == feed_id).with_for_update())
    feed = one_feed(conn, feed_id)
    until = conn.execute(select(feeds.c.lease_until).where(feeds.c.id == feed_id)).scalar()
    if until is not None and until > now:
        return None
    return _lease(conn, [feed], now, lease)[0]


def _lease(
    conn: Connection, claimed: list[StoredFeed], now: datetime, lease: float
) -> tuple[LeasedFeed, ...]:
    if not claimed:
        return ()
    token, until = secrets.token_hex(16), now + timedelta(seconds=lease)
    numbers = [feed.id for feed in claimed]
    conn.execute(update(feeds).where(feeds.c.id.in_(numbers)).values(lease_token=token, lease_until=until))
    return tuple(LeasedFeed(feed=feed, token=token, until=until) for feed in claimed)


def release_feed(conn: Connection, leased: LeasedFeed) -> None:
    ours = (feeds.c.id == leased.feed.id) & (feeds.c.lease_token == leased.token)
    conn.execute(update(feeds).where(ours).values(lease_token=None, lease_until=None))


def check_lease(conn: Connection, feed_id: int, token: str | None) -> StoredFeed:
    """The feed, its row locked; LeaseLost when the token is not the one that holds it now."""
    query = select(feeds).where(feeds.c.id == feed_id).with_for_update()
    row = conn.execute(query).mappings().first()
    if row is None:
        raise NotFound(f"There is no feed {feed_id}.")
    if token is not None and row["lease_token"] != token:
        raise LeaseLost(f"Another worker has taken feed {feed_id} over; this result is dropped.")
    return stored_feed(row)


def next_due_at(conn: Connection) -> datetime | None:
    subscribed = select(subscriptions.c.feed_id).where(subscriptions.c.feed_id == feeds.c.id).exists()
    # A claimed feed falls due again when its lease ends: its worker may have died.
    at = func.min(feeds.c.next_poll_at)
    free = select(at).where(feeds.c.status == "active", subscribed, feeds.c.lease_until.is_(None))
    held = select(func.min(feeds.c.lease_until)).where(feeds.c.status == "active", subscribed)
    pages = select(func.min(articles.c.page_next_try_at))
    found = [conn.execute(query).scalar() for query in (free, held, pages)]
    return min((when for when in found if when is not None), default=None)


def posting_times(conn: Connection, feed_id: int, limit: int) -> tuple[datetime, ...]:
    query = select(sightings.c.sort_at).where(sightings.c.feed_id == feed_id)
    newest = query.order_by(sightings.c.sort_at.desc(), sightings.c.article_id.desc()).limit(limit)
    return tuple(conn.execute(newest).scalars())


def write_outcome(conn: Connection, feed: StoredFeed, outcome: PollOutcome) -> None:
    """Put a poll's result and schedule on the feed's row and end the claim."""
    if outcome.moved_to is not None:
        move_feed(conn, feed.id, outcome.moved_to, outcome.moved_status, outcome.polled)
    values: dict[str, Any] = {
        "last_polled": outcome.polled,
        "next_poll_at": outcome.next_poll_at,
        "lease_token": None,
        "lease_until": None,
        "redirect_to": outcome.redirect and outcome.redirect.to,
        "redirect_hits": outcome.redirect and outcome.redirect.hits,
        "redirect_since": outcome.redirect and outcome.redirect.since,
    }
    values |= _health(feed, outcome)
    if outcome.validators is not None:
        values["etag"] = outcome.validators.etag
        values["last_modified"] = outcome.validators.last_modified
        values["body_sha256"] = outcome.validators.body_sha256
    if outcome.status is not None:
        values["status"] = outcome.status
    conn.execute(update(feeds).where(feeds.c.id == feed.id).values(**values))


def _health(feed: StoredFeed, outcome: PollOutcome) -> dict[str, Any]:
    failure = outcome.failure
    if failure is None:
        return {
            "last_ok": outcome.polled,
            "failures": 0,
            "failure_kind": None,
            "failure_message": None,
            "failure_advice": None,
        }
    return {
        "failures": feed.failures + 1,
        "failure_kind": failure.kind,
        "failure_message": storable(failure.message),
        "failure_advice": storable(failure.advice),
    }


def write_description(conn: Connection, feed_id: int, parsed: Feed) -> None:
    """Put what a feed says of itself on its row; silence does not wipe what it said before."""
    said = {
        "title": parsed.title,
        "site_url": parsed.site_url,
        "description": parsed.description,
        "language": parsed.language,
        "icon": parsed.icon,
        "hubs": orjson.dumps([storable(hub) for hub in parsed.hubs]).decode() if parsed.hubs else None,
    }
    values = {name: storable(value) for name, value in said.items() if value}
    ttl = None if parsed.ttl is None else min(parsed.ttl, MAX_TTL)
    conn.execute(update(feeds).where(feeds.c.id == feed_id).values(**values, ttl=ttl))


# Pages


def pending_pages(conn: Connection, now: datetime, limit: int) -> tuple[PendingPage, ...]:
    first = revisions.alias()
    query = (
        select(articles, first.c.entry)
        .outerjoin(first, (first.c.article_id == articles.c.id) & (first.c.number == 0))
        .where(articles.c.page_next_try_at <= now)
        .order_by(articles.c.sort_at.desc(), articles.c.id.desc())
        .limit(limit)
    )
    if conn.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True, of=articles)
    return tuple(
        PendingPage(
            article_id=row["id"],
            url=row["url"],
            entry=None if row["entry"] is None else decode_entry(decompress(row["entry"])),
            feed_id=row["feed_id"],
            attempts=row["page_attempts"],
        )
        for row in conn.execute(query).mappings()
    )


def claim_pages(conn: Connection, now: datetime, limit: int, lease: float) -> tuple[PendingPage, ...]:
    claimed = pending_pages(conn, now, limit)
    if claimed:
        mine = articles.c.id.in_([page.article_id for page in claimed])
        until = now + timedelta(seconds=lease)
        conn.execute(update(articles).where(mine).values(page_next_try_at=until))
    return claimed


def request_page(conn: Connection, article_id: int, now: datetime) -> None:
    wanted = (articles.c.id == article_id) & (articles.c.page_state != "none")
    state = {"page_next_try_at": now, "page_attempts": 0}
    if conn.execute(update(articles).where(wanted).values(**state)).rowcount == 0:
        raise NotFound(f"There is no article {article_id} with an address.")
