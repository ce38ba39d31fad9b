"""Rebuilding of the search index: its state, and indexing everything that is not indexed."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from unabridged.archive.records.maintenance import Watch
from unabridged.archive.search_index import writer
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.tables import LISTED, articles
from unabridged.archive.storage.tables_search import UNINDEXED, search_docs

BATCH = 200
"""Articles indexed in one transaction; other writers wait for it, a quarter of a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexState:
    """Progress of indexing: articles in the index, of how many."""

    indexed: int
    articles: int

    @property
    def waiting(self) -> int:
        return max(0, self.articles - self.indexed)


def state_of(conn: Connection) -> IndexState:
    """Count the indexed articles and those that should be."""
    indexed = conn.execute(select(func.count()).select_from(search_docs)).scalar_one()
    total = conn.execute(select(func.count()).select_from(articles)).scalar_one()
    joined = conn.execute(select(func.count()).select_from(articles).where(~LISTED)).scalar_one()
    return IndexState(indexed=int(indexed), articles=int(total - joined))


def count_waiting(conn: Connection) -> int:
    """Count the articles that are not indexed yet; cheap once everything is."""
    return state_of(conn).waiting if writer.state_of(conn, UNINDEXED) else 0


def index_all(db: Database, watch: Watch) -> None:
    """Index all articles that are not indexed yet, in small transactions."""
    with db.reading() as conn:
        if not writer.state_of(conn, UNINDEXED):
            return
        state = state_of(conn)
    done, left = 0, 1
    while left:
        watch("indexing", min(done, state.waiting), state.waiting)
        left = db.writing(lambda conn: writer.index_more(conn, BATCH))
        done += BATCH
    watch("indexing", state.waiting, state.waiting)
