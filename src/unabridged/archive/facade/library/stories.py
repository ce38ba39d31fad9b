"""Readings of a user's articles: near-duplicates and credited sources."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from unabridged.archive.analysis import keys
from unabridged.archive.articles.permissions import check_article
from unabridged.archive.articles.queries import headlines_among
from unabridged.archive.articles.versions import article_not_found
from unabridged.archive.records.core import Headline, Query
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.tables import articles

if TYPE_CHECKING:
    from unabridged.stories.attributions import Attribution


class Stories:
    """Near-duplicates and credited sources of articles: `library.stories`.

    Both are computed within a minute after an article is saved, and again when its text changes.
    """

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user

    def copies(self, article_id: int) -> tuple[Headline, ...]:
        """Return the user's other articles with nearly the same text, the oldest number first.

        Raises NotFound.
        """
        with self._db.reading() as conn:
            self._check(conn, article_id)
            numbers = keys.members(conn, article_id)
            return tuple(headlines_among(conn, Query(), numbers, self._user)) if numbers else ()

    def credits(self, article_id: int) -> "tuple[Attribution, ...]":
        """Return the sources that the newest version of an article credits, in the order of its text.

        Raises NotFound.
        """
        from unabridged.archive.analysis import sources

        with self._db.reading() as conn:
            self._check(conn, article_id)
            return sources.load_attributions(conn, article_id)

    def _check(self, conn: Connection, article_id: int) -> None:
        """Raise NotFound unless the user has the article."""
        check_article(conn, self._user, article_id)
        if conn.execute(select(articles.c.id).where(articles.c.id == article_id)).first() is None:
            raise article_not_found(article_id)
