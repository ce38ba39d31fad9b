"""Health of the feeds of a user: lengths and arrival of their articles, first polls."""

from collections.abc import Sequence
from datetime import datetime

from unabridged.archive.feeds import feed_health
from unabridged.archive.records.polling import ArrivedArticle, FeedLengths, FirstPolls
from unabridged.archive.storage.engine import Database


class Health:
    """Health of the feeds of one user: `archive.library(user).health`."""

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user

    def lengths(self, *, now: datetime) -> dict[int, FeedLengths]:
        """Map feed numbers to the lengths of the feed's articles, lately and before."""
        with self._db.reading() as conn:
            return feed_health.feed_lengths(conn, self._user, now)

    def recent_titles(self, feed_ids: Sequence[int], *, limit: int = 30) -> dict[int, tuple[str, ...]]:
        """Map those of the feeds that the user subscribes to to the titles of their newest articles."""
        with self._db.reading() as conn:
            return feed_health.recent_titles(conn, self._user, feed_ids, limit)

    def arrived(self, *, since: datetime, limit: int) -> tuple[ArrivedArticle, ...]:
        """Return the newest articles that the feeds showed since a time, newest first."""
        with self._db.reading() as conn:
            return feed_health.arrived_articles(conn, self._user, since, limit)

    def first_polls(self) -> FirstPolls:
        """Count the feeds that were never polled, and those subscribed to since the oldest of them."""
        with self._db.reading() as conn:
            return feed_health.first_polls(conn, self._user)
