"""Counts that every page of a reader shows."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from unabridged.archive.feeds.unread_counts import count_unread
from unabridged.archive.records.core import MarkCounts
from unabridged.archive.storage.tables import items, subscriptions


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
