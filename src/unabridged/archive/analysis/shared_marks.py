"""Marks that near-duplicates share, for those who wish that: read and starred.

Two writers may meet on PostgreSQL, one that marks an article and one that finds a near-duplicate of it. So
who marks changes the article first and reads its group then; who finds writes the group first and locks the
items of the group then. Whoever comes second sees what the first one did.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from unabridged.archive.records.library import SHARE_MARKS
from unabridged.archive.storage.bulk_rows import KEYS_PER_QUERY, rows_among
from unabridged.archive.storage.tables import items
from unabridged.archive.storage.tables_library import preferences
from unabridged.archive.storage.tables_stories import article_analyses


def are_shared(conn: Connection, user: int) -> bool:
    """Tell if a user wishes that near-duplicates share their marks."""
    mine = (preferences.c.user_id == user) & (preferences.c.name == SHARE_MARKS)
    return conn.execute(select(preferences.c.value).where(mine)).scalar() == "shared"


def read_with(conn: Connection, user: int, article_id: int) -> int | None:
    """Return the near-duplicate with which an article was marked read, None if it was not."""
    mine = (items.c.user_id == user) & (items.c.article_id == article_id) & items.c.read.is_(True)
    number: int | None = conn.execute(select(items.c.read_with).where(mine)).scalar()
    return number


def share_read(conn: Connection, user: int, marked: Sequence[int], read: bool, now: datetime) -> int:
    """Mark the near-duplicates of articles read, or unread, as those were just marked.

    What rules set aside stays aside. Returns how many changed.
    """
    changed = 0
    for number, others in _others(conn, user, marked).items():
        mine = (items.c.user_id == user) & items.c.article_id.in_(others) & items.c.muted.is_(None)
        values: dict[str, Any] = {"read": read, "read_at": now if read else None, "changed": now}
        different = update(items).where(mine, items.c.read.is_not(read))
        changed += conn.execute(different.values(**values, read_with=number if read else None)).rowcount
    return changed


def share_starred(conn: Connection, user: int, marked: Sequence[int], starred: bool, now: datetime) -> int:
    """Star the near-duplicates of articles, or unstar them. Returns how many changed."""
    changed = 0
    for others in _others(conn, user, marked).values():
        mine = (items.c.user_id == user) & items.c.article_id.in_(others)
        different = update(items).where(mine, items.c.starred.is_not(starred))
        values = {"starred": starred, "starred_at": now if starred else None, "changed": now}
        changed += conn.execute(different.values(**values)).rowcount
    return changed


def _others(conn: Connection, user: int, marked: Sequence[int]) -> dict[int, list[int]]:
    """Map articles, one of each group, to the user's other articles of that group."""
    first: dict[int, int] = {}
    for number, group in rows_among(
        conn, article_analyses, ("article_id", "copy_group"), "article_id", marked
    ):
        if group is not None:
            first[group] = min(number, first.get(group, number))
    known = frozenset(marked)
    found: dict[int, list[int]] = {}
    for group, members in _members(conn, list(first)).items():
        others = [number for number in members if number not in known]
        if others:
            found[first[group]] = others
    return found


def _members(conn: Connection, groups: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for number, group in rows_among(
        conn, article_analyses, ("article_id", "copy_group"), "copy_group", groups
    ):
        found.setdefault(group, []).append(number)
    return found


# Articles that come later than the marks


def mark_late(conn: Connection, article_ids: Sequence[int], now: datetime | None = None) -> None:
    """Give articles that were never marked the marks of their near-duplicates, for users who share them.

    article_ids: articles whose group was just found, or that were just delivered. now: None for the time at
    which the near-duplicate was marked.
    """
    groups = {
        number: group
        for number, group in rows_among(
            conn, article_analyses, ("article_id", "copy_group"), "article_id", article_ids
        )
        if group is not None
    }
    if not groups or not _anybody_shares(conn):
        return
    members = _members(conn, list(set(groups.values())))
    group_of = {number: group for group, numbers in members.items() for number in numbers}
    held = _locked_items(conn, sorted(group_of))
    read: dict[tuple[int, int], Row[Any]] = {}
    starred: dict[tuple[int, int], Row[Any]] = {}
    for one in held:
        place = (one.user_id, group_of[one.article_id])
        if one.read and one.muted is None:
            read.setdefault(place, one)
        if one.starred:
            starred.setdefault(place, one)
    for late in held:
        if late.article_id in groups and late.changed is None and late.muted is None:
            place = (late.user_id, group_of[late.article_id])
            values = _late_marks(late, read.get(place), starred.get(place), now)
            if values:
                conn.execute(update(items).where(items.c.id == late.id).values(**values))


def _late_marks(
    late: Row[Any], read: Row[Any] | None, starred: Row[Any] | None, now: datetime | None
) -> dict[str, Any]:
    """Return the values of an item that was never marked, by near-duplicates that are read, or starred."""
    values: dict[str, Any] = {}
    if read is not None and not late.read:
        at = now or read.read_at
        values |= {"read": True, "read_at": at, "read_with": read.article_id, "changed": at}
    if starred is not None and not late.starred:
        at = now or starred.starred_at
        values |= {"starred": True, "starred_at": at, "changed": at}
    return values


def _anybody_shares(conn: Connection) -> bool:
    shared = (preferences.c.name == SHARE_MARKS) & (preferences.c.value == "shared")
    return conn.execute(select(preferences.c.user_id).where(shared).limit(1)).first() is not None


def _locked_items(conn: Connection, article_ids: Sequence[int]) -> list[Row[Any]]:
    """Return the items of users who share marks, and lock them."""
    wish = (preferences.c.user_id == items.c.user_id) & (preferences.c.name == SHARE_MARKS)
    shares = select(preferences.c.name).where(wish, preferences.c.value == "shared").exists()
    query = select(items).where(shares).order_by(items.c.id).with_for_update()
    found: list[Row[Any]] = []
    for start in range(0, len(article_ids), KEYS_PER_QUERY):
        part = items.c.article_id.in_(article_ids[start : start + KEYS_PER_QUERY])
        found += conn.execute(query.where(part)).all()
    return found
