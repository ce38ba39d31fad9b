"""Load limits: concurrent requests of each kind, and chunked sending of large responses.

Threads and child processes do the work while the event loop answers other requests. The cost of a single
request is bounded elsewhere; this module bounds their number. Further requests wait in order of arrival.
A waiting request whose client has disconnected is dropped, so that abandoned requests do not pile up.
"""

import asyncio
import gc
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unabridged.api_records.base import is_api
from unabridged.serve.access import RouteKind, kind_of
from unabridged.serve.api.problems import problem_response
from unabridged.serve.languages.messages import gettext, later

CHUNK_SIZE = 65_536
"""Bytes passed to the socket in one write."""

BUSY_TEXT = later("Too many requests at the same time. Try again in a moment.")


@dataclass(slots=True)
class ConcurrencyLimit:
    """Slots for requests of one kind. max_waiting: limit of requests that wait for a slot."""

    slots: asyncio.Semaphore
    max_waiting: int
    waiting: int = 0


@dataclass(slots=True)
class _Slot:
    """An acquired slot; releasing it twice is harmless."""

    limit: ConcurrencyLimit
    held: bool = True

    def release(self) -> None:
        if self.held:
            self.held = False
            self.limit.slots.release()


@dataclass(slots=True)
class _Client:
    """Client connection that reports a disconnect. A body sent with a GET is read and discarded."""

    receive: Receive
    disconnected: asyncio.Event = field(default_factory=asyncio.Event)
    body_sent: bool = False

    async def watch_disconnect(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass
        self.disconnected.set()

    async def receive_message(self) -> Message:
        if not self.body_sent:
            self.body_sent = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.disconnected.wait()
        return {"type": "http.disconnect"}


CONCURRENCY: Mapping[RouteKind, tuple[int, int]] = {
    RouteKind.READ: (8, 200),
    RouteKind.SYNC: (4, 200),
    RouteKind.SYNC_FETCH: (32, 100),
    RouteKind.EXPENSIVE: (2, 40),
    RouteKind.FETCH: (32, 100),
    RouteKind.KEYED: (32, 100),
    RouteKind.SIGNED: (32, 100),
}
"""Kind of request -> (requests processed at the same time, requests waiting)."""


class PersonSlots:
    """Counts what goes on at the same time, in all and for each person. most: in all; each: of one person."""

    def __init__(self, most: int, each: int) -> None:
        self._most = most
        self._each = each
        self._held = Counter[int]()

    @contextmanager
    def held(self, user: int) -> Iterator[bool]:
        """Hold a slot for a person; gives whether there was one."""
        if self._held.total() >= self._most or self._held[user] >= self._each:
            yield False
            return
        self._held[user] += 1
        try:
            yield True
        finally:
            self._held[user] -= 1


class LoadGuard:
    """ASGI middleware: limit concurrent requests of each kind; further ones wait, or get 503."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._limits = {
            kind: ConcurrencyLimit(asyncio.Semaphore(n), max_waiting)
            for kind, (n, max_waiting) in CONCURRENCY.items()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_get = scope["type"] == "http" and scope["method"] == "GET"
        limit = self._limits.get(kind_of("GET", scope["path"])) if is_get else None
        if limit is None:
            await self._app(scope, receive, send)
            return
        if limit.slots.locked() and limit.waiting >= limit.max_waiting:
            await _busy(scope["path"])(scope, receive, send)
            return
        client = _Client(receive)
        disconnect = asyncio.ensure_future(client.watch_disconnect())
        try:
            slot = await _acquire_slot(limit, disconnect)
            if slot is not None:
                await self._answer(scope, client, send, slot, disconnect)
        finally:
            disconnect.cancel()

    async def _answer(
        self, scope: Scope, client: _Client, send: Send, slot: _Slot, disconnect: asyncio.Future[None]
    ) -> None:
        async def sent(message: Message) -> None:
            slot.release()  # the response is ready: a slow client must not occupy a slot
            await send(message)

        work = asyncio.ensure_future(self._app(scope, client.receive_message, sent))
        waited: set[asyncio.Future[Any]] = {work, disconnect}
        try:
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                work.cancel()
                with suppress(asyncio.CancelledError):
                    await work
                return
            await work
        finally:
            work.cancel()
            slot.release()


def _busy(path: str) -> Response:
    """Return the refusal of a request for which there is no place to wait."""
    headers = {"retry-after": "2"}
    if is_api(path):
        return problem_response(503, BUSY_TEXT, kind="busy", headers=headers)
    return PlainTextResponse(f"{gettext(BUSY_TEXT)}\n", 503, headers)


async def _acquire_slot(limit: ConcurrencyLimit, disconnect: asyncio.Future[None]) -> _Slot | None:
    """Wait for a slot; None if the client disconnects first."""
    acquiring = asyncio.ensure_future(limit.slots.acquire())
    waited: set[asyncio.Future[Any]] = {acquiring, disconnect}
    limit.waiting += 1
    try:
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
    finally:
        limit.waiting -= 1
        if not acquiring.done():
            acquiring.cancel()
    with suppress(asyncio.CancelledError):
        if await acquiring:
            return _Slot(limit)
    return None


SWITCH_INTERVAL = 0.001
"""Seconds after which a busy thread yields the interpreter. With Python's default of 0.005 the event loop
waits for each of ten busy threads in turn before it can read a single request."""


@contextmanager
def event_loop_priority() -> Iterator[None]:
    """Reduce the time that busy threads block the event loop.

    Threads switch more often, and objects created during start-up are excluded from garbage collection:
    a full collection over them took 0.1 s and more, and stops all other work.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)
    gc.freeze()
    try:
        yield
    finally:
        sys.setswitchinterval(before)
        gc.unfreeze()


class ChunkedSend:
    """ASGI middleware: send large responses in chunks, yielding to other requests between them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_chunks(message: Message) -> None:
            body = message.get("body", b"")
            if message["type"] != "http.response.body" or len(body) <= CHUNK_SIZE:
                await send(message)
                return
            view = memoryview(body)
            for start in range(0, len(body), CHUNK_SIZE):
                chunk = bytes(view[start : start + CHUNK_SIZE])
                more = message.get("more_body", False) or start + CHUNK_SIZE < len(body)
                await send({**message, "body": chunk, "more_body": more})
                await asyncio.sleep(0)

        await self._app(scope, receive, send_chunks)
