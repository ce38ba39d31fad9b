"""Discovery of a site's feeds: every candidate is fetched, and only those that parse are returned."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime

from unabridged.config import FeedSettings
from unabridged.dates.parse import utc_now
from unabridged.errors import FeedError, FetchError, NotAFeed
from unabridged.feeds.discovery.known_services import candidate_addresses, service_feeds
from unabridged.feeds.discovery.page_links import COMMENTS_TITLE, FoundFeed, find_feeds, icon_of_page
from unabridged.feeds.lists.profile import ListReading, ListState
from unabridged.feeds.reader.pool import FeedReader
from unabridged.fetch.client import ACCEPT_FEED, Fetcher
from unabridged.model import Feed, Page
from unabridged.poll.extractor.pool import Extractor
from unabridged.poll.feeds.typed_address import first_that_answers, typed_address
from unabridged.urls import host, origin

MAX_LINKED = 12
MAX_GUESSED = 8
"""Most requests for feeds that a page links to, and for well-known URLs if it links to none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDocument:
    """A feed with the response it was parsed from, so that nothing is fetched twice.

    listed: what was learnt about its list, if the feed is a page.
    """

    found: FoundFeed
    page: Page
    feed: Feed
    listed: ListReading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFeeds:
    """Feeds of a site, and the page at which they were looked for."""

    feeds: tuple[FoundFeed, ...]
    page: Page


async def find_feeds_of(
    url: str, *, fetcher: Fetcher, reader: FeedReader | None = None
) -> tuple[FoundFeed, ...]:
    """Return the feeds of a site as `feeds_and_page` does. Raises FetchError."""
    return (await feeds_and_page(url, fetcher=fetcher, reader=reader)).feeds


async def feeds_and_page(url: str, *, fetcher: Fetcher, reader: FeedReader | None = None) -> SiteFeeds:
    """Return the feeds that a page links to, or else those at well-known URLs of the site.

    reader: an open one to share. Raises FetchError if the page itself cannot be fetched.
    """
    typed = typed_address(url)

    async def attempt(asked: str) -> Page:
        return await fetch_feed(asked, fetcher, typed.own and typed.own.bound_to(origin(asked)))

    page = await first_that_answers(typed.urls, attempt)
    async with AsyncExitStack() as stack:
        parser = reader
        if parser is None:
            parser = await stack.enter_async_context(FeedReader(max_bytes=fetcher.settings.max_feed_bytes))
        found = await _search(page, fetcher=fetcher, reader=parser, now=utc_now(), most=MAX_LINKED)
    return SiteFeeds(feeds=tuple(document.found for document in found), page=page)


async def first_feed_of(
    url: str,
    *,
    fetcher: Fetcher,
    reader: FeedReader,
    extractor: Extractor,
    now: datetime,
    own: FeedSettings | None = None,
    like: Sequence[str] = (),
) -> FoundDocument | None:
    """Return the feed at a URL, the first feed that the page there links to, or the page read as a feed.

    own: request settings for this URL and its links; its secrets are sent to their origin only. like:
    headlines of the page's list that is wanted; no feeds are looked for then. Returns None if the page is not
    a feed, has none, and lists no articles. Raises FetchError, HeadlineNotFound, or NotAFeed if the response
    is empty.
    """
    page = await fetch_feed(url, fetcher, own)
    if not like:
        found = await _search(page, fetcher=fetcher, reader=reader, now=now, most=1, own=own)
        if found:
            return found[0]
    if not page.body.strip():
        raise NotAFeed(url, "empty", "The server sent an empty response; try again later.")
    return await list_as_feed(url, page, extractor=extractor, now=now, like=like)


async def list_as_feed(
    url: str, page: Page, *, extractor: Extractor, now: datetime, like: Sequence[str] = ()
) -> FoundDocument | None:
    """Read the list of a page as a feed, None if it has none. like: headlines of the list that is wanted.

    Raises HeadlineNotFound, ExtractError.
    """
    listed = await extractor.article_list(page, ListState(examples=tuple(like)), now=now)
    if listed is None:
        return None
    found = FoundFeed(url=url, title=listed.feed.title, type="page", source="page")
    return FoundDocument(found=found, page=page, feed=listed.feed, listed=listed)


