"""Routes of pages that are read as feeds: the list of a page without a feed, and another choice of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, Request
from starlette.responses import Response

from unabridged.errors import FetchTimeout, UnabridgedError
from unabridged.feeds.lists.profile import checked_examples
from unabridged.model import Page
from unabridged.poll.feeds.discovery import FoundDocument, fetch_feed, list_as_feed
from unabridged.poll.feeds.page_lists import choose_list
from unabridged.poll.feeds.typed_address import first_that_answers, typed_address
from unabridged.serve.context import AppContext, Context, Form
from unabridged.serve.languages.messages import gettext
from unabridged.serve.publishing.feed_cache import FeedCache
from unabridged.serve.routes.pages import Id
from unabridged.serve.routes.sources.feed_settings import render_settings
from unabridged.serve.views.sources.page_list import page_list_view

router = APIRouter()

LIST_SECONDS = 45
"""Seconds in which a page must be read as a list."""


async def listed_page(request: Request, context: AppContext, given: str, like: str) -> FoundDocument | None:
    """Return the list of a page, None if it has none. like: a headline of the list that is wanted, or "".

    The page is fetched once for a while. Raises FetchError, HeadlineNotFound, ConfigError.
    """
    cache: FeedCache = request.app.state.feed_cache
    wanted = checked_examples([like])

    async def page_at(asked: str) -> Page:
        known = cache.pages.get(asked, context.clock())
        if known is not None:
            return known
        page = await fetch_feed(asked, context.fetcher)
        cache.pages.put(asked, context.clock(), page)
        return page

    async def attempt(asked: str) -> FoundDocument | None:
        page = await page_at(asked)
        extractor = context.poller.context.extractor
        return await list_as_feed(asked, page, extractor=extractor, now=context.clock(), like=wanted)

    async with cache.slots, _deadline(given):
        return await first_that_answers(typed_address(given).urls, attempt)


@asynccontextmanager
async def _deadline(url: str) -> AsyncIterator[None]:
    """Bound the time of reading a page. Raises FetchTimeout."""
    try:
        async with asyncio.timeout(LIST_SECONDS):
            yield
    except TimeoutError:
        told = gettext("{url} did not answer in {seconds} seconds.")
        raise FetchTimeout(url, told.format(url=url[:200], seconds=LIST_SECONDS)) from None


@router.post("/feeds/{feed_id}/list")
async def set_list(request: Request, context: Context, feed_id: Id, form: Form) -> Response:
    """Choose the list of a page that is read as a feed by a headline; without one, it is found by itself."""
    subscription = await asyncio.to_thread(context.library.subscriptions.get, feed_id)
    url = subscription.feed.url
    wanted = form.get("other", "") or form.get("like", "")
    try:
        async with _deadline(url):
            reading = await choose_list(subscription.feed, [wanted], context.poller.context)
    except UnabridgedError as exc:
        return await asyncio.to_thread(render_settings, request, context, feed_id, error=exc)
    await context.poller.poll(feed_id)
    context.background.start(context.read_soon(url))
    done = gettext("The page was read. Its list is shown below.")
    view = page_list_view(reading)
    return await asyncio.to_thread(render_settings, request, context, feed_id, done=done, page_list=view)
