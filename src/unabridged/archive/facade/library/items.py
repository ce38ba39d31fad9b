"""Items of a user, by their own numbers: what apps synchronise."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from unabridged.archive.feeds.subscriptions import subscriptions_of
from unabridged.archive.feeds.unread_counts import read_by_feed, unread_by_feed
from unabridged.archive.items import lists, streams
from unabridged.archive.library import read_state, tags
from unabridged.archive.records.core import StoredArticle, Subscription
from unabridged.archive.records.items import (
    ItemEdit,
    ItemList,
    ItemOrigin,
    ItemPage,
    ItemRef,
    ItemStream,
    ListedItems,
    StreamPart,
)
from unabridged.archive.storage.engine import Database


class Items:
    """Items of one user: `archive.library(user).items`. Numbers rise in the order of delivery."""

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user

    def page(self, stream: ItemStream) -> ItemPage:
        """Return a page of a stream: numbers and times."""
        with self._db.reading() as conn:
            return streams.list_items(conn, self._user, stream)

    def numbers(self, stream: ItemStream) -> list[int]:
        """Return the numbers of all items of a stream, ascending, whatever its limit."""
        with self._db.reading() as conn:
            return streams.all_numbers(conn, self._user, stream)

    def count(self, stream: ItemStream) -> int:
        """Count the items of a stream, whatever its limit."""
        with self._db.reading() as conn:
            return streams.count_items(conn, self._user, stream)

    def joined_late(self, part: StreamPart, number: int) -> tuple[int, ...]:
        """Return items up to a number that a feed or folder showed only after that item's delivery."""
        with self._db.reading() as conn:
            return streams.joined_late(conn, self._user, part, number)

    def change_stamp(self) -> tuple[int, int]:
        """Return two numbers: one rises with each new item, one with each page read for anybody."""
        with self._db.reading() as conn:
            return streams.change_stamp(conn, self._user)

    def listed(self, wanted: ItemList) -> ListedItems:
        """Return the numbers of a list in its order, and how many there are in all."""
        with self._db.reading() as conn:
            return lists.list_numbers(conn, self._user, wanted)

    def subscriptions(self, feed_ids: Sequence[int] | None = None) -> tuple[Subscription, ...]:
        """Return subscriptions by number, without counts. feed_ids: only these, None: all."""
        with self._db.reading() as conn:
            return subscriptions_of(conn, self._user, feed_ids)

    def counts_by_feed(self) -> tuple[dict[int, int], dict[int, int]]:
        """Map feed numbers to the number of read items, and to that of unread ones, without zeros."""
        with self._db.reading() as conn:
            return read_by_feed(conn, self._user), unread_by_feed(conn, self._user)

    def articles(self, numbers: Sequence[int]) -> tuple[StoredArticle, ...]:
        """Return the articles of items in the order given; unknown numbers are left out."""
        with self._db.reading() as conn:
            return streams.articles_of(conn, self._user, numbers)

    def origins(self, article_ids: Sequence[int]) -> dict[int, tuple[ItemOrigin, ...]]:
        """Map article ids to the subscriptions that show the article, by feed number."""
        with self._db.reading() as conn:
            return streams.origins(conn, self._user, article_ids)

    def newest_by_feed(self) -> dict[int, ItemRef]:
        """Map feed numbers to the item of the newest article that the feed shows."""
        with self._db.reading() as conn:
            return streams.newest_by_feed(conn, self._user)

    def has_others(self) -> bool:
        """Say whether there are items that no subscription shows: saved pages, feeds that were left."""
        with self._db.reading() as conn:
            return streams.has_others(conn, self._user)

    def edit(self, numbers: Sequence[int], change: ItemEdit, *, now: datetime) -> int:
        """Mark and tag items; unknown numbers are skipped. Returns how many there were.

        Raises InvalidValue for the name of a tag; then nothing is changed.
        """

        def work(conn: Connection) -> int:
            known = list(streams.article_ids(conn, self._user, numbers).values())
            if change.read is not None:
                read_state.set_read(conn, self._user, known, change.read, now)
            if change.starred is not None:
                read_state.set_starred(conn, self._user, known, change.starred, now)
            if change.add:
                tags.add(conn, self._user, known, change.add, now)
            if change.remove:
                tags.untag(conn, self._user, known, change.remove, now)
            return len(known)

        return self._db.writing(work)

    def read_all(self, stream: ItemStream, *, now: datetime) -> int:
        """Mark all items of a stream read, whatever its limit. Returns how many changed."""
        return self._db.writing(lambda conn: read_state.set_stream_read(conn, self._user, stream, now))
