"""Tools that change a library or ask other sites: preview, subscribe, mark, save."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from unabridged.archive.records.core import Query
from unabridged.archive.records.library import tag_name
from unabridged.errors import FetchTimeout, InvalidValue, NotFound
from unabridged.mcp_server.caller import Caller, Writer
from unabridged.mcp_server.text.untrusted import label, visible
from unabridged.mcp_server.tools import rendering
from unabridged.mcp_server.tools.answers import FeedPreview, Marked, PreviewedArticle, Saved, Subscribed
from unabridged.mcp_server.tools.arguments import (
    MarkArguments,
    PreviewArguments,
    SaveArguments,
    SubscribeArguments,
)
from unabridged.mcp_server.tools.rendering import Reply
from unabridged.poll.poller import FullTextFeed, full_text_feed
from unabridged.text.words import count_words

FETCH_SECONDS = 60
"""Seconds that asking other sites may take in one call."""

BEGINNING = 600
"""Characters of the text of an article in a preview."""

READ_ONLY = (
    "This connection may only read. Over stdio start `unabridged mcp --write`; over HTTP use a token of the "
    "scope write (`unabridged token add NAME`)."
)


def _writer(caller: Caller) -> Writer:
    if caller.writer is None:
        raise InvalidValue(READ_ONLY)
    return caller.writer


@asynccontextmanager
async def _fetching(writer: Writer, url: str) -> AsyncIterator[None]:
    """Wait for a free slot, then for a site, FETCH_SECONDS in all. Raises FetchTimeout."""
    try:
        async with asyncio.timeout(FETCH_SECONDS), writer.slots:
            yield
    except TimeoutError:
        told = f"{label(url)[:200]} did not answer in {FETCH_SECONDS} seconds. Try again later."
        raise FetchTimeout(url, told) from None


async def preview_feed(caller: Caller, given: PreviewArguments) -> Reply:
    """Read the newest articles of a feed; nothing is kept. Raises FetchError, FeedError, InvalidURL."""
    writer = _writer(caller)
    context = writer.poller.context
    async with _fetching(writer, given.url):
        found = await full_text_feed(
            given.url,
            fetcher=context.fetcher,
            settings=context.settings,
            now=caller.clock(),
            limit=given.articles,
            reader=context.reader,
            extractor=context.extractor,
        )
    return rendering.preview(_preview(found))


def _preview(found: FullTextFeed) -> FeedPreview:
    feed = found.feed
    return FeedPreview(
        url=visible(feed.url),
        title=label(feed.title)[: rendering.TITLE] or visible(feed.url),
        site_url=None if feed.site_url is None else visible(feed.site_url),
        description=label(feed.description)[: rendering.SUMMARY],
        articles=[
            PreviewedArticle(
                title=label(item.article.title)[: rendering.TITLE],
                url=visible(item.article.url),
                published=item.article.published,
                words=count_words(item.article.text),
                completeness=rendering.verdict(
                    item.article.completeness.kind, item.article.completeness.evidence
                ),
                beginning=visible(item.article.text)[:BEGINNING],
                warnings=[label(one)[: rendering.TITLE] for one in item.article.warnings[:5]],
            )
            for item in found.items
        ],
    )


async def subscribe(caller: Caller, given: SubscribeArguments) -> Reply:
    """Subscribe to a feed, or to the feed of a site. Raises InvalidURL, FetchError, FeedError."""
    writer = _writer(caller)
    async with _fetching(writer, given.url):
        added = await writer.poller.add(given.url, folder=given.folder, title=given.title, user=caller.user)
    writer.read_soon(added.subscription.feed.url)
    answer = Subscribed(
        feed=rendering.feed_line(added.subscription),
        is_new=added.subscription.new,
        new_articles=len(added.report.new) if added.report else 0,
    )
    return rendering.subscribed(answer)


def mark(caller: Caller, given: MarkArguments) -> Reply:
    """Mark and tag articles. Raises InvalidValue, NotFound if there is none of them."""
    _writer(caller)
    add, remove = [tag_name(one) for one in given.add_tags], [tag_name(one) for one in given.remove_tags]
    if given.read is None and given.starred is None and not add and not remove:
        raise InvalidValue("Nothing to do: give read, starred, add_tags or remove_tags.")
    library, now = caller.library, caller.clock()
    known = {line.id for line in library.articles.headlines_among(Query(), given.articles)}
    numbers = [number for number in dict.fromkeys(given.articles) if number in known]
    if not numbers:
        raise NotFound("There are no articles with these numbers. list_unread gives numbers.")
    if given.read is not None:
        library.marks.set_read(numbers, given.read, now=now)
    if given.starred is not None:
        library.marks.set_starred(numbers, given.starred, now=now)
    if add:
        library.tags.add(numbers, add, now=now)
    if remove:
        library.tags.remove(numbers, remove, now=now)
    unknown = [number for number in dict.fromkeys(given.articles) if number not in known]
    return rendering.marked(Marked(articles=numbers, unknown=unknown))


async def save_page(caller: Caller, given: SaveArguments) -> Reply:
    """Fetch a page and keep it as an article. Raises InvalidURL, FetchError, ExtractError."""
    writer = _writer(caller)
    async with _fetching(writer, given.url):
        change = await writer.poller.save_url(given.url, user=caller.user)
    stored = await asyncio.to_thread(caller.library.articles.get, change.article_id)
    verdict = stored.article.completeness
    answer = Saved(
        id=stored.id,
        change=change.kind,
        version=change.revision,
        reason=label(change.reason)[: rendering.TITLE],
        title=label(stored.article.title)[: rendering.TITLE],
        completeness=rendering.verdict(verdict.kind, verdict.evidence),
        reader_address=caller.article_address(stored.id),
    )
    return rendering.saved(answer)
