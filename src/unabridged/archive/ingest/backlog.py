"""Backlog: counts of what is due, failing pages and their retry, addresses of fetched pages."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, literal, select, union_all, update

from unabridged.archive.ingest.leases import is_due
from unabridged.archive.records.core import Failure
from unabridged.archive.records.polling import FailingPage, RecentFailure, UnderWay, Waiting
from unabridged.archive.storage.tables import LISTED, articles, feeds
from unabridged.archive.storage.tables_library import images

PAGE_LEASE = timedelta(minutes=5)
"""Time within which a page that a worker reads at the moment is due again."""


def failing_pages(conn: Connection, limit: int) -> tuple[FailingPage, ...]:
    """Return pages whose last fetch failed, latest first."""
    query = (
        select(articles)
        .where(articles.c.page_failure_kind.is_not(None), LISTED)
        .order_by(articles.c.page_tried.desc(), articles.c.id.desc())
        .limit(limit)
    )
    return tuple(
        FailingPage(
            article_id=row["id"],
            url=row["url"],
            feed_id=row["feed_id"],
            failure=Failure(
                kind=row["page_failure_kind"],
                message=row["page_failure_message"] or "",
                advice=row["page_failure_advice"] or "",
            ),
            attempts=row["page_attempts"],
            tried=row["page_tried"],
            next_try_at=row["page_next_try_at"],
        )
        for row in conn.execute(query).mappings()
    )


def under_way(conn: Connection, now: datetime) -> UnderWay:
    """Count what workers hold and what waits for them."""
    held = feeds.c.lease_until > now
    soon = articles.c.page_next_try_at <= now + PAGE_LEASE
    free = is_due(now) & feeds.c.lease_until.is_(None)
    counts = (
        select(func.count()).select_from(feeds).where(held),
        select(func.count()).select_from(feeds).where(free),
        select(func.count()).select_from(articles).where(soon, articles.c.page_state == "waiting"),
        select(func.count()).select_from(images).where(images.c.next_try_at <= now),
    )
    polled, due, pages, pictures = (int(conn.execute(one).scalar_one()) for one in counts)
    return UnderWay(polled=polled, due=due, pages=pages, pictures=pictures)


def recent_failures(conn: Connection, since: datetime, limit: int) -> tuple[RecentFailure, ...]:
    """Return feeds and pages whose last fetch failed since a time, the latest first."""
    failing_feeds = select(
        literal("feed").label("about"),
        feeds.c.url,
        feeds.c.failure_kind.label("kind"),
        feeds.c.failure_message.label("message"),
        feeds.c.failure_advice.label("advice"),
        feeds.c.failed_at.label("at"),
    ).where(feeds.c.failure_kind.is_not(None), feeds.c.failed_at >= since)
    failing = select(
        literal("page").label("about"),
        articles.c.url,
        articles.c.page_failure_kind.label("kind"),
        articles.c.page_failure_message.label("message"),
        articles.c.page_failure_advice.label("advice"),
        articles.c.page_tried.label("at"),
    ).where(articles.c.page_failure_kind.is_not(None), articles.c.page_tried >= since, LISTED)
    both = union_all(failing_feeds, failing).subquery()
    rows = conn.execute(select(both).order_by(both.c.at.desc()).limit(limit))
    return tuple(
        RecentFailure(
            about=row.about,
            url=row.url,
            failure=Failure(kind=row.kind, message=row.message or "", advice=row.advice or ""),
            at=row.at,
        )
        for row in rows
    )


def latest_pages(conn: Connection, limit: int) -> tuple[tuple[int, str], ...]:
    """Return numbers and addresses of articles whose pages were fetched, newest first."""
    query = select(articles.c.id, articles.c.url).where(articles.c.page_state == "read", LISTED)
    newest = query.order_by(articles.c.id.desc()).limit(limit)
    return tuple((row.id, row.url) for row in conn.execute(newest))


def count_due(conn: Connection, now: datetime) -> Waiting:
    """Count the feeds and pages that are due, with the time since when the oldest of each is."""
    due_feeds = select(func.count(), func.min(feeds.c.next_poll_at)).where(is_due(now))
    due_pages = select(func.count(), func.min(articles.c.page_next_try_at))
    count, since = conn.execute(due_feeds).one()
    pages, oldest = conn.execute(due_pages.where(articles.c.page_next_try_at <= now)).one()
    return Waiting(feeds=count, feeds_since=since, pages=pages, pages_since=oldest)


def retry_pages(conn: Connection, article_ids: list[int], now: datetime) -> int:
    """Make failing pages due at the next poll. Returns how many there were."""
    again = {"page_next_try_at": now, "page_attempts": 0}
    wanted = articles.c.id.in_(article_ids) & articles.c.page_failure_kind.is_not(None) & LISTED
    return conn.execute(update(articles).where(wanted).values(**again)).rowcount
