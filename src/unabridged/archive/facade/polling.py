"""What a poller needs of the archive beside feeds and pages: batches, settings, silences, robots, hubs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from unabridged.archive.feeds import feeds, fetch_settings, quarantine, websub
from unabridged.archive.ingest import backlog, clock_repair, scheduling
from unabridged.archive.ingest.clock_repair import Longest
from unabridged.archive.ingest.lease_owners import dead_tokens
from unabridged.archive.migrations.runner import check
from unabridged.archive.records.core import FeedMove, LeasedFeed, PendingPage
from unabridged.archive.records.polling import (
    DueBuckets,
    FailingPage,
    Finished,
    HubSubscription,
    Plan,
    Quarantined,
    RobotsFile,
    Waiting,
)
from unabridged.archive.storage.engine import Database
from unabridged.config import FeedSettings

MENDED_AT_ONCE = 200
"""Articles moved out of the future in one transaction."""


class Polling:
    """The part of `Archive` that pollers use; every write is one transaction."""

    _db: Database

    # Claims

    def claim_feeds(
        self, now: datetime, limit: int, *, lease: float = 300.0, bucket: int | None = None
    ) -> tuple[LeasedFeed, ...]:
        """Claim due feeds for this worker alone. lease: seconds until another worker may take over.

        bucket: of this part only, in which all feeds of a registrable domain are.
        """
        return self._db.writing(lambda conn: scheduling.claim_feeds(conn, now, limit, lease, bucket))

    def claim_pages(
        self, now: datetime, limit: int, *, lease: float = 300.0, bucket: int | None = None
    ) -> tuple[PendingPage, ...]:
        """Claim pages to be read; others see them again after `lease` seconds unless saved before.

        bucket: of this part only, in which all pages of a registrable domain are.
        """
        return self._db.writing(lambda conn: scheduling.claim_pages(conn, now, limit, lease, bucket))

    def give_back_pages(self, article_ids: Sequence[int], now: datetime, *, lease: float) -> None:
        """Have pages be due again that were claimed, for `lease` seconds, and not read."""
        self._db.writing(lambda conn: scheduling.give_back_pages(conn, article_ids, now, lease))

    def due_buckets(self, now: datetime) -> DueBuckets:
        """Say in which buckets there is work."""
        with self._db.reading() as conn:
            return scheduling.due_buckets(conn, now)

    def check_writable(self) -> None:
        """Raise ArchiveUnwritable where nothing can be saved now."""
        self._db.writing(lambda conn: None)

    def check_schema(self) -> None:
        """Raise SchemaTooNew or SchemaTooOld when the archive is not, or no longer, of this program's."""
        check(self._db)

    # Batches

    def record_polls(self, finished: Sequence[Finished]) -> frozenset[int]:
        """Write down many polls that brought no document and end their claims.

        Returns the numbers of feeds whose results were dropped: another worker holds them, or they are
        gone.
        """
        return self._db.writing(lambda conn: scheduling.write_outcomes(conn, finished))

    def renew_leases(self, held: Sequence[LeasedFeed], now: datetime, *, lease: float) -> None:
        """Hold claims for `lease` more seconds from now."""
        self._db.writing(lambda conn: scheduling.renew_leases(conn, held, now, lease))

    def release_feeds(self, held: Sequence[LeasedFeed]) -> None:
        """Give claims back without results; the feeds are due as before."""

        def work(conn: Connection) -> None:
            for one in sorted(held, key=lambda one: one.feed.id):  # in the order of every other writer
                scheduling.release_feed(conn, one)

        self._db.writing(work)

    def release_dead(self) -> int:
        """End the claims of processes of this machine that have died; returns how many feeds they held."""
        one_machine = self._db.on_sqlite
        with self._db.reading() as conn:
            dead = dead_tokens(scheduling.holders(conn), one_machine=one_machine)
        if not dead:
            return 0
        return self._db.writing(lambda conn: scheduling.release_dead(conn, one_machine=one_machine))

    def mend_schedule(
        self,
        now: datetime,
        *,
        overdue_before: datetime,
        lease: float,
        replan: Callable[[Plan], datetime],
        longest: Longest | None = None,
    ) -> int:
        """Plan feeds anew whose times a jump of the clock upset; returns how many.

        overdue_before: feeds due earlier than this are among them. lease: seconds that the longest claim
        lasts; longer ones are ended. longest: whatever waits for longer was planned by a wrong clock, and
        is mended as well: pages, pictures, silences, hubs.
        """

        def work(conn: Connection) -> int:
            beyond = None
            if longest is not None:
                beyond = now + longest.feed
                clock_repair.mend_waits(conn, now, longest)
            upset = scheduling.plans(conn, now, overdue_before, lease, beyond)
            scheduling.reschedule(conn, {plan.feed_id: replan(plan) for plan in upset}, now)
            return len(upset)

        return self._db.writing(work)

    def is_upset(self, now: datetime, longest: Longest) -> bool:
        """Say whether anything waits for a time that only a wrong clock can have chosen."""
        with self._db.reading() as conn:
            return clock_repair.is_upset(conn, now, longest)

    def mend_arrivals(self, now: datetime) -> int:
        """Move articles that a wrong clock put into the future to the present; returns how many."""
        with self._db.reading() as conn:
            numbers, ahead = clock_repair.late_arrivals(conn, now)
        for start in range(0, len(numbers), MENDED_AT_ONCE):
            some = numbers[start : start + MENDED_AT_ONCE]
            self._db.writing(partial(clock_repair.mend_arrivals, article_ids=some, now=now, ahead=ahead))
        return len(numbers)

    def trusts_clock(self, now: datetime) -> bool:
        """Note the time; say whether it may be believed to be as late as it says (see `clock_repair`)."""
        with self._db.reading() as conn:
            looks = clock_repair.looks(conn)
        looked = clock_repair.next_looks(looks, now)
        if looked != looks:
            self._db.writing(partial(clock_repair.keep_looks, looks=looked))
        return now >= looked.trusted_from

    def postpone_page(self, article_id: int, until: datetime) -> None:
        """Put the reading of an article's page off, as it stands."""
        self._db.writing(lambda conn: scheduling.postpone_page(conn, article_id, until))

    # How feeds and sites are asked

    def feed_settings(self, feed_id: int) -> FeedSettings:
        """How a feed is asked, where it differs from the others."""
        with self._db.reading() as conn:
            return fetch_settings.settings_of(conn, [feed_id]).get(feed_id, FeedSettings())

    def every_feed_settings(self) -> dict[int, FeedSettings]:
        """Feed number -> its settings, for those feeds that have any."""
        with self._db.reading() as conn:
            return fetch_settings.settings_of(conn)

    def set_feed_settings(self, feed_id: int, settings: FeedSettings, *, now: datetime) -> None:
        """Ask a feed so from now on; one that failed is due at once. Raises NotFound."""
        self._db.writing(lambda conn: fetch_settings.set_settings(conn, feed_id, settings, now))

    def site_cookies(self) -> dict[str, str]:
        """Site -> the reader's own login cookie: secret, never shown or exported."""
        with self._db.reading() as conn:
            return fetch_settings.cookies(conn)

    def set_site_cookie(self, site: str, cookie: str | None, *, now: datetime) -> None:
        """Keep a login cookie for a site, or forget it (None)."""
        self._db.writing(lambda conn: fetch_settings.set_cookie(conn, site, cookie, now))

    def silent_hosts(self, now: datetime) -> Mapping[str, datetime]:
        """Host -> until when it wants to be left alone."""
        return self._db.writing(lambda conn: fetch_settings.silent_hosts(conn, now))

    def note_silence(self, host: str, until: datetime) -> None:
        """Remember that a host wants to be left alone."""
        self._db.writing(lambda conn: fetch_settings.note_silence(conn, host, until))

    def robots(self, origin: str) -> RobotsFile | None:
        """What a site last said about robots, however old; None where it was never asked."""
        with self._db.reading() as conn:
            return fetch_settings.robots_of(conn, origin)

    def keep_robots(self, file: RobotsFile) -> None:
        """Keep what a site said about robots."""
        self._db.writing(lambda conn: fetch_settings.keep_robots(conn, file))

    # Hubs

    def hub_subscriptions(self) -> tuple[HubSubscription, ...]:
        """Every subscription at a hub, by feed."""
        with self._db.reading() as conn:
            return websub.every_one(conn)

    def hub_subscription(self, feed_id: int) -> HubSubscription | None:
        """A feed's subscription at a hub, None where there is none."""
        with self._db.reading() as conn:
            return websub.of_feed(conn, feed_id)

    def hub_subscription_of(self, token: str) -> HubSubscription | None:
        """The subscription with this secret part of its callback's address."""
        with self._db.reading() as conn:
            return websub.of_token(conn, token)

    def keep_hub_subscription(self, subscription: HubSubscription) -> None:
        """Keep a subscription in place of what was known of it."""
        self._db.writing(lambda conn: websub.keep(conn, subscription))

    def note_hub_trouble(self, feed_id: int, message: str) -> None:
        """Write down why a hub could not be asked."""
        self._db.writing(lambda conn: websub.note_trouble(conn, feed_id, message))

    def note_push(self, feed_id: int, now: datetime) -> None:
        """Write down that a hub delivered something."""
        self._db.writing(lambda conn: websub.note_push(conn, feed_id, now))

    def forget_hub_subscription(self, feed_id: int) -> None:
        """Forget a feed's subscription at a hub."""
        self._db.writing(lambda conn: websub.forget(conn, feed_id))

    def hub_work(self, now: datetime, limit: int) -> tuple[HubSubscription, ...]:
        """Subscriptions to be asked for or renewed now."""
        with self._db.reading() as conn:
            return websub.due(conn, now, limit)

    # Bodies that killed their reader

    def put_in_quarantine(self, body: Quarantined) -> None:
        """Keep a document that killed the process which read it, the last one of each feed."""
        self._db.writing(lambda conn: quarantine.put(conn, body))

    def quarantined(self, feed_id: int) -> Quarantined | None:
        """The document of a feed that killed its reader, None where there is none."""
        with self._db.reading() as conn:
            return quarantine.get(conn, feed_id)

    # What is wrong

    def failing_pages(self, limit: int = 10_000) -> tuple[FailingPage, ...]:
        """Pages whose last try failed, latest first."""
        with self._db.reading() as conn:
            return backlog.failing_pages(conn, limit)

    def retry_pages(self, article_ids: Sequence[int], *, now: datetime) -> int:
        """Have pages that failed tried again at the next poll; returns how many there were."""
        return self._db.writing(lambda conn: backlog.retry_pages(conn, list(article_ids), now))

    def latest_pages(self, limit: int = 20_000) -> tuple[tuple[int, str], ...]:
        """Numbers and addresses of articles whose pages were read, newest first."""
        with self._db.reading() as conn:
            return backlog.latest_pages(conn, limit)

    def every_feed_move(self) -> dict[int, tuple[FeedMove, ...]]:
        """Feed number -> the addresses that it had before, oldest first."""
        with self._db.reading() as conn:
            return feeds.every_move(conn)

    def waiting(self, now: datetime) -> Waiting:
        """How much is due, and since when."""
        with self._db.reading() as conn:
            return backlog.waiting(conn, now)

    def quarantined_feeds(self) -> frozenset[int]:
        """Feeds of which a document is kept that killed its reader."""
        with self._db.reading() as conn:
            return quarantine.feeds(conn)
