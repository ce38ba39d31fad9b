"""Read and starred flags of users' items."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, or_, select, tuple_, update

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
    values = {"read": read, "read_at": now if read else None, "changed": now}
    return _update_items(conn, user, article_ids, items.c.read.is_not(read), values)


def set_starred(conn: Connection, user: int, article_ids: Sequence[int], starred: bool, now: datetime) -> int:
    values = {"starred": starred, "starred_at": now if starred else None, "changed": now}
    return _update_items(conn, user, article_ids, items.c.starred.is_not(starred), values)


def _update_items(
    conn: Connection,
    user: int,
    article_ids: Sequence[int],
    different: ColumnElement[bool],
    values: dict[str, bool | datetime | None],
) -> int:
    changed, numbers = 0, resolve_duplicates(conn, article_ids)
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
    return conn.execute(marked.values(read=False, read_at=None, changed=now)).rowcount


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
    marked = update(items).where(items.c.id.in_(named)).values(read=True, read_at=now, changed=now)
    return conn.execute(marked).rowcount


def set_stream_read(conn: Connection, user: int, stream: ItemStream, now: datetime) -> int:
    named = select(items.c.id).where(*streams.conditions(stream, user), items.c.read.is_(False))
    marked = update(items).where(items.c.id.in_(named)).values(read=True, read_at=now, changed=now)
    return conn.execute(marked).rowcount


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
