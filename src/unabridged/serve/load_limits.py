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

from unabridged.serve.access import Kind, kind_of

PORTION = 65_536
"""Bytes that are handed to the socket at once."""

BUSY = "Too much is asked of this program at once. Try again in a moment.\n"


@dataclass(slots=True)
class Lane:
    """Slots for requests of one kind. most: how many may wait for one."""

    slots: asyncio.Semaphore
    most: int
    waiting: int = 0


@dataclass(slots=True)
class _Slot:
    """A slot that is held, and given back once."""

    lane: Lane
    held: bool = True

    def give_back(self) -> None:
        if self.held:
            self.held = False
            self.lane.slots.release()


@dataclass(slots=True)
class _Client:
    """Who asked: tells when they leave. What they send with a GET is read and forgotten."""

    receive: Receive
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    begun: bool = False

    async def watch(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass
        self.gone.set()

    async def received(self) -> Message:
        if not self.begun:
            self.begun = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}


AT_ONCE: Mapping[Kind, tuple[int, int]] = {Kind.READS: (8, 200), Kind.COSTS: (2, 40), Kind.FETCHES: (32, 100)}
"""Kind of request -> how many are worked on, and how many wait."""


class LoadGuard:
    """ASGI layer: work on so many requests of a kind at once; the others wait, or are told to (503)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._lanes = {kind: Lane(asyncio.Semaphore(n), most) for kind, (n, most) in AT_ONCE.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_get = scope["type"] == "http" and scope["method"] == "GET"
        lane = self._lanes.get(kind_of("GET", scope["path"])) if is_get else None
        if lane is None:
            await self._app(scope, receive, send)
            return
        if lane.slots.locked() and lane.waiting >= lane.most:
            await PlainTextResponse(BUSY, 503, {"retry-after": "2"})(scope, receive, send)
            return
        client = _Client(receive)
        watching = asyncio.ensure_future(client.watch())
        try:
            slot = await _slot(lane, watching)
            if slot is not None:
                await self._answer(scope, client, send, slot, watching)
        finally:
            watching.cancel()

    async def _answer(
        self, scope: Scope, client: _Client, send: Send, slot: _Slot, leaving: asyncio.Future[None]
    ) -> None:
        async def sent(message: Message) -> None:
            slot.give_back()  # the answer is made: a client that takes it slowly holds nobody up
            await send(message)

        work = asyncio.ensure_future(self._app(scope, client.received, sent))
        either: set[asyncio.Future[Any]] = {work, leaving}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                work.cancel()
                with suppress(asyncio.CancelledError):
                    await work
                return
            await work
        finally:
            work.cancel()
            slot.give_back()


async def _slot(lane: Lane, leaving: asyncio.Future[None]) -> _Slot | None:
    """Wait for a slot; None when the client leaves first."""
    taking = asyncio.ensure_future(lane.slots.acquire())
    either: set[asyncio.Future[Any]] = {taking, leaving}
    lane.waiting += 1
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    finally:
        lane.waiting -= 1
        if not taking.done():
            taking.cancel()
    with suppress(asyncio.CancelledError):
        if await taking:
            return _Slot(lane)
    return None


SWITCH_INTERVAL = 0.001
"""Seconds after which a working thread lets others go on; Python's own 0.005 make the event loop wait for
each of ten working threads in turn before it can read a single request."""


@contextmanager
def sharing_the_interpreter() -> Iterator[None]:
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


class Portions:
    """ASGI layer: large answers leave in portions, between which others are answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_portions(message: Message) -> None:
            body = message.get("body", b"")
            if message["type"] != "http.response.body" or len(body) <= PORTION:
                await send(message)
                return
            view = memoryview(body)
            for start in range(0, len(body), PORTION):
                portion = bytes(view[start : start + PORTION])
                more = message.get("more_body", False) or start + PORTION < len(body)
                await send({**message, "body": portion, "more_body": more})
                await asyncio.sleep(0)

        await self._app(scope, receive, send_portions)
