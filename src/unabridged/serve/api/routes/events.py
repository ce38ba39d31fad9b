"""Routes of the API for events: pages by cursor, and a stream that resumes where it ended."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from unabridged.api_records import events as records
from unabridged.api_records.base import MAX_ID, PREFIX
from unabridged.archive.records.events import EVENT_KINDS, MOST_EVENTS, EventKind, EventQuery
from unabridged.automation.follow import follow
from unabridged.errors import NotFound
from unabridged.serve.api.problems import problem_response
from unabridged.serve.api.route import Bound, Filter, api_router
from unabridged.serve.api.views import events as views
from unabridged.serve.authentication import bearer_token
from unabridged.serve.context import AppContext, Context
from unabridged.serve.load_limits import PersonSlots

router = api_router("events")
streams = APIRouter(prefix=PREFIX, tags=["events"], generate_unique_id_function=lambda route: route.name)

MOST_STREAMS, MOST_OF_A_PERSON = 100, 4
"""Streams that are open at the same time."""

After = Annotated[
    int | None, Query(ge=0, le=MAX_ID, description="Number of the last event that you have; 0 for none.")
]
Kinds = Annotated[
    list[EventKind],
    Query(max_length=len(EVENT_KINDS), description="Only these; by default all. May be repeated."),
]
OfFeed = Annotated[Filter, Query(description="Only of this feed, and of the articles that it shows.")]


def event_query(feed: OfFeed = None, kind: Kinds = list(EVENT_KINDS), since: Bound = None) -> EventQuery:  # noqa: B006
    """Return the events that a request asks for, from the first one on."""
    return EventQuery(kinds=tuple(kind) or EVENT_KINDS, feed=feed, since=since)


Asked = Annotated[EventQuery, Depends(event_query)]


@router.get("/events")
def events(
    context: Context,
    query: Asked,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_EVENTS, description="Most events of the page.")] = 100,
) -> records.EventPage:
    """List what happened to the person's articles and feeds, oldest first, in the order of commits."""
    asked = replace(query, after=after or 0, limit=limit)
    return views.event_page(context.library.events.read(asked))


@streams.get("/events/stream", response_class=StreamingResponse)
async def event_stream(
    request: Request,
    context: Context,
    query: Asked,
    after: After = None,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> Response:
    """Send events as they happen, as server-sent events. `Last-Event-ID`, else `after`, says where to begin.

    By default it begins now. The stream ends when the token is revoked, or when the server stops.
    """
    known = last_event_id if last_event_id and last_event_id.isascii() and last_event_id.isdigit() else None
    log = context.library.events
    place = int(known) if known else after
    if place is None:
        place = await asyncio.to_thread(log.last_number)
    if query.feed is not None:
        await asyncio.to_thread(context.library.subscriptions.get, query.feed)  # raises NotFound
    secret = bearer_token(request.headers)
    return EventStream(
        _lines(context, replace(query, after=min(place, MAX_ID)), secret),
        request.app.state.event_slots,
        context.known_viewer.user.id,
    )


async def _lines(context: AppContext, query: EventQuery, secret: str | None) -> AsyncGenerator[str, None]:
    """Yield a stream's text until its token is revoked, or the person has its feed no more."""
    yield f"retry: 5000\nid: {query.after}\n\n"
    by_token = context.archive.accounts.apps.by_token
    with suppress(NotFound):
        async for page in follow(context.library.events.read, query):
            if secret is None or await asyncio.to_thread(by_token, secret, now=context.clock()) is None:
                return
            yield views.as_stream(page)


class EventStream(StreamingResponse):
    """A stream of events, if the person has a free slot; it ends with the connection."""

    def __init__(self, lines: AsyncGenerator[str, None], slots: PersonSlots, user: int) -> None:
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        super().__init__(lines, media_type="text/event-stream", headers=headers)
        self._lines = lines
        self._slots = slots
        self._user = user

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._slots.held(self._user) as is_free:
            if is_free:
                scope.setdefault("state", {})["endless"] = True  # closed when the server stops
                try:
                    await super().__call__(scope, receive, send)
                finally:
                    await self._lines.aclose()
                return
        told = "Too many streams of events are open. Close one of them."
        await problem_response(429, told, headers={"retry-after": "60"})(scope, receive, send)
