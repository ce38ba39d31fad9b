"""Route classes and routers of the API, and parameters that several routes have."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope

from unabridged.api_records.base import MAX_ID, PREFIX, ContentFormat, Time
from unabridged.errors import InvalidValue
from unabridged.serve.context import MAX_UPLOAD, Context
from unabridged.serve.load_limits import PersonSlots
from unabridged.serve.routes.feed_documents import conditional

MAX_BODY = 1_000_000
"""Bytes of a body, but for saved pages: many times what 1,000 marked articles take."""
MOST_FETCHES, MOST_FETCHES_OF_A_PERSON = 32, 4
"""Requests that have the server ask other sites, at the same time."""
MOST_LISTED = 200
"""Articles, feeds and the like in one page of a list."""
MOST_WHOLE = 50
"""Articles in one page of a list with their texts."""
MAX_TEXTS = 10_000_000
"""Characters of texts in one page of a list; the page ends after the article that reaches them."""

ArticleId = Annotated[int, Path(ge=1, le=MAX_ID, description="Number of the article.", examples=[4711])]
Number = Annotated[int, Path(ge=1, le=MAX_ID)]
VersionNumber = Annotated[int, Path(ge=0, lt=10**9, description="Number of the version.", examples=[1])]
Filter = Annotated[int | None, Query(ge=1, le=MAX_ID)]
Format = Annotated[
    ContentFormat,
    Query(description="Format of the text: sanitised HTML with whole addresses, Markdown or plain text."),
]
At = Annotated[Time, Query(examples=["2026-03-20T09:00:00Z"])]
Bound = Annotated[Time | None, Query(examples=["2026-03-20T09:00:00Z"])]
Limit = Annotated[int, Query(ge=1, le=MOST_LISTED, description="Most entries of the page.")]
Cursor = Annotated[
    str | None,
    Query(max_length=200, description="The `next` of the page before, of the same list in the same order."),
]
Url = Annotated[str, Query(min_length=1, max_length=4000, examples=["https://news.example/"])]


class ApiRoute(APIRoute):
    """Route that reads JSON of up to `most_bytes`, and answers 304 where the client's copy is current."""

    most_bytes = MAX_BODY

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        """Return the handler of the route, between the two."""
        handle = super().get_route_handler()

        async def bounded(request: Request) -> Response:
            if request.method != "GET":
                scope = _with_json(request.scope)
                return await handle(Request(scope, _bounded(request.receive, self.most_bytes)))
            return _validated(request, await handle(request))

        return bounded


def _with_json(scope: Scope) -> Scope:
    """Return a request whose body counts as JSON: `curl -d` and others say that it is a form."""
    headers = [(name, value) for name, value in scope["headers"] if name != b"content-type"]
    return {**scope, "headers": [*headers, (b"content-type", b"application/json")]}


class UploadRoute(ApiRoute):
    """Route whose body holds a whole page."""

    most_bytes = MAX_UPLOAD


def _bounded(receive: Receive, most: int) -> Receive:
    """Return a reader of a body that raises HTTPException (413) once it has more bytes than `most`."""
    size = 0

    async def read() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > most:
            raise HTTPException(413, f"The body is larger than {most:,} bytes.")
        return message

    return read


def _validated(request: Request, answer: Response) -> Response:
    """Add an ETag to an answer; 304 if the client has it already."""
    if answer.status_code != 200:
        return answer
    return conditional(request.headers, bytes(answer.body), "application/json", None)


def api_router(tag: str, route_class: type[ApiRoute] = ApiRoute) -> APIRouter:
    """Return a router of the API. tag: its subject in the description."""
    return APIRouter(
        prefix=PREFIX,
        tags=[tag],
        route_class=route_class,
        generate_unique_id_function=lambda route: route.name,
    )


def number_of(cursor: str | None) -> int | None:
    """Return the number that the cursor of a list without times stands for. Raises InvalidValue."""
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 16):
        raise InvalidValue("This cursor is not one of this list. Start from the first page.")
    return int(cursor)


async def fetch_slot(request: Request, context: Context) -> AsyncIterator[None]:
    """Hold one of the person's slots for a request that has the server ask another site.

    Raises HTTPException (429).
    """
    slots: PersonSlots = request.app.state.fetch_slots
    with slots.held(context.known_viewer.user.id) as is_free:
        if not is_free:
            told = "Too many requests that read other sites run at the same time. Wait for one of them."
            raise HTTPException(429, told, {"Retry-After": "5"})
        yield


FETCHING = [Depends(fetch_slot)]
"""Dependencies of routes that have the server ask another site."""

EMPTY: dict[str, Any] = {"status_code": 204, "response_class": Response}
"""Options of a route whose answer has no body."""
