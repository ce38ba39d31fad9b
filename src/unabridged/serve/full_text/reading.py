"""Reading of pages and feeds for the full-text services: bounded in number and time, cached for a while.

Nothing is saved. Of the archive, a person's own copy of an article answers where it is fresh.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from fastapi import Request

from unabridged.archive.records.core import StoredArticle
from unabridged.durations import parse_duration
from unabridged.errors import (
    FetchTimeout,
    NotAFeed,
    TooLarge,
)
from unabridged.feeds.discovery.item_selectors import ItemSelectors
from unabridged.feeds.write import FeedDocument, FeedItem
from unabridged.model import Entry, Feed, Page
from unabridged.poll.extractor.site_rules import NO_RULES
from unabridged.poll.feeds.discovery import fetch_feed
from unabridged.poll.feeds.typed_address import first_that_answers, spellings
from unabridged.poll.one_off import full_text_of, item_id, memory_of, pages_at_once
from unabridged.poll.pages.fetch_article import ArticleFetch, extract_article
from unabridged.poll.reports import FullTextFeed, ReadPage
from unabridged.serve.context import AppContext
from unabridged.serve.full_text.admission import NotAdmitted
from unabridged.serve.full_text.open_rate import OpenRate

FEEDS_AT_ONCE = 2
PAGES_AT_ONCE = 8
MAX_WAITING = 100
"""Requests that wait for a slot; further ones are refused."""

BUSY = "Too many requests at the same time. Try again in a moment."

PAGE_TIMEOUT = 60
FEED_TIMEOUT = 120
"""Seconds in which a page or a feed must be complete."""

CACHE_TIME = timedelta(minutes=10)
CACHE_BYTES = 32_000_000
CACHE_ENTRIES = 64


@dataclass(slots=True)
class Slots:
    """Limit of concurrent work, and of requests that wait for it."""

    free: asyncio.Semaphore
    waiting: int = 0

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """Wait for a slot. Raises NotAdmitted if too many requests wait already."""
        if self.waiting >= MAX_WAITING:
            raise NotAdmitted(503, BUSY, 2)
        self.waiting += 1
        try:
            await self.free.acquire()
        finally:
            self.waiting -= 1
        try:
            yield
        finally:
            self.free.release()


Key = tuple[str, ...]


@dataclass(slots=True)
class ReadCache:
    """Feeds and pages read lately, so that repeated requests do not reach their sites."""

    entries: "OrderedDict[Key, tuple[datetime, FullTextFeed]]" = field(default_factory=OrderedDict)

    def get(self, key: Key, now: datetime) -> FullTextFeed | None:
        found = self.entries.get(key)
        return found[1] if found and timedelta() <= now - found[0] < CACHE_TIME else None

    def put(self, key: Key, now: datetime, made: FullTextFeed) -> None:
        self.entries[key] = (now, made)
        self.entries.move_to_end(key)
        while (
            len(self.entries) > CACHE_ENTRIES
            or sum(one.size for _, one in self.entries.values()) > CACHE_BYTES
        ):
            self.entries.popitem(last=False)


@dataclass(slots=True)
class FullTextServices:
    """State of the full-text services of one app. rate: None where a key or a login is needed."""

    rate: OpenRate | None
    feeds: Slots = field(default_factory=lambda: Slots(asyncio.Semaphore(FEEDS_AT_ONCE)))
    pages: Slots = field(default_factory=lambda: Slots(asyncio.Semaphore(PAGES_AT_ONCE)))
    cache: ReadCache = field(default_factory=ReadCache)
    page_slots: asyncio.Semaphore | None = None

    def slots_for_pages(self, context: AppContext) -> asyncio.Semaphore:
        """Return the slots for pages of feeds, shared by all feeds that are being read."""
        if self.page_slots is None:
            self.page_slots = asyncio.Semaphore(pages_at_once(context.fetcher, context.settings.poll))
        return self.page_slots


def services_of(request: Request) -> FullTextServices:
    """Return the state that the app holds."""
    found: FullTextServices = request.app.state.full_text
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Reads for one request. site_rules: text of rules that the request brings for the site."""

    context: AppContext
    services: FullTextServices
    site_rules: Mapping[str, str] = field(default_factory=lambda: NO_RULES)

    def _fetch(self) -> ArticleFetch:
        poll = self.context.poller.context
        return ArticleFetch(
            fetcher=self.context.fetcher,
            extractor=poll.extractor,
            now=self.context.clock(),
            robots=poll.robots,
            tried=self.site_rules,
        )

    async def page(self, url: str) -> ReadPage:
        """Fetch and extract one page, with its further pages. Raises FetchError, ExtractError, InvalidURL."""

        async def attempt(asked: str) -> ReadPage:
            fetch = self._fetch()
            return await extract_article(await fetch.page(asked), fetch)

        async with self.services.pages.take(), _deadline(url, PAGE_TIMEOUT):
            return await first_that_answers(spellings(url), attempt)

    async def html(self, url: str, html: bytes) -> ReadPage:
        """Extract an article from HTML that a request brought; no page is fetched.

        Raises InvalidURL, TooLarge, ExtractError.
        """
        url = spellings(url)[0]
        if len(html) > self.context.settings.fetch.max_page_bytes:
            raise TooLarge(url, "The HTML is larger than a page may be.")
        headers = {"content-type": "text/html; charset=utf-8"}
        now = self.context.clock()
        page = Page(url=url, final_url=url, status=200, headers=headers, body=html, fetched=now)
        async with self.services.pages.take(), _deadline(url, PAGE_TIMEOUT):
            part = await self._fetch().extractor.page(page, now=now, tried=self.site_rules)
        return ReadPage(article=part.article, page=page)

    async def feed(self, url: str, *, accept: str, limit: int) -> FullTextFeed:
        """Read a feed with its pages, or a page as a feed of one item.

        accept: "feed", "html" or "auto", which tries both. Raises FetchError, FeedError, ExtractError.
        """
        key = (url, accept, str(limit), *self.site_rules.values())
        cache, now = self.services.cache, self.context.clock()
        if found := cache.get(key, now):
            return found
        async with self.services.feeds.take(), _deadline(url, FEED_TIMEOUT):
            made = await self._feed(url, accept, limit)
        cache.put(key, now, made)
        return made

    async def _feed(self, url: str, accept: str, limit: int) -> FullTextFeed:
        fetch = self._fetch()
        if accept == "html":
            return one_item(await extract_article(await fetch.page(url), fetch))
        page = await fetch_feed(url, self.context.fetcher)
        try:
            feed = await self.context.poller.context.reader.read(page, fetch.now)
        except NotAFeed:
            if accept == "feed":
                raise
            return one_item(await extract_article(page, fetch))
        shown = replace(feed, entries=feed.entries[:limit])
        return await full_text_of(shown, fetch, slots=self.services.slots_for_pages(self.context))

    async def selected(self, url: str, selectors: ItemSelectors) -> Feed:
        """Make a feed of the items that selectors find on a page. Raises FetchError, ExtractError."""
        async with self.services.pages.take(), _deadline(url, PAGE_TIMEOUT):
            fetch = self._fetch()
            page = await fetch.page(url)
            return await fetch.extractor.selected_items(page, selectors, now=fetch.now)


