"""Search index of an archive: its state, and indexing what an older archive has not indexed."""

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
