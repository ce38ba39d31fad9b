"""Near-duplicates in the archive: keys of texts, and groups of articles with nearly the same text."""

import struct
from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, select, update

from unabridged.archive.search_index.tokenizer import fold, tokens
from unabridged.archive.storage.bulk_rows import insert_rows, rows_among
from unabridged.archive.storage.row_decoding import article_of
from unabridged.archive.storage.tables import LISTED, articles, revisions
from unabridged.archive.storage.tables_stories import article_analyses, copy_keys
from unabridged.stories.duplicates import Shingles, compare, shingles

CANDIDATES = 12
"""Articles with which a text is compared, those with most keys in common; each costs a millisecond."""

ROWS_A_KEY = 400
"""Rows that are read of all keys of a text: thousands of articles may have one boilerplate text."""


def shingles_of(text: str) -> Shingles:
    """Return the shingles of a text by the search tokenizer."""
    return shingles(tokens(fold(text)))


def group_with_copies(conn: Connection, article_id: int, text: Shingles, keys: Sequence[int]) -> int | None:
    """Find the near-duplicates of a text among the others, and join their groups.

    Returns the number of the group, None for a text that has no near-duplicate.
    """
    near = [other for other, body in _texts(conn, candidates(conn, article_id, keys)) if _is_copy(text, body)]
    if not near:
        return None
    rows = rows_among(conn, article_analyses, ("article_id", "copy_group"), "article_id", near)
    groups = {group for _, group in rows if group is not None}
    group = min((*groups, article_id, *near))
    mine = article_analyses.c.article_id.in_(near) | article_analyses.c.copy_group.in_(groups - {group})
    conn.execute(update(article_analyses).where(mine).values(copy_group=group))
    return int(group)


def _is_copy(text: Shingles, body: str) -> bool:
    return compare(text, shingles_of(body)).near_duplicate


def candidates(conn: Connection, article_id: int, keys: Sequence[int]) -> list[int]:
    """Return the articles with most keys in common."""
    if not keys:
        return []
    others = copy_keys.c.article_id != article_id
    query = select(copy_keys.c.article_id).where(copy_keys.c.key.in_(keys), others)
    shared = Counter(conn.execute(query.limit(ROWS_A_KEY)).scalars())
    return [number for number, _ in shared.most_common(CANDIDATES)]


def _texts(conn: Connection, numbers: Sequence[int]) -> Iterable[tuple[int, str]]:
    """Yield the current texts of articles; damaged ones are left out."""
    if not numbers:
        return
    current = (revisions.c.article_id == articles.c.id) & (revisions.c.number == articles.c.revision)
    query = select(articles.c.id, revisions.c.record).join(revisions, current)
    for row in conn.execute(query.where(articles.c.id.in_(numbers), LISTED)):
        article = article_of(row.record, f"article {row.id}")
        if article is not None:
            yield row.id, article.text


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