async def _search(
    page: Page,
    *,
    fetcher: Fetcher,
    reader: FeedReader,
    now: datetime,
    most: int,
    own: FeedSettings | None = None,
) -> tuple[FoundDocument, ...]:
    """Try a page and its candidates until `most` feeds are found."""
    unreadable: FeedError | None = None
    try:
        return (await _as_feed(FoundFeed(url=page.url), page, reader, now),)
    except NotAFeed:
        pass
    except FeedError as exc:  # a feed that is broken or too large; the page may still link to another
        unreadable = exc
    tried = {page.url, page.final_url}
    trial = _Trial(
        fetcher=fetcher,
        reader=reader,
        now=now,
        most=most,
        tried=tried,
        found=[],
        own=own,
    )
    linked = await asyncio.to_thread(find_feeds, page.body, page.final_url, page.headers.get("link", ""))
    if host(page.url) != host(page.final_url):  # a page that asks for consent, or to log in
        linked = (*(FoundFeed(url=feed, source="service") for feed in service_feeds(page.url)), *linked)
    await trial.run(linked[:MAX_LINKED])
    if not trial.found:
        guesses = (FoundFeed(url=guess, source="service") for guess in candidate_addresses(page.final_url))
        await trial.run(list(guesses)[:MAX_GUESSED])
    trial.finish()
    if trial.found:
        icon = await asyncio.to_thread(icon_of_page, page.body, page.final_url)
        return tuple(_with_icon(document, icon) for document in trial.found)
    if unreadable is not None:
        raise unreadable
    return ()


def _with_icon(document: FoundDocument, icon: str | None) -> FoundDocument:
    """Return a document with the icon of the page that led to it, if the feed has none of its own."""
    if icon is None or document.feed.icon is not None:
        return document
    return replace(document, feed=replace(document.feed, icon=icon))


@dataclass(slots=True)
class _Trial:
    """Search that tries candidates one by one: most are on one host, which gets one request at a time.

    own: request settings.
    """

    fetcher: Fetcher
    reader: FeedReader
    now: datetime
    most: int
    tried: set[str]
    found: list[FoundDocument]
    own: FeedSettings | None
    comments: list[FoundDocument] = field(default_factory=list)

    async def run(self, candidates: Iterable[FoundFeed]) -> None:
        for candidate in candidates:
            if len(self.found) >= self.most:
                return
            if candidate.url in self.tried:
                continue
            self.tried.add(candidate.url)
            try:
                page = await fetch_feed(candidate.url, self.fetcher, self.own)
            except FetchError:
                continue  # a wrong guess or a dead link
            try:
                document = await _as_feed(candidate, page, self.reader, self.now)
            except FeedError:
                continue
            self._keep(document)

    def _keep(self, document: FoundDocument) -> None:
        known = {one.page.final_url for one in (*self.found, *self.comments)}
        if document.page.final_url in known:
            return
        of_comments = COMMENTS_TITLE.match(document.feed.title) is not None
        (self.comments if of_comments else self.found).append(document)

    def finish(self) -> None:
        """Put the feeds of comments behind the others, or in their place if there are none."""
        self.found += self.comments[: self.most - len(self.found)]


async def fetch_feed(url: str, fetcher: Fetcher, own: FeedSettings | None = None) -> Page:
    """Fetch a feed unconditionally. own: its request settings. Raises FetchError."""
    answer = await fetcher.get(
        url, accept=ACCEPT_FEED, max_bytes=fetcher.settings.max_feed_bytes, own=own or FeedSettings()
    )
    assert isinstance(answer, Page), "only a conditional request is answered with NotModified"
    return answer


async def _as_feed(candidate: FoundFeed, page: Page, reader: FeedReader, now: datetime) -> FoundDocument:
    """Read a response as a feed. Raises FeedError, NotAFeed."""
    feed = await reader.read(page, now)
    named = replace(candidate, title=feed.title or candidate.title, type=candidate.type or feed.format)
    return FoundDocument(found=named, page=page, feed=feed)
