"""Routes of the API for feeds: subscriptions, what a site offers, previews."""

import asyncio
from typing import Annotated

from fastapi import Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from unabridged.api_records import feeds as records
from unabridged.archive.records.core import Subscription
from unabridged.serve.api.route import (
    EMPTY,
    FETCHING,
    Cursor,
    Filter,
    Format,
    Limit,
    Number,
    Url,
    api_router,
    number_of,
)
from unabridged.serve.api.views import feeds as views
from unabridged.serve.context import AppContext, Context
from unabridged.serve.publishing.feed_cache import cached_feed
from unabridged.serve.routes.sources.add_feed import PREVIEWED, find_feeds, subscribe

router = api_router("feeds")

FOR_EVERYBODY = frozenset({"interval", "paused", "full_text"})
"""Fields of a change that hold for all who subscribe to the feed, so that administrators alone set them."""


@router.get("/feeds")
def feeds(
    context: Context,
    folder: Annotated[Filter, Query(description="Number of a folder.")] = None,
    words: Annotated[str, Query(max_length=200, description="Words of the title or address.")] = "",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> records.FeedPage:
    """List the subscriptions by folder and title, with counts of articles."""
    first = number_of(cursor) or 0
    found, total = context.library.subscriptions.page(first, limit, folder=folder, words=words)
    following = first + len(found)
    return records.FeedPage(
        feeds=[views.feed(one) for one in found],
        total=total,
        next=str(following) if found and following < total else None,
    )


@router.get("/feeds/discover", dependencies=FETCHING)
async def discover_feeds(request: Request, context: Context, url: Url) -> records.FoundFeeds:
    """Find the feeds of a site."""
    found = await find_feeds(request, context, url.strip())
    return records.FoundFeeds(feeds=[views.found_feed(one) for one in found])


@router.get("/feeds/preview", dependencies=FETCHING)
async def preview_feed(
    request: Request, context: Context, url: Url, format: Format = "html"
) -> records.FeedPreview:
    """Read the first articles of a feed whole, from their pages; nothing is kept."""
    made = await cached_feed(request, context, url.strip(), PREVIEWED)
    return await asyncio.to_thread(views.preview, url, made.feed, format)


@router.post("/feeds", dependencies=FETCHING, status_code=201, responses={200: {"model": records.AddedFeed}})
async def add_feed(
    request: Request, context: Context, response: Response, body: records.NewFeed
) -> records.AddedFeed:
    """Subscribe to a feed, or to the feed of a site; its articles are read in the background.

    200 where the person had subscribed to it already.
    """
    added = await subscribe(
        request,
        context,
        body.url.strip(),
        user=context.known_viewer.user.id,
        title=(body.title or "").strip() or None,
        folder=(body.folder or "").strip() or None,
    )
    found = await asyncio.to_thread(context.library.subscriptions.get, added.feed.id)
    response.status_code = 201 if added.new else 200
    context.events.publish_change(context.known_viewer.user.id)
    return records.AddedFeed(feed=views.feed(found), new=added.new)


@router.get("/feeds/{feed_id}")
def feed(context: Context, feed_id: Number) -> records.Feed:
    """Return one subscription."""
    return views.feed(context.library.subscriptions.get(feed_id))


@router.patch("/feeds/{feed_id}")
def change_feed(context: Context, feed_id: Number, body: records.FeedChange) -> records.Feed:
    """Change a subscription: title, folder; for administrators how the feed is read."""
    given = body.model_fields_set
    if given & FOR_EVERYBODY and not context.known_viewer.is_admin:
        raise HTTPException(403, "Only administrators may set interval, paused and full_text of a feed.")
    before = context.library.subscriptions.get(feed_id)
    _change_reading(context, before, body)  # which may be refused
    _change_own(context, feed_id, body)
    context.events.publish_change(context.known_viewer.user.id)
    return views.feed(context.library.subscriptions.get(feed_id))


def _change_own(context: AppContext, feed_id: int, body: records.FeedChange) -> None:
    mine, given = context.library.subscriptions, body.model_fields_set
    if "title" in given:
        mine.rename(feed_id, (body.title or "").strip() or None)
    if "folder" in given:
        mine.move(feed_id, (body.folder or "").strip() or None)


def _change_reading(context: AppContext, before: Subscription, body: records.FeedChange) -> None:
    mine, given, now = context.library.subscriptions, body.model_fields_set, context.clock()
    number = before.feed.id
    if "interval" in given:
        mine.set_interval([number], body.interval, now=now)
    if "full_text" in given:
        mine.set_full_text([number], on=body.full_text, now=now)
    if "paused" in given and body.paused != (before.feed.status == "paused"):
        mine.set_statuses([number], "paused" if body.paused else "active", now=now)


@router.delete("/feeds/{feed_id}", **EMPTY)
def remove_feed(context: Context, feed_id: Number) -> Response:
    """End a subscription; its articles stay."""
    context.library.subscriptions.remove_all([feed_id], now=context.clock())
    context.events.publish_change(context.known_viewer.user.id)
    return Response(status_code=204)
