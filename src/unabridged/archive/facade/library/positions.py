"""Positions of a user in audio and video."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from unabridged.archive.library import positions
from unabridged.archive.records.library import Position
from unabridged.archive.storage.engine import Database


class Positions:
    """Positions of one user in audio and video files: `archive.library(user).positions`."""

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user

    def set(self, article_id: int, media: str, seconds: int, length: int | None, *, now: datetime) -> None:
        """Store the position in a file of an article. Raises NotFound, InvalidValue.

        media: key of the file within the article. length: of the file in seconds; None keeps the one stored.
        """
        self._db.writing(
            lambda conn: positions.store(conn, self._user, article_id, media, seconds, length, now)
        )

    def of_article(self, article_id: int) -> tuple[Position, ...]:
        """Return the positions in the files of an article, the latest first."""
        with self._db.reading() as conn:
            return positions.of_article(conn, self._user, article_id)

    def of_articles(self, article_ids: Iterable[int]) -> tuple[Position, ...]:
        """Return the positions in the files of articles, the latest first."""
        with self._db.reading() as conn:
            return positions.of_articles(conn, self._user, article_ids)

    def latest(self, article_ids: Iterable[int]) -> Mapping[int, Position]:
        """Map article numbers to the latest position there; articles without any are left out."""
        with self._db.reading() as conn:
            return positions.latest(conn, self._user, article_ids)
