"""Whole articles without an archive: one address read, one feed made whole."""

import asyncio
import hashlib
import re
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime

from unabridged.archive.articles.version_policy import decide_first_page
from unabridged.config import PollSettings
from unabridged.errors import ExtractError, FetchError, InvalidURL, NotAFeed
from unabridged.feeds.reader.pool import FeedReader
from unabridged.feeds.write import FeedDocument, FeedItem
from unabridged.fetch.client import Fetcher
from unabridged.model import Article, Entry, Feed
from unabridged.poll.extractor.pool import Extractor, ThreadExtractor
from unabridged.poll.feeds.discovery import first_feed_of
from unabridged.poll.pages.fetch_article import fetch_article
from unabridged.poll.reports import FullTextFeed, ReadPage
from unabridged.urls import normalise

MAX_ARTICLE_BYTES = 16_000_000
"""Memory that the articles of one feed made in passing may take."""
MAX_PAGE_BYTES = 64_000_000
"""Bytes of pages that may be in hand at once: each page is reckoned as large as one may be."""
BUDGET_SPENT = (
    "Its page was not read: the articles before it are as much as one answer holds "
    f"({MAX_ARTICLE_BYTES // 1_000_000} MB). Ask for fewer at once."
)
TEXT_OMITTED = (
    "Its text is left out: it is more than one answer holds with the others. Ask for fewer at once."
)

_IRI = re.compile(r"(?:https?://|urn:|tag:)\S+", re.IGNORECASE)


async def read_address(
    url: str, *, fetcher: Fetcher, now: datetime, extractor: Extractor | None = None
) -> ReadPage:
    """Fetch one page and make an article of it; nothing is kept. Raises FetchError, ExtractError.

    extractor: of a running service; without one the page is read in this process, in a thread.
    """
    return await fetch_article(
        normalise(url), fetcher=fetcher, extractor=extractor or ThreadExtractor(), now=now
    )


async def full_text_feed(
    url: str,
    *,
    fetcher: Fetcher,
    settings: PollSettings,
    now: datetime,
    limit: int = 20,
    self_url: str | None = None,
    reader: FeedReader | None = None,
    extractor: Extractor | None = None,
    slots: asyncio.Semaphore | None = None,
    most: int = MAX_ARTICLE_BYTES,
) -> FullTextFeed:
    """Fetch any feed (or the first feed of a page) and the pages of its newest `limit` entries.

    An entry whose page fails, or gives less than the feed, keeps the feed's own text, with the reason
    among its article's warnings; so do those that take more than `most` bytes of memory together.
    self_url: where the result will be found. reader, extractor: of a running service; else children are
    started for this one feed. slots: pages that are read at once, where several feeds share them.
    Raises FetchError, NotAFeed, FeedError.
    """
    async with AsyncExitStack() as stack:
        parser = reader
        if parser is None:
            parser = await stack.enter_async_context(FeedReader())
        maker = extractor
        if maker is None:
            maker = await stack.enter_async_context(Extractor(settings.workers, rules=settings.rules))
        found = await first_feed_of(normalise(url), fetcher=fetcher, reader=parser, extractor=maker, now=now)
        if found is None:
            raise NotAFeed(url, "a page that leads to no feed", "Look for one with `unabridged find`.")
        feed = replace(found.feed, entries=found.feed.entries[:limit])
        budget = _MemoryBudget(most)
        feed_texts = [budget.with_own_text(article) for article in await maker.entries(feed)]
        pages = _Pages(
            fetcher=fetcher,
            extractor=maker,
            now=now,
            slots=slots or asyncio.Semaphore(pages_at_once(fetcher, settings)),
            budget=budget,
        )
        articles = await asyncio.gather(*map(pages.read, feed.entries, feed_texts))
    items = tuple(
        FeedItem(
            id=item_id(feed, entry),
            article=article,
            updated=article.modified or article.published or _feed_time(feed) or now,
        )
        for entry, article in zip(feed.entries, articles, strict=True)
    )
    size = sum(memory_of(item.article) for item in items)
    return FullTextFeed(feed=feed, document=_document(feed, self_url), items=items, size=size)


def pages_at_once(fetcher: Fetcher, settings: PollSettings) -> int:
    """Return how many pages of feeds made in passing may be read at once."""
    return max(1, min(settings.concurrency, MAX_PAGE_BYTES // fetcher.settings.max_page_bytes))


@dataclass(slots=True)
class _MemoryBudget:
    """Bytes of memory that the articles of one feed may still take."""

    left: int

    def take(self, article: Article) -> bool:
        """Make budget for an article, or say that there is none."""
        size = memory_of(article)
        if size > self.left:
            return False
        self.left -= size
        return True

    def release(self, article: Article) -> None:
        self.left += memory_of(article)

    def with_own_text(self, article: Article) -> Article:
        """Return an entry's article of the feed's own text; without the text where there is no budget."""
        if self.take(article):
            return article
        return _with_warning(
            replace(article, body="", text="", summary="", media=(), enclosures=()), TEXT_OMITTED
        )


def memory_of(article: Article) -> int:
    """Return the memory that an article's text takes, in bytes."""
    texts = (article.body, article.text, article.title, article.summary, *(one.url for one in article.media))
    return sum(sys.getsizeof(text) for text in texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pages:
    """The pages of one feed, read some at a time."""

    fetcher: Fetcher
    extractor: Extractor
    now: datetime
    slots: asyncio.Semaphore
    budget: _MemoryBudget

    async def read(self, entry: Entry, feed_text: Article) -> Article:
        if entry.url is None:
            return feed_text
        try:
            async with self.slots:
                if self.budget.left <= 0:
                    return _with_warning(feed_text, BUDGET_SPENT)
                article = await self._page(entry, entry.url)
        except (FetchError, InvalidURL, ExtractError) as exc:
            return _with_warning(feed_text, f"The page could not be read: {exc}")
        return self._choose(article, feed_text)

    async def _page(self, entry: Entry, url: str) -> Article:
        read = await fetch_article(
            url, fetcher=self.fetcher, extractor=self.extractor, now=self.now, entry=entry
        )
        return read.article  # what its page weighs is forgotten here

    def _choose(self, article: Article, feed_text: Article) -> Article:
        decision = decide_first_page(feed_text, article)
        if decision.kind == "worse":
            return _with_warning(feed_text, f"The page's text is not used: {decision.reason}.")
        self.budget.release(feed_text)
        if self.budget.take(article):
            return article
        self.budget.left = 0  # and no further page is read
        return _with_warning(feed_text, BUDGET_SPENT)


def _with_warning(article: Article, text: str) -> Article:
    return replace(article, warnings=(*article.warnings, text))


def item_id(feed: Feed, entry: Entry) -> str:
    """Return an entry's id for readers: its own where that is an IRI, else one that never changes."""
    stated = entry.guid or entry.url
    if stated and _IRI.fullmatch(stated):
        return stated
    words = stated or "\n".join((entry.title, entry.summary_html or entry.content_html))
    digest = hashlib.sha256(f"{feed.self_url or feed.url}\n{words}".encode("utf-8", "replace")).hexdigest()
    return f"urn:unabridged:entry:{digest[:32]}"


def _feed_time(feed: Feed) -> datetime | None:
    return feed.updated.at if feed.updated else None


def _document(feed: Feed, self_url: str | None) -> FeedDocument:
    return FeedDocument(
        title=feed.title or feed.url,
        self_url=self_url or feed.url,
        site_url=feed.site_url,
        description=feed.description,
        language=feed.language,
        updated=_feed_time(feed),
        icon=feed.icon,
    )
