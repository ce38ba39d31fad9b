"""Tags of users on articles."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, case, delete, func, insert, select, update

from unabridged.archive.articles.duplicates import resolve_duplicates
from unabridged.archive.articles.versions import CHUNK
from unabridged.archive.records.library import Tag, tag_name
from unabridged.archive.storage.engine import insert_or_skip
from unabridged.archive.storage.tables import items
from unabridged.archive.storage.tables_library import item_tags, tags
from unabridged.errors import NotFound


def add(conn: Connection, user: int, article_ids: Sequence[int], names: Iterable[str], now: datetime) -> int:
    """Add tags to a user's items; missing tags are created. Returns how many items there were."""
    found = _items(conn, user, article_ids)
    wanted = [_tag_id(conn, user, name) for name in dict.fromkeys(map(tag_name, names))] if found else []
    rows = [{"tag_id": tag, "item_id": item} for tag in wanted for item in found]
    if rows:
        conn.execute(insert_or_skip(conn, item_tags), rows)
        _mark_changed(conn, found, now)
    return len(found)


def untag(
    conn: Connection, user: int, article_ids: Sequence[int], names: Iterable[str], now: datetime
) -> int:
    """Remove tags from a user's items; unused tags are deleted. Returns how many items there were."""
    found = _items(conn, user, article_ids)
    mine = select(tags.c.id).where(
        tags.c.user_id == user, tags.c.name.in_([tag_name(name) for name in names])
    )
    for start in range(0, len(found), CHUNK):
        part = item_tags.c.item_id.in_(found[start : start + CHUNK])
        conn.execute(delete(item_tags).where(item_tags.c.tag_id.in_(mine), part))
    _mark_changed(conn, found, now)
    _drop_unused(conn, user)
    return len(found)


def _items(conn: Connection, user: int, article_ids: Sequence[int]) -> list[int]:
    found: list[int] = []
    numbers = resolve_duplicates(conn, article_ids)
    for start in range(0, len(numbers), CHUNK):
        part = items.c.article_id.in_(numbers[start : start + CHUNK])
        found += conn.execute(select(items.c.id).where(items.c.user_id == user, part)).scalars()
    return found


def _tag_id(conn: Connection, user: int, name: str) -> int:
    mine = select(tags.c.id).where(tags.c.user_id == user, tags.c.name == name)
    found = conn.execute(mine).scalar()
    if found is None:
        made = insert(tags).returning(tags.c.id)
        found = conn.execute(made, {"user_id": user, "name": name}).scalar_one()
    return int(found)


def _mark_changed(conn: Connection, item_ids: Sequence[int], now: datetime) -> None:
    for start in range(0, len(item_ids), CHUNK):
        part = items.c.id.in_(item_ids[start : start + CHUNK])
        conn.execute(update(items).where(part).values(changed=now))


def _drop_unused(conn: Connection, user: int) -> None:
    used = select(item_tags.c.tag_id).where(item_tags.c.tag_id == tags.c.id)
    conn.execute(delete(tags).where(tags.c.user_id == user, ~used.exists()))


def list_tags(conn: Connection, user: int) -> tuple[Tag, ...]:
    """Return a user's tags by name, with the number of articles and unread articles of each."""
    unread = func.sum(case((items.c.read.is_(False), 1), else_=0))
    query = (
        select(tags.c.id, tags.c.name, func.count(items.c.id), func.coalesce(unread, 0))
        .outerjoin(item_tags, item_tags.c.tag_id == tags.c.id)
        .outerjoin(items, items.c.id == item_tags.c.item_id)
        .where(tags.c.user_id == user)
        .group_by(tags.c.id, tags.c.name)
        .order_by(tags.c.name)
    )
    return tuple(
        Tag(id=number, name=name, articles=articles, unread=int(unread))
        for number, name, articles, unread in conn.execute(query)
    )


def tags_by_article(conn: Connection, user: int, article_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Map article ids to the user's tags, by name; articles without tags are left out."""
    found: dict[int, list[str]] = {}
    for start in range(0, len(article_ids), CHUNK):
        part = items.c.article_id.in_(article_ids[start : start + CHUNK])
        query = (
            select(items.c.article_id, tags.c.name)
            .join(item_tags, item_tags.c.item_id == items.c.id)
            .join(tags, tags.c.id == item_tags.c.tag_id)
            .where(items.c.user_id == user, part)
            .order_by(tags.c.name)
        )
        for number, name in conn.execute(query):
            found.setdefault(number, []).append(name)
    return {number: tuple(names) for number, names in found.items()}


def rename(conn: Connection, user: int, tag_id: int, name: str) -> None:
    """Rename a tag; if another tag has the new name, the two are merged."""
    name = tag_name(name)
    _check(conn, user, tag_id)
    other = select(tags.c.id).where(tags.c.user_id == user, tags.c.name == name, tags.c.id != tag_id)
    target = conn.execute(other).scalar()
    if target is None:
        conn.execute(update(tags).where(tags.c.id == tag_id).values(name=name))
        return
    on = conn.execute(select(item_tags.c.item_id).where(item_tags.c.tag_id == tag_id)).scalars()
    rows = [{"tag_id": target, "item_id": item} for item in on]
    if rows:
        conn.execute(insert_or_skip(conn, item_tags), rows)
    conn.execute(delete(tags).where(tags.c.id == tag_id))


def remove(conn: Connection, user: int, tag_id: int) -> None:
    _check(conn, user, tag_id)
    conn.execute(delete(tags).where(tags.c.id == tag_id))


def _check(conn: Connection, user: int, tag_id: int) -> None:
    mine = select(tags.c.id).where(tags.c.id == tag_id, tags.c.user_id == user)
    if conn.execute(mine).first() is None:
        raise NotFound(f"There is no tag {tag_id}. `unabridged tag list` shows the tags.")
