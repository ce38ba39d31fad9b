"""Routes that add a feed: the feeds of a site, a preview of whole articles, then the subscription."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from unabridged.archive.records.core import Subscription
from unabridged.config import FeedSettings
from unabridged.errors import (
    BadStatus,
    ConfigError,
    FetchTimeout,
    HeadlineNotFound,
    NotAFeed,
    NotFound,
    UnabridgedError,
    without_login,
)
from unabridged.feeds.discovery.page_links import FoundFeed
from unabridged.feeds.lists.profile import NO_ITEMS
from unabridged.poll.feeds.discovery import find_feeds_of
from unabridged.poll.feeds.typed_address import typed_address
from unabridged.poll.poller import FullTextFeed
from unabridged.serve.context import AppContext, Context, Form
from unabridged.serve.error_pages import status_of
from unabridged.serve.languages.messages import gettext
from unabridged.serve.publishing.feed_cache import FeedCache, cached_feed
from unabridged.serve.routes import media
from unabridged.serve.routes.pages import SHOWN_FOLDERS
from unabridged.serve.routes.sources.page_list import listed_page
from unabridged.serve.views import lists as list_views
from unabridged.serve.views.any_feed import any_feed_view
from unabridged.serve.views.sources.add_feed import add_problem, feed_choices
from unabridged.serve.views.sources.page_list import PageListView, page_list_view

router = APIRouter()

PREVIEWED = 3
"""Articles of a feed that are read for its preview."""
SEARCH_SECONDS = 45
"""Seconds in which the feeds of a site, or the feed to subscribe to, must be found."""

Address = Annotated[str, Query(max_length=4000)]


@router.get("/add")
async def add_page(
    request: Request,
    context: Context,
    url: Address = "",
    feed: Address = "",
    folder: Annotated[str, Query(max_length=200)] = "",
    like: Annotated[str, Query(max_length=1000)] = "",
) -> Response:
    """Show the feeds of a site and a preview of one of them, or the list of a page; nothing is kept.

    like: a headline of the page's list that is wanted.
    """
    given = url.strip()
    if not given:
        return await asyncio.to_thread(_page, request, context, folder=folder)
    try:
        if typed_address(given).own is not None:
            # The login goes with no address before the person has said so.
            return await asyncio.to_thread(_page, request, context, given=given, folder=folder, private=True)
        found = () if like else await find_feeds(request, context, given)
        if not found:
            return await _list_page(request, context, given=given, folder=folder, like=like)
        chosen = feed or found[0].url
    except UnabridgedError as exc:
        return await asyncio.to_thread(
            _page, request, context, given=given, folder=folder, error=exc, status=status_of(exc)
        )
    try:
        preview, error = (await cached_feed(request, context, chosen, PREVIEWED)).feed, None
    except UnabridgedError as exc:
        preview, error = None, exc
    return await asyncio.to_thread(
        _page,
        request,
        context,
        given=given,
        folder=folder,
        found=found,
        chosen=chosen,
        preview=preview,
        error=error,
        status=status_of(error) if error else 200,
    )


async def _list_page(
    request: Request, context: AppContext, *, given: str, folder: str, like: str
) -> Response:
    """Show the items of a page without a feed, and its other lists.

    A headline that stands in no list is said; the list that is found without it is shown then.
    """
    problem: UnabridgedError | None = None
    try:
        listed = await listed_page(request, context, given, like)
    except (HeadlineNotFound, ConfigError) as exc:
        problem, listed = exc, await listed_page(request, context, given, "")
    if listed is None or listed.listed is None:
        error = problem or NotAFeed(given, NO_ITEMS)
        return await asyncio.to_thread(
            _page, request, context, given=given, folder=folder, error=error, lists=True, status=422
        )
    return await asyncio.to_thread(
        _page,
        request,
        context,
        given=given,
        folder=folder,
        found=(listed.found,),
        chosen=listed.found.url,
        page_list=page_list_view(listed.listed, given, folder),
        error=problem,
        lists=True,
        status=422 if problem else 200,
    )


async def find_feeds(request: Request, context: AppContext, given: str) -> Sequence[FoundFeed]:
    """Return the feeds of a site, from the cache if they were looked for a moment ago."""
    cache: FeedCache = request.app.state.feed_cache
    known = cache.found.get(given, context.clock())
    if known is not None:
        return known
    try:
        async with cache.slots, asyncio.timeout(SEARCH_SECONDS):
            found = await find_feeds_of(given, fetcher=context.fetcher, reader=context.poller.context.reader)
    except TimeoutError:
        raise FetchTimeout(
            given,
            gettext("{url} did not answer in {seconds} seconds.").format(url=given, seconds=SEARCH_SECONDS),
        ) from None
    cache.found.put(given, context.clock(), found)
    return found


def _page(
    request: Request,
    context: AppContext,
    *,
    given: str = "",
    folder: str = "",
    found: Sequence[FoundFeed] = (),
    chosen: str = "",
    preview: FullTextFeed | None = None,
    error: UnabridgedError | None = None,
    private: bool = False,
    page_list: PageListView | None = None,
    lists: bool = False,
    status: int = 200,
) -> Response:
    """Return the page of additions. lists: it offers to point at a headline of the page."""
    known = _known(context, found)
    choices = feed_choices(found, given, chosen, folder, known)
    view = None
    if preview is not None:
        view = any_feed_view(
            preview,
            chosen,
            context.moment(),
            rewrite_body=lambda body: media.rewrite_body(body, context.signer, context.base_path),
        )
    return context.render(
        request,
        "add.html",
        status=status,
        sidebar=context.sidebar(),
        title=gettext("Add a feed"),
        given=without_login(given),
        folder=folder,
        folders=[one.name for one in context.library.subscriptions.folder_names()][:SHOWN_FOLDERS],
        choices=choices,
        chosen=next((one for one in choices if one.chosen), None),
        preview=view,
        page_list=page_list,
        lists=lists,
        problem=add_problem(error) if error else None,
        private=private or (isinstance(error, BadStatus) and error.status == 401),
    )


def _known(context: AppContext, found: Sequence[FoundFeed]) -> dict[str, str]:
    """Map the addresses of feeds that the viewer subscribes to to the path of their list."""
    paths: dict[str, str] = {}
    for one in found:
        stored = context.archive.feeds.find(one.url)
        if stored is not None:
            with suppress(NotFound):
                paths[one.url] = list_views.feed_path(context.library.subscriptions.get(stored.id).feed.id)
    return paths


@router.post("/add")
async def add(request: Request, context: Context, form: Form) -> Response:
    """Subscribe to a feed, or to the feed of a site; its articles are read in the background."""
    given = form.get("url", "").strip()
    folder = form.get("folder", "").strip()[:100] or None
    user, password = form.get("user", "").strip(), form.get("password", "")
    own = FeedSettings(username=user or None, password=password or None) if user or password else None
    try:
        added = await context.poller.add(
            given, folder=folder, own=own, user=context.known_viewer.user.id, like=[form.get("like", "")]
        )
    except UnabridgedError as exc:
        return await asyncio.to_thread(
            _page, request, context, given=given, folder=folder or "", error=exc, status=422
        )
    context.background.start(context.read_soon(added.subscription.feed.url))
    return RedirectResponse(list_views.feed_path(added.subscription.feed.id), 303)


async def subscribe(
    request: Request,
    context: AppContext,
    address: str,
    *,
    user: int,
    title: str | None = None,
    folder: str | None = None,
    own: FeedSettings | None = None,
) -> Subscription:
    """Subscribe as programs ask for it, a few at a time; articles are read in the background.

    own: request settings.

    Raises InvalidURL, FetchError, FeedError.
    """
    cache: FeedCache = request.app.state.feed_cache
    try:
        async with cache.slots, asyncio.timeout(SEARCH_SECONDS):
            added = await context.poller.add(address, folder=folder, title=title, own=own, user=user)
    except TimeoutError:
        told = gettext("{url} did not answer in {seconds} seconds.")
        raise FetchTimeout(address, told.format(url=address[:200], seconds=SEARCH_SECONDS)) from None
    context.background.start(context.read_soon(added.subscription.feed.url))
    return added.subscription
