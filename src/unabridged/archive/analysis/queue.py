"""Queue of articles whose current text is not analysed yet."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, insert, select

from unabridged.archive.search_index.writer import set_state, state_of
from unabridged.archive.storage.bulk_rows import insert_rows
from unabridged.archive.storage.tables import articles
from unabridged.archive.storage.tables_search import search_state
from unabridged.archive.storage.tables_stories import DERIVED_TABLES, analysis_queue

VERSION_STATE = "stories"
"""State: version of what the analyses were made with."""

VERSION = 2
"""Version of what is read out of texts: keys of near-duplicates, phrases of sources, stories. Analyses of
another version are made again."""


def enqueue(conn: Connection, article_ids: Sequence[int]) -> None:
    """Add articles, in the transaction that saves their text; those that wait already stay."""
    insert_rows(conn, analysis_queue, [{"article_id": number} for number in article_ids], skip=True)


def start_over(conn: Connection) -> None:
    """Remove all analyses, and let every article wait."""
    for table in DERIVED_TABLES:
        conn.execute(delete(table))
    conn.execute(insert(analysis_queue).from_select(["article_id"], select(articles.c.id)))
    set_state(conn, VERSION_STATE, VERSION)


def is_stale(conn: Connection) -> bool:
    """Tell if the analyses were made by another version."""
    return (state_of(conn, VERSION_STATE) or VERSION) != VERSION


def lock(conn: Connection) -> None:
    """Wait until nobody else analyses: two near-duplicates at the same time would not see each other."""
    if state_of(conn, VERSION_STATE) is None:
        set_state(conn, VERSION_STATE, VERSION)
    mine = select(search_state.c.value).where(search_state.c.name == VERSION_STATE)
    conn.execute(mine.with_for_update())


def count_waiting(conn: Connection) -> int:
    return int(conn.execute(select(func.count()).select_from(analysis_queue)).scalar_one())


def waiting(conn: Connection, limit: int) -> list[int]:
    """Return numbers of articles that wait, the oldest first."""
    query = select(analysis_queue.c.article_id).order_by(analysis_queue.c.article_id).limit(limit)
    return list(conn.execute(query).scalars())


def remove(conn: Connection, article_ids: Sequence[int]) -> None:
    conn.execute(delete(analysis_queue).where(analysis_queue.c.article_id.in_(article_ids)))
