"""Read and starred flags of a user's items."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select, update

from unabridged.archive.articles.duplicates import resolve_duplicates
from unabridged.archive.articles.queries import conditions
from unabridged.archive.articles.versions import CHUNK
from unabridged.archive.records.core import Query
from unabridged.archive.storage.tables import articles, items, sightings, sources


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


def set_all_read(conn: Connection, user: int, query: Query, now: datetime, before: datetime) -> int:
    named = (
        select(items.c.id)
        .join(articles, articles.c.id == items.c.article_id)
        .join(sources, sources.c.id == articles.c.source_id)
    )
    if query.feed is not None:
        named = named.join(sightings, sightings.c.article_id == articles.c.id)
    named = named.where(*conditions(query, user), items.c.delivered <= before, items.c.read.is_(False))
    marked = update(items).where(items.c.id.in_(named)).values(read=True, read_at=now, changed=now)
    return conn.execute(marked).rowcount
