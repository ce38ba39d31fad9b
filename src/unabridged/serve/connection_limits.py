"""Limits of HTTP connections: time-outs for request head, request body and response; number of connections.

uvicorn closes idle connections between two requests. It has no time-out for the first request, for the rest
of an incomplete request, or for a client that does not read its response.
"""

from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
TOO_MANY = b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """Limits of one connection, and of their number. Times in seconds.

    head_timeout: for the head of a request, counted from the connection or the last response.
    body_timeout: time in which at least `body_min_bytes` of a body must arrive. write_timeout: for a client
    that reads nothing of its response. keep_alive: idle time between two requests. max_connections: open
    connections; beyond it, the one that has waited longest for a request is closed. max_head_bytes: size of
    a request's head.
    """

    head_timeout: float = 15.0
    body_timeout: float = 10.0
    body_min_bytes: int = 5_000
    write_timeout: float = 60.0
    keep_alive: int = 10
    max_connections: int = 500
    max_head_bytes: int = 65_536


DEFAULT_LIMITS = ConnectionLimits()


def server_config(app: ASGIApp, limits: ConnectionLimits = DEFAULT_LIMITS, **more: Any) -> uvicorn.Config:
    """Return the uvicorn configuration of the app. more: further uvicorn settings."""
    return uvicorn.Config(
        app,
        http=type("LimitedProtocol", (LimitedProtocol,), {"limits": limits}),
        ws="none",
        access_log=False,
        server_header=False,
        timeout_keep_alive=limits.keep_alive,
        h11_max_incomplete_event_size=limits.max_head_bytes,
        **more,
    )


class LimitedProtocol(H11Protocol):
    """uvicorn's protocol with a periodic check of every connection's time-outs."""

    limits = DEFAULT_LIMITS

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._since = self.loop.time()
        self._window = (self._since, 0)
        self._received = 0
        self._unread_since: float | None = None
        shortest = min(self.limits.head_timeout, self.limits.body_timeout, self.limits.write_timeout)
        self._period = min(1.0, shortest / 2)
        self._timer = self.loop.call_later(self._period, self._check_timeouts)
        if len(self.connections) > self.limits.max_connections:
            self._close_longest_waiting()

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

    def shutdown(self) -> None:
        """Close a stream of events at once: it would not end by itself. Let other requests finish."""
        super().shutdown()
        if not self.waits_for_head and self.scope.get("state", {}).get("endless"):
            self.transport.close()

    @property
    def waits_for_head(self) -> bool:
        """Say whether no request is being processed."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def waiting_since(self) -> float:
        """Return the time since which the connection has waited for a request, on the loop's clock."""
        return self._since

    def _check_timeouts(self) -> None:
        self._timer = self.loop.call_later(self._period, self._check_timeouts)
        now = self.loop.time()
        if self.transport.is_closing():
            if self._unread_since is None:
                self._unread_since = now
        elif self.waits_for_head:
            if now - self._since > self.limits.head_timeout:
                self._close(TOO_SLOW)
            return
        elif self._body_stalled(now):
            self._close(b"" if self.cycle.response_started else TOO_SLOW)
        if self._unread_since is not None and now - self._unread_since > self.limits.write_timeout:
            self.transport.abort()

    def _body_stalled(self, now: float) -> bool:
        began, received = self._window
        if (
            not self.cycle.more_body
            or self.flow.read_paused
            or self._received - received >= self.limits.body_min_bytes
        ):
            self._window = (now, self._received)
            return False
        return now - max(began, self._since) > self.limits.body_timeout

    def _close(self, answer: bytes) -> None:
        if answer:
            self.transport.write(answer)
        self.transport.close()

    def _close_longest_waiting(self) -> None:
        waiting = [one for one in self.connections if isinstance(one, LimitedProtocol) and one.waits_for_head]
        oldest = min(waiting, key=lambda one: one.waiting_since)
        oldest._close(TOO_MANY)
        self.connections.discard(oldest)
