"""The poller inside a running service: it works off what is due until it is cancelled."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime

from unabridged.poll.feeds.schedule import LONG_AWAY, ClockWatch
from unabridged.poll.poller import Poller

log = logging.getLogger(__name__)

SHORTEST_REST = 1.0
BETWEEN_BATCHES = 0.1
"""Seconds in which other writers get their turn while old articles are indexed."""

LONGEST_REST = 60.0
"""Seconds between two looks at what is due. The longest is also how late a feed can be that another
process made due."""

AFTER_TROUBLE = 15.0


def steady_seconds() -> float:
    """Return seconds since the machine started, its sleep included where the system counts it."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boottime is None else time.clock_gettime(boottime)


class Worker:
    """Runs a poller for ever. `wake` has it look at once, after a subscription was added.

    after_trouble: seconds of rest after the archive refused (disk full, locked): reading goes on, polling
    waits. steady: a clock that only counts, by which jumps of the poller's clock are noticed.
    """

    def __init__(
        self,
        poller: Poller,
        *,
        after_trouble: float = AFTER_TROUBLE,
        steady: Callable[[], float] = steady_seconds,
    ) -> None:
        self._poller = poller
        self._after_trouble = after_trouble
        self._steady = steady
        self._wakes = (asyncio.Event(), asyncio.Event())

    def wake(self) -> None:
        """Look for due work now."""
        for event in self._wakes:
            event.set()

    async def run(self) -> None:
        """Poll feeds and read pages, side by side, until cancelled."""
        feeds, pages = self._wakes
        watch: list[ClockWatch] = []

        async def ask() -> None:
            await self._mend_schedule(watch)
            if await self._poller.ask_due_feeds():
                pages.set()
            await self._poller.ask_hubs()

        async def read() -> None:
            await self._poller.read_due_pages()
            await self._poller.keep_pictures()
            await self._poller.expire()

        async with asyncio.TaskGroup() as group:
            group.create_task(self._for_ever(ask, feeds))
            group.create_task(self._for_ever(read, pages))
            group.create_task(self._for_ever(self._index, asyncio.Event()))

    async def _index(self) -> None:
        """Index for search what was here before there was an index; others write between the batches."""
        more = True
        while more:
            more = await asyncio.to_thread(self._poller.context.archive.search_index.index_some)
            await asyncio.sleep(BETWEEN_BATCHES if more else 0)

    async def _mend_schedule(self, watch: list[ClockWatch]) -> None:
        """Spread out what a jump of the clock, or weeks without polling, made due all at once."""
        now, steady = self._poller.context.clock(), self._steady()
        if not watch:
            watch.append(ClockWatch(wall=now, steady=steady))
            await self._poller.mend_schedule(overdue_before=now - LONG_AWAY)
        elif watch[0].jumped(now, steady):
            mended = await self._poller.mend_schedule(overdue_before=now)
            log.warning("The clock was set; %d feeds are planned anew.", mended)

    async def _for_ever(self, step: Callable[[], Awaitable[None]], woken: asyncio.Event) -> None:
        while True:
            woken.clear()
            try:
                await step()
                rest = await self._rest()
            except Exception:  # the one broad except: a fault of one round must not end the service
                log.exception("Polling failed; it goes on in %g seconds.", self._after_trouble)
                rest = self._after_trouble
            try:
                async with asyncio.timeout(rest):
                    await woken.wait()
            except TimeoutError:
                pass

    async def _rest(self) -> float:
        context = self._poller.context
        due: datetime | None = await asyncio.to_thread(context.archive.schedule.next_due_at)
        seconds = LONGEST_REST if due is None else (due - context.clock()).total_seconds()
        return min(max(seconds, SHORTEST_REST), LONGEST_REST)
