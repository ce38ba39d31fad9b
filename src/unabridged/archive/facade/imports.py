"""What comes into an archive from files and goes out to them, as part of its facade."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from unabridged.archive.articles import queries
from unabridged.archive.ingest import imported_article, imported_page
from unabridged.archive.records.core import OWNER, Change, Headline, Imported, ImportedPage, Query
from unabridged.archive.storage.engine import Database
from unabridged.model import Page


class Exchange:
    """The part of `Archive` that imports and exports need. `_db` is the archive's database."""

    _db: Database

    def import_article(self, imported: Imported, *, now: datetime, user: int = OWNER) -> Change:
        """Take in a version from a file. "same": already known; a publisher's own page is never replaced."""
        return self._db.writing(lambda conn: imported_article.import_article(conn, imported, now, user))

    def import_articles(
        self, imported: Iterable[Imported], *, now: datetime, user: int = OWNER
    ) -> tuple[Change, ...]:
        """Take in many in one transaction, in order."""
        many = tuple(imported)
        return self._db.writing(
            lambda conn: tuple(imported_article.import_article(conn, one, now, user) for one in many)
        )

    def import_pages(
        self, pages: Iterable[ImportedPage], *, now: datetime, user: int = OWNER
    ) -> tuple[Change, ...]:
        """Take in captures of pages with the articles made of them, in one transaction, in order.

        The same capture a second time changes nothing; an older one than the article shows goes into its
        history.
        """
        many = tuple(pages)
        return self._db.writing(
            lambda conn: tuple(imported_page.import_page(conn, one, now, user) for one in many)
        )

    def known_page(self, page: Page) -> Change | None:
        """What importing this capture would answer where it is held already, None where it is not."""
        with self._db.reading() as conn:
            return imported_page.known_page(conn, page)

    def count_articles(self, query: Query, *, user: int = OWNER) -> int:
        """How many articles a query names, its limit and cursor aside."""
        with self._db.reading() as conn:
            return queries.count_listed(conn, query, user)

    def headlines_among(
        self, query: Query, article_ids: Sequence[int], *, user: int = OWNER
    ) -> tuple[Headline, ...]:
        """Those of up to 1,000 articles that a query names, its limit and cursor aside; in their order."""
        with self._db.reading() as conn:
            return tuple(queries.headlines_among(conn, query, article_ids, user))
