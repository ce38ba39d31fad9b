"""Rows of feeds: reading, adding, moving, pausing, deleting."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from unabridged import limits
from unabridged.archive.records.core import (
    Failure,
    FeedMove,
    FeedStatus,
    PendingRedirect,
    StoredFeed,
    Validators,
)
from unabridged.archive.records.events import NewEvent
from unabridged.archive.storage.identity import bucket_of, digest
from unabridged.archive.storage.outbox import note_event
from unabridged.archive.storage.tables import feed_moves, feeds, sightings, subscriptions
from unabridged.errors import InvalidValue, NotFound
from unabridged.urls import identity, normalise, web_address

CHUNK = 500


def feed_key(url: str) -> bytes:
    """Return the hash by which a feed's address is unique. Raises InvalidURL."""
    return digest("feed", identity(url))


def stored_feed(row: RowMapping) -> StoredFeed:
    """Convert a row of `feeds` into a record."""
    return StoredFeed(
        id=row["id"],
        url=row["url"],
        title=row["title"][: limits.TITLE],
        site_url=web_address(row["site_url"]),
        description=row["description"][: limits.SUMMARY],
        language=row["language"],
        icon=web_address(row["icon"]),
        status=row["status"],
        bucket=row["bucket"],
        added=row["added"],
        ttl=row["ttl"],
        hubs=tuple(filter(None, map(web_address, _json_tuple(row["hubs"])))),
        validators=Validators(
            etag=row["etag"], last_modified=row["last_modified"], body_sha256=row["body_sha256"]
        ),
        next_poll_at=row["next_poll_at"],
        last_polled=row["last_polled"],
        last_ok=row["last_ok"],
        failures=row["failures"],
        last_failure=_failure(row),
        redirect=_redirect(row),
        skip_hours=_json_tuple(row["skip_hours"]),
        skip_days=_json_tuple(row["skip_days"]),
        usual_gap=row["usual_gap"],
        last_post=row["last_post"],
        notes=_json_tuple(row["notes"]),
        failed_at=row["failed_at"],
        failing_since=row["failing_since"],
        interval=row["poll_interval"],
        full_text=bool(row["full_text"]),
    )


def _json_tuple(text: str | None) -> tuple[Any, ...]:
    try:
        return tuple(orjson.loads(text)) if text else ()
    except (orjson.JSONDecodeError, TypeError):  # damaged; the next document replaces it
        return ()


def _failure(row: RowMapping) -> Failure | None:
    if row["failure_kind"] is None:
        return None
    return Failure(
        kind=row["failure_kind"], message=row["failure_message"] or "", advice=row["failure_advice"] or ""
    )


def _redirect(row: RowMapping) -> PendingRedirect | None:
    if row["redirect_to"] is None:
        return None
    return PendingRedirect(to=row["redirect_to"], hits=row["redirect_hits"], since=row["redirect_since"])


def get_feed(conn: Connection, feed_id: int) -> StoredFeed:
    row = conn.execute(select(feeds).where(feeds.c.id == feed_id)).mappings().first()
    if row is None:
        raise NotFound(f"There is no feed {feed_id}. `unabridged list` shows the numbers.")
    return stored_feed(row)


def find_feed(conn: Connection, url: str) -> StoredFeed | None:
    """Return the feed at an address, or at one that it moved from."""
    key = feed_key(url)
    return _feeds_by_key(conn, [key]).get(key)


def list_moves(conn: Connection) -> dict[int, tuple[FeedMove, ...]]:
    """Map feed ids to the feed's former addresses, oldest first."""
    found: dict[int, tuple[FeedMove, ...]] = {}
    for row in conn.execute(select(feed_moves).order_by(feed_moves.c.id)):
        move = FeedMove(old_url=row.old_url, new_url=row.new_url, status=row.status, at=row.at)
        found[row.feed_id] = (*found.get(row.feed_id, ()), move)
    return found


def add_feeds(conn: Connection, urls: Sequence[str], now: datetime) -> list[StoredFeed]:
    """Return the feeds at addresses, in order; unknown ones are added, due immediately."""
    places = [(feed_key(url), normalise(url)) for url in urls]
    known = _feeds_by_key(conn, [key for key, _ in places])
    missing: dict[bytes, str] = {}
    for key, address in places:
        if key not in known:
            missing.setdefault(feed_key(address), address)
    rows = [
        {
            "url": address,
            "url_hash": key,
            "title": "",
            "description": "",
            "hubs": "[]",
            "status": "active",
            "bucket": bucket_of(address),
            "added": now,
            "next_poll_at": now,
            "failures": 0,
        }
        for key, address in missing.items()
    ]
    if rows:
        conn.execute(insert(feeds), rows)
        known |= _feeds_by_key(conn, list(missing))
    return [known.get(key) or known[feed_key(address)] for key, address in places]


def _feeds_by_key(conn: Connection, keys: Sequence[bytes]) -> dict[bytes, StoredFeed]:
    """Map address hashes to the feed at that address, or else the one that moved from it last."""
    found: dict[bytes, StoredFeed] = {}
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        moved = (
            select(feeds, feed_moves.c.old_hash)
            .join(feed_moves, feed_moves.c.feed_id == feeds.c.id)
            .where(feed_moves.c.old_hash.in_(part))
            .order_by(feed_moves.c.id)
        )
        found |= {row["old_hash"]: stored_feed(row) for row in conn.execute(moved).mappings()}
        there = select(feeds).where(feeds.c.url_hash.in_(part))
        found |= {row["url_hash"]: stored_feed(row) for row in conn.execute(there).mappings()}
    return found


def move_feed(conn: Connection, feed_id: int, url: str, status: int, now: datetime) -> bool:
    """Change a feed's address and record the old one in its history.

    Returns False if another feed already has the new address: the two stay separate.
    """
    feed = get_feed(conn, feed_id)
    address = normalise(url)
    key = feed_key(address)
    other = conn.execute(select(feeds.c.id).where(feeds.c.url_hash == key, feeds.c.id != feed_id)).scalar()
    if other is not None:
        return False
    conn.execute(
        insert(feed_moves),
        {
            "feed_id": feed_id,
            "old_url": feed.url,
            "old_hash": feed_key(feed.url),
            "new_url": address,
            "status": status,
            "at": now,
        },
    )
    note_event(
        conn, NewEvent(kind="feed.moved", at=now, feed=feed_id, details={"from": feed.url, "to": address})
    )
    changed = {"url": address, "url_hash": key, "bucket": bucket_of(address)}
    conn.execute(update(feeds).where(feeds.c.id == feed_id).values(**changed))
    return True


def move_by_hand(conn: Connection, feed_id: int, url: str, now: datetime) -> None:
    """Change a feed's address by hand. Raises ArchiveError if another feed has the new address."""
    if not move_feed(conn, feed_id, url, 0, now):
        raise InvalidValue(f"{url} is already the address of another feed. Remove this feed instead.")


def set_status(conn: Connection, feed_id: int, status: FeedStatus, now: datetime) -> None:
    get_feed(conn, feed_id)
    values = {"status": status, "next_poll_at": now if status == "active" else None}
    conn.execute(update(feeds).where(feeds.c.id == feed_id).values(**values))


def delete_unused_feed(conn: Connection, feed_id: int) -> None:
    """Delete a feed's row if it has no subscription and no article."""
    for needed in (subscriptions, sightings):
        if conn.execute(select(needed.c.feed_id).where(needed.c.feed_id == feed_id)).first() is not None:
            return
    conn.execute(delete(feeds).where(feeds.c.id == feed_id))
