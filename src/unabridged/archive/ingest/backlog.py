"""What is wrong with pages: those that failed, and addresses of those that were read."""

from datetime import datetime

from sqlalchemy import Connection, func, select, update

from unabridged.archive.records.core import Failure
from unabridged.archive.records.polling import FailingPage, Waiting
from unabridged.archive.storage.tables import LISTED, articles, feeds, subscriptions


def failing_pages(conn: Connection, limit: int) -> tuple[FailingPage, ...]:
    """Pages whose last try failed, latest first."""
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


def latest_pages(conn: Connection, limit: int) -> tuple[tuple[int, str], ...]:
    """Numbers and addresses of articles whose pages were read, newest first."""
    query = select(articles.c.id, articles.c.url).where(articles.c.page_state == "read", LISTED)
    newest = query.order_by(articles.c.id.desc()).limit(limit)
    return tuple((row.id, row.url) for row in conn.execute(newest))


def waiting(conn: Connection, now: datetime) -> Waiting:
    """How much is due, and since when the oldest of it."""
    read = select(subscriptions.c.feed_id).where(subscriptions.c.feed_id == feeds.c.id).exists()
    due = (feeds.c.next_poll_at <= now) & (feeds.c.status == "active") & read
    count, since = conn.execute(select(func.count(), func.min(feeds.c.next_poll_at)).where(due)).one()
    late = articles.c.page_next_try_at <= now
    pages, oldest = conn.execute(
        select(func.count(), func.min(articles.c.page_next_try_at)).where(late)
    ).one()
    return Waiting(feeds=count, feeds_since=since, pages=pages, pages_since=oldest)


def retry_pages(conn: Connection, article_ids: list[int], now: datetime) -> int:
    """Have pages that failed tried again at the next poll."""
    again = {"page_next_try_at": now, "page_attempts": 0}
    wanted = articles.c.id.in_(article_ids) & articles.c.page_failure_kind.is_not(None) & LISTED
    return conn.execute(update(articles).where(wanted).values(**again)).rowcount