def one_item(read: ReadPage) -> FullTextFeed:
    """Return a page that is no feed as a feed of one item."""
    article = read.article
    entry = Entry(guid=article.url, url=article.url, title=article.title)
    feed = Feed(
        url=article.url,
        format="page",
        title=article.title,
        description=article.summary,
        site_url=article.url,
        language=article.language,
        entries=(entry,),
    )
    updated = article.modified or article.published or read.page.fetched
    return FullTextFeed(
        feed=feed,
        document=FeedDocument(title=article.title, self_url=article.url, site_url=article.url),
        items=(FeedItem(id=item_id(feed, entry), article=article, updated=updated),),
        size=memory_of(article),
    )


def archived_copy(context: AppContext, user: int, url: str) -> StoredArticle | None:
    """Return a person's article with an address, if its page was read; None without one."""
    found = context.archive.library(user).articles.find(url)
    return found if found is not None and found.fetched is not None else None


def is_fresh(context: AppContext, user: int, stored: StoredArticle) -> bool:
    """Say whether an article's page was read lately with success, as the settings define it."""
    checks = context.archive.library(user).articles.observations(stored.id)
    read = [one.at for one in checks if one.kind in ("new", "same", "changed", "worse")]
    last = max([*read, *filter(None, [stored.fetched])])
    age = context.clock() - last
    return timedelta() <= age <= timedelta(seconds=parse_duration(context.settings.full_text.fresh))


@asynccontextmanager
async def _deadline(url: str, seconds: float) -> AsyncIterator[None]:
    """Bound the time of reading an address. Raises FetchTimeout."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise FetchTimeout(url, f"Reading {url} took over {seconds:g} seconds.") from None
