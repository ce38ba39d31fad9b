"""Read and starred flags of users' items."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select, tuple_, update

from unabridged.archive.analysis import shared_marks
from unabridged.archive.articles.duplicates import resolve_duplicates
from unabridged.archive.articles.list_conditions import conditions, joined_list
from unabridged.archive.articles.versions import CHUNK, article_not_found
from unabridged.archive.items import streams
from unabridged.archive.records.core import Beside, Query
from unabridged.archive.records.items import ItemStream
from unabridged.archive.records.library import AFTER_EDIT, AfterEdit
from unabridged.archive.rules.filing import refile
from unabridged.archive.storage.tables import articles, items, sources
from unabridged.archive.storage.tables_library import highlights, preferences


def set_read(conn: Connection, user: int, article_ids: Sequence[int], read: bool, now: datetime) -> int:
    numbers = resolve_duplicates(conn, article_ids)
    values = {"read": read, "read_at": now if read else None, "changed": now, "read_with": None}
    changed = _update_items(conn, user, numbers, items.c.read.is_not(read), values)
    if shared_marks.are_shared(conn, user):
        changed += shared_marks.share_read(conn, user, numbers, read, now)
    return changed


def set_starred(conn: Connection, user: int, article_ids: Sequence[int], starred: bool, now: datetime) -> int:
    numbers = resolve_duplicates(conn, article_ids)
    values = {"starred": starred, "starred_at": now if starred else None, "changed": now}
    changed = _update_items(conn, user, numbers, items.c.starred.is_not(starred), values)
    if shared_marks.are_shared(conn, user):
        changed += shared_marks.share_starred(conn, user, numbers, starred, now)
    return changed


def _update_items(
    conn: Connection,
    user: int,
    numbers: Sequence[int],
    different: ColumnElement[bool],
    values: dict[str, bool | datetime | None],
) -> int:
    changed = 0
    for start in range(0, len(numbers), CHUNK):
        part = items.c.article_id.in_(numbers[start : start + CHUNK])
        mine = update(items).where(items.c.user_id == user, part, different)
        changed += conn.execute(mine.values(**values)).rowcount
    return changed


def _beside(conn: Connection, user: int, beside: Beside) -> ColumnElement[bool]:
    """Return the condition of being newer, or older, than an article. Raises NotFound."""
    [number] = resolve_duplicates(conn, [beside.article_id]) or (beside.article_id,)
    own = select(items.c.sort_at, items.c.article_id)
    here = conn.execute(own.where(items.c.user_id == user, items.c.article_id == number)).first()
    if here is None:
        raise article_not_found(beside.article_id)
    at = tuple_(here.sort_at, here.article_id, types=(items.c.sort_at.type, items.c.article_id.type))
    place = tuple_(items.c.sort_at, items.c.article_id)
    return place > at if beside.side == "newer" else place < at


def undo_all_read(conn: Connection, user: int, at: datetime, now: datetime) -> int:
    """Mark unread what one action marked read, by the time of that action. Returns how many."""
    marked = update(items).where(items.c.user_id == user, items.c.read.is_(True), items.c.read_at == at)
    return conn.execute(marked.values(read=False, read_at=None, changed=now, read_with=None)).rowcount


def set_all_read(
    conn: Connection, user: int, query: Query, now: datetime, before: datetime, beside: Beside | None = None
) -> int:
    named = (
        select(items.c.id)
        .join(articles, articles.c.id == items.c.article_id)
        .join(sources, sources.c.id == articles.c.source_id)
    )
    named, _ = joined_list(named, query)
    named = named.where(*conditions(query, user), items.c.delivered <= before, items.c.read.is_(False))
    if beside is not None:
        named = named.where(_beside(conn, user, beside))
    return _read_named(conn, user, named, now)


def set_stream_read(conn: Connection, user: int, stream: ItemStream, now: datetime) -> int:
    named = select(items.c.id).where(*streams.conditions(stream, user), items.c.read.is_(False))
    return _read_named(conn, user, named, now)


def _read_named(conn: Connection, user: int, named: Select[tuple[int]], now: datetime) -> int:
    """Mark selected items read, and the near-duplicates of their articles if the user shares marks."""
    values = {"read": True, "read_at": now, "changed": now, "read_with": None}
    marked = update(items).where(items.c.id.in_(named)).values(**values)
    if not shared_marks.are_shared(conn, user):
        return conn.execute(marked).rowcount
    numbers = conn.execute(marked.returning(items.c.article_id)).scalars().all()
    return len(numbers) + shared_marks.share_read(conn, user, numbers, True, now)


def show_edit(conn: Connection, article_id: int, now: datetime) -> None:
    """Mark an article that its publisher edited unread for those who wish that.

    Their rules are applied to it as to any unread article; what a rule had set aside stays aside.
    """
    again = or_(_wish("always"), and_(_wish("marked"), _is_marked()))
    read = (items.c.article_id == article_id) & items.c.read.is_(True) & items.c.muted.is_(None)
    unread = update(items).where(read, again).values(read=False, read_at=None, changed=now)
    if conn.execute(unread).rowcount:
        refile(conn, article_id, now, mute=True)


def _wish(wish: AfterEdit) -> ColumnElement[bool]:
    """Return the condition that the user of an item has this value of the preference AFTER_EDIT."""
    mine = (preferences.c.user_id == items.c.user_id) & (preferences.c.name == AFTER_EDIT)
    return select(preferences.c.name).where(mine, preferences.c.value == wish).exists()


def _is_marked() -> ColumnElement[bool]:
    """Return the condition that the user of an item starred its article, or highlighted words of it."""
    mine = (highlights.c.user_id == items.c.user_id) & (highlights.c.article_id == items.c.article_id)
    return items.c.starred.is_(True) | select(highlights.c.id).where(mine).exists()
