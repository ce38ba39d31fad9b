"""Rate limit per host: one request at a time, a gap between two, and back-off when a host asks for it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

SWEEP_FROM = 512
"""Hosts in the table before idle ones are removed."""

SLOT_TIMEOUT = 1.5
"""Seconds after which a request gives up its slot, so that slow sites do not hold up others. 9 of 10 feeds
answer within a second."""

MAX_CONSECUTIVE_FAILURES = 3
COOL_DOWN = 300.0
"""A server that failed to answer this many times in a row is not asked for COOL_DOWN seconds."""


@dataclass(slots=True)
class _Queue:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    free_at: float = 0.0
    blocked_until: float = 0.0
    pace: float = 0.0


class HostLimiter:
    """Limit requests per host. gap: seconds from the end of one request to the start of the next.

    at_once: concurrent requests over all hosts. clock: seconds of a monotonic clock. Queues of idle hosts
    are removed.
    """

    def __init__(self, gap: float, clock: Callable[[], float], at_once: int = 32) -> None:
        self._gap = gap
        self._clock = clock
        self._queues: dict[str, _Queue] = {}
        self._kept = SWEEP_FROM
        self._slots = Slots(at_once)
        self._failures: dict[str, int] = {}

    @asynccontextmanager
    async def acquire(self, host: str) -> AsyncIterator[None]:
        """Wait for the host and for a slot, hold both, and start the gap when the request ends."""
        queue = self._queues.setdefault(host, _Queue())
        queue.users += 1
        try:
            async with queue.lock:
                wait = queue.free_at - self._clock()
                if wait > 0:
                    await asyncio.sleep(wait)
                release = await self._slots.take()
                try:
                    yield
                finally:
                    release()
                    queue.free_at = self._clock() + max(self._gap, queue.pace)
        finally:
            queue.users -= 1
            self._forget_idle()

    def pace(self, host: str, seconds: float) -> None:
        """Set the gap between two requests to a host, if it is longer than the usual one.

        It is lost when the host's queue is removed: set it again before each request.
        """
        self._queues.setdefault(host, _Queue()).pace = seconds

    def block(self, host: str, seconds: float) -> None:
        """Block a host for some seconds, as it asked."""
        queue = self._queues.setdefault(host, _Queue())
        queue.blocked_until = max(queue.blocked_until, self._clock() + seconds)

    def blocked_for(self, host: str) -> float:
        """Return the seconds for which a host is still blocked; 0.0 if it may be asked."""
        queue = self._queues.get(host)
        return max(0.0, queue.blocked_until - self._clock()) if queue else 0.0

    def record_failure(self, server: str) -> None:
        """Record that a server (host:port) failed to answer; after several in a row, block it."""
        count = self._failures.get(server, 0) + 1
        self._failures[server] = count
        if count >= MAX_CONSECUTIVE_FAILURES:
            del self._failures[server]
            self.block(server, COOL_DOWN)

    def record_answer(self, server: str) -> None:
        """Record that a server answered."""
        if self._failures:
            self._failures.pop(server, None)

    def _forget_idle(self) -> None:
        # Only when the table has doubled: checking every host at each request would be quadratic.
        if len(self._queues) < 2 * self._kept:
            return
        now = self._clock()
        self._queues = {
            host: queue
            for host, queue in self._queues.items()
            if queue.users or max(queue.free_at, queue.blocked_until) > now
        }
        self._kept = max(SWEEP_FROM, len(self._queues))


class Slots:
    """Slots for concurrent requests; a request longer than `patience` seconds gives up its slot."""

    def __init__(self, most: int, patience: float = SLOT_TIMEOUT) -> None:
        self._free = asyncio.Semaphore(most)
        self._patience = patience

    async def take(self) -> Callable[[], None]:
        """Wait for a slot. Return a function that releases it; further calls of it do nothing."""
        await self._free.acquire()
        held = [True]

        def release() -> None:
            timer.cancel()
            if held:
                held.clear()
                self._free.release()

        timer = asyncio.get_running_loop().call_later(self._patience, release)
        return release
