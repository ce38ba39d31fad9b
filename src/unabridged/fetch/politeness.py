"""One request at a time to a host, with a pause between two, and silence when it asks for silence."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

SWEEP_FROM = 512
"""Hosts in the table before it is looked through for those that owe nothing."""


@dataclass(slots=True)
class _Queue:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    free_at: float = 0.0
    silent_until: float = 0.0


class Politeness:
    """Turns at hosts. gap: seconds from the end of one request to the start of the next.

    clock: seconds of a monotonic clock. Queues of hosts that owe nothing are forgotten.
    """

    def __init__(self, gap: float, clock: Callable[[], float]) -> None:
        self._gap = gap
        self._clock = clock
        self._queues: dict[str, _Queue] = {}
        self._kept = SWEEP_FROM

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for the host's turn, hold it, and start the pause when it ends."""
        queue = self._queues.setdefault(host, _Queue())
        queue.users += 1
        try:
            async with queue.lock:
                wait = queue.free_at - self._clock()
                if wait > 0:
                    await asyncio.sleep(wait)
                try:
                    yield
                finally:
                    queue.free_at = self._clock() + self._gap
        finally:
            queue.users -= 1
            self._forget_idle()

    def silence(self, host: str, seconds: float) -> None:
        """Note that a host asked not to be asked for some seconds."""
        queue = self._queues.setdefault(host, _Queue())
        queue.silent_until = max(queue.silent_until, self._clock() + seconds)

    def silent_for(self, host: str) -> float:
        """Return the seconds for which a host still wants silence; 0.0 when it may be asked."""
        queue = self._queues.get(host)
        return max(0.0, queue.silent_until - self._clock()) if queue else 0.0

    def _forget_idle(self) -> None:
        # Only when the table has doubled: a walk over every host at each request would be quadratic.
        if len(self._queues) < 2 * self._kept:
            return
        now = self._clock()
        self._queues = {
            host: queue
            for host, queue in self._queues.items()
            if queue.users or max(queue.free_at, queue.silent_until) > now
        }
        self._kept = max(SWEEP_FROM, len(self._queues))
