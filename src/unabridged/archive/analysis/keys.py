"""Keys of texts, by which near-duplicates are found, and the members of a group."""

import struct
from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from unabridged.archive.storage.bulk_rows import insert_rows, rows_among
from unabridged.archive.storage.tables import LISTED, articles
from unabridged.archive.storage.tables_stories import article_analyses, copy_keys


def add_keys(conn: Connection, article_id: int, keys: Sequence[int]) -> None:
    rows = [{"key": key, "article_id": article_id} for key in dict.fromkeys(keys)]
    insert_rows(conn, copy_keys, rows, skip=True)


def remove_keys(conn: Connection, article_ids: Sequence[int]) -> None:
    """Remove the keys of articles that were analysed."""
    rows = rows_among(conn, article_analyses, ("article_id", "keys"), "article_id", article_ids)
    for number, packed in rows:
        mine = copy_keys.c.key.in_(unpacked(packed)) & (copy_keys.c.article_id == number)
        conn.execute(delete(copy_keys).where(mine))


def packed(keys: Sequence[int]) -> bytes:
    """Return keys as bytes, 8 each."""
    return struct.pack(f"<{len(keys)}q", *keys)


def unpacked(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 8}q", data)


def members(conn: Connection, article_id: int) -> list[int]:
    """Return the other articles of the group of an article, by number."""
    number, group = article_analyses.c.article_id, article_analyses.c.copy_group
    own = select(group).where(number == article_id).scalar_subquery()
    query = select(number).join(articles, articles.c.id == number)
    query = query.where(group == own, number != article_id, LISTED).order_by(number)
    return list(conn.execute(query).scalars())
