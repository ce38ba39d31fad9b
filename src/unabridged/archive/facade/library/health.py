"""Health of the feeds of a user: lengths and arrival of their articles, first polls, events."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from unabridged.archive.events import event_log
from unabridged.archive.feeds import feed_health
from unabridged.archive.records.events import EventPage, EventQuery, NewEvent
from unabridged.archive.records.polling import ArrivedArticle, FeedLengths, FirstPolls
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.outbox import note_event


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


class Events:
    """Events of a user's feeds and articles, in the order of commits: `archive.library(user).events`.

    Numbers rise in the order in which events become visible: who reads on from the last number misses none.
    """

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user

    def read(self, query: EventQuery) -> EventPage:
        """Return a page of events, oldest first. Raises NotFound for a feed of others.

        A page may be empty and have more behind it: go on from its `next`.
        """
        with self._db.reading() as conn:
            return event_log.read_events(conn, self._user, query)

    def latest(self, query: EventQuery, *, before: int | None = None) -> EventPage:
        """Return a page of events, the latest first. Raises NotFound for a feed of others.

        before: only events of lower numbers; the `next` of a page is the `before` of the one after it.
        """
        with self._db.reading() as conn:
            return event_log.latest_events(conn, self._user, query, before)

    def last_number(self) -> int:
        """Return the number of the newest event of the archive, whoever may see it; 0 if there is none."""
        with self._db.reading() as conn:
            return event_log.last_number(conn)

    def imported(self, counts: Mapping[str, int], *, now: datetime) -> None:
        """Record that this user imported files. counts: what came of them, by name."""
        event = NewEvent(kind="import.done", at=now, user=self._user, details=counts)
        self._db.writing(lambda conn: note_event(conn, event))
