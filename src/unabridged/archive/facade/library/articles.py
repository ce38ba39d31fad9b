"""Articles of a user: lists, single articles, their versions and pages, saving and deletion."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from unabridged.archive.articles import deletion, queries, stored_images
from unabridged.archive.articles.permissions import check_article, check_owner, check_snapshot
from unabridged.archive.articles.versions import article_not_found
from unabridged.archive.facade.maintenance import finish_deletions
from unabridged.archive.ingest import article_page, leases
from unabridged.archive.ingest.article_page import PageResult
from unabridged.archive.library.changes import list_changes
from unabridged.archive.records.changes import ArticleChanges, ChangeQuery
from unabridged.archive.records.core import (
    Articles,
    Change,
    Headline,
    Headlines,
    Observation,
    Query,
    RevisionLine,
    Snapshot,
    StoredArticle,
    StoredRevision,
    Validators,
)
from unabridged.archive.search_index.writer import request_merge
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.row_decoding import log
from unabridged.model import Article, Page


class LibraryArticles:
    """Articles delivered to one user: `archive.library(user).articles`. The owner sees all articles."""

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user

    # Lists

    def headlines(self, query: Query) -> Headlines:
        """Return a page of a list, in its order, without bodies."""
        with self._db.reading() as conn:
            return queries.list_headlines(conn, query, self._user)

    def headlines_among(self, query: Query, article_ids: Sequence[int]) -> tuple[Headline, ...]:
        """Return those of up to 1,000 articles that match a query without its limit and cursor, in order."""
        with self._db.reading() as conn:
            return tuple(queries.headlines_among(conn, query, article_ids, self._user))

    def page(self, query: Query) -> Articles:
        """Return a page of a list, newest first, with bodies."""
        with self._db.reading() as conn:
            return queries.list_articles(conn, query, self._user)

    def all(
        self, query: Query, *, on_damaged: Callable[[str], None] = log.warning
    ) -> Iterator[StoredArticle]:
        """Yield every article of a list (the query's limit is the batch), newest first, in steady memory.

        on_damaged: called with the reason for each article that cannot be read and is passed over.
        """
        place: Query | None = query
        while place is not None:
            found = self.page(place)
            for reason in found.damaged:
                on_damaged(reason)
            yield from found.articles
            place = replace(query, before=found.next) if found.next else None

    def count(self, query: Query) -> int:
        """Count the articles that match a query, without its limit and cursor."""
        with self._db.reading() as conn:
            return queries.count_listed(conn, query, self._user)

    def neighbours(self, article_id: int, query: Query) -> tuple[int | None, int | None]:
        """Return the numbers of the next newer and the next older article in a list, None at its ends."""
        with self._db.reading() as conn:
            return queries.neighbours(conn, article_id, query, self._user)

    def newest_item(self) -> int:
        """Return the highest number of the user's items, 0 without any."""
        with self._db.reading() as conn:
            return queries.newest_item(conn, self._user)

    def items_after(self, item_id: int, limit: int = 50) -> tuple[StoredArticle, ...]:
        """Return items with higher numbers, ascending: what was delivered since."""
        with self._db.reading() as conn:
            return queries.items_after(conn, item_id, limit, self._user)

    def changes(self, query: ChangeQuery) -> ArticleChanges:
        """Return a page of what publishers did to articles: edits, take-downs, restorations.

        Raises NotFound for an article that was never delivered to the user, and for a wrong cursor.
        """
        with self._db.reading() as conn:
            return list_changes(conn, query, self._user)

    # One article

    def get(self, article_id: int) -> StoredArticle:
        """Return one article in its current version. Raises NotFound."""
        with self._db.reading() as conn:
            return queries.get_article(conn, article_id, self._user)

    def find(self, url: str) -> StoredArticle | None:
        """Return the article at this address, under any address it is known by."""
        with self._db.reading() as conn:
            return queries.find_article(conn, url, self._user)

    def revisions(self, article_id: int) -> tuple[RevisionLine, ...]:
        """Return an article's history, oldest first. Raises NotFound."""
        with self._db.reading() as conn:
            check_article(conn, self._user, article_id)
            return queries.list_revisions(conn, article_id)

    def revision(self, article_id: int, number: int) -> StoredRevision:
        """Return one version of an article. Raises NotFound."""
        with self._db.reading() as conn:
            check_article(conn, self._user, article_id)
            return queries.get_revision(conn, article_id, number)

    def observations(self, article_id: int) -> tuple[Observation, ...]:
        """Return every fetch of an article's page, oldest first. Raises NotFound."""
        with self._db.reading() as conn:
            check_article(conn, self._user, article_id)
            return queries.list_observations(conn, article_id)

    def snapshot(self, snapshot_hash: str) -> Snapshot:
        """Return the raw page with this hash. Raises NotFound; ArchiveError if its bytes fail the hash."""
        with self._db.reading() as conn:
            check_snapshot(conn, self._user, snapshot_hash)
            return queries.get_snapshot(conn, snapshot_hash)

    def duplicates(self, article_id: int) -> tuple[Headline, ...]:
        """Return the articles that were merged into this one; no list has them. Raises NotFound."""
        with self._db.reading() as conn:
            check_article(conn, self._user, article_id)
            return queries.duplicate_headlines(conn, article_id, self._user)

    def images(self, article_id: int) -> tuple[tuple[str, str | None], ...]:
        """Return an article's pictures: address, and SHA-256 (hex) of the stored bytes (None: not stored)."""
        with self._db.reading() as conn:
            check_article(conn, self._user, article_id)
            return stored_images.images_of_article(conn, article_id)

    # Changes

    def save(
        self,
        article: Article,
        page: Page,
        *,
        now: datetime,
        next_check_at: datetime | None = None,
        validators: Validators | None = None,
        origin: str | None = None,
    ) -> Change:
        """Save one page as an article and deliver it to the user, whether or not a feed shows it.

        origin: address at the web archive that the page comes from; it never replaces a text as complete.
        """
        result = PageResult(
            article=article,
            page=page,
            now=now,
            next_check_at=next_check_at,
            validators=validators or Validators(),
            origin=origin,
        )
        return self._db.writing(lambda conn: article_page.save_article(conn, result, self._user))

    def request_page(self, article_id: int, *, now: datetime) -> None:
        """Make an article's page due immediately. Raises NotFound."""

        def work(conn: Connection) -> None:
            check_article(conn, self._user, article_id)
            leases.request_page(conn, article_id, now)

        self._db.writing(work)

    def delete(self, article_id: int, *, now: datetime | None = None) -> None:
        """Delete an article for everybody, with its versions, raw pages, pictures and marks.

        now: a tombstone of that time (hashes of its addresses and ids) keeps polls from bringing it back;
        None: it may come again. Raises NotFound; ArchiveError for anybody but the owner.
        """
        check_owner(self._user)

        def work(conn: Connection) -> int:
            request_merge(conn)
            return deletion.delete_articles(conn, [article_id], now)

        if self._db.writing(work) == 0:
            raise article_not_found(article_id)
        finish_deletions(self._db)

    def remove_tombstone(self, url: str) -> None:
        """Let a deleted article come back with the next poll.

        Raises NotFound if none was deleted at this address; ArchiveError for anybody but the owner.
        """
        check_owner(self._user)
        self._db.writing(lambda conn: deletion.remove_tombstone_of(conn, url))
