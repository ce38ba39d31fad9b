"""Work on rules and saved searches that is left to do: rules on what is there, older articles of searches."""

from datetime import datetime

from unabridged.archive.records.maintenance import Watch, unwatched
from unabridged.archive.rules import passes, saved_searches
from unabridged.archive.search_index import rebuild
from unabridged.archive.storage.engine import Database


class Filing:
    """Application of rules and saved searches to what is there: `archive.filing`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def some(self, *, now: datetime) -> bool:
        """Do some of what is left, for anybody, in one short transaction; returns whether there is more."""
        with self._db.reading() as conn:
            user, search = passes.unfinished(conn), saved_searches.unfilled(conn)
            waiting = search is not None and rebuild.count_waiting(conn) > 0
        if user is not None:
            self._db.writing(lambda conn: passes.step(conn, user, now))
            return True
        if search is not None and not waiting:
            self._db.writing(lambda conn: saved_searches.fill_step(conn, search))
            return True
        return False

    def all(self, *, now: datetime, watch: Watch = unwatched) -> None:
        """Do everything that is left, in short transactions."""
        while self.some(now=now):
            with self._db.reading() as conn:
                user = passes.unfinished(conn)
                current = None if user is None else passes.state(conn, user)
            if current is not None:
                watch("applying rules", min(current.checked, current.of), current.of)
