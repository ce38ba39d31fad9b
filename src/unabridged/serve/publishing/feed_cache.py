"""Cache of the full-text versions of any feeds: a stale one is answered at once while it is read again."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from fastapi import Request

from unabridged.errors import FetchTimeout, UnabridgedError
from unabridged.feeds.discovery.page_links import FoundFeed
from unabridged.feeds.write import WRITERS
from unabridged.model import Page
from unabridged.poll.one_off import pages_at_once
from unabridged.poll.poller import FullTextFeed, full_text_feed
from unabridged.serve.context import AppContext
from unabridged.serve.languages.messages import gettext

log = logging.getLogger("unabridged.serve")

FRESH = timedelta(minutes=10)
"""Time for which a feed is not read again: frequent requests of a reader app do not reach the publisher."""

STALE = timedelta(days=1)
"""Time for which a feed is answered from the cache, while it is read again."""

RETRY = timedelta(minutes=2)
"""Pause after a feed could not be read again."""

CACHE_ENTRIES = 32
CACHE_BYTES = 64_000_000
"""Maximum memory of all cached feeds."""

CONCURRENCY = 2
TIMEOUT = 120
"""Seconds in which a feed must be complete; meanwhile other requests wait for the slot."""

FOUND_SITES = 200
"""Sites whose feeds are remembered."""

CACHED_PAGES = 8
CACHED_PAGE_BYTES = 4_000_000
"""Pages without a feed that are remembered while a person chooses a list, and the largest one."""

WRITTEN = 3
"""Documents kept of one feed: one for each format."""

Key = tuple[str, int]
"""Address of a feed, and the number of its articles."""


@dataclass(slots=True)
class FoundCache:
    """Cache of the feeds that sites have: who chooses another one of them starts no second search."""

    entries: "OrderedDict[str, tuple[datetime, Sequence[FoundFeed]]]" = field(default_factory=OrderedDict)

    def get(self, address: str, now: datetime) -> Sequence[FoundFeed] | None:
        found = self.entries.get(address)
        return found[1] if found and timedelta() <= now - found[0] < FRESH else None

    def put(self, address: str, now: datetime, feeds: Sequence[FoundFeed]) -> None:
        self.entries[address] = (now, feeds)
        self.entries.move_to_end(address)
        while len(self.entries) > FOUND_SITES:
            self.entries.popitem(last=False)


@dataclass(slots=True)
class PageCache:
    """Cache of pages without a feed: who chooses another list of one does not fetch it again."""

    entries: "OrderedDict[str, tuple[datetime, Page]]" = field(default_factory=OrderedDict)

    def get(self, address: str, now: datetime) -> Page | None:
        found = self.entries.get(address)
        return found[1] if found and timedelta() <= now - found[0] < FRESH else None

    def put(self, address: str, now: datetime, page: Page) -> None:
        if len(page.body) > CACHED_PAGE_BYTES:
            return
        self.entries[address] = (now, page)
        self.entries.move_to_end(address)
        while len(self.entries) > CACHED_PAGES:
            self.entries.popitem(last=False)


@dataclass(slots=True)
class CachedFeed:
    """A full-text feed and when it was read. failed: time of the last try to read it again, if it failed.

    written: (format, its own address) -> document, of the last requests.
    """

    feed: FullTextFeed
    read: datetime
    failed: datetime | None = None
    written: "OrderedDict[tuple[str, str], bytes]" = field(default_factory=OrderedDict)

    def is_fresh(self, now: datetime) -> bool:
        return timedelta() <= now - self.read < FRESH

    def is_due(self, now: datetime) -> bool:
        """Say whether the feed is to be read again."""
        return not self.is_fresh(now) and (self.failed is None or now - self.failed >= RETRY)

    @property
    def changed(self) -> datetime | None:
        """Return when an article was last changed; None for a feed without articles."""
        return max((item.updated for item in self.feed.items), default=None)

    @property
    def size(self) -> int:
        """Return the memory of the articles and documents, in bytes."""
        return self.feed.size + sum(map(len, self.written.values()))

    def document(self, format_name: str, address: str) -> bytes:
        """Return the feed as a document that names its own address, which may hold a person's token."""
        key = (format_name, address)
        body = self.written.get(key)
        if body is None:
            body = WRITERS[format_name](replace(self.feed.document, self_url=address), self.feed.items)
            self.written[key] = body
            while len(self.written) > WRITTEN:
                self.written.popitem(last=False)
        return body

    def headers(self, now: datetime) -> dict[str, str]:
        """Return the headers that say how old the feed is (RFC 9111, RFC 5861)."""
        age = max(0, int((now - self.read).total_seconds()))
        lifetime, stale = int(FRESH.total_seconds()), int(STALE.total_seconds())
        headers = {
            "age": str(age),
            "cache-control": f"private, max-age={lifetime}, stale-while-revalidate={stale}",
        }
        if not self.is_fresh(now):
            failed = self.failed is not None
            headers["warning"] = '111 - "Revalidation Failed"' if failed else '110 - "Response is Stale"'
        return headers


