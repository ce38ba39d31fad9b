"""HTTP connections within bounds: time for a request's head and body, time to take an answer, their number.

uvicorn closes connections that stay silent between two requests; it waits for ever for a first request, for
the rest of one that was begun, and for a client that does not read what it asked for.
"""

from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
TOO_MANY = b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a connection may take. Spans in seconds.

    head: for the head of a request, from the connection or the last answer on. body: span in which
    `least` bytes of a body have to come. unread: for a client that takes nothing of its answer.
    idle: between two requests. connections: open at once; beyond, those that wait longest for a request
    give way. head_bytes: of one request's head.
    """

    head: float = 15.0
    body: float = 10.0
    least: int = 5_000
    unread: float = 60.0
    idle: int = 10
    connections: int = 500
    head_bytes: int = 65_536


BOUNDS = Bounds()


def server_config(app: ASGIApp, bounds: Bounds = BOUNDS, **more: Any) -> uvicorn.Config:
    """Return how the app is served. more: further settings of uvicorn's."""
    return uvicorn.Config(
        app,
        http=type("BoundedProtocol", (BoundedProtocol,), {"bounds": bounds}),
        ws="none",
        access_log=False,
        server_header=False,
        timeout_keep_alive=bounds.idle,
        h11_max_incomplete_event_size=bounds.head_bytes,
        **more,
    )


class BoundedProtocol(H11Protocol):
    """uvicorn's protocol with a look at each connection from time to time."""

    bounds = BOUNDS

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._since = self.loop.time()
        self._window = (self._since, 0)
        self._received = 0
        self._unread_since: float | None = None
        shortest = min(self.bounds.head, self.bounds.body, self.bounds.unread)
        self._period = min(1.0, shortest / 2)
        self._timer = self.loop.call_later(self._period, self._look)
        if len(self.connections) > self.bounds.connections:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        super().data_received(data)

    def on_response_complete(self) -> None:
        self._since = self.loop.time()
        super().on_response_complete()

    def pause_writing(self) -> None:
        self._unread_since = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._unread_since = None
        super().resume_writing()

    @property
    def waits_for_head(self) -> bool:
        """Say whether no request is being worked on."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def waiting_since(self) -> float:
        """Return when the wait for a request began, on the loop's clock."""
        return self._since

    def _look(self) -> None:
        self._timer = self.loop.call_later(self._period, self._look)
        now = self.loop.time()
        if self.transport.is_closing():
            if self._unread_since is None:
                self._unread_since = now
        elif self.waits_for_head:
            if now - self._since > self.bounds.head:
                self._end(TOO_SLOW)
            return
        elif self._body_stands_still(now):
            self._end(b"" if self.cycle.response_started else TOO_SLOW)
        if self._unread_since is not None and now - self._unread_since > self.bounds.unread:
            self.transport.abort()

    def _body_stands_still(self, now: float) -> bool:
        began, received = self._window
        if (
            not self.cycle.more_body
            or self.flow.read_paused
            or self._received - received >= self.bounds.least
        ):
            self._window = (now, self._received)
            return False
        return now - max(began, self._since) > self.bounds.body

    def _end(self, answer: bytes) -> None:
        if answer:
            self.transport.write(answer)
        self.transport.close()

    def _make_room(self) -> None:
        waiting = [one for one in self.connections if isinstance(one, BoundedProtocol) and one.waits_for_head]
        oldest = min(waiting, key=lambda one: one.waiting_since)
        oldest._end(TOO_MANY)
        self.connections.discard(oldest)
