"""Imports into a user's library: articles and captured pages from files."""

from collections.abc import Iterable
from datetime import datetime

from unabridged.archive.ingest import imported_article, imported_page
from unabridged.archive.records.core import Change
from unabridged.archive.records.imports import Imported, ImportedPage
from unabridged.archive.storage.engine import Database


class Imports:
    """Articles from files, delivered to one user: `archive.library(user).imports`."""

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user

    def add(self, imported: Imported, *, now: datetime) -> Change:
        """Save a version from a file. "same": already known; a publisher's own page is never replaced."""
        return self._db.writing(lambda conn: imported_article.import_article(conn, imported, now, self._user))

    def add_many(self, imported: Iterable[Imported], *, now: datetime) -> tuple[Change, ...]:
        """Save many in one transaction, in order."""
        many = tuple(imported)
        return self._db.writing(
            lambda conn: tuple(imported_article.import_article(conn, one, now, self._user) for one in many)
        )

    def add_pages(self, pages: Iterable[ImportedPage], *, now: datetime) -> tuple[Change, ...]:
        """Save captured pages with the articles extracted from them, in one transaction, in order.

        The same capture a second time changes nothing; one older than the current version goes into the
        article's history.
        """
        many = tuple(pages)
        return self._db.writing(
            lambda conn: tuple(imported_page.import_page(conn, one, now, self._user) for one in many)
        )
