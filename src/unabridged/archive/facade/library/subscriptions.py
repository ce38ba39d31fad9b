"""Subscriptions of a user: their feeds, titles, folders and retention."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from unabridged.archive.articles import deletion
from unabridged.archive.articles.permissions import check_feed, check_owner
from unabridged.archive.articles.versions import deliver_newest
from unabridged.archive.facade.maintenance import finish_deletions
from unabridged.archive.feeds import bulk_edits, feed_options, feeds, subscriptions
from unabridged.archive.records.core import FeedStatus, Folder, ListedFeed, StoredFeed, Subscription
from unabridged.archive.rules import saved_searches
from unabridged.archive.search_index.writer import request_merge
from unabridged.archive.storage.engine import Database

NOTHING_RETAINED: Mapping[str, int] = {}


class Subscriptions:
    """Subscriptions of one user: `archive.library(user).subscriptions`."""

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user

    def add(
        self, url: str, *, now: datetime, folder: str | None = None, title: str | None = None
    ) -> Subscription:
        """Subscribe to the feed at `url` (due immediately); again, it only sets folder and title.

        The newest articles that the archive has of it are delivered. folder: a name, made if missing.
        Raises InvalidURL.
        """

        def subscribe(conn: Connection) -> Subscription:
            made = subscriptions.subscribe(conn, self._user, url, now, folder, title)
            if made.new:
                deliver_newest(conn, self._user, [made.feed.id], now)
            return made

        return self._db.writing(subscribe)

    def add_many(
        self, wanted: Sequence[ListedFeed], *, now: datetime, retain: Mapping[str, int] = NOTHING_RETAINED
    ) -> tuple[int, ...]:
        """Subscribe to many feeds in one transaction; returns their numbers, in order.

        retain: folder -> seconds that it keeps articles, for folders that are made now.
        Raises InvalidURL; then none of them is added.
        """

        def subscribe(conn: Connection) -> tuple[int, ...]:
            numbers = subscriptions.subscribe_many(conn, self._user, wanted, now, retain)
            deliver_newest(conn, self._user, numbers, now)
            return numbers

        return self._db.writing(subscribe)

    def remove(self, feed_id: int) -> None:
        """End a subscription; its articles stay. Raises NotFound."""
        self._db.writing(lambda conn: subscriptions.unsubscribe(conn, self._user, feed_id))

    def purge(self, feed_id: int) -> int:
        """End a subscription and delete the articles that only this feed showed.

        Articles stay that anybody starred or tagged, and all of them while another user subscribes to the
        feed. Deleted articles come back if the feed is subscribed to again.

        Returns how many were deleted. Raises NotFound.
        """

        def work(conn: Connection) -> int:
            subscriptions.unsubscribe(conn, self._user, feed_id)
            deleted = deletion.purge(conn, feed_id)
            request_merge(conn)
            return deleted

        deleted = self._db.writing(work)
        finish_deletions(self._db)
        return deleted

    def all(self) -> tuple[Subscription, ...]:
        """Return the subscriptions with article and unread counts, by folder and title."""
        with self._db.reading() as conn:
            return subscriptions.list_subscriptions(conn, self._user)

    def page(
        self, first: int, most: int, *, folder: int | None = None, words: str = ""
    ) -> tuple[tuple[Subscription, ...], int]:
        """Return up to `most` subscriptions by folder and title from number `first` on, and their total.

        folder: only those of the folder with this number, 0: those in none. words: only those that have these
        words in title or address.
        """
        with self._db.reading() as conn:
            return subscriptions.page_of_subscriptions(
                conn, self._user, first, most, folder=folder, words=words
            )

    def get(self, feed_id: int) -> Subscription:
        """Return one subscription. Raises NotFound."""
        with self._db.reading() as conn:
            return subscriptions.one_subscription(conn, self._user, feed_id)

    def rename(self, feed_id: int, title: str | None) -> None:
        """Give a subscription a title of the user's own; None: the feed's. Raises NotFound."""

        def work(conn: Connection) -> None:
            subscriptions.rename(conn, self._user, feed_id, title)
            saved_searches.start_over_with(conn, self._user, "feed")

        self._db.writing(work)

    def move(self, feed_id: int, folder: str | None) -> None:
        """Move a subscription into a folder, made if missing (None: out of its folder). Raises NotFound."""
        self._db.writing(lambda conn: subscriptions.move(conn, self._user, feed_id, folder))

    def folders(self) -> tuple[Folder, ...]:
        """Return the user's folders by name."""
        with self._db.reading() as conn:
            return subscriptions.list_folders(conn, self._user)

    def folder_names(self) -> tuple[Folder, ...]:
        """Return the user's folders by name, with their feeds counted but not their unread articles."""
        with self._db.reading() as conn:
            return subscriptions.list_folders(conn, self._user, unread=False)

    def add_folder(self, name: str) -> Folder:
        """Add a folder that stays when no feed is in it. Raises InvalidValue for no name, or one in use."""
        return self._db.writing(lambda conn: subscriptions.add_folder(conn, self._user, name))

    def last_polled(self) -> datetime | None:
        """Return when one of the feeds was last polled; None if none was."""
        with self._db.reading() as conn:
            return subscriptions.last_polled(conn, self._user)

    def rename_folder(self, name: str, new: str) -> None:
        """Rename a folder; with the name of another folder, its feeds move there.

        Raises NotFound, InvalidValue.
        """
        self._db.writing(lambda conn: subscriptions.rename_folder(conn, self._user, name, new))

    def remove_folder(self, name: str) -> None:
        """Remove a folder; its feeds stay. Raises NotFound."""
        self._db.writing(lambda conn: subscriptions.remove_folder(conn, self._user, name))

    def set_retention(self, folder: str, seconds: int | None) -> None:
        """Delete a folder's articles this many seconds after they came; None: never.

        Raises NotFound; ArchiveError for anybody but the owner.
        """
        check_owner(self._user)
        self._db.writing(lambda conn: deletion.set_retention(conn, self._user, folder, seconds))

    # Many at a time, in one transaction

    def ids(self, *, folder: int | None = None, words: str = "") -> tuple[int, ...]:
        """Return the feed numbers of the subscriptions that `page` would show with this filter."""
        with self._db.reading() as conn:
            return bulk_edits.subscribed_ids(conn, self._user, folder=folder, words=words)

    def move_all(self, feed_ids: Sequence[int], folder: str | None) -> None:
        """Move subscriptions into a folder, made if missing (None: out of their folders). Raises NotFound."""
        self._db.writing(lambda conn: bulk_edits.move_all(conn, self._user, feed_ids, folder))

    def remove_all(self, feed_ids: Sequence[int], *, now: datetime) -> None:
        """End subscriptions; their articles stay. `restore_removed` undoes the last call. Raises NotFound."""
        self._db.writing(lambda conn: bulk_edits.remove_all(conn, self._user, feed_ids, now))

    def restore_removed(self, *, now: datetime) -> tuple[int, ...]:
        """Undo the last call of `remove_all`: with titles and folders; return the feed numbers."""
        return self._db.writing(lambda conn: bulk_edits.restore_removed(conn, self._user, now))

    # Feeds that the user may see

    def feed(self, feed_id: int) -> StoredFeed:
        """Return one feed. Raises NotFound."""
        with self._db.reading() as conn:
            check_feed(conn, self._user, feed_id)
            return feeds.get_feed(conn, feed_id)

    def set_feed_url(self, feed_id: int, url: str, *, now: datetime) -> None:
        """Change a feed's address by hand; the old one stays in its history. Raises NotFound, InvalidURL."""

        def work(conn: Connection) -> None:
            check_feed(conn, self._user, feed_id)
            feeds.move_by_hand(conn, feed_id, url, now)

        self._db.writing(work)

    def set_statuses(self, feed_ids: Sequence[int], status: FeedStatus, *, now: datetime) -> None:
        """Pause feeds or resume them (then due immediately). Raises NotFound."""

        def change(conn: Connection) -> None:
            for feed_id in sorted(feed_ids):
                feeds.set_status(conn, feed_id, status, now)

        self._change(feed_ids, change)

    def set_interval(self, feed_ids: Sequence[int], seconds: int | None, *, now: datetime) -> None:
        """Set the seconds between polls of feeds; None: as learned. Raises NotFound, InvalidValue."""
        self._change(feed_ids, lambda conn: feed_options.set_interval(conn, feed_ids, seconds, now))

    def set_full_text(self, feed_ids: Sequence[int], *, on: bool, now: datetime) -> None:
        """Switch the reading of the pages of feeds on or off. Raises NotFound."""
        self._change(feed_ids, lambda conn: feed_options.set_full_text(conn, feed_ids, now, on=on))

    def _change(self, feed_ids: Sequence[int], change: Callable[[Connection], object]) -> None:
        """Change feeds in one transaction, if the user may see all of them."""

        def work(conn: Connection) -> None:
            for feed_id in feed_ids:
                check_feed(conn, self._user, feed_id)
            change(conn)

        self._db.writing(work)
