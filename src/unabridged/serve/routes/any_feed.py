"""The door for any address: `/feed?url=…` reads somebody's feed and answers with the whole articles."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from unabridged.errors import FetchTimeout
from unabridged.feeds.write import CONTENT_TYPES, WRITERS
from unabridged.poll.one_off import pages_at_once
from unabridged.poll.poller import FullTextFeed, full_text_feed
from unabridged.serve.context import Here, Reader
from unabridged.serve.routes import media
from unabridged.serve.routes.feed_documents import base_url, conditional, prefers_html
from unabridged.serve.views import any_feed as outside

router = APIRouter()

Format = Literal["rss", "atom", "json", "html"] | None

KEPT_FOR = timedelta(minutes=10)
"""A reader app that asks more often than this makes no request to the publisher."""
KEPT = 32
KEPT_BYTES = 64_000_000
"""Memory that all of them may take."""
AT_ONCE = 2
LONGEST = 120
"""Seconds in which a feed has to be whole; others wait for the slot."""


@dataclass(slots=True)
class Recent:
    """The full-text feeds made lately, so that a publisher is not asked for each reader that asks us."""

    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    made: "OrderedDict[tuple[str, int], tuple[datetime, FullTextFeed]]" = field(default_factory=OrderedDict)

    writing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    pages: asyncio.Semaphore | None = None

    def pages_of(self, reader: Reader) -> asyncio.Semaphore:
        """Return the slots for pages that are read at once, for all feeds together."""
        if self.pages is None:
            self.pages = asyncio.Semaphore(pages_at_once(reader.fetcher, reader.settings.poll))
        return self.pages

    def get(self, key: tuple[str, int], now: datetime) -> FullTextFeed | None:
        found = self.made.get(key)
        return found[1] if found and timedelta() <= now - found[0] < KEPT_FOR else None

    def put(self, key: tuple[str, int], now: datetime, feed: FullTextFeed) -> None:
        self.made[key] = (now, feed)
        self.made.move_to_end(key)
        while len(self.made) > KEPT or self.size() > KEPT_BYTES:
            self.made.popitem(last=False)

    def size(self) -> int:
        """Return the memory that the kept feeds take, in bytes."""
        return sum(feed.size for _, feed in self.made.values())


@router.get("/feed")
async def any_feed(
    request: Request,
    reader: Here,
    url: Annotated[str, Query(min_length=1, max_length=8192)],
    format: Format = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """The full-text version of any feed, or of the feed of any page; nothing is kept."""
    made = await _made(request, reader, url, limit)
    async with request.app.state.recent.writing:
        return await asyncio.to_thread(_answer, request, reader, made, url, format)


def _answer(request: Request, reader: Reader, made: FullTextFeed, url: str, format: Format) -> Response:
    if format == "html" or (format is None and prefers_html(request.headers.get("accept", ""))):
        view = outside.view(
            made, url, reader.moment(), rewritten=lambda body: media.rewritten(body, reader.signer)
        )
        return reader.page(request, "outside.html", view=view, title=view.title)
    name = format or "rss"
    body = WRITERS[name](made.document, made.items)
    changed = max((item.updated for item in made.items), default=None)
    answer = conditional(request.headers, body, CONTENT_TYPES[name], changed)
    answer.headers["cache-control"] = f"private, max-age={int(KEPT_FOR.total_seconds())}"
    return answer


async def _made(request: Request, reader: Reader, url: str, limit: int) -> FullTextFeed:
    recent: Recent = request.app.state.recent
    key = (url, limit)
    found = recent.get(key, reader.clock())
    if found is not None:
        return found
    async with recent.slots:
        found = recent.get(key, reader.clock())  # made while we waited
        if found is None:
            found = await _make(request, reader, url, limit)
            recent.put(key, reader.clock(), found)
    return found


async def _make(request: Request, reader: Reader, url: str, limit: int) -> FullTextFeed:
    recent: Recent = request.app.state.recent
    try:
        async with asyncio.timeout(LONGEST):
            return await full_text_feed(
                url,
                fetcher=reader.fetcher,
                settings=reader.settings.poll,
                now=reader.clock(),
                limit=limit,
                self_url=f"{base_url(request, reader)}/feed?{request.url.query}",
                reader=reader.poller.context.reader,
                extractor=reader.poller.context.extractor,
                slots=recent.pages_of(reader),
            )
    except TimeoutError:
        words = f"Reading the articles of {url} took over {LONGEST} seconds. Ask for fewer: limit=5."
        raise FetchTimeout(url, words) from None