@dataclass(slots=True)
class FeedCache:
    """Cache of recent full-text feeds, with the slots that limit concurrent work on them."""

    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONCURRENCY))
    entries: "OrderedDict[Key, CachedFeed]" = field(default_factory=OrderedDict)
    found: FoundCache = field(default_factory=FoundCache)
    pages: PageCache = field(default_factory=PageCache)
    writer_slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONCURRENCY))
    page_slots: asyncio.Semaphore | None = None
    reading: "dict[Key, asyncio.Task[CachedFeed | UnabridgedError]]" = field(default_factory=dict)

    def get_page_slots(self, context: AppContext) -> asyncio.Semaphore:
        """Return the slots for pages read at the same time, shared by all feeds."""
        if self.page_slots is None:
            self.page_slots = asyncio.Semaphore(pages_at_once(context.fetcher, context.settings.poll))
        return self.page_slots

    def get(self, key: Key, now: datetime) -> CachedFeed | None:
        """Return a feed that may be shown, fresh or stale; None if there is none."""
        found = self.entries.get(key)
        return found if found and timedelta() <= now - found.read < STALE else None

    def put(self, key: Key, now: datetime, feed: FullTextFeed) -> CachedFeed:
        made = self.entries[key] = CachedFeed(feed=feed, read=now)
        self.entries.move_to_end(key)
        while len(self.entries) > CACHE_ENTRIES or self.size() > CACHE_BYTES:
            self.entries.popitem(last=False)
        return made

    def size(self) -> int:
        """Return the memory of the cached feeds, in bytes."""
        return sum(one.size for one in self.entries.values())


async def cached_feed(request: Request, context: AppContext, url: str, limit: int) -> CachedFeed:
    """Return the full-text version of a feed, from the cache if it is there, however stale.

    A feed that is not there is read by one request while others wait for it. Raises FetchError, NotAFeed,
    FeedError.
    """
    cache: FeedCache = request.app.state.feed_cache
    key = (url, limit)
    found = cache.get(key, context.clock())
    if found is not None:
        if found.is_due(context.clock()):
            _read_once(cache, context, key)
        return found
    outcome = await asyncio.shield(_read_once(cache, context, key))
    if isinstance(outcome, UnabridgedError):
        raise outcome
    return outcome


def _read_once(
    cache: FeedCache, context: AppContext, key: Key
) -> "asyncio.Task[CachedFeed | UnabridgedError]":
    """Return the task that reads a feed; it is started if nobody reads that feed now."""
    task = cache.reading.get(key)
    if task is None:
        task = cache.reading[key] = context.background.start(_read(cache, context, key))
        task.add_done_callback(lambda _: cache.reading.pop(key, None))
    return task


async def _read(cache: FeedCache, context: AppContext, key: Key) -> CachedFeed | UnabridgedError:
    try:
        async with cache.slots:
            made = await _full_text_feed(cache, context, key)
    except UnabridgedError as exc:
        stale = cache.entries.get(key)
        if stale is not None:
            log.info("A feed could not be read again, and is answered as it was: %s", exc)
            stale.failed = context.clock()
        return exc
    return cache.put(key, context.clock(), made)


async def _full_text_feed(cache: FeedCache, context: AppContext, key: Key) -> FullTextFeed:
    url, limit = key
    try:
        async with asyncio.timeout(TIMEOUT):
            return await full_text_feed(
                url,
                fetcher=context.fetcher,
                settings=context.settings.poll,
                now=context.clock(),
                limit=limit,
                reader=context.poller.context.reader,
                extractor=context.poller.context.extractor,
                slots=cache.get_page_slots(context),
            )
    except TimeoutError:
        words = gettext(
            "Reading the articles of {url} took over {seconds} seconds. Request fewer, for example limit=5."
        ).format(url=url, seconds=TIMEOUT)
        raise FetchTimeout(url, words) from None
