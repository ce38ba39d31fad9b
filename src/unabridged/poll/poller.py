"""Subscriptions brought up to date: feeds asked, new entries kept at once, their pages read whole."""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self, TypeGuard, TypeVar

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Change, LeasedFeed, PendingPage, Subscription
from unabridged.config import FeedSettings, PollSettings
from unabridged.dates.parse import utc_now
from unabridged.errors import (
    ArchiveError,
    FeedFault,
    FetchRefused,
    LeaseLost,
    NotAFeed,
    NotFound,
    UnabridgedError,
)
from unabridged.feeds.reader.pool import FeedReader
from unabridged.fetch.client import Fetcher
from unabridged.fetch.response_headers import MAX_WAIT
from unabridged.poll.extractor.pool import Extractor
from unabridged.poll.feeds.discovery import FoundDocument, find_feeds_of, first_feed_of
from unabridged.poll.feeds.poll_feed import Tools, contained, poll_feed, take_in
from unabridged.poll.feeds.recheck import recheck_at
from unabridged.poll.feeds.schedule import longest_waits, permanent_target, replan
from unabridged.poll.one_off import full_text_feed, read_address
from unabridged.poll.outcome_writer import Ledger
from unabridged.poll.pages.images import keep_pictures
from unabridged.poll.pages.poll_page import page_validators, read_page
from unabridged.poll.reports import (
    FullTextFeed,
    PageReport,
    PollReport,
    Progress,
    ReadPage,
    Summary,
    Watch,
    ignore,
)
from unabridged.poll.robots import Robots
from unabridged.poll.websub import Hubs
from unabridged.poll.work_queue import Round
from unabridged.urls import normalise, origin

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
    "read_address",
]

log = logging.getLogger(__name__)

NEVER = datetime(1, 1, 1, tzinfo=UTC)
"""A day before which no feed was ever due."""

FEED_LEASE = 900.0
PAGE_LEASE = 300.0
"""Seconds for which claimed work is ours; after a crash it is taken up again when they are over."""

FEEDS_IN_HAND = 256
"""Feeds claimed at a time. Most wait for their host's turn; those of a host that does not answer are put
off together after three tries."""

BUCKET_IN_HAND = 64
"""Feeds, or pages, claimed at a time where one bucket of many is worked on."""

TURN = 60.0
"""Seconds after which a bucket takes nothing new in hand: the others wait for their turn."""

QUEUED = 2
"""Pages claimed go up to so many times the concurrency, since some wait for their host's turn. All of
them on one host that never answers are done (at 20 s each) before a lease ends."""


