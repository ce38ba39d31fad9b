"""Rows that tests read or write beneath the archive's facade."""

from datetime import datetime

from sqlalchemy import insert, select

from tests.archive.sample_feeds import NOW
from unabridged.archive import Archive, PendingPage, StoredFeed
from unabridged.archive.ingest import leases
from unabridged.archive.storage.tables import feeds, sightings, users


def add_user(archive: Archive, name: str) -> int:
    """Add a second reader; returns their number."""
    statement = insert(users).returning(users.c.id)
    return archive._db.writing(
        lambda conn: int(conn.execute(statement, {"name": name, "created": NOW}).scalar_one())
    )


def feed_numbers(archive: Archive) -> list[int]:
    """Return the numbers of all feeds, subscribed to or not."""
    with archive._db.reading() as conn:
        return list(conn.execute(select(feeds.c.id).order_by(feeds.c.id)).scalars())


def due_feeds(archive: Archive, now: datetime) -> list[StoredFeed]:
    """Return the feeds that a worker would claim now."""
    leased = archive.schedule.claim_feeds(now, 10)
    archive.schedule.release_feeds(leased)
    return [one.feed for one in leased]


def pending_pages(archive: Archive, now: datetime) -> tuple[PendingPage, ...]:
    """Return the pages that a worker would claim now."""
    with archive._db.reading() as conn:
        return leases.pending_pages(conn, now, 100)


def shown_by(archive: Archive, article_id: int) -> tuple[int, ...]:
    """Return the numbers of the feeds that showed an article, first one first."""
    query = select(sightings.c.feed_id).where(sightings.c.article_id == article_id)
    with archive._db.reading() as conn:
        return tuple(conn.execute(query.order_by(sightings.c.seen, sightings.c.feed_id)).scalars())
