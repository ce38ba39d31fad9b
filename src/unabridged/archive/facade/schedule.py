"""Schedule of an archive: due feeds and pages, leases, poll outcomes, retries."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from unabridged.archive.ingest import backlog, clock_repair, leases
from unabridged.archive.ingest.lease_owners import dead_tokens
from unabridged.archive.records.core import LeasedFeed, PendingPage
from unabridged.archive.records.polling import (
    DueBuckets,
    FailingPage,
    Finished,
    Plan,
    PollOutcome,
    RecentFailure,
    UnderWay,
    Waiting,
    WaitLimits,
)
from unabridged.archive.storage.engine import Database

ARRIVALS_PER_TRANSACTION = 200
"""Articles moved out of the future in one transaction."""


class Schedule:
    """Work that is due, and its leases and outcomes: `archive.schedule`. Every write is one transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def due_buckets(self, now: datetime) -> DueBuckets:
        """Return the buckets in which work is due."""
        with self._db.reading() as conn:
            return leases.due_buckets(conn, now)

    def next_due_at(self) -> datetime | None:
        """Return when the next feed or page is due; None if nothing is scheduled."""
        with self._db.reading() as conn:
            return leases.next_due_at(conn)

    def backlog(self, now: datetime) -> Waiting:
        """Count what is due, and say since when."""
        with self._db.reading() as conn:
            return backlog.count_due(conn, now)

    def under_way(self, now: datetime) -> UnderWay:
        """Count the feeds that workers hold, and the feeds, pages and pictures that wait for them."""
        with self._db.reading() as conn:
            return backlog.under_way(conn, now)

    def posting_times(self, feed_id: int, limit: int = 20) -> tuple[datetime, ...]:
        """Return when a feed's latest articles were published (else first seen), newest first."""
        with self._db.reading() as conn:
            return leases.posting_times(conn, feed_id, limit)

    def repair(
        self,
        now: datetime,
        *,
        overdue_before: datetime,
        lease: float,
        replan: Callable[[Plan], datetime],
        longest: WaitLimits | None = None,
    ) -> int:
        """Reschedule feeds whose times a jump of the clock made wrong; returns how many.

        overdue_before: feeds due earlier than this are among them. lease: seconds that the longest lease
        lasts; longer ones are ended. longest: the longest waits that a correct clock can plan; pages,
        pictures, host blocks and hubs that wait longer are repaired too.
        """

        def work(conn: Connection) -> int:
            beyond = None
            if longest is not None:
                beyond = now + longest.feed
                clock_repair.repair_waits(conn, now, longest)
            wrong = leases.wrong_schedules(conn, now, overdue_before, lease, beyond)
            leases.reschedule(conn, {plan.feed_id: replan(plan) for plan in wrong}, now)
            return len(wrong)

        return self._db.writing(work)

    # Wrong clocks

    def has_wrong_times(self, now: datetime, longest: WaitLimits) -> bool:
        """Say whether anything waits for a time that only a wrong clock can have written."""
        with self._db.reading() as conn:
            return clock_repair.has_wrong_times(conn, now, longest)

    def repair_arrivals(self, now: datetime) -> int:
        """Move articles that a wrong clock put into the future to the present. Returns how many."""
        with self._db.reading() as conn:
            numbers, ahead = clock_repair.future_arrivals(conn, now)
        for start in range(0, len(numbers), ARRIVALS_PER_TRANSACTION):
            some = numbers[start : start + ARRIVALS_PER_TRANSACTION]
            self._db.writing(partial(clock_repair.repair_arrivals, article_ids=some, now=now, ahead=ahead))
        return len(numbers)

    def trusts_clock(self, now: datetime) -> bool:
        """Record the time, and say whether it may be trusted (see `clock_repair`)."""
        with self._db.reading() as conn:
            known = clock_repair.load_clock_record(conn)
        record = clock_repair.next_clock_record(known, now)
        if record != known:
            self._db.writing(partial(clock_repair.save_clock_record, record=record))
        return now >= record.trusted_from

    # Feeds

    def claim_feeds(
        self, now: datetime, limit: int, *, lease: float = 300.0, bucket: int | None = None
    ) -> tuple[LeasedFeed, ...]:
        """Lease due feeds to this worker alone. lease: seconds until another worker may take over.

        bucket: only this part, which has all feeds of its registrable domains.
        """
        return self._db.writing(lambda conn: leases.claim_feeds(conn, now, limit, lease, bucket))

    def claim_feed(self, feed_id: int, now: datetime, *, lease: float = 300.0) -> LeasedFeed | None:
        """Lease this feed, due or not; None while another worker holds it. Raises NotFound."""
        return self._db.writing(lambda conn: leases.claim_feed(conn, feed_id, now, lease))

    def release_dead(self) -> int:
        """End the leases of processes of this machine that have died. Returns how many feeds they held."""
        one_machine = self._db.on_sqlite
        with self._db.reading() as conn:
            dead = dead_tokens(leases.lease_tokens(conn), one_machine=one_machine)
        if not dead:
            return 0
        return self._db.writing(lambda conn: leases.release_dead_leases(conn, one_machine=one_machine))

    def renew_leases(self, held: Sequence[LeasedFeed], now: datetime, *, lease: float) -> None:
        """Extend leases to `lease` seconds from now."""
        self._db.writing(lambda conn: leases.renew_leases(conn, held, now, lease))

    def release_feed(self, leased: LeasedFeed) -> None:
        """End a lease without a result (shutdown); the feed is due as before."""
        self._db.writing(lambda conn: leases.release_feed(conn, leased))

    def release_feeds(self, held: Sequence[LeasedFeed]) -> None:
        """End leases without results; the feeds are due as before."""

        def work(conn: Connection) -> None:
            for one in sorted(held, key=lambda one: one.feed.id):  # the order in which all writers lock rows
                leases.release_feed(conn, one)

        self._db.writing(work)

    def record_poll(self, feed_id: int, outcome: PollOutcome, *, token: str | None = None) -> None:
        """Record a poll that brought no document (304, failure, 410) and end the lease.

        token: the lease's; raises LeaseLost if another worker has taken the feed over meanwhile.
        """

        def work(conn: Connection) -> None:
            leases.write_outcome(conn, leases.check_lease(conn, feed_id, token), outcome)

        self._db.writing(work)

    def record_polls(self, finished: Sequence[Finished]) -> frozenset[int]:
        """Record many polls that brought no document and end their leases.

        Returns the numbers of feeds whose results were dropped, because another worker holds them or they
        were deleted.
        """
        return self._db.writing(lambda conn: leases.write_outcomes(conn, finished))

    # Pages

    def claim_pages(
        self, now: datetime, limit: int, *, lease: float = 300.0, bucket: int | None = None
    ) -> tuple[PendingPage, ...]:
        """Lease pages to fetch; others get them again after `lease` seconds unless saved before.

        bucket: only this part, which has all pages of its registrable domains.
        """
        return self._db.writing(lambda conn: leases.claim_pages(conn, now, limit, lease, bucket))

    def release_pages(self, article_ids: Sequence[int], now: datetime, *, lease: float) -> None:
        """Make pages due again that were leased for `lease` seconds and not fetched."""
        self._db.writing(lambda conn: leases.release_pages(conn, article_ids, now, lease))

    def postpone_page(self, article_id: int, until: datetime) -> None:
        """Postpone the fetching of an article's page; nothing else about it changes."""
        self._db.writing(lambda conn: leases.postpone_page(conn, article_id, until))

    def failing_pages(self, limit: int = 10_000) -> tuple[FailingPage, ...]:
        """Return pages whose last fetch failed, latest first."""
        with self._db.reading() as conn:
            return backlog.failing_pages(conn, limit)

    def recent_failures(self, since: datetime, limit: int = 5_000) -> tuple[RecentFailure, ...]:
        """Return feeds and pages whose last fetch failed since a time, the latest first."""
        with self._db.reading() as conn:
            return backlog.recent_failures(conn, since, limit)

    def retry_pages(self, article_ids: Sequence[int], *, now: datetime) -> int:
        """Make failing pages due at the next poll; returns how many there were."""
        return self._db.writing(lambda conn: backlog.retry_pages(conn, list(article_ids), now))

    def latest_pages(self, limit: int = 20_000) -> tuple[tuple[int, str], ...]:
        """Return numbers and addresses of articles whose pages were fetched, newest first."""
        with self._db.reading() as conn:
            return backlog.latest_pages(conn, limit)