_Piece = TypeVar("_Piece")


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A new subscription. report: what the feed said at once; None when it was known already."""

    subscription: Subscription
    report: PollReport | None


class Poller:
    """Polls feeds and reads pages for one archive; use it as an async context manager.

    watch: told of every step, for progress bars. clock, luck: see `Tools`. reader, extractor: of a
    service that has them running already; else the poller starts and ends its own. images: whose pictures
    are kept, as in the settings. lease: seconds for which claimed work is ours, where not the usual ones.
    """

    def __init__(
        self,
        *,
        archive: Archive,
        fetcher: Fetcher,
        settings: PollSettings,
        watch: Watch = ignore,
        clock: Callable[[], datetime] = utc_now,
        luck: Callable[[], float] = random.random,
        reader: FeedReader | None = None,
        extractor: Extractor | None = None,
        images: str = "none",
        base_url: str | None = None,
        lease: float | None = None,
    ) -> None:
        self.images = images
        self._feed_lease = lease or FEED_LEASE
        self._page_lease = lease or PAGE_LEASE
        self._longest = longest_waits(settings, max(self._feed_lease, self._page_lease))
        self.tools = Tools(
            archive=archive,
            fetcher=fetcher,
            reader=reader or FeedReader(),
            extractor=extractor or Extractor(settings.workers, rules=settings.rules),
            settings=settings,
            ledger=Ledger(archive.schedule.record_polls),
            robots=Robots(archive, fetcher, clock) if fetcher.settings.robots else None,
            hubs=Hubs(archive, fetcher, clock, base_url) if _is_public(base_url, fetcher) else None,
            clock=clock,
            luck=luck,
        )
        self._own: list[FeedReader | Extractor] = []
        self._own += [] if reader else [self.tools.reader]
        self._own += [] if extractor else [self.tools.extractor]
        self._watch = watch
        self._room = settings.concurrency * QUEUED
        self._in_hand: set[int] = set()
        self._held: dict[int, LeasedFeed] = {}
        self._closing = False
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for tool in self._own:
            await self._stack.enter_async_context(tool)
        await asyncio.to_thread(self.tools.archive.schedule.release_dead)
        await self.refresh()
        return self

    async def refresh(self) -> None:
        """Look again at what people and other workers wrote down: cookies, hosts that want silence."""
        tools = self.tools
        tools.fetcher.use_cookies(await asyncio.to_thread(tools.archive.feeds.site_cookies))
        now = tools.clock()
        for name, until in (await asyncio.to_thread(tools.archive.feeds.blocked_hosts, now)).items():
            tools.fetcher.silence(name, min((until - now).total_seconds(), MAX_WAIT))

    async def mend_clock(self) -> None:
        """Mend what a wrong clock put off, and end the claims of processes that died."""
        tools = self.tools
        await asyncio.to_thread(tools.archive.schedule.release_dead)
        if await asyncio.to_thread(tools.archive.schedule.has_wrong_times, tools.clock(), self._longest):
            log.warning("Times that lie too far ahead are planned anew: the clock was wrong for a while.")
            await self.mend_schedule(overdue_before=NEVER)

    async def mend_schedule(self, *, overdue_before: datetime) -> int:
        """Plan feeds anew whose times cannot be right, since the clock jumped; returns how many.

        Those asked in the future, and those due before `overdue_before`, are spread over their intervals.
        """
        tools = self.tools
        now = tools.clock()
        await asyncio.to_thread(tools.archive.schedule.repair_arrivals, now)
        return await asyncio.to_thread(
            tools.archive.schedule.repair,
            now,
            overdue_before=overdue_before,
            lease=self._feed_lease,
            longest=self._longest,
            replan=lambda plan: replan(plan, now, settings=tools.settings, luck=tools.luck()),
        )

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def add(
        self,
        url: str,
        *,
        folder: str | None = None,
        title: str | None = None,
        own: FeedSettings | None = None,
    ) -> Added:
        """Subscribe to a feed, or to the first feed of a page, fetching the feed once.

        own: how it is asked from the first time on, where it differs from others; its secrets are for the
        origin of `url`, and stay with it where the feed turns out to be elsewhere.
        Raises InvalidURL, FetchError, FeedError (NotAFeed: no feed was found); then nothing is kept.
        """
        asked = normalise(url)
        own = own and own.bound_to(origin(asked))
        tools = self.tools
        known = await asyncio.to_thread(tools.archive.feeds.find, asked)
        if known is not None:
            return Added(subscription=await self._subscribe(known.url, folder, title), report=None)
        found = await self._find(asked, own)
        if found is None:
            raise NotAFeed(
                url, "a page that leads to no feed", f"`unabridged save {url}` keeps the page itself."
            )
        subscription = await self._subscribe(_lasting_address(found), folder, title)
        if not subscription.new:
            return Added(subscription=subscription, report=None)
        if own is not None:
            await asyncio.to_thread(
                tools.archive.feeds.set_settings, subscription.feed.id, own, now=tools.clock()
            )
        leased = await asyncio.to_thread(
            tools.archive.schedule.claim_feed, subscription.feed.id, tools.clock(), lease=self._feed_lease
        )
        if leased is None:  # a worker has seen it in the meantime
            return Added(subscription=subscription, report=None)
        report = await contained(leased, tools, take_in(leased, found.page, tools, parsed=found.feed))
        fresh = await asyncio.to_thread(tools.archive.library().subscriptions.get, subscription.feed.id)
        return Added(subscription=replace(fresh, new=True), report=report)

    async def _find(self, asked: str, own: FeedSettings | None) -> FoundDocument | None:
        """Look for the feed at an address; what only goes wrong there is an error of that feed."""
        tools = self.tools
        try:
            return await first_feed_of(
                asked,
                fetcher=tools.fetcher,
                reader=tools.reader,
                extractor=tools.extractor,
                now=tools.clock(),
                own=own,
            )
        except UnabridgedError:
            raise
        except Exception as exc:
            raise FeedFault(asked, exc) from exc

    async def _subscribe(self, url: str, folder: str | None, title: str | None) -> Subscription:
        return await asyncio.to_thread(
            self.tools.archive.library().subscriptions.add,
            url,
            now=self.tools.clock(),
            folder=folder,
            title=title,
        )

    async def poll(self, feed_id: int) -> PollReport | None:
        """Ask one feed now, due or not; None while another worker is at it. Raises NotFound."""
        leased = await asyncio.to_thread(
            self.tools.archive.schedule.claim_feed, feed_id, self.tools.clock(), lease=self._feed_lease
        )
        if leased is None:
            return None
        try:
            return await self._poll(leased)
        except BaseException:
            self.tools.archive.schedule.release_feed(leased)
            raise

    async def poll_due(self) -> Summary:
        """Do one round: ask every feed that is due, then read every page that is."""
        feeds = await self.ask_due_feeds()
        pages = await self.read_due_pages()
        return Summary(
            feeds=feeds, pages=pages, pictures=await self.keep_pictures(), expired=await self.expire()
        )

    async def keep_pictures(self) -> int:
        """Fetch the pictures that the settings want kept. Returns how many were kept."""
        return await keep_pictures(self.tools, self.images)

    async def expire(self) -> int:
        """Erase what is older than its folders keep. Returns how many articles that were.

        Nothing is erased while the clock may be ahead: when it has leapt by weeks since the last look, or
        when the servers that were asked name an earlier day.
        """
        now = self.tools.clock()
        if not await asyncio.to_thread(self.tools.archive.schedule.trusts_clock, now):
            log.warning("Nothing is erased for its age: the clock has leapt. It is believed after a day.")
            return 0
        if self.tools.fetcher.is_ahead(now):
            log.warning("Nothing is erased for its age: by what servers say, this clock is ahead.")
            return 0
        return await asyncio.to_thread(self.tools.archive.maintenance.delete_expired, now)

    async def ask_due_feeds(self, bucket: int | None = None) -> tuple[PollReport, ...]:
        """Ask every feed that is due, each once.

        bucket: those of one bucket, for as long as its turn lasts; some may be left for the next one.
        """
        if bucket is None:
            await self.mend_clock()
        await self.refresh()
        round_ = Round(
            stage="feeds",
            claim=self._in_turn(self._claim_feeds, bucket),
            work=self._poll_held,
            give_back=self._give_back,
            room=FEEDS_IN_HAND if bucket is None else BUCKET_IN_HAND,
        )
        renewing = asyncio.create_task(self._renew_leases(bucket))
        try:
            return await round_.work_off(self._watch)
        finally:
            renewing.cancel()

    async def _renew_leases(self, bucket: int | None) -> None:
        """Hold on to the round's feeds that wait for their host's turn longer than a lease lasts."""
        while True:
            await asyncio.sleep(self._feed_lease / 3)
            held = tuple(one for one in self._held.values() if bucket is None or one.feed.bucket == bucket)
            with suppress(ArchiveError):  # tried again; a lease that ends meanwhile costs one poll
                await asyncio.to_thread(
                    self.tools.archive.schedule.renew_leases, held, self.tools.clock(), lease=self._feed_lease
                )

    async def ask_hubs(self) -> int:
        """Ask hubs for what is wanted of them, and renew what ends soon; returns how many were asked."""
        return await self.tools.hubs.ask_due() if self.tools.hubs is not None else 0

    async def read_due_pages(self, bucket: int | None = None) -> tuple[PageReport, ...]:
        """Read every page that is due, newest articles first, each once.

        bucket: those of one bucket, for as long as its turn lasts; some may be left for the next one.
        """
        round_ = Round(
            stage="pages",
            claim=self._in_turn(self._claim_pages, bucket),
            work=self._read,
            give_back=self._give_back_pages,
            room=self._room,
        )
        return await round_.work_off(self._watch)

    async def keep(self, url: str) -> Change:
        """Read one page and keep it as an article. Raises InvalidURL, FetchError, ExtractError."""
        tools = self.tools
        read = await read_address(url, fetcher=tools.fetcher, now=tools.clock(), extractor=tools.extractor)
        now = tools.clock()
        published = read.article.published or read.article.modified or now
        return await asyncio.to_thread(
            tools.archive.library().articles.save,
            read.article,
            read.page,
            now=now,
            next_check_at=recheck_at(min(published, now), now, tools.settings.recheck, tools.luck()),
            validators=page_validators(read),
        )

    def take_no_more(self) -> None:
        """Take nothing new in hand in any bucket: the process is about to end."""
        self._closing = True

    def _in_turn(
        self, claim: Callable[[int, int | None], Sequence[_Piece]], bucket: int | None
    ) -> Callable[[int], Sequence[_Piece]]:
        """Claim from everything, or from one bucket until its turn is over."""
        over = time.monotonic() + TURN

        def in_turn(most: int) -> Sequence[_Piece]:
            if bucket is not None and (self._closing or time.monotonic() > over):
                return ()
            return claim(most, bucket)

        return in_turn

    def _claim_feeds(self, most: int, bucket: int | None) -> Sequence[LeasedFeed]:
        claimed = self.tools.archive.schedule.claim_feeds(
            self.tools.clock(), most, lease=self._feed_lease, bucket=bucket
        )
        self._held.update((one.feed.id, one) for one in claimed)
        return claimed

    def _give_back(self, claimed: Sequence[LeasedFeed]) -> None:
        for one in claimed:
            self._held.pop(one.feed.id, None)
        self.tools.archive.schedule.release_feeds(claimed)

    async def _poll_held(self, leased: LeasedFeed) -> PollReport | None:
        report = await self._poll(leased)
        self._held.pop(leased.feed.id, None)
        return report

    def _claim_pages(self, most: int, bucket: int | None) -> Sequence[PendingPage]:
        # A page that still waits for its host when its lease ends is not taken a second time.
        claimed = self.tools.archive.schedule.claim_pages(
            self.tools.clock(), most, lease=self._page_lease, bucket=bucket
        )
        fresh = [page for page in claimed if page.article_id not in self._in_hand]
        self._in_hand.update(page.article_id for page in fresh)
        return fresh

    async def _poll(self, leased: LeasedFeed) -> PollReport | None:
        try:
            return await poll_feed(leased, self.tools)
        except LeaseLost:
            return None  # another worker was quicker; its result counts

    async def _read(self, pending: PendingPage) -> PageReport | None:
        try:
            report = await read_page(pending, self.tools)
        except NotFound:
            report = None  # somebody erased the article while its page was read
        self._put_down([pending])
        return report

    def _give_back_pages(self, pages: Sequence[PendingPage]) -> None:
        """Pages that were begun and not done are due at once, here or elsewhere."""
        self._put_down(pages)
        numbers = [page.article_id for page in pages]
        self.tools.archive.schedule.release_pages(numbers, self.tools.clock(), lease=self._page_lease)

    def _put_down(self, pages: Sequence[PendingPage]) -> None:
        self._in_hand.difference_update(page.article_id for page in pages)


def _is_public(base_url: str | None, fetcher: Fetcher) -> TypeGuard[str]:
    """Say whether hubs could reach us there; what our own guard refuses to fetch, they cannot."""
    try:
        return bool(base_url) and bool(fetcher.check(base_url or ""))
    except FetchRefused:
        return False


def _lasting_address(found: FoundDocument) -> str:
    """Return the address to subscribe to: where permanent redirects led at once, else as found."""
    return permanent_target(found.page.redirects, found.page.final_url) or found.found.url
