"""Preferences of a user."""

from collections.abc import Iterable, Mapping

from unabridged.archive.library import preferences
from unabridged.archive.storage.engine import Database


class Preferences:
    """Preferences of one user: `archive.library(user).preferences`."""

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user

    def get(self, names: Iterable[str]) -> Mapping[str, str]:
        """Map those of the names that are set to their values."""
        wanted = tuple(names)
        with self._db.reading() as conn:
            return preferences.read(conn, self._user, wanted)

    def set(self, values: Mapping[str, str | None]) -> None:
        """Set preferences; None removes one. Raises InvalidValue.

        The archive itself acts on "edited": the read articles that become unread when their publisher edits
        them. "keep": none; "marked": those that the user starred or highlighted; "always": all. And on
        "share_marks": "own": each article has its own marks; "shared": near-duplicates are read and starred
        together.
        """
        self._db.writing(lambda conn: preferences.write(conn, self._user, values))
