"""Data derived from the texts of an archive: the search index, near-duplicates and credited sources."""

from datetime import datetime

from unabridged.archive.analysis import queue
from unabridged.archive.records.maintenance import Watch, unwatched
from unabridged.archive.search_index import rebuild, writer
from unabridged.archive.search_index.rebuild import BATCH, IndexState
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.tables_search import UNINDEXED


class SearchIndex:
    """State and rebuilding of the search index: `archive.search_index`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def state(self) -> IndexState:
        """Count the articles that are indexed and those that are not."""
        with self._db.reading() as conn:
            return rebuild.state_of(conn)

    def index_some(self, limit: int = BATCH) -> bool:
        """Index up to `limit` articles that are not indexed yet; returns whether more are left."""
        with self._db.reading() as conn:
            if not writer.state_of(conn, UNINDEXED):
                return False
        return self._db.writing(lambda conn: writer.index_more(conn, limit)) > 0

    def index_all(self, *, watch: Watch = unwatched) -> None:
        """Index everything that is left, in small transactions; interrupted, the next call goes on."""
        rebuild.index_all(self._db, watch)

    def clear(self) -> None:
        """Empty the index; all articles must then be indexed again. Texts do not change."""
        self._db.writing(writer.start_over)


ANALYSES = 50
"""Articles analysed in one transaction; other writers wait for it, a tenth of a second."""


class Analysis:
    """Analysis of texts for near-duplicates and credited sources: `archive.analysis`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def waiting(self) -> int:
        """Count the articles that are not analysed yet."""
        with self._db.reading() as conn:
            return queue.count_waiting(conn)

    def some(self, limit: int = ANALYSES, *, now: datetime | None = None) -> bool:
        """Analyse up to `limit` articles that wait; returns whether more may be left.

        now: time of marks that articles take over from near-duplicates; None: that of those marks.
        """
        with self._db.reading() as conn:
            if not queue.waiting(conn, 1):
                return False
        from unabridged.archive.analysis.analyse import analyse_some

        return self._db.writing(lambda conn: analyse_some(conn, limit, now)) == limit

    def all(self, *, watch: Watch = unwatched) -> None:
        """Analyse everything that waits, in small transactions; interrupted, the next call goes on."""
        total = done = self.waiting()
        while self.some():
            done = self.waiting()
            watch("analysing", max(0, total - done), total)
        watch("analysing", total, total)

    def clear(self) -> None:
        """Remove all analyses; all articles must then be analysed again. Texts do not change."""
        self._db.writing(queue.start_over)
