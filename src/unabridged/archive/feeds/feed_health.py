"""Lengths, completeness and arrival of the articles that a person's feeds showed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, func, select

from unabridged.archive.records.polling import ArrivedArticle, FeedLengths, FirstPolls
from unabridged.archive.storage.tables import articles, feeds, revisions, sightings, subscriptions
from unabridged.model import WHOLE_KINDS

RECENT = timedelta(days=14)
BEFORE = timedelta(days=90)
"""The articles of RECENT are compared with those up to BEFORE."""


def feed_lengths(conn: Connection, user: int, now: datetime) -> dict[int, FeedLengths]:
    """Map the numbers of a person's feeds to the lengths of their articles, lately and before."""
    is_recent = sightings.c.sort_at >= now - RECENT
    columns = (
        func.sum(case((is_recent, 1), else_=0)),
        func.sum(case((is_recent, articles.c.words), else_=0)),
        func.sum(case((is_recent, 0), else_=1)),
        func.sum(case((is_recent, 0), else_=articles.c.words)),
    )
    query = (
        select(sightings.c.feed_id, *columns)
        .join(subscriptions, subscriptions.c.feed_id == sightings.c.feed_id)
        .join(articles, articles.c.id == sightings.c.article_id)
        .where(
            subscriptions.c.user_id == user,
            sightings.c.sort_at >= now - BEFORE,
            articles.c.page_state == "read",
        )
        .group_by(sightings.c.feed_id)
    )
    return {
        row[0]: FeedLengths(recent=row[1], recent_words=row[2], before=row[3], before_words=row[4])
        for row in conn.execute(query)
    }


def recent_titles(
    conn: Connection, user: int, feed_ids: Sequence[int], limit: int
) -> dict[int, tuple[str, ...]]:
    """Map those of the feeds that a user subscribes to to the titles of their newest articles."""
    mine = select(subscriptions.c.feed_id).where(subscriptions.c.user_id == user)
    held = set(conn.execute(mine).scalars())
    titles: dict[int, tuple[str, ...]] = {}
    for feed_id in feed_ids:
        if feed_id in held:
            query = select(articles.c.title).join(sightings, sightings.c.article_id == articles.c.id)
            newest = query.where(sightings.c.feed_id == feed_id)
            newest = newest.order_by(sightings.c.sort_at.desc(), sightings.c.article_id.desc()).limit(limit)
            titles[feed_id] = tuple(conn.execute(newest).scalars())
    return titles


def first_polls(conn: Connection, user: int) -> FirstPolls:
    """Count a user's feeds that were never polled, and those subscribed to since the oldest of them."""
    mine = (subscriptions.c.user_id == user) & (feeds.c.status == "active")
    counted = select(func.count(), func.min(subscriptions.c.added)).select_from(subscriptions)
    counted = counted.join(feeds, feeds.c.id == subscriptions.c.feed_id).where(mine)
    waiting, since = conn.execute(counted.where(feeds.c.last_polled.is_(None))).one()
    if not waiting:
        return FirstPolls()
    together = conn.execute(counted.where(subscriptions.c.added >= since)).one()[0]
    return FirstPolls(waiting=waiting, together=together)


def arrived_articles(conn: Connection, user: int, since: datetime, limit: int) -> tuple[ArrivedArticle, ...]:
    """Return the newest articles that a person's feeds showed, newest first."""
    query = (
        select(sightings.c.sort_at, sightings.c.seen, articles.c.page_state, revisions.c.completeness)
        .join(subscriptions, subscriptions.c.feed_id == sightings.c.feed_id)
        .join(articles, articles.c.id == sightings.c.article_id)
        .join(
            revisions,
            (revisions.c.article_id == articles.c.id) & (revisions.c.number == articles.c.revision),
        )
        .where(subscriptions.c.user_id == user, sightings.c.seen >= since)
        .order_by(sightings.c.seen.desc())
        .limit(limit)
    )
    return tuple(
        ArrivedArticle(
            published=published,
            seen=seen,
            whole=page_state == "read" and completeness in WHOLE_KINDS,
            waiting=page_state == "waiting",
        )
        for published, seen, page_state, completeness in conn.execute(query)
    )
