"""Share links of a user."""

from datetime import datetime

from unabridged.archive.library import shares
from unabridged.archive.records.library import NewShare, Share
from unabridged.archive.storage.engine import Database


class Shares:
    """Links of one user to versions of articles: `archive.library(user).shares`."""

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user

    def add(self, article_id: int, number: int, *, now: datetime) -> NewShare:
        """Make a link to a version. Only the returned record has its secret. Raises NotFound."""
        return self._db.writing(lambda conn: shares.create(conn, self._user, article_id, number, now))

    def all(self, limit: int = 500) -> tuple[Share, ...]:
        """Return the newest links, newest first."""
        with self._db.reading() as conn:
            return shares.list_shares(conn, self._user, limit)

    def remove(self, share_id: int) -> None:
        """Take a link back: it opens nothing any more. Raises NotFound."""
        self._db.writing(lambda conn: shares.remove(conn, self._user, share_id))


class SharedVersions:
    """Articles that links open, whoever has them: `archive.shared`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def find(self, secret: str) -> Share | None:
        """Return the link with a secret; None if there is none or it was taken back."""
        with self._db.reading() as conn:
            return shares.find(conn, secret)
