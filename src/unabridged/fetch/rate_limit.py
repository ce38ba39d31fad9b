"""One request at a time to a host, with a pause between two, and silence when it asks for silence."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

SWEEP_FROM = 512
"""Hosts in the table before it is looked through for those that owe nothing."""

PATIENCE = 1.5
"""Seconds after which a request no longer counts among those on their way: slow sites wait for themselves
alone. 9 of 10 feeds answer within a second."""

TROUBLES = 3
REST = 300.0
"""A server that failed to answer so many times in a row is left alone for so many seconds."""


@dataclass(slots=True)
class _Queue:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    free_at: float = 0.0
    silent_until: float = 0.0
    pace: float = 0.0


class Politeness:
    """Turns at hosts. gap: seconds from the end of one request to the start of the next.

    at_once: requests on their way over all hosts. clock: seconds of a monotonic clock. Queues of hosts
    that owe nothing are forgotten.
    """

    def __init__(self, gap: float, clock: Callable[[], float], at_once: int = 32) -> None:
        self._gap = gap
        self._clock = clock
        self._queues: dict[str, _Queue] = {}
        self._kept = SWEEP_FROM
        self._slots = Slots(at_once)
        self._troubles: dict[str, int] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for the host's turn and for a slot, hold them, and start the pause when it ends."""
        queue = self._queues.setdefault(host, _Queue())
        queue.users += 1
        try:
            async with queue.lock:
                wait = queue.free_at - self._clock()
                if wait > 0:
                    await asyncio.sleep(wait)
                give_back = await self._slots.take()
                try:
                    yield
                finally:
                    give_back()
                    queue.free_at = self._clock() + max(self._gap, queue.pace)
        finally:
            queue.users -= 1
            self._forget_idle()

    def pace(self, host: str, seconds: float) -> None:
        """Pause so long between two requests to a host from now on, where that is more than the usual gap.

        Forgotten with the host's queue: to be said again before each request that it is to hold for.
        """
        self._queues.setdefault(host, _Queue()).pace = seconds

    def silence(self, host: str, seconds: float) -> None:
        """Note that a host asked not to be asked for some seconds."""
        queue = self._queues.setdefault(host, _Queue())
        queue.silent_until = max(queue.silent_until, self._clock() + seconds)

    def silent_for(self, host: str) -> float:
        """Return the seconds for which a host still wants silence; 0.0 when it may be asked."""
        queue = self._queues.get(host)
        return max(0.0, queue.silent_until - self._clock()) if queue else 0.0

    def note_trouble(self, server: str) -> None:
        """Note that a server (host:port) failed to answer; after several in a row it is left alone."""
        count = self._troubles.get(server, 0) + 1
        self._troubles[server] = count
        if count >= TROUBLES:
            del self._troubles[server]
            self.silence(server, REST)

    def note_answer(self, server: str) -> None:
        """Note that a server answered something."""
        if self._troubles:
            self._troubles.pop(server, None)

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


class Slots:
    """So many requests at once; one that takes longer than `patience` seconds makes room for the next."""

    def __init__(self, most: int, patience: float = PATIENCE) -> None:
        self._free = asyncio.Semaphore(most)
        self._patience = patience

    async def take(self) -> Callable[[], None]:
        """Wait for a slot; return what gives it back, once, however often it is called."""
        await self._free.acquire()
        held = [True]

        def give_back() -> None:
            timer.cancel()
            if held:
                held.clear()
                self._free.release()

        timer = asyncio.get_running_loop().call_later(self._patience, give_back)
        return give_back
