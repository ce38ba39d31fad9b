"""Route `/feed?url=…`: the full-text version of any feed, without subscribing."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from unabridged.errors import FetchTimeout
from unabridged.feeds.discovery.page_links import FoundFeed
from unabridged.feeds.write import CONTENT_TYPES, WRITERS
from unabridged.poll.one_off import pages_at_once
from unabridged.poll.poller import FullTextFeed, full_text_feed
from unabridged.serve.context import AppContext, Context
from unabridged.serve.full_text.negotiated import markdown_of
from unabridged.serve.full_text.negotiation import wanted_form
from unabridged.serve.languages.messages import gettext
from unabridged.serve.routes import media
from unabridged.serve.routes.feed_documents import conditional, prefers_html
from unabridged.serve.views.any_feed import any_feed_view

router = APIRouter()

Format = Literal["rss", "atom", "json", "html"] | None

CACHE_TIME = timedelta(minutes=10)
"""Time for which a feed is cached: more frequent requests of a reader app do not reach the publisher."""
CACHE_ENTRIES = 32
CACHE_BYTES = 64_000_000
"""Maximum memory of all cached feeds."""
CONCURRENCY = 2
TIMEOUT = 120
"""Seconds in which a feed must be complete; meanwhile other requests wait for the slot."""


FOUND_SITES = 200
"""Sites whose feeds are remembered."""


@dataclass(slots=True)
class FoundCache:
    """Cache of the feeds that sites have: who chooses another one of them starts no second search."""

    entries: "OrderedDict[str, tuple[datetime, Sequence[FoundFeed]]]" = field(default_factory=OrderedDict)

    def get(self, address: str, now: datetime) -> Sequence[FoundFeed] | None:
        found = self.entries.get(address)
        return found[1] if found and timedelta() <= now - found[0] < CACHE_TIME else None

    def put(self, address: str, now: datetime, feeds: Sequence[FoundFeed]) -> None:
        self.entries[address] = (now, feeds)
        self.entries.move_to_end(address)
        while len(self.entries) > FOUND_SITES:
            self.entries.popitem(last=False)


@dataclass(slots=True)
class FeedCache:
    """Cache of recent full-text feeds, with the slots that limit concurrent work on them."""

    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONCURRENCY))
    entries: "OrderedDict[tuple[str, int], tuple[datetime, FullTextFeed]]" = field(
        default_factory=OrderedDict
    )

    found: FoundCache = field(default_factory=FoundCache)
    writer_slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONCURRENCY))
    page_slots: asyncio.Semaphore | None = None

    def get_page_slots(self, context: AppContext) -> asyncio.Semaphore:
        """Return the slots for pages read at the same time, shared by all feeds."""
        if self.page_slots is None:
            self.page_slots = asyncio.Semaphore(pages_at_once(context.fetcher, context.settings.poll))
        return self.page_slots

    def get(self, key: tuple[str, int], now: datetime) -> FullTextFeed | None:
        found = self.entries.get(key)
        return found[1] if found and timedelta() <= now - found[0] < CACHE_TIME else None

    def put(self, key: tuple[str, int], now: datetime, feed: FullTextFeed) -> None:
        self.entries[key] = (now, feed)
        self.entries.move_to_end(key)
        while len(self.entries) > CACHE_ENTRIES or self.size() > CACHE_BYTES:
            self.entries.popitem(last=False)

    def size(self) -> int:
        """Return the memory of the cached feeds, in bytes."""
        return sum(feed.size for _, feed in self.entries.values())


@router.get("/feed")
async def any_feed(
    request: Request,
    context: Context,
    url: Annotated[str, Query(min_length=1, max_length=8192)],
    format: Format = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """Return the full-text version of any feed, or of the feed of any page; nothing is archived."""
    accept = request.headers.get("accept", "")
    if format is None and wanted_form(accept) == "markdown":
        return await markdown_of(request, context, url, limit)
    made = await cached_feed(request, context, url, limit)
    async with request.app.state.feed_cache.writer_slots:
        return await asyncio.to_thread(_response, request, context, made, url, format)


def _response(
    request: Request, context: AppContext, made: FullTextFeed, url: str, format: Format
) -> Response:
    if format == "html" or (format is None and prefers_html(request.headers.get("accept", ""))):
        view = any_feed_view(
            made,
            url,
            context.moment(),
            rewrite_body=lambda body: media.rewrite_body(body, context.signer, context.base_path),
        )
        return context.render(request, "any_feed.html", view=view, title=view.title)
    name = format or "rss"
    body = WRITERS[name](made.document, made.items)
    changed = max((item.updated for item in made.items), default=None)
    answer = conditional(request.headers, body, CONTENT_TYPES[name], changed)
    answer.headers["cache-control"] = f"private, max-age={int(CACHE_TIME.total_seconds())}"
    return answer


async def cached_feed(request: Request, context: AppContext, url: str, limit: int) -> FullTextFeed:
    """Return the full-text version of a feed, read at most once in CACHE_TIME."""
    cache: FeedCache = request.app.state.feed_cache
    key = (url, limit)
    found = cache.get(key, context.clock())
    if found is not None:
        return found
    async with cache.slots:
        found = cache.get(key, context.clock())  # cached by another request meanwhile
        if found is None:
            found = await _read_feed(request, context, url, limit)
            cache.put(key, context.clock(), found)
    return found


async def _read_feed(request: Request, context: AppContext, url: str, limit: int) -> FullTextFeed:
    cache: FeedCache = request.app.state.feed_cache
    try:
        async with asyncio.timeout(TIMEOUT):
            return await full_text_feed(
                url,
                fetcher=context.fetcher,
                settings=context.settings.poll,
                now=context.clock(),
                limit=limit,
                self_url=context.address(request, f"/feed?{request.url.query}"),
                reader=context.poller.context.reader,
                extractor=context.poller.context.extractor,
                slots=cache.get_page_slots(context),
            )
    except TimeoutError:
        words = gettext(
            "Reading the articles of {url} took over {seconds} seconds. Request fewer, for example limit=5."
        ).format(url=url, seconds=TIMEOUT)
        raise FetchTimeout(url, words) from None
