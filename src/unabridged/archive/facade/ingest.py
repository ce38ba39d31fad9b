"""Saving of poll results in an archive: feed documents, article pages and their failures."""

from collections.abc import Sequence
from datetime import datetime

from unabridged.archive.ingest import article_page, feed_document, imported_page
from unabridged.archive.ingest.article_page import PageFailure, PageResult
from unabridged.archive.ingest.feed_document import FeedSave
from unabridged.archive.records.core import Change, Failure, Validators
from unabridged.archive.records.polling import PollOutcome, SavedEntries
from unabridged.archive.storage.engine import Database
from unabridged.model import Article, Entry, Feed, Page


class Ingest:
    """Results of polling, saved for all subscribers: `archive.ingest`. Every write is one transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def save_entries(
        self,
        feed_id: int,
        parsed: Feed,
        articles: Sequence[tuple[Entry, Article]],
        outcome: PollOutcome,
        *,
        token: str | None = None,
        read_newest: int = 50,
    ) -> SavedEntries:
        """Save a feed document in one transaction: feed, new articles (version 0), items, schedule.

        articles: each entry with the Article made of the feed's own text, in the feed's order.
        read_newest: of a feed's first document, fetch the pages of only this many newest entries; later
        those of all new ones. An entry is recognised by its guid, else its link, else its words; an
        article by its address, whatever feed or guid it comes with. Raises NotFound, LeaseLost.
        """
        save = FeedSave(
            parsed=parsed, articles=articles, outcome=outcome, token=token, read_newest=read_newest
        )
        return self._db.writing(lambda conn: feed_document.save_entries(conn, feed_id, save))

    def save_page(
        self,
        article_id: int,
        article: Article,
        page: Page,
        *,
        now: datetime,
        next_check_at: datetime | None = None,
        retry_at: datetime | None = None,
        validators: Validators | None = None,
    ) -> Change:
        """Save what was extracted from an article's page: version, snapshot and observation.

        A worse result (truncated, blocked, empty) never replaces a better one; it is recorded.
        next_check_at: when to look for edits; None: never. retry_at: when to try again if the result is
        worse than the stored one. validators: to send with the next request. Raises NotFound.
        """
        result = PageResult(
            article=article,
            page=page,
            now=now,
            next_check_at=next_check_at,
            retry_at=retry_at,
            validators=validators or Validators(),
        )
        return self._db.writing(lambda conn: article_page.save_page(conn, article_id, result))

    def save_archived_page(
        self, article_id: int, article: Article, page: Page, *, origin: str, now: datetime
    ) -> Change:
        """Save what was extracted from a web archive's copy of a page that its publisher removed.

        It becomes a version, marked with its origin, if it is more complete than the stored text; else it is
        only recorded. page: as the publisher had it, `fetched` when the archive captured it. origin: address
        at the archive. Raises NotFound.
        """
        result = PageResult(article=article, page=page, now=now, origin=origin)
        return self._db.writing(lambda conn: article_page.save_archived_page(conn, article_id, result))

    def record_page_failure(
        self,
        article_id: int,
        failure: Failure,
        *,
        now: datetime,
        next_try_at: datetime | None,
        status: int | None = None,
        taken_down: bool = False,
    ) -> None:
        """Record that a page could not be fetched; the article keeps its text. Raises NotFound.

        status: of the site's response. taken_down: the publisher removed a page that was there before.
        """
        failed = PageFailure(
            failure=failure, now=now, next_try_at=next_try_at, status=status, taken_down=taken_down
        )
        self._db.writing(lambda conn: article_page.record_page_failure(conn, article_id, failed))

    def record_page_unchanged(
        self, article_id: int, *, now: datetime, next_check_at: datetime | None
    ) -> Change:
        """Record that the site answered that a page has not changed. Raises NotFound."""
        return self._db.writing(
            lambda conn: article_page.record_unchanged(conn, article_id, now, next_check_at)
        )

    def known_page(self, page: Page) -> Change | None:
        """Return what importing a capture would return if it is stored already, None if it is not."""
        with self._db.reading() as conn:
            return imported_page.known_page(conn, page)
