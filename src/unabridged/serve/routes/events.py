"""Server-sent events, and the refresh of feeds that they report on."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from unabridged.archive.records.core import StoredFeed, Subscription
from unabridged.errors import UnabridgedError
from unabridged.serve.context import AppContext, Context, Form
from unabridged.serve.languages.messages import gettext
from unabridged.serve.load_limits import BUSY_TEXT
from unabridged.serve.routes.actions import done, parse_number

router = APIRouter()

REFRESH_GAP = timedelta(minutes=5)
"""A feed that was polled this recently is not polled again by a refresh of many."""
REFRESH_GAP_OF_ONE = timedelta(seconds=30)
CONCURRENT_POLLS = 8


@router.get("/events")
async def events(request: Request, context: Context) -> Response:
    """Send events until the page is closed or the session ends."""
    hub = context.events
    if hub.is_full:
        return PlainTextResponse(f"{gettext(BUSY_TEXT)}\n", 503, {"retry-after": "60"})
    request.scope.setdefault("state", {})["endless"] = True  # closed when the server stops
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(
        hub.stream(context.known_viewer), media_type="text/event-stream", headers=headers
    )


@router.post("/refresh")
async def refresh(request: Request, context: Context, form: Form) -> Response:
    """Poll the viewer's feeds, or those of a folder, or one, in the background."""
    user = context.known_viewer.user.id
    asked, gap = await asyncio.to_thread(_asked_for, context, form)
    feeds = start_refresh(context, user, asked, gap)
    return done(request, form, feeds=feeds, busy=not feeds and user in context.refreshing)


def _asked_for(context: AppContext, form: Form) -> tuple[Sequence[Subscription], timedelta]:
    """Return the subscriptions that a form names, and how long ago they must have been polled."""
    feed, folder = parse_number(form.get("feed")), parse_number(form.get("folder"))
    mine = context.library.subscriptions
    if feed is not None:
        return [mine.get(feed)], REFRESH_GAP_OF_ONE
    names = {one.name for one in mine.folder_names() if one.id == folder}
    return [one for one in mine.all() if folder is None or one.folder in names], REFRESH_GAP


def start_refresh(context: AppContext, user: int, asked: Sequence[Subscription], gap: timedelta) -> int:
    """Poll feeds of a person in the background, unless a refresh of theirs is running; return how many.

    gap: feeds that were polled more recently are left out, as are paused ones.
    """
    limit = context.clock() - gap
    feeds = tuple(
        one.feed
        for one in asked
        if one.feed.status == "active" and (one.feed.last_polled is None or one.feed.last_polled < limit)
    )
    if not feeds or user in context.refreshing:
        return 0
    context.refreshing.add(user)
    context.background.start(_poll(context, user, feeds))
    return len(feeds)


async def _poll(context: AppContext, user: int, feeds: tuple[StoredFeed, ...]) -> None:
    """Poll feeds and tell a person's pages after each; then read the pages of what is new."""
    slots, polled = asyncio.Semaphore(CONCURRENT_POLLS), 0

    async def poll(feed: StoredFeed) -> None:
        nonlocal polled
        async with slots:
            with suppress(UnabridgedError):  # noted on the feed, if it is still there
                await context.poller.poll(feed.id)
        polled += 1
        context.events.publish(user, "refresh", {"done": polled, "all": len(feeds)})

    try:
        context.events.publish(user, "refresh", {"done": 0, "all": len(feeds)})
        async with asyncio.TaskGroup() as group:
            for feed in feeds:
                group.create_task(poll(feed))
    finally:
        context.refreshing.discard(user)
    context.events.publish_change(user)
    for feed in feeds[:1] if context.enqueue_read is None else feeds:
        await context.read_soon(feed.url)
