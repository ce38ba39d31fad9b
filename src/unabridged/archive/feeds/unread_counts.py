"""Counts of unread items: of a person, by feed and by folder.

On SQLite they are kept in a table by triggers (migration 0019), within the transaction of every change, since
counting 100,000 unread items takes half a second. PostgreSQL counts when asked: two transactions there, one
that marks an item and one that shows its article in another feed, would each miss what the other changed.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    TableClause,
    column,
    func,
    literal_column,
    select,
    table,
    text,
)

from unabridged.archive.storage.tables import items, sightings, subscriptions

ALL = 0
"""Number that stands for all items in the place of a feed's."""

kept: TableClause = table(
    "unread_counts",
    column("user_id", BigInteger),
    column("feed_id", BigInteger),
    column("unread", BigInteger),
)
"""Table of SQLite alone: user, feed or ALL, unread items. An item of two feeds counts once for each."""

_COUNTED = """
    SELECT user_id, 0 AS feed_id, count(*) AS unread FROM items WHERE read = 0 GROUP BY user_id
    UNION ALL
    SELECT items.user_id, sightings.feed_id, count(*) FROM items
    JOIN sightings ON sightings.article_id = items.article_id WHERE items.read = 0 GROUP BY 1, 2
"""

RECOUNT = ("DELETE FROM unread_counts", f"INSERT INTO unread_counts (user_id, feed_id, unread) {_COUNTED}")
"""Statements of SQLite that count everything anew."""


def count_unread(conn: Connection, user: int) -> int:
    """Count a user's unread items."""
    if conn.dialect.name == "sqlite":
        query = select(kept.c.unread).where(kept.c.user_id == user, kept.c.feed_id == ALL)
        return conn.execute(query).scalar_one_or_none() or 0
    unread = (items.c.user_id == user) & items.c.read.is_(False)
    return int(conn.execute(select(func.count()).select_from(items).where(unread)).scalar_one())


def unread_by_feed(conn: Connection, user: int, numbers: Sequence[int] | None = None) -> dict[int, int]:
    """Map feed ids to the number of a user's unread items, without zeros. numbers: only of these feeds."""
    by_feed = _by_feed(conn, user)
    if numbers is not None:
        by_feed = by_feed.where(by_feed.selected_columns[0].in_(numbers))
    return {number: unread for number, unread in conn.execute(by_feed) if unread}


def read_by_feed(conn: Connection, user: int) -> dict[int, int]:
    """Map feed ids to the number of a user's read items, without zeros."""
    feed = sightings.c.feed_id + 0  # so that SQLite begins with the items, not with all that feeds showed
    query = select(feed, func.count()).select_from(items)
    query = query.join(sightings, sightings.c.article_id == items.c.article_id)
    query = query.where(items.c.user_id == user, items.c.read.is_(True)).group_by(feed)
    return dict(conn.execute(query).all())


def unread_by_folder(conn: Connection, user: int) -> dict[int, int]:
    """Map folder ids to the number of unread items of their feeds; an item of two feeds counts twice."""
    by_feed = _by_feed(conn, user).subquery()
    feed, unread = by_feed.c
    here = (subscriptions.c.feed_id == feed) & (subscriptions.c.user_id == user)
    query = select(subscriptions.c.folder_id, func.sum(unread)).join(by_feed, here)
    query = query.where(subscriptions.c.folder_id.is_not(None)).group_by(subscriptions.c.folder_id)
    return {folder: int(count) for folder, count in conn.execute(query) if count}


def _by_feed(conn: Connection, user: int) -> Select[Any]:
    """Return the query of feed ids and counts."""
    if conn.dialect.name == "sqlite":
        return select(kept.c.feed_id, kept.c.unread).where(kept.c.user_id == user, kept.c.feed_id != ALL)
    unread: ColumnElement[bool] = (items.c.user_id == user) & items.c.read.is_(False)
    query = select(sightings.c.feed_id, func.count().label("unread"))
    query = query.join(items, items.c.article_id == sightings.c.article_id)
    return query.where(unread).group_by(sightings.c.feed_id)


def wrong_counts(conn: Connection) -> int:
    """Return how many of the kept counts differ from what is counted anew; 0 on PostgreSQL."""
    if conn.dialect.name != "sqlite":
        return 0
    kept_ones = "SELECT user_id, feed_id, unread FROM unread_counts WHERE unread <> 0"
    differing = (
        f"SELECT * FROM (SELECT * FROM ({_COUNTED}) EXCEPT {kept_ones})"
        f" UNION SELECT * FROM ({kept_ones} EXCEPT SELECT * FROM ({_COUNTED}))"
    )
    query = select(func.count(func.distinct(literal_column("user_id || ' ' || feed_id"))))
    return int(conn.execute(query.select_from(text(f"({differing})"))).scalar_one())
