"""One-off reads without an archive: one page, or a feed with the full text of its pages."""

import asyncio
import hashlib
import re
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from unabridged.archive.articles.version_policy import decide_first_page
from unabridged.config import FetchSettings, PollSettings
from unabridged.errors import ExtractError, FetchError, InvalidURL, NotAFeed
from unabridged.feeds.reader.pool import FeedReader
from unabridged.feeds.write import FeedDocument, FeedItem
from unabridged.fetch.client import Fetcher
from unabridged.model import Article, Entry, Feed
from unabridged.poll.extractor.pool import Extractor, ThreadExtractor
from unabridged.poll.feeds.discovery import FoundDocument, first_feed_of
from unabridged.poll.feeds.typed_address import first_that_answers, spellings
from unabridged.poll.pages.fetch_article import ArticleFetch, extract_article, fetch_article
from unabridged.poll.reports import FullTextFeed, ReadPage

MAX_ARTICLE_BYTES = 16_000_000
"""Memory for the articles of one full-text feed, in bytes."""
MAX_PAGE_BYTES = 64_000_000
"""Bytes of pages in flight; each page counts as the largest size allowed."""
BUDGET_SPENT = (
    "Its page was not read: the articles before it fill the size limit of one response "
    f"({MAX_ARTICLE_BYTES // 1_000_000} MB). Request fewer entries."
)
PAGE_FAILED = "The page could not be read:"
"""Beginning of the warning of an article whose page failed."""
PAGE_UNUSED = "The page's text is not used:"
"""Beginning of the warning of an article whose page is worse than the feed's own text."""
TEXT_OMITTED = (
    "Its text is omitted: the articles exceed the size limit of one response. Request fewer entries."
)

_OWN_TEXT = (PAGE_FAILED, PAGE_UNUSED, BUDGET_SPENT, TEXT_OMITTED)
"""Beginnings of the warnings of articles that keep the feed's own text."""

_IRI = re.compile(r"(?:https?://|urn:|tag:)\S+", re.IGNORECASE)


async def read_address(
    url: str, *, fetcher: Fetcher, now: datetime, extractor: Extractor | None = None
) -> ReadPage:
    """Fetch and extract one page without saving it. Raises FetchError, ExtractError.

    extractor: an open one to share; by default the page is extracted in a thread of this process.
    """
    maker = extractor or ThreadExtractor()

    async def attempt(asked: str) -> ReadPage:
        return await fetch_article(asked, fetcher=fetcher, extractor=maker, now=now)

    return await first_that_answers(spellings(url), attempt)


def read(url: str, *, settings: FetchSettings | None = None) -> Article:
    """Fetch a page and return its article; nothing is stored. Raises FetchError, ExtractError, InvalidURL.

    Works in a notebook, too, where an event loop is running.
    """

    async def run() -> Article:
        async with Fetcher(settings or FetchSettings()) as fetcher:
            return (await read_address(url, fetcher=fetcher, now=datetime.now(UTC))).article

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()


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
    like: Sequence[str] = (),
    watch: Callable[[Feed], None] = lambda feed: None,
) -> FullTextFeed:
    """Fetch any feed (or the first feed of a page) and the pages of its first `limit` entries.

    An entry keeps the feed's own text, with the reason among its article's warnings and as its note, if its
    page fails, is not the article, or exceeds the budget of `most` bytes. self_url: address of the result.
    reader, extractor: open ones to share; by default child processes are started for this feed. slots: limit
    on pages read concurrently, if several feeds share it. like: headlines of the page's list that is wanted.
    watch: called with the feed before its pages are read. Raises FetchError, NotAFeed, FeedError.
    """
    async with AsyncExitStack() as stack:
        parser = reader
        if parser is None:
            parser = await stack.enter_async_context(FeedReader(max_bytes=fetcher.settings.max_feed_bytes))
        maker = extractor
        if maker is None:
            maker = await stack.enter_async_context(Extractor(settings.workers, rules=settings.rules))

        async def attempt(asked: str) -> FoundDocument | None:
            return await first_feed_of(
                asked, fetcher=fetcher, reader=parser, extractor=maker, now=now, like=like
            )

        found = await first_that_answers(spellings(url), attempt)
        if found is None:
            raise NotAFeed(url, "a page that leads to no feed", "Look for one with `unabridged find`.")
        watch(found.feed)
        feed = replace(found.feed, entries=found.feed.entries[:limit])
        fetch = ArticleFetch(fetcher=fetcher, extractor=maker, now=now)
        places = slots or asyncio.Semaphore(pages_at_once(fetcher, settings))
        return await full_text_of(feed, fetch, slots=places, self_url=self_url, most=most)


