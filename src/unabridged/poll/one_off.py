"""Whole articles without an archive: one address read, one feed made whole."""

import asyncio
import hashlib
import re
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime

from unabridged.config import PollSettings
from unabridged.errors import ExtractError, FetchError, InvalidURL, NotAFeed
from unabridged.feeds.reader.pool import FeedReader
from unabridged.feeds.write import FeedDocument, FeedItem
from unabridged.fetch.client import Fetcher
from unabridged.model import Article, Entry, Feed
from unabridged.poll.extractor.pool import Extractor, ThreadExtractor
from unabridged.poll.feeds.discovery import first_feed_of
from unabridged.poll.pages.fetch_article import read_whole
from unabridged.poll.reports import FullTextFeed, ReadPage
from unabridged.urls import normalise

_IRI = re.compile(r"(?:https?://|urn:|tag:)\S+", re.IGNORECASE)


async def read_address(
    url: str, *, fetcher: Fetcher, now: datetime, extractor: Extractor | None = None
) -> ReadPage:
    """Fetch one page and make an article of it; nothing is kept. Raises FetchError, ExtractError.

    extractor: of a running service; without one the page is read in this process, in a thread.
    """
    return await read_whole(
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
) -> FullTextFeed:
    """Fetch any feed (or the first feed of a page) and the pages of its newest `limit` entries.

    An entry whose page fails, or gives less than the feed, keeps the feed's own text, with the reason
    among its article's warnings. self_url: where the result will be found. reader, extractor: of a
    running service; else children are started for this one feed. Raises FetchError, NotAFeed, FeedError.
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
        entries = found.feed.entries[:limit]
        feed_texts = (await maker.entries(found.feed))[:limit]
        pages = _Pages(
            fetcher=fetcher, extractor=maker, now=now, slots=asyncio.Semaphore(settings.concurrency)
        )
        articles = await asyncio.gather(*map(pages.read, entries, feed_texts))
    items = tuple(
        FeedItem(
            id=item_id(found.feed, entry),
            article=article,
            updated=article.modified or article.published or _feed_time(found.feed) or now,
        )
        for entry, article in zip(entries, articles, strict=True)
    )
    return FullTextFeed(feed=found.feed, document=_document(found.feed, self_url), items=items)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pages:
    """The pages of one feed, read some at a time."""

    fetcher: Fetcher
    extractor: Extractor
    now: datetime
    slots: asyncio.Semaphore

    async def read(self, entry: Entry, feed_text: Article) -> Article:
        if entry.url is None:
            return feed_text
        try:
            async with self.slots:
                read = await read_whole(
                    entry.url, fetcher=self.fetcher, extractor=self.extractor, now=self.now, entry=entry
                )
        except (FetchError, InvalidURL, ExtractError) as exc:
            return _with_warning(feed_text, f"The page could not be read: {exc}")
        article = read.article
        if len(article.text) < len(feed_text.text) or article.completeness.kind == "blocked":
            return _with_warning(feed_text, "The page gave less than the feed.")
        return article


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
