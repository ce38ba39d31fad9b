"""The archive: everything that was published and what people did with it, behind one class.

It is synchronous and safe to use from several threads; an asyncio program calls it through
`asyncio.to_thread`. Every write is one transaction. It speaks of feeds and articles, never SQL.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from unabridged.archive.records import (
    OWNER,
    Articles,
    Change,
    Counts,
    Failure,
    FeedMove,
    FeedStatus,
    Folder,
    Headlines,
    Imported,
    LeasedFeed,
    NumberedArticle,
    Observation,
    PendingPage,
    PollOutcome,
    Query,
    RevisionLine,
    SavedEntries,
    Snapshot,
    Source,
    StoredArticle,
    StoredFeed,
    StoredRevision,
    Subscription,
)
from unabridged.model import Article, Entry, Feed, Page


class Archive:
    """An archive in one database, opened (and made or brought up to date) by its address.

    dsn: "sqlite:////path/to/file.db", "postgresql://…", or a path to an SQLite file.
    Raises NotAnArchive, SchemaTooNew, ArchiveUnwritable.
    """

    def __init__(self, dsn: str) -> None:
        raise NotImplementedError

    def close(self) -> None:
        """Give back every connection; the archive cannot be used afterwards."""
        raise NotImplementedError

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
        raise NotImplementedError

    def unsubscribe(self, feed_id: int, *, user: int = OWNER) -> None:
        """End a subscription; its articles stay. Raises NotFound."""
        raise NotImplementedError

    def purge(self, feed_id: int, *, user: int = OWNER) -> int:
        """End a subscription and erase the articles that only this feed showed; starred ones stay.

        Returns how many were erased. Raises NotFound.
        """
        raise NotImplementedError

    def subscriptions(self, *, user: int = OWNER) -> tuple[Subscription, ...]:
        """A user's subscriptions with article and unread counts, by folder and title."""
        raise NotImplementedError

    def subscription(self, feed_id: int, *, user: int = OWNER) -> Subscription:
        """One subscription. Raises NotFound."""
        raise NotImplementedError

    def rename(self, feed_id: int, title: str | None, *, user: int = OWNER) -> None:
        """Give a subscription a title of the user's own; None goes back to the feed's. Raises NotFound."""
        raise NotImplementedError

    def move(self, feed_id: int, folder: str | None, *, user: int = OWNER) -> None:
        """Put a subscription into a folder (made if missing), or None: into none. Raises NotFound."""
        raise NotImplementedError

    def folders(self, *, user: int = OWNER) -> tuple[Folder, ...]:
        """A user's folders by name."""
        raise NotImplementedError

    def rename_folder(self, folder_id: int, name: str, *, user: int = OWNER) -> None:
        """Rename a folder. Raises NotFound."""
        raise NotImplementedError

    # Feeds

    def feed(self, feed_id: int) -> StoredFeed:
        """One feed. Raises NotFound."""
        raise NotImplementedError

    def find_feed(self, url: str) -> StoredFeed | None:
        """The feed at this address (or at one it moved from), if known."""
        raise NotImplementedError

    def feeds(self) -> tuple[StoredFeed, ...]:
        """All feeds, by number."""
        raise NotImplementedError

    def feed_moves(self, feed_id: int) -> tuple[FeedMove, ...]:
        """The addresses that a feed had before, oldest first."""
        raise NotImplementedError

    def set_feed_url(self, feed_id: int, url: str, *, now: datetime) -> None:
        """Change a feed's address by hand; the old one stays in its history. Raises NotFound, InvalidURL."""
        raise NotImplementedError

    def set_feed_status(self, feed_id: int, status: FeedStatus, *, now: datetime) -> None:
        """Pause a feed or take it up again (then due at once). Raises NotFound."""
        raise NotImplementedError

    # Polling

    def due_feeds(self, now: datetime, limit: int) -> tuple[StoredFeed, ...]:
        """Feeds with a subscriber whose time has come and that nobody has claimed, longest due first."""
        raise NotImplementedError

    def claim_feeds(self, now: datetime, limit: int, *, lease: float = 300.0) -> tuple[LeasedFeed, ...]:
        """Claim due feeds for this worker alone. lease: seconds until another worker may take over."""
        raise NotImplementedError

    def claim_feed(self, feed_id: int, now: datetime, *, lease: float = 300.0) -> LeasedFeed | None:
        """Claim this feed whether due or not; None while another worker holds it. Raises NotFound."""
        raise NotImplementedError

    def release_feed(self, leased: LeasedFeed) -> None:
        """Give a claim back without a result (shutdown); the feed is due as before."""
        raise NotImplementedError

    def next_due_at(self) -> datetime | None:
        """When the next feed falls due or the next page is to be tried; None: nothing is planned."""
        raise NotImplementedError

    def posting_times(self, feed_id: int, limit: int = 20) -> tuple[datetime, ...]:
        """When a feed's latest articles were published (else seen), newest first."""
        raise NotImplementedError

    def record_poll(self, feed_id: int, outcome: PollOutcome, *, token: str | None = None) -> None:
        """Write down a poll that brought no document (304, failure, 410) and end the claim.

        token: of the claim; raises LeaseLost when another worker has taken the feed over meanwhile.
        """
        raise NotImplementedError

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
        raise NotImplementedError

    # Pages

    def pending_pages(self, now: datetime, limit: int) -> tuple[PendingPage, ...]:
        """Pages to be read now, newest articles first."""
        raise NotImplementedError

    def claim_pages(self, now: datetime, limit: int, *, lease: float = 300.0) -> tuple[PendingPage, ...]:
        """Claim pages to be read; others see them again after `lease` seconds unless saved before."""
        raise NotImplementedError

    def request_page(self, article_id: int, *, now: datetime) -> None:
        """Have an article's page read (again) as soon as possible. Raises NotFound."""
        raise NotImplementedError

    def save_page(
        self,
        article_id: int,
        article: Article,
        page: Page,
        *,
        now: datetime,
        next_check_at: datetime | None = None,
    ) -> Change:
        """Save what was made of an article's page: version, snapshot, observation in one transaction.

        A worse result (truncated, blocked, empty) never replaces a better one; it is written down.
        next_check_at: when to look for edits; None: not again. Raises NotFound.
        """
        raise NotImplementedError

    def record_page_failure(
        self, article_id: int, failure: Failure, *, now: datetime, next_try_at: datetime | None
    ) -> None:
        """Write down that a page could not be read; the article keeps its text. Raises NotFound."""
        raise NotImplementedError

    def save_article(self, article: Article, page: Page, *, now: datetime, user: int = OWNER) -> Change:
        """Keep one page as an article, delivered to `user`, whether or not a feed shows it."""
        raise NotImplementedError

    def import_article(self, imported: Imported, *, now: datetime, user: int = OWNER) -> Change:
        """Take in a version from a file. "same": already known; a publisher's own page is never replaced."""
        raise NotImplementedError

    def import_articles(
        self, imported: Iterable[Imported], *, now: datetime, user: int = OWNER
    ) -> tuple[Change, ...]:
        """Take in many in one transaction, in order."""
        raise NotImplementedError

    # Reading

    def headlines(self, query: Query, *, user: int = OWNER) -> Headlines:
        """A user's articles as lines, newest first, without bodies."""
        raise NotImplementedError

    def articles(self, query: Query, *, user: int = OWNER) -> Articles:
        """A user's articles, whole, newest first."""
        raise NotImplementedError

    def all_articles(self, query: Query, *, user: int = OWNER) -> Iterator[StoredArticle]:
        """Every article that the query names (its limit is the batch), newest first, in steady memory."""
        raise NotImplementedError

    def article(self, article_id: int, *, user: int = OWNER) -> StoredArticle:
        """One article in its current version. Raises NotFound."""
        raise NotImplementedError

    def find_article(self, url: str, *, user: int = OWNER) -> StoredArticle | None:
        """The article at this address, under any address it is known by."""
        raise NotImplementedError

    def neighbours(
        self, article_id: int, query: Query, *, user: int = OWNER
    ) -> tuple[int | None, int | None]:
        """The numbers of the next newer and the next older article in a list, None at its ends."""
        raise NotImplementedError

    def revisions(self, article_id: int) -> tuple[RevisionLine, ...]:
        """An article's history, oldest first. Raises NotFound."""
        raise NotImplementedError

    def revision(self, article_id: int, number: int) -> StoredRevision:
        """One version of an article. Raises NotFound."""
        raise NotImplementedError

    def observations(self, article_id: int) -> tuple[Observation, ...]:
        """Every look at an article's page, oldest first."""
        raise NotImplementedError

    def snapshot(self, snapshot_hash: str) -> Snapshot:
        """The raw page under this hash. Raises NotFound, or ArchiveError when the bytes fail the hash."""
        raise NotImplementedError

    def sightings(self, article_id: int) -> tuple[int, ...]:
        """The numbers of the feeds that showed an article, first one first."""
        raise NotImplementedError

    def items_after(self, item_id: int, limit: int = 50, *, user: int = OWNER) -> tuple[StoredArticle, ...]:
        """A user's items with higher numbers, ascending: what came since."""
        raise NotImplementedError

    def items_before(self, item_id: int, limit: int = 50, *, user: int = OWNER) -> tuple[StoredArticle, ...]:
        """A user's items with lower numbers, descending."""
        raise NotImplementedError

    def counts(self, *, user: int = OWNER) -> Counts:
        """How much there is."""
        raise NotImplementedError

    # Marks

    def mark_read(self, article_ids: Iterable[int], read: bool, *, now: datetime, user: int = OWNER) -> int:
        """Mark articles read or unread; unknown numbers are skipped. Returns how many changed."""
        raise NotImplementedError

    def mark_all_read(self, query: Query, *, now: datetime, before: datetime, user: int = OWNER) -> int:
        """Mark what a query names (limit and cursor aside) and was delivered up to `before` as read."""
        raise NotImplementedError

    def star(self, article_ids: Iterable[int], starred: bool, *, now: datetime, user: int = OWNER) -> int:
        """Star articles or take the star away; unknown numbers are skipped. Returns how many changed."""
        raise NotImplementedError

    def delete_article(self, article_id: int) -> None:
        """Erase an article with its versions, snapshots and marks. Raises NotFound."""
        raise NotImplementedError

    # The document tree

    def sources(self) -> tuple[Source, ...]:
        """The folders of the document tree, by slug."""
        raise NotImplementedError

    def name_source(self, slug: str, title: str) -> None:
        """Give a source its title (made if missing)."""
        raise NotImplementedError

    def number_articles(self) -> int:
        """Give every article without one its permanent number in its source. Returns how many it gave."""
        raise NotImplementedError

    def numbered_articles(self, source: str, *, batch: int = 200) -> Iterator[NumberedArticle]:
        """A source's articles by number, ascending, in steady memory."""
        raise NotImplementedError
