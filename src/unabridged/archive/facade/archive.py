"""The archive: everything that was published and what people did with it, behind one class.

It is synchronous and safe to use from several threads; an asyncio program calls it through
`asyncio.to_thread`. Every write is one transaction. It speaks of feeds and articles, never SQL.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Self

from sqlalchemy import Connection

from unabridged.archive.articles import deletion, queries
from unabridged.archive.articles import document_numbers as sources
from unabridged.archive.articles.permissions import check_article, check_feed, check_snapshot
from unabridged.archive.facade.imports import Exchange
from unabridged.archive.facade.library import Library
from unabridged.archive.facade.maintenance import Keeping
from unabridged.archive.facade.polling import Polling
from unabridged.archive.facade.search import Searching
from unabridged.archive.feeds import feeds, subscriptions
from unabridged.archive.ingest import article_page, scheduling
from unabridged.archive.ingest.article_page import Missed, Reading
from unabridged.archive.ingest.feed_document import Harvest, save_entries
from unabridged.archive.library import read_state
from unabridged.archive.migrations.runner import prepare
from unabridged.archive.records.core import (
    OWNER,
    Articles,
    Change,
    Counts,
    Failure,
    FeedMove,
    FeedStatus,
    Folder,
    Headline,
    Headlines,
    LeasedFeed,
    ListedFeed,
    NumberedArticle,
    Observation,
    PendingPage,
    Query,
    RevisionLine,
    SavedEntries,
    Snapshot,
    Source,
    StoredArticle,
    StoredFeed,
    StoredRevision,
    Subscription,
    Validators,
)
from unabridged.archive.records.polling import PollOutcome
from unabridged.archive.search_index.writer import owe_merge
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.row_decoding import log
from unabridged.model import Article, Entry, Feed, Page

NOTHING_RETAINED: Mapping[str, int] = {}


class Archive(Exchange, Library, Keeping, Polling, Searching):
    """An archive in one database, opened (and made or brought up to date) by its address.

    dsn: "sqlite:////path/to/file.db", "postgresql://…", or a path to an SQLite file.
    Raises NotAnArchive, SchemaTooNew, ArchiveUnwritable.
    """

    def __init__(self, dsn: str) -> None:
        self._db = Database(dsn)
        try:
            prepare(self._db)
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        """Give back every connection; the archive cannot be used afterwards."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Subscriptions

    def subscribe(
        self,
        url: str,
        *,
        now: datetime,
        user: int = OWNER,
        folder: str | None = None,
        title: str | None = None,
    ) -> Subscription:
        """Subscribe to the feed at `url` (due at once); a second time changes nothing but folder and title.

        folder: a name, made if missing. Raises InvalidURL.
        """
        return self._db.writing(lambda conn: subscriptions.subscribe(conn, user, url, now, folder, title))

    def subscribe_many(
        self,
        wanted: Sequence[ListedFeed],
        *,
        now: datetime,
        user: int = OWNER,
        retain: Mapping[str, int] = NOTHING_RETAINED,
    ) -> tuple[int, ...]:
        """Subscribe to many feeds in one transaction; returns their numbers, in order.

        retain: folder -> seconds that it keeps articles, for folders that are made now.
        Raises InvalidURL; then none of them is there.
        """
        return self._db.writing(lambda conn: subscriptions.subscribe_many(conn, user, wanted, now, retain))

    def unsubscribe(self, feed_id: int, *, user: int = OWNER) -> None:
        """End a subscription; its articles stay. Raises NotFound."""
        self._db.writing(lambda conn: subscriptions.unsubscribe(conn, user, feed_id))

    def purge(self, feed_id: int, *, user: int = OWNER) -> int:
        """End a subscription and erase the articles that only this feed showed.

        Those stay that anybody starred or tagged, and all of them while somebody else reads the feed. What
        was erased comes back if the feed is subscribed to again.

        Returns how many were erased. Raises NotFound.
        """

        def work(conn: Connection) -> int:
            subscriptions.unsubscribe(conn, user, feed_id)
            erased = deletion.purge(conn, feed_id)
            owe_merge(conn)
            return erased

        erased = self._db.writing(work)
        self.settle()
        return erased

    def subscriptions(self, *, user: int = OWNER) -> tuple[Subscription, ...]:
        """A user's subscriptions with article and unread counts, by folder and title."""
        with self._db.reading() as conn:
            return subscriptions.list_subscriptions(conn, user)

    def subscription(self, feed_id: int, *, user: int = OWNER) -> Subscription:
        """One subscription. Raises NotFound."""
        with self._db.reading() as conn:
            return subscriptions.one_subscription(conn, user, feed_id)

    def rename(self, feed_id: int, title: str | None, *, user: int = OWNER) -> None:
        """Give a subscription a title of the user's own; None goes back to the feed's. Raises NotFound."""
        self._db.writing(lambda conn: subscriptions.rename(conn, user, feed_id, title))

    def move(self, feed_id: int, folder: str | None, *, user: int = OWNER) -> None:
        """Put a subscription into a folder (made if missing), or None: into none. Raises NotFound."""
        self._db.writing(lambda conn: subscriptions.move(conn, user, feed_id, folder))

    def folders(self, *, user: int = OWNER) -> tuple[Folder, ...]:
        """A user's folders by name."""
        with self._db.reading() as conn:
            return subscriptions.list_folders(conn, user)

    def rename_folder(self, folder_id: int, name: str, *, user: int = OWNER) -> None:
        """Rename a folder. Raises NotFound."""
        self._db.writing(lambda conn: subscriptions.rename_folder(conn, user, folder_id, name))

    # Feeds

    def feed(self, feed_id: int, *, user: int = OWNER) -> StoredFeed:
        """One feed. Raises NotFound."""
        with self._db.reading() as conn:
            check_feed(conn, user, feed_id)
            return feeds.one_feed(conn, feed_id)

    def find_feed(self, url: str) -> StoredFeed | None:
        """The feed at this address (or at one it moved from), if known."""
        with self._db.reading() as conn:
            return feeds.feed_at(conn, url)

    def feeds(self) -> tuple[StoredFeed, ...]:
        """All feeds, by number."""
        with self._db.reading() as conn:
            return feeds.every_feed(conn)

    def feed_moves(self, feed_id: int, *, user: int = OWNER) -> tuple[FeedMove, ...]:
        """The addresses that a feed had before, oldest first."""
        with self._db.reading() as conn:
            check_feed(conn, user, feed_id)
            return feeds.moves(conn, feed_id)

    def set_feed_url(self, feed_id: int, url: str, *, now: datetime, user: int = OWNER) -> None:
        """Change a feed's address by hand; the old one stays in its history. Raises NotFound, InvalidURL."""

        def work(conn: Connection) -> None:
            check_feed(conn, user, feed_id)
            feeds.move_by_hand(conn, feed_id, url, now)

        self._db.writing(work)

    def set_feed_status(self, feed_id: int, status: FeedStatus, *, now: datetime, user: int = OWNER) -> None:
        """Pause a feed or take it up again (then due at once). Raises NotFound."""

        def work(conn: Connection) -> None:
            check_feed(conn, user, feed_id)
            feeds.set_status(conn, feed_id, status, now)

        self._db.writing(work)

    # Polling

    def due_feeds(self, now: datetime, limit: int) -> tuple[StoredFeed, ...]:
        """Feeds with a subscriber whose time has come and that nobody has claimed, longest due first."""
        with self._db.reading() as conn:
            return scheduling.due_feeds(conn, now, limit)

    def claim_feed(self, feed_id: int, now: datetime, *, lease: float = 300.0) -> LeasedFeed | None:
        """Claim this feed whether due or not; None while another worker holds it. Raises NotFound."""
        return self._db.writing(lambda conn: scheduling.claim_feed(conn, feed_id, now, lease))

    def release_feed(self, leased: LeasedFeed) -> None:
        """Give a claim back without a result (shutdown); the feed is due as before."""
        self._db.writing(lambda conn: scheduling.release_feed(conn, leased))

    def next_due_at(self) -> datetime | None:
        """When the next feed falls due or the next page is to be tried; None: nothing is planned."""
        with self._db.reading() as conn:
            return scheduling.next_due_at(conn)

    def posting_times(self, feed_id: int, limit: int = 20) -> tuple[datetime, ...]:
        """When a feed's latest articles were published (else seen), newest first."""
        with self._db.reading() as conn:
            return scheduling.posting_times(conn, feed_id, limit)

    def record_poll(self, feed_id: int, outcome: PollOutcome, *, token: str | None = None) -> None:
        """Write down a poll that brought no document (304, failure, 410) and end the claim.

        token: of the claim; raises LeaseLost when another worker has taken the feed over meanwhile.
        """

        def work(conn: Connection) -> None:
            scheduling.write_outcome(conn, scheduling.check_lease(conn, feed_id, token), outcome)

        self._db.writing(work)

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
        read_newest: on a feed's first document only so many newest entries are marked for reading;
        later all new ones are. An entry is known again by its guid, else its link, else its words;
        and an article by its address, whatever feed or guid it comes with. Raises NotFound, LeaseLost.
        """
        harvest = Harvest(
            parsed=parsed, articles=articles, outcome=outcome, token=token, read_newest=read_newest
        )
        return self._db.writing(lambda conn: save_entries(conn, feed_id, harvest))

    # Pages

    def pending_pages(self, now: datetime, limit: int) -> tuple[PendingPage, ...]:
        """Pages to be read now, newest articles first."""
        with self._db.reading() as conn:
            return scheduling.pending_pages(conn, now, limit)

    def request_page(self, article_id: int, *, now: datetime, user: int = OWNER) -> None:
        """Have an article's page read (again) as soon as possible. Raises NotFound."""

        def work(conn: Connection) -> None:
            check_article(conn, user, article_id)
            scheduling.request_page(conn, article_id, now)

        self._db.writing(work)

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
        """Save what was made of an article's page: version, snapshot, observation in one transaction.

        A worse result (truncated, blocked, empty) never replaces a better one; it is written down.
        next_check_at: when to look for edits; None: not again. retry_at: when to try again should the
        result be worse than what we have. validators: to ask with next time. Raises NotFound.
        """
        look = Reading(
            article=article,
            page=page,
            now=now,
            next_check_at=next_check_at,
            retry_at=retry_at,
            validators=validators or Validators(),
        )
        return self._db.writing(lambda conn: article_page.save_page(conn, article_id, look))

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
        """Write down that a page could not be read; the article keeps its text. Raises NotFound.

        status: what the site answered. taken_down: the publisher had the page before and has it no more.
        """
        missed = Missed(
            failure=failure, now=now, next_try_at=next_try_at, status=status, taken_down=taken_down
        )
        self._db.writing(lambda conn: article_page.record_page_failure(conn, article_id, missed))

    def record_page_unchanged(
        self, article_id: int, *, now: datetime, next_check_at: datetime | None
    ) -> Change:
        """Write down that a page said of itself that nothing changed. Raises NotFound."""
        return self._db.writing(
            lambda conn: article_page.record_unchanged(conn, article_id, now, next_check_at)
        )

    def save_article(
        self,
        article: Article,
        page: Page,
        *,
        now: datetime,
        user: int = OWNER,
        next_check_at: datetime | None = None,
        validators: Validators | None = None,
    ) -> Change:
        """Keep one page as an article, delivered to `user`, whether or not a feed shows it."""
        look = Reading(
            article=article,
            page=page,
            now=now,
            next_check_at=next_check_at,
            validators=validators or Validators(),
        )
        return self._db.writing(lambda conn: article_page.save_article(conn, look, user))

    # Reading

    def headlines(self, query: Query, *, user: int = OWNER) -> Headlines:
        """A user's articles as lines, newest first, without bodies."""
        with self._db.reading() as conn:
            return queries.headlines(conn, query, user)

    def articles(self, query: Query, *, user: int = OWNER) -> Articles:
        """A user's articles, whole, newest first."""
        with self._db.reading() as conn:
            return queries.whole_articles(conn, query, user)

    def all_articles(
        self, query: Query, *, user: int = OWNER, passed: Callable[[str], None] = log.warning
    ) -> Iterator[StoredArticle]:
        """Every article that a query names (its limit is the batch), newest first. passed: hears of bad."""
        place: Query | None = query
        while place is not None:
            found = self.articles(place, user=user)
            for why in found.damaged:
                passed(why)
            yield from found.articles
            place = replace(query, before=found.next) if found.next else None

    def article(self, article_id: int, *, user: int = OWNER) -> StoredArticle:
        """One article in its current version. Raises NotFound."""
        with self._db.reading() as conn:
            return queries.one_article(conn, article_id, user)

    def find_article(self, url: str, *, user: int = OWNER) -> StoredArticle | None:
        """The article at this address, under any address it is known by."""
        with self._db.reading() as conn:
            return queries.article_at(conn, url, user)

    def neighbours(
        self, article_id: int, query: Query, *, user: int = OWNER
    ) -> tuple[int | None, int | None]:
        """The numbers of the next newer and the next older article in a list, None at its ends."""
        with self._db.reading() as conn:
            return queries.neighbours(conn, article_id, query, user)

    def revisions(self, article_id: int, *, user: int = OWNER) -> tuple[RevisionLine, ...]:
        """An article's history, oldest first. Raises NotFound."""
        with self._db.reading() as conn:
            check_article(conn, user, article_id)
            return queries.history(conn, article_id)

    def revision(self, article_id: int, number: int, *, user: int = OWNER) -> StoredRevision:
        """One version of an article. Raises NotFound."""
        with self._db.reading() as conn:
            check_article(conn, user, article_id)
            return queries.one_revision(conn, article_id, number)

    def observations(self, article_id: int, *, user: int = OWNER) -> tuple[Observation, ...]:
        """Every look at an article's page, oldest first."""
        with self._db.reading() as conn:
            check_article(conn, user, article_id)
            return queries.looks(conn, article_id)

    def snapshot(self, snapshot_hash: str, *, user: int = OWNER) -> Snapshot:
        """The raw page under this hash. Raises NotFound, or ArchiveError when the bytes fail the hash."""
        with self._db.reading() as conn:
            check_snapshot(conn, user, snapshot_hash)
            return queries.one_snapshot(conn, snapshot_hash)

    def sightings(self, article_id: int, *, user: int = OWNER) -> tuple[int, ...]:
        """The numbers of the feeds that showed an article, first one first."""
        with self._db.reading() as conn:
            check_article(conn, user, article_id)
            return queries.shown_by(conn, article_id)

    def items_after(self, item_id: int, limit: int = 50, *, user: int = OWNER) -> tuple[StoredArticle, ...]:
        """A user's items with higher numbers, ascending: what came since."""
        with self._db.reading() as conn:
            return queries.items_after(conn, item_id, limit, user)

    def items_before(self, item_id: int, limit: int = 50, *, user: int = OWNER) -> tuple[StoredArticle, ...]:
        """A user's items with lower numbers, descending."""
        with self._db.reading() as conn:
            return queries.items_before(conn, item_id, limit, user)

    def counts(self, *, user: int = OWNER) -> Counts:
        """How much there is."""
        with self._db.reading() as conn:
            return queries.count_all(conn, user)

    def joined_articles(self, article_id: int, *, user: int = OWNER) -> tuple[Headline, ...]:
        """Lines of what turned out to be this article under another address; no list has them."""
        with self._db.reading() as conn:
            check_article(conn, user, article_id)
            return queries.joined_lines(conn, article_id, user)

    # Marks

    def mark_read(self, article_ids: Iterable[int], read: bool, *, now: datetime, user: int = OWNER) -> int:
        """Mark articles read or unread; unknown numbers are skipped. Returns how many changed."""
        numbers = tuple(article_ids)
        return self._db.writing(lambda conn: read_state.mark_read(conn, user, numbers, read, now))

    def mark_all_read(self, query: Query, *, now: datetime, before: datetime, user: int = OWNER) -> int:
        """Mark what a query names (limit and cursor aside) and was delivered up to `before` as read."""
        return self._db.writing(lambda conn: read_state.mark_all_read(conn, user, query, now, before))

    def star(self, article_ids: Iterable[int], starred: bool, *, now: datetime, user: int = OWNER) -> int:
        """Star articles or take the star away; unknown numbers are skipped. Returns how many changed."""
        numbers = tuple(article_ids)
        return self._db.writing(lambda conn: read_state.star(conn, user, numbers, starred, now))

    # The document tree

    def sources(self) -> tuple[Source, ...]:
        """The folders of the document tree, by slug."""
        with self._db.reading() as conn:
            return sources.list_sources(conn)

    def name_source(self, slug: str, title: str) -> None:
        """Give a source its title (made if missing)."""
        self._db.writing(lambda conn: sources.name_source(conn, slug, title))

    def number_articles(self) -> int:
        """Give every article without one its permanent number in its source. Returns how many it gave."""
        return self._db.writing(sources.number_articles)

    def numbered_articles(self, source: str, *, batch: int = 200) -> Iterator[NumberedArticle]:
        """A source's articles by number, ascending, in steady memory."""
        after = -1
        while True:
            with self._db.reading() as conn:
                pairs = list(sources.numbers_after(conn, source, after, batch))
                found = queries.some_articles(conn, [article_id for _, article_id in pairs], OWNER)
            yield from (
                NumberedArticle(number=number, stored=found[one]) for number, one in pairs if one in found
            )
            if len(pairs) < batch:
                return
            after = pairs[-1][0]
