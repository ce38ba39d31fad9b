"""Feeds of an archive: addresses, request settings, site cookies, host back-off, robots.txt, quarantine."""

from collections.abc import Mapping
from datetime import datetime

from unabridged.archive.feeds import feeds, fetch_settings, page_lists, quarantine, site_rules
from unabridged.archive.ingest import feed_merge
from unabridged.archive.records.core import FeedMove, StoredFeed
from unabridged.archive.records.polling import Quarantined, RobotsFile, StoredList
from unabridged.archive.storage.engine import Database
from unabridged.config import FeedSettings


class Feeds:
    """Feeds, and how they and their sites are fetched: `archive.feeds`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def find(self, url: str) -> StoredFeed | None:
        """Return the feed at this address, or at one that it moved from, if known."""
        with self._db.reading() as conn:
            return feeds.find_feed(conn, url)

    def moves(self) -> dict[int, tuple[FeedMove, ...]]:
        """Map feed numbers to the addresses that the feed had before, oldest first."""
        with self._db.reading() as conn:
            return feeds.list_moves(conn)

    def merge(self, feed_id: int, into: int, *, now: datetime) -> bool:
        """Merge a feed into another that is the same one, for all people, in one transaction.

        Subscriptions, entries, articles and marks are kept. Returns False if that was done before. Raises
        NotFound, InvalidValue.
        """
        return self._db.writing(lambda conn: feed_merge.merge_feeds(conn, feed_id, into, now))

    def merged_into(self, feed_id: int) -> int | None:
        """Return the number of the feed that a feed was merged into, None if it was not."""
        with self._db.reading() as conn:
            return feed_merge.merged_into(conn, feed_id)

    # Request settings

    def settings(self, feed_id: int) -> FeedSettings:
        """Return the request settings of a feed, the defaults if it has none of its own."""
        with self._db.reading() as conn:
            return fetch_settings.load_settings(conn, [feed_id]).get(feed_id, FeedSettings())

    def all_settings(self) -> dict[int, FeedSettings]:
        """Map feed numbers to request settings, for the feeds that have any."""
        with self._db.reading() as conn:
            return fetch_settings.load_settings(conn)

    def set_settings(self, feed_id: int, settings: FeedSettings, *, now: datetime) -> None:
        """Replace a feed's request settings; a failing feed becomes due immediately. Raises NotFound."""
        self._db.writing(lambda conn: fetch_settings.set_settings(conn, feed_id, settings, now))

    def site_cookies(self) -> dict[str, str]:
        """Map sites to the user's login cookies: secret, never shown or exported."""
        with self._db.reading() as conn:
            return fetch_settings.load_cookies(conn)

    def set_site_cookie(self, site: str, cookie: str | None, *, now: datetime) -> None:
        """Save a login cookie for a site, or delete it (None)."""
        self._db.writing(lambda conn: fetch_settings.set_cookie(conn, site, cookie, now))

    # Site rules

    def site_rules(self) -> dict[str, str]:
        """Map file names ("example.org.txt") to the site rules that are stored, in FiveFilters form."""
        with self._db.reading() as conn:
            return site_rules.load_rules(conn)

    def set_site_rules(self, name: str, body: str, *, now: datetime) -> None:
        """Replace the rules of a site, or delete them (""). Raises InvalidValue for a text too long."""
        self._db.writing(lambda conn: site_rules.save_rules(conn, name, body, now))

    # Pages that serve as feeds

    def page_list(self, feed_id: int) -> StoredList | None:
        """Return what is known about the list of a page that serves as a feed, None for other feeds."""
        with self._db.reading() as conn:
            return page_lists.load(conn, feed_id)

    def choose_list(self, feed_id: int, listed: StoredList, *, marker: str, now: datetime) -> None:
        """Store another choice of a page's list; the page is read whole at the next poll, which is due.

        marker: hash of the document that marks the feed as a page's list. Raises InvalidValue for too many
        examples.
        """
        self._db.writing(lambda conn: page_lists.choose(conn, feed_id, listed, marker, now))

    # Back-off and robots.txt

    def blocked_hosts(self, now: datetime) -> Mapping[str, datetime]:
        """Map hosts that asked for a pause (Retry-After) to its end."""
        return self._db.writing(lambda conn: fetch_settings.blocked_hosts(conn, now))

    def block_host(self, host: str, until: datetime) -> None:
        """Send no requests to a host until this time."""
        self._db.writing(lambda conn: fetch_settings.block_host(conn, host, until))

    def robots(self, origin: str) -> RobotsFile | None:
        """Return the last robots.txt of a site, however old; None if it was never fetched."""
        with self._db.reading() as conn:
            return fetch_settings.load_robots(conn, origin)

    def save_robots(self, file: RobotsFile) -> None:
        """Save the robots.txt of a site in place of the last one."""
        self._db.writing(lambda conn: fetch_settings.save_robots(conn, file))

    # Quarantine

    def quarantine(self, body: Quarantined) -> None:
        """Save a document that crashed the process that parsed it; only the last one of each feed stays."""
        self._db.writing(lambda conn: quarantine.save(conn, body))

    def quarantined(self, feed_id: int) -> Quarantined | None:
        """Return the quarantined document of a feed, None if there is none."""
        with self._db.reading() as conn:
            return quarantine.load(conn, feed_id)

    def quarantined_feeds(self) -> frozenset[int]:
        """Return the numbers of the feeds that have a quarantined document."""
        with self._db.reading() as conn:
            return quarantine.feed_ids(conn)
