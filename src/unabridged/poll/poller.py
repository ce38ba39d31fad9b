"""Poller of an archive: polls due feeds, reads due pages, adds subscriptions."""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self, TypeVar

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import OWNER, Change, LeasedFeed, PendingPage, Subscription
from unabridged.config import FeedSettings, PollSettings, Settings
from unabridged.dates.parse import utc_now
from unabridged.errors import (
    ArchiveError,
    FeedFault,
    LeaseLost,
    NotAFeed,
    NotFound,
    UnabridgedError,
)
from unabridged.feeds.lists.profile import checked_examples
from unabridged.feeds.reader.pool import FeedReader
from unabridged.fetch.client import Fetcher
from unabridged.fetch.response_headers import MAX_WAIT
from unabridged.poll.context import PollContext
from unabridged.poll.extractor.known_sites import KnownSites
from unabridged.poll.extractor.pool import Extractor
from unabridged.poll.feeds.discovery import FoundDocument, find_feeds_of, first_feed_of
from unabridged.poll.feeds.page_lists import choose_list, first_stored
from unabridged.poll.feeds.poll_feed import isolate_faults, poll_feed, process_response
from unabridged.poll.feeds.schedule import longest_waits, permanent_target, reschedule
from unabridged.poll.feeds.typed_address import first_that_answers, typed_address
from unabridged.poll.one_off import full_text_feed, read_address
from unabridged.poll.outcome_writer import OutcomeWriter
from unabridged.poll.pages.fetch_images import save_images
from unabridged.poll.pages.poll_page import poll_page
from unabridged.poll.pages.site_learning import learn_due_sites
from unabridged.poll.reports import (
    Added,
    FullTextFeed,
    PageReport,
    PollReport,
    Progress,
    ReadPage,
    Summary,
    Watch,
    ignore,
)
from unabridged.poll.retention import delete_expired
from unabridged.poll.robots import Robots
from unabridged.poll.save_page import save_html, save_url
from unabridged.poll.websub import WebSubClient, is_public
from unabridged.poll.work_queue import WorkLoop
from unabridged.urls import origin

__all__ = [
    "Added",
    "FullTextFeed",
    "PageReport",
    "PollReport",
    "Poller",
    "Progress",
    "ReadPage",
    "Summary",
    "find_feeds_of",
    "full_text_feed",
    "open_poller",
    "read_address",
]

log = logging.getLogger(__name__)

DISTANT_PAST = datetime(1, 1, 1, tzinfo=UTC)
"""A time before any feed was due."""

FEED_LEASE = 900.0
PAGE_LEASE = 300.0
"""Length of a lease in seconds. After a crash, claimed work is claimed again when its lease ends."""

FEED_BATCH = 256
"""Feeds claimed at a time. Most wait for their host's rate limit; those of a host that does not respond are
postponed together after three tries."""

BUCKET_BATCH = 64
"""Feeds, or pages, claimed at a time when a worker works on one bucket."""

BUCKET_SECONDS = 60.0
"""Seconds after which a bucket claims nothing more, so that other buckets get their turn."""

PAGES_PER_SLOT = 2
"""Pages claimed at a time, as a multiple of the concurrency: some wait for their host's rate limit. Even if
all are on one host that never responds (20 s each), they are done before their lease ends."""


_Claimed = TypeVar("_Claimed")