async def full_text_of(
    feed: Feed,
    fetch: ArticleFetch,
    *,
    slots: asyncio.Semaphore,
    self_url: str | None = None,
    most: int = MAX_ARTICLE_BYTES,
) -> FullTextFeed:
    """Fetch the pages of all entries of a feed; entries, `self_url` and `most` as in `full_text_feed`.

    slots: limit on pages read concurrently. Raises ExtractError if the feed's own texts cannot be read.
    """
    budget = _MemoryBudget(most)
    feed_texts = [budget.with_own_text(article) for article in await fetch.extractor.entries(feed)]
    pages = _Pages(fetch=fetch, slots=slots, budget=budget)
    articles = await asyncio.gather(*map(pages.read, feed.entries, feed_texts))
    items = tuple(
        FeedItem(
            id=item_id(feed, entry),
            article=article,
            updated=article.modified or article.published or _feed_time(feed) or fetch.now,
            note=_note_of(article),
        )
        for entry, article in zip(feed.entries, articles, strict=True)
    )
    size = sum(memory_of(item.article) for item in items)
    return FullTextFeed(feed=feed, document=_document(feed, self_url), items=items, size=size)


def pages_at_once(fetcher: Fetcher, settings: PollSettings) -> int:
    """Return how many pages of one-off feeds may be read concurrently."""
    return max(1, min(settings.concurrency, MAX_PAGE_BYTES // fetcher.settings.max_page_bytes))


@dataclass(slots=True)
class _MemoryBudget:
    """Memory left for the articles of one feed, in bytes."""

    left: int

    def reserve(self, article: Article) -> bool:
        """Reserve memory for an article; return False if there is not enough left."""
        size = memory_of(article)
        if size > self.left:
            return False
        self.left -= size
        return True

    def release(self, article: Article) -> None:
        self.left += memory_of(article)

    def with_own_text(self, article: Article) -> Article:
        """Return the article of an entry, without its text if the budget is spent."""
        if self.reserve(article):
            return article
        return _with_warning(
            replace(article, html="", text="", summary="", media=(), enclosures=()), TEXT_OMITTED
        )


def memory_of(article: Article) -> int:
    """Return the memory that an article's texts take, in bytes."""
    texts = (article.html, article.text, article.title, article.summary, *(one.url for one in article.media))
    return sum(sys.getsizeof(text) for text in texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pages:
    """Reads the pages of one feed, a few concurrently."""

    fetch: ArticleFetch
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
            return _with_warning(feed_text, f"{PAGE_FAILED} {exc}")
        return await self._choose(article, feed_text)

    async def _page(self, entry: Entry, url: str) -> Article:
        read = await extract_article(await self.fetch.page(url), self.fetch, entry)
        return read.article  # drops the page, to free its memory

    async def _choose(self, article: Article, feed_text: Article) -> Article:
        decision = await asyncio.to_thread(decide_first_page, feed_text, article)
        if decision.kind == "worse":
            return _with_warning(feed_text, f"{PAGE_UNUSED} {decision.reason}.")
        self.budget.release(feed_text)
        if self.budget.reserve(article):
            return article
        self.budget.left = 0  # no further page is read
        return _with_warning(feed_text, BUDGET_SPENT)


def lacks_page(article: Article) -> bool:
    """Say whether an article of a full-text feed has the feed's own text for want of a page with its text.

    A page that has less than the feed is no want: the feed gives the whole text.
    """
    return any(
        text.startswith(PAGE_FAILED)
        or text in (BUDGET_SPENT, TEXT_OMITTED)
        or (text.startswith(PAGE_UNUSED) and f"{PAGE_UNUSED} the feed gives" not in text)
        for text in article.warnings
    )


def _with_warning(article: Article, text: str) -> Article:
    return replace(article, warnings=(*article.warnings, text))


def _note_of(article: Article) -> str:
    """Return why an article is not whole, but the feed's own text; "" for one that is whole."""
    if not lacks_page(article):
        return ""
    return next((one for one in article.warnings if one.startswith(_OWN_TEXT)), "")


def item_id(feed: Feed, entry: Entry) -> str:
    """Return an entry's ID for feed readers: its own if that is an IRI, else a stable hash."""
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
        id=f"urn:unabridged:full-text:{hashlib.sha256(feed.url.encode('utf-8', 'replace')).hexdigest()[:32]}",
        site_url=feed.site_url,
        description=feed.description,
        language=feed.language,
        updated=_feed_time(feed),
        icon=feed.icon,
    )
