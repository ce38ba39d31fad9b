"""Edits of many subscriptions of a user in one transaction, and the undoing of a removal."""

from collections.abc import Sequence
from datetime import datetime

import orjson
from sqlalchemy import Connection, delete, insert, select, update

from unabridged.archive.feeds.feeds import CHUNK
from unabridged.archive.feeds.subscriptions import drop_empty_folders, folder_id, meant_subscriptions
from unabridged.archive.storage.tables import feeds, folders, subscriptions
from unabridged.archive.storage.tables_library import preferences
from unabridged.errors import NotFound

REMOVED = "removed_feeds"
"""Name under which the last removal of a user is stored, so that it can be undone."""


def check_subscriptions(conn: Connection, user: int, feed_ids: Sequence[int]) -> None:
    """Raise NotFound unless a user subscribes to all of these feeds."""
    held: set[int] = set()
    for start in range(0, len(feed_ids), CHUNK):
        part = subscriptions.c.feed_id.in_(feed_ids[start : start + CHUNK])
        mine = select(subscriptions.c.feed_id).where(subscriptions.c.user_id == user, part)
        held.update(conn.execute(mine).scalars())
    missing = sorted(set(feed_ids) - held)
    if missing:
        raise NotFound(f"There is no subscription {missing[0]}. Reload the list of sources.")


def subscribed_ids(conn: Connection, user: int, *, folder: int | None, words: str) -> tuple[int, ...]:
    """Return the feed ids of the subscriptions that a list with this filter shows, ascending."""
    query = select(feeds.c.id).join(subscriptions, subscriptions.c.feed_id == feeds.c.id)
    query = query.where(*meant_subscriptions(user, folder, words)).order_by(feeds.c.id)
    return tuple(conn.execute(query).scalars())


def move_all(conn: Connection, user: int, feed_ids: Sequence[int], folder: str | None) -> None:
    check_subscriptions(conn, user, feed_ids)
    target = None if folder is None else folder_id(conn, user, folder)
    for start in range(0, len(feed_ids), CHUNK):
        part = subscriptions.c.feed_id.in_(feed_ids[start : start + CHUNK])
        mine = update(subscriptions).where(subscriptions.c.user_id == user, part)
        conn.execute(mine.values(folder_id=target))
    drop_empty_folders(conn, user)


def remove_all(conn: Connection, user: int, feed_ids: Sequence[int], now: datetime) -> None:
    """End subscriptions. What they were is stored in the place of the removal before, to undo it."""
    check_subscriptions(conn, user, feed_ids)
    rows = []
    for start in range(0, len(feed_ids), CHUNK):
        part = subscriptions.c.feed_id.in_(feed_ids[start : start + CHUNK])
        mine = (subscriptions.c.user_id == user) & part
        query = (
            select(subscriptions.c.feed_id, subscriptions.c.title, folders.c.name)
            .outerjoin(folders, folders.c.id == subscriptions.c.folder_id)
            .where(mine)
        )
        rows += [[row.feed_id, row.title, row.name] for row in conn.execute(query)]
        conn.execute(delete(subscriptions).where(mine))
    drop_empty_folders(conn, user)
    _forget_removal(conn, user)
    stored = orjson.dumps({"at": now.isoformat(), "feeds": rows}).decode()
    conn.execute(insert(preferences), {"user_id": user, "name": REMOVED, "value": stored})


def restore_removed(conn: Connection, user: int, now: datetime) -> tuple[int, ...]:
    """Subscribe again to the feeds of the last removal, with their titles and folders; return their ids.

    Feeds that are gone, or subscribed to meanwhile, are left out. The removal can be undone once.
    """
    mine = (preferences.c.user_id == user) & (preferences.c.name == REMOVED)
    stored = conn.execute(select(preferences.c.value).where(mine)).scalar()
    if stored is None:
        return ()
    restored: list[int] = []
    for feed_id, title, folder in orjson.loads(stored)["feeds"]:
        here = (subscriptions.c.user_id == user) & (subscriptions.c.feed_id == feed_id)
        known = conn.execute(select(feeds.c.id).where(feeds.c.id == feed_id)).first() is not None
        if not known or conn.execute(select(subscriptions.c.feed_id).where(here)).first() is not None:
            continue
        place = None if folder is None else folder_id(conn, user, folder)
        row = {"user_id": user, "feed_id": feed_id, "title": title, "folder_id": place, "added": now}
        conn.execute(insert(subscriptions), row)
        restored.append(feed_id)
    _forget_removal(conn, user)
    return tuple(restored)


def _forget_removal(conn: Connection, user: int) -> None:
    mine = (preferences.c.user_id == user) & (preferences.c.name == REMOVED)
    conn.execute(delete(preferences).where(mine))
