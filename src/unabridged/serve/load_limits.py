"""Load: how many requests of a kind are worked on at once, and how large answers leave.

Work goes on in threads and children while the event loop answers others. What a request costs is bounded
elsewhere; here is how many may cost it together. Requests beyond that wait, in the order in which they
came; one whose client has left is dropped, so that abandoned requests do not pile up.
"""

import asyncio
import gc
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unabridged.serve.access import RouteKind, kind_of

CHUNK_SIZE = 65_536
"""Bytes that are handed to the socket at once."""

BUSY_TEXT = "Too much is asked of this program at once. Try again in a moment.\n"


@dataclass(slots=True)
class ConcurrencyLimit:
    """Slots for requests of one kind. most: how many may wait for one."""

    slots: asyncio.Semaphore
    max_waiting: int
    waiting: int = 0


@dataclass(slots=True)
class _Slot:
    """A slot that is held, and given back once."""

    limit: ConcurrencyLimit
    held: bool = True

    def release(self) -> None:
        if self.held:
            self.held = False
            self.limit.slots.release()


@dataclass(slots=True)
class _Client:
    """Who asked: tells when they leave. What they send with a GET is read and forgotten."""

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
    RouteKind.EXPENSIVE: (2, 40),
    RouteKind.FETCH: (32, 100),
}
"""Kind of request -> how many are worked on, and how many wait."""


class LoadGuard:
    """ASGI layer: work on so many requests of a kind at once; the others wait, or are told to (503)."""

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
            await PlainTextResponse(BUSY_TEXT, 503, {"retry-after": "2"})(scope, receive, send)
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
            slot.release()  # the answer is made: a client that takes it slowly holds nobody up
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


async def _acquire_slot(limit: ConcurrencyLimit, disconnect: asyncio.Future[None]) -> _Slot | None:
    """Wait for a slot; None when the client leaves first."""
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
"""Seconds after which a working thread lets others go on; Python's own 0.005 make the event loop wait for
each of ten working threads in turn before it can read a single request."""


@contextmanager
def event_loop_priority() -> Iterator[None]:
    """Keep long work in threads from holding up the event loop, as far as the interpreter can.

    Threads switch more often, and a full search for garbage does not go through all that was loaded at
    the start: that took 0.1 s and more, during which nothing else runs.
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
    """ASGI layer: large answers leave in portions, between which others are answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_portions(message: Message) -> None:
            body = message.get("body", b"")
            if message["type"] != "http.response.body" or len(body) <= CHUNK_SIZE:
                await send(message)
                return
            view = memoryview(body)
            for start in range(0, len(body), CHUNK_SIZE):
                portion = bytes(view[start : start + CHUNK_SIZE])
                more = message.get("more_body", False) or start + CHUNK_SIZE < len(body)
                await send({**message, "body": portion, "more_body": more})
                await asyncio.sleep(0)

        await self._app(scope, receive, send_portions)
