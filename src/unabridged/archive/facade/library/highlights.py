"""Highlights and notes of a user."""

from datetime import datetime

from unabridged.archive.library import highlights
from unabridged.archive.records.library import Highlight
from unabridged.archive.storage.engine import Database
from unabridged.text.quotes import Quote


class Highlights:
    """Words that one user marked, with notes: `archive.library(user).highlights`."""

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user

    def add(self, article_id: int, number: int, quote: Quote, note: str = "", *, now: datetime) -> int:
        """Mark words of a version; returns the highlight's number. Raises InvalidValue, NotFound."""
        return self._db.writing(
            lambda conn: highlights.add(conn, self._user, article_id, number, quote, note, now)
        )

    def of_article(self, article_id: int) -> tuple[Highlight, ...]:
        """Return the highlights of an article, oldest first."""
        with self._db.reading() as conn:
            return highlights.of_article(conn, self._user, article_id)

    def page(self, before: int | None = None, limit: int = 50) -> tuple[Highlight, ...]:
        """Return highlights, newest first. before: number of the last one of the page before."""
        with self._db.reading() as conn:
            return highlights.page(conn, self._user, before, limit)

    def by_article(self) -> tuple[Highlight, ...]:
        """Return all highlights, those of one article together."""
        with self._db.reading() as conn:
            return highlights.by_article(conn, self._user)

    def set_note(self, highlight_id: int, note: str) -> None:
        """Replace the note. Raises NotFound, InvalidValue."""
        self._db.writing(lambda conn: highlights.set_note(conn, self._user, highlight_id, note))

    def remove(self, highlight_id: int) -> None:
        """Remove a highlight with its note. Raises NotFound."""
        self._db.writing(lambda conn: highlights.remove(conn, self._user, highlight_id))
