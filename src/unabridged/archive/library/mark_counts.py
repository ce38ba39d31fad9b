"""Counts that every page of a reader shows."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from unabridged.archive.feeds.unread_counts import count_unread
from unabridged.archive.records.core import MarkCounts
from unabridged.archive.storage.tables import items, subscriptions
from unabridged.archive.storage.tables_rules import saved_searches, search_items


def count_marks(conn: Connection, user: int) -> MarkCounts:
    """Count unread and starred articles and feeds, from indexes alone."""
    mine = items.c.user_id == user

    def count(*where: ColumnElement[bool], table: Any = items) -> int:
        return int(conn.execute(select(func.count()).select_from(table).where(*where)).scalar_one())

    held = count(subscriptions.c.user_id == user, table=subscriptions)
    is_empty = not held and conn.execute(select(items.c.id).where(mine).limit(1)).first() is None
    return MarkCounts(
        unread=count_unread(conn, user),
        starred=count(mine, items.c.starred.is_(True)),
        feeds=held,
        is_empty=is_empty,
    )


def unread_in_searches(conn: Connection, user: int) -> dict[int, int]:
    """Map a user's saved searches to their unread articles, passing conditions aside.

    It goes from the unread items to their searches: "+ 0" keeps SQLite from trying all
    articles of the searches.
    """
    mine = (saved_searches.c.id == search_items.c.search_id) & (saved_searches.c.user_id + 0 == user)
    query = select(search_items.c.search_id, func.count()).select_from(items)
    query = query.join(search_items, search_items.c.article_id == items.c.article_id)
    query = query.join(saved_searches, mine).where(items.c.user_id == user, items.c.read.is_(False))
    return dict(conn.execute(query.group_by(search_items.c.search_id)).all())
