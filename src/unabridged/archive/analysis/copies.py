"""Near-duplicates in the archive: comparison of articles that share keys, and their groups."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection, update

from unabridged.archive.analysis.texts import current_texts
from unabridged.archive.search_index.tokenizer import fold, tokens
from unabridged.archive.storage.bulk_rows import rows_among, some_rows
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
    others = current_texts(conn, candidates(conn, keys))
    near = [number for number, _, other in others if _is_copy(text, other.text)]
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


def candidates(conn: Connection, keys: Sequence[int]) -> list[int]:
    """Return the articles with most keys in common; the keys of the text itself must not be stored yet."""
    if not keys:
        return []
    rows = some_rows(conn, copy_keys, ("article_id",), "key", keys, ROWS_A_KEY)
    shared = Counter(number for (number,) in rows)
    return [number for number, _ in shared.most_common(CANDIDATES)]