class Poller:
    """Polls feeds and reads pages for one archive; use it as an async context manager.

    watch: called with every step, for progress bars. clock, jitter: see `PollContext`. reader, extractor:
    open ones to share; by default the poller has its own. images: which images to save, as in the settings.
    keep_events: days for which events are kept.
    base_url: public address for WebSub hubs. lease: seconds, instead of FEED_LEASE and PAGE_LEASE.
    """

    def __init__(
        self,
        *,
        archive: Archive,
        fetcher: Fetcher,
        settings: PollSettings,
        watch: Watch = ignore,
        clock: Callable[[], datetime] = utc_now,
        jitter: Callable[[], float] = random.random,
        reader: FeedReader | None = None,
        extractor: Extractor | None = None,
        images: str = "none",
        keep_events: int = 90,
        base_url: str | None = None,
        lease: float | None = None,
    ) -> None:
        self.images = images
        self._keep_events = timedelta(days=keep_events)
        self._feed_lease = lease or FEED_LEASE
        self._page_lease = lease or PAGE_LEASE
        self._longest = longest_waits(settings, max(self._feed_lease, self._page_lease))
        self.context = PollContext(
            archive=archive,
            fetcher=fetcher,
            reader=reader or FeedReader(max_bytes=fetcher.settings.max_feed_bytes),
            extractor=extractor or Extractor(settings.workers, rules=settings.rules),
            settings=settings,
            outcomes=OutcomeWriter(archive.schedule.record_polls),
            robots=Robots(archive, fetcher, clock) if fetcher.settings.robots else None,
            hubs=WebSubClient(archive, fetcher, clock, base_url) if is_public(base_url, fetcher) else None,
            clock=clock,
            jitter=jitter,
        )
        self._sites = KnownSites(archive, learn=settings.learn)
        self.context.extractor.use_sites(self._sites)
        self._owned: list[FeedReader | Extractor] = []
        self._owned += [] if reader else [self.context.reader]
        self._owned += [] if extractor else [self.context.extractor]
        self._watch = watch
        self._page_capacity = settings.concurrency * PAGES_PER_SLOT
        self._claimed_pages: set[int] = set()
        self._leased_feeds: dict[int, LeasedFeed] = {}
        self._closing = False
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for owned in self._owned:
            await self._stack.enter_async_context(owned)
        await asyncio.to_thread(self.context.archive.schedule.release_dead)
        await self.refresh()
        return self

    async def refresh(self) -> None:
        """Reload what people and other workers may have changed: cookies, site rules, blocked hosts."""
        context = self.context
        await self.refresh_rules()
        context.fetcher.use_cookies(await asyncio.to_thread(context.archive.feeds.site_cookies))
        now = context.clock()
        for name, until in (await asyncio.to_thread(context.archive.feeds.blocked_hosts, now)).items():
            context.fetcher.silence(name, min((until - now).total_seconds(), MAX_WAIT))

    async def refresh_rules(self) -> None:
        """Reload the site rules that are stored in the archive; profiles are read again when needed."""
        context = self.context
        context.extractor.use_rules(await asyncio.to_thread(context.archive.feeds.site_rules))
        self._sites.refresh()

    async def repair_clock(self) -> None:
        """Reschedule what a wrong clock postponed, and release the leases of processes that died."""
        context = self.context
        await asyncio.to_thread(context.archive.schedule.release_dead)
        if await asyncio.to_thread(context.archive.schedule.has_wrong_times, context.clock(), self._longest):
            log.warning(
                "Some poll times were too far ahead, because the clock was wrong; they were rescheduled."
            )
            await self.repair_schedule(overdue_before=DISTANT_PAST)

    async def repair_schedule(self, *, overdue_before: datetime) -> int:
        """Reschedule feeds whose times cannot be right after a clock jump; return how many.

        Feeds last polled in the future, and those due before `overdue_before`, are spread over their
        intervals.
        """
        context = self.context
        now = context.clock()
        await asyncio.to_thread(context.archive.schedule.repair_arrivals, now)
        return await asyncio.to_thread(
            context.archive.schedule.repair,
            now,
            overdue_before=overdue_before,
            lease=self._feed_lease,
            longest=self._longest,
            replan=lambda plan: reschedule(plan, now, settings=context.settings, jitter=context.jitter()),
        )

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.context.extractor.use_sites(None)
        await self._stack.aclose()

    async def add(
        self,
        url: str,
        *,
        folder: str | None = None,
        title: str | None = None,
        own: FeedSettings | None = None,
        user: int = OWNER,
        like: Sequence[str] = (),
    ) -> Added:
        """Subscribe to a feed, or to the first feed of a page, fetching the feed once. user: who subscribes.

        url: as typed; see `typed_address`. own: request settings of this feed, also for the first request.
        Its secrets are bound to the origin of `url`, even if the feed is found on another one. like:
        headlines of the wanted list of a page without a feed; only the owner changes a known page's list.
        Raises InvalidURL, FetchError, FeedError (NotAFeed if no feed is found); nothing is saved then.
        """
        typed = typed_address(url, own)
        context = self.context
        wanted = checked_examples(like)
        for asked in typed.urls:
            known = await asyncio.to_thread(context.archive.feeds.find, asked)
            if known is not None:
                if wanted and user == OWNER:
                    await choose_list(known, wanted, context)
                return Added(subscription=await self._subscribe(user, known.url, folder, title), report=None)

        async def attempt(asked: str) -> tuple[FoundDocument | None, FeedSettings | None]:
            bound = typed.own and typed.own.bound_to(origin(asked))
            return await self._find(asked, bound, wanted), bound

        found, own = await first_that_answers(typed.urls, attempt)
        if found is None:
            asked = typed.urls[0]
            raise NotAFeed(
                asked, "a page that leads to no feed", f"`unabridged save {asked}` saves the page itself."
            )
        address = permanent_target(found.page.redirects, found.page.final_url) or found.found.url
        subscription = await self._subscribe(user, address, folder, title)
        if not subscription.new:
            return Added(subscription=subscription, report=None)
        if own is not None:
            await asyncio.to_thread(
                context.archive.feeds.set_settings, subscription.feed.id, own, now=context.clock()
            )
        leased = await asyncio.to_thread(
            context.archive.schedule.claim_feed, subscription.feed.id, context.clock(), lease=self._feed_lease
        )
        if leased is None:  # a worker is already polling it
            return Added(subscription=subscription, report=None)
        report = await isolate_faults(
            leased,
            context,
            process_response(
                leased,
                found.page,
                context,
                parsed=found.feed,
                listed=first_stored(found.listed, context.clock()),
            ),
        )
        fresh = await asyncio.to_thread(context.archive.library(user).subscriptions.get, subscription.feed.id)
        return Added(subscription=replace(fresh, new=True), report=report)

    async def _find(self, asked: str, own: FeedSettings | None, like: Sequence[str]) -> FoundDocument | None:
        """Find the feed at a URL. An unexpected error is raised as FeedFault."""
        context = self.context
        try:
            return await first_feed_of(
                asked,
                fetcher=context.fetcher,
                reader=context.reader,
                extractor=context.extractor,
                now=context.clock(),
                own=own,
                like=like,
            )
        except UnabridgedError:
            raise
        except Exception as exc:
            raise FeedFault(asked, exc) from exc

    async def _subscribe(self, user: int, url: str, folder: str | None, title: str | None) -> Subscription:
        return await asyncio.to_thread(
            self.context.archive.library(user).subscriptions.add,
            url,
            now=self.context.clock(),
            folder=folder,
            title=title,
        )

    async def poll(self, feed_id: int) -> PollReport | None:
        """Poll one feed now, due or not. Returns None if another worker has leased it. Raises NotFound."""
        leased = await asyncio.to_thread(
            self.context.archive.schedule.claim_feed, feed_id, self.context.clock(), lease=self._feed_lease
        )
        if leased is None:
            return None
        try:
            return await self._poll(leased)
        except BaseException:
            self.context.archive.schedule.release_feed(leased)
            raise

    async def poll_due(self) -> Summary:
        """Poll every due feed, then read every due page, save images and delete expired articles."""
        feeds = await self.poll_due_feeds()
        pages = await self.read_due_pages()
        return Summary(
            feeds=feeds, pages=pages, pictures=await self.save_images(), expired=await self.delete_expired()
        )

    async def save_images(self) -> int:
        """Fetch the images that the settings ask for. Returns how many were saved."""
        return await save_images(self.context, self.images)

    async def delete_expired(self) -> int:
        """Delete expired articles, and old events; return how many articles."""
        return await delete_expired(self.context, self._keep_events)

    async def poll_due_feeds(self, bucket: int | None = None) -> tuple[PollReport, ...]:
        """Poll every due feed once.

        bucket: only its feeds, and only until its turn ends; the rest waits for the next turn.
        """
        if bucket is None:
            await self.repair_clock()
        await self.refresh()
        loop = WorkLoop(
            stage="feeds",
            claim=self._until_turn_ends(self._claim_feeds, bucket),
            work=self._poll_leased,
            release=self._release_feeds,
            capacity=FEED_BATCH if bucket is None else BUCKET_BATCH,
        )
        renewing = asyncio.create_task(self._renew_leases(bucket))
        try:
            return await loop.run(self._watch)
        finally:
            renewing.cancel()

    async def _renew_leases(self, bucket: int | None) -> None:
        """Keep renewing the leases of claimed feeds, which may wait for their host longer than a lease."""
        while True:
            await asyncio.sleep(self._feed_lease / 3)
            held = tuple(
                one for one in self._leased_feeds.values() if bucket is None or one.feed.bucket == bucket
            )
            with suppress(ArchiveError):  # retried; a lease that ends meanwhile costs one poll
                await asyncio.to_thread(
                    self.context.archive.schedule.renew_leases,
                    held,
                    self.context.clock(),
                    lease=self._feed_lease,
                )

    async def subscribe_to_hubs(self) -> int:
        """Send due WebSub subscriptions and renewals; return how many were sent."""
        return await self.context.hubs.subscribe_due() if self.context.hubs is not None else 0

    async def read_due_pages(self, bucket: int | None = None) -> tuple[PageReport, ...]:
        """Read every due page once, newest articles first.

        bucket: only its pages, and only until its turn ends; the rest waits for the next turn.
        """
        await self.refresh_rules()
        loop = WorkLoop(
            stage="pages",
            claim=self._until_turn_ends(self._claim_pages, bucket),
            work=self._read,
            release=self._release_pages,
            capacity=self._page_capacity,
        )
        reports = await loop.run(self._watch)
        await learn_due_sites(self._sites, self.context.extractor, self.context.clock())
        return reports

    async def save_html(self, url: str, html: bytes, *, user: int = OWNER) -> Change:
        """Save a page as a browser showed it. Raises InvalidURL, ExtractError."""
        return await save_html(self.context, url, html, user)

    async def save_url(self, url: str, *, user: int = OWNER) -> Change:
        """Read one page and save it as an article of a user. Raises InvalidURL, FetchError, ExtractError."""
        return await save_url(self.context, url, user)

    def stop_claiming(self) -> None:
        """Claim nothing more in any bucket: the process is about to end."""
        self._closing = True

    def _until_turn_ends(
        self, claim: Callable[[int, int | None], Sequence[_Claimed]], bucket: int | None
    ) -> Callable[[int], Sequence[_Claimed]]:
        """Return a claim function for all work, or for one bucket until its turn ends."""
        over = time.monotonic() + BUCKET_SECONDS

        def claim_in_turn(most: int) -> Sequence[_Claimed]:
            if bucket is not None and (self._closing or time.monotonic() > over):
                return ()
            return claim(most, bucket)

        return claim_in_turn

    def _claim_feeds(self, most: int, bucket: int | None) -> Sequence[LeasedFeed]:
        claimed = self.context.archive.schedule.claim_feeds(
            self.context.clock(), most, lease=self._feed_lease, bucket=bucket
        )
        self._leased_feeds.update((one.feed.id, one) for one in claimed)
        return claimed

    def _release_feeds(self, claimed: Sequence[LeasedFeed]) -> None:
        for one in claimed:
            self._leased_feeds.pop(one.feed.id, None)
        self.context.archive.schedule.release_feeds(claimed)

    async def _poll_leased(self, leased: LeasedFeed) -> PollReport | None:
        report = await self._poll(leased)
        self._leased_feeds.pop(leased.feed.id, None)
        return report

    def _claim_pages(self, most: int, bucket: int | None) -> Sequence[PendingPage]:
        # A page that still waits for its host when its lease ends must not be claimed twice.
        claimed = self.context.archive.schedule.claim_pages(
            self.context.clock(), most, lease=self._page_lease, bucket=bucket
        )
        fresh = [page for page in claimed if page.article_id not in self._claimed_pages]
        self._claimed_pages.update(page.article_id for page in fresh)
        return fresh

    async def _poll(self, leased: LeasedFeed) -> PollReport | None:
        try:
            return await poll_feed(leased, self.context)
        except (LeaseLost, NotFound):
            return None  # another worker was faster, whose result counts; or the feed was merged or deleted

    async def _read(self, pending: PendingPage) -> PageReport | None:
        try:
            report = await poll_page(pending, self.context)
        except NotFound:
            report = None  # the article was deleted while its page was read
        self._forget([pending])
        return report

    def _release_pages(self, pages: Sequence[PendingPage]) -> None:
        """Make unfinished pages due again immediately, for any worker."""
        self._forget(pages)
        numbers = [page.article_id for page in pages]
        self.context.archive.schedule.release_pages(numbers, self.context.clock(), lease=self._page_lease)

    def _forget(self, pages: Sequence[PendingPage]) -> None:
        self._claimed_pages.difference_update(page.article_id for page in pages)


@asynccontextmanager
async def open_poller(
    settings: Settings,
    archive: Archive,
    *,
    fetcher: Fetcher | None = None,
    watch: Watch = ignore,
    base_url: str | None = None,
    lease: float | None = None,
) -> AsyncIterator[Poller]:
    """Open a poller for an archive, with a fetcher, as configured in the settings.

    fetcher: an open one to share. watch, base_url, lease: see `Poller`.
    """
    async with AsyncExitStack() as stack:
        if fetcher is None:
            fetcher = await stack.enter_async_context(Fetcher(settings.fetch))
        poller = Poller(
            archive=archive,
            fetcher=fetcher,
            settings=settings.poll,
            watch=watch,
            images=settings.archive.images,
            keep_events=settings.archive.events,
            base_url=base_url,
            lease=lease,
        )
        yield await stack.enter_async_context(poller)
