"""Poller of a running service: does due work until it is cancelled."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime

from unabridged.poll.feeds.schedule import LONG_AWAY, ClockWatch
from unabridged.poll.poller import Poller

log = logging.getLogger(__name__)

MIN_PAUSE = 1.0
INDEX_PAUSE = 0.1
"""Seconds between two batches of indexing or filing, in which other writers get their turn."""

MAX_PAUSE = 60.0
"""Bounds of the pause between two checks for due work, in seconds. A feed that another process made due
waits for MAX_PAUSE at most."""

ERROR_PAUSE = 15.0


def steady_seconds() -> float:
    """Return seconds since boot, including sleep if the system counts it."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boottime is None else time.clock_gettime(boottime)


class BackgroundPoller:
    """Runs a poller until cancelled. Call `wake` after adding a subscription.

    error_pause: seconds to wait after an error of the archive (disk full, locked). steady: a monotonic
    clock, used to detect jumps of the poller's clock.
    """

    def __init__(
        self,
        poller: Poller,
        *,
        error_pause: float = ERROR_PAUSE,
        steady: Callable[[], float] = steady_seconds,
    ) -> None:
        self._poller = poller
        self._error_pause = error_pause
        self._steady = steady
        self._wake_events = (asyncio.Event(), asyncio.Event())

    def wake(self) -> None:
        """Check for due work now."""
        for event in self._wake_events:
            event.set()

    async def run(self) -> None:
        """Poll feeds and read pages concurrently until cancelled."""
        feeds, pages = self._wake_events
        watch: list[ClockWatch] = []

        async def ask() -> None:
            await self._repair_schedule(watch)
            if await self._poller.poll_due_feeds():
                pages.set()
            await self._poller.subscribe_to_hubs()

        async def read() -> None:
            await self._poller.read_due_pages()
            await self._poller.save_images()
            await self._poller.delete_expired()

        async with asyncio.TaskGroup() as group:
            group.create_task(self._repeat(ask, feeds))
            group.create_task(self._repeat(read, pages))
            group.create_task(self._repeat(self._catch_up, asyncio.Event()))

    async def _catch_up(self) -> None:
        """Do what is left of work on all articles, with pauses for other writers.

        Articles that are not in the search index yet are indexed; then changed rules are applied, and saved
        searches get their older articles. Then new texts are analysed.
        """
        context = self._poller.context
        more = True
        while more:
            more = await asyncio.to_thread(context.archive.search_index.index_some)
            more = more or await asyncio.to_thread(context.archive.filing.some, now=context.clock())
            more = more or await asyncio.to_thread(context.archive.analysis.some, now=context.clock())
            await asyncio.sleep(INDEX_PAUSE if more else 0)

    async def _repair_schedule(self, watch: list[ClockWatch]) -> None:
        """Spread out feeds that a clock jump, or weeks without polling, made due at the same time."""
        now, steady = self._poller.context.clock(), self._steady()
        if not watch:
            watch.append(ClockWatch(wall=now, steady=steady))
            await self._poller.repair_schedule(overdue_before=now - LONG_AWAY)
        elif watch[0].jumped(now, steady):
            count = await self._poller.repair_schedule(overdue_before=now)
            log.warning("The system clock was changed; %d feeds were rescheduled.", count)

    async def _repeat(self, step: Callable[[], Awaitable[None]], wake: asyncio.Event) -> None:
        while True:
            wake.clear()
            try:
                await step()
                pause = await self._pause()
            except Exception:  # the one broad except: an error in one pass must not end the service
                log.exception("Polling failed; trying again in %g seconds.", self._error_pause)
                pause = self._error_pause
            try:
                async with asyncio.timeout(pause):
                    await wake.wait()
            except TimeoutError:
                pass

    async def _pause(self) -> float:
        context = self._poller.context
        due: datetime | None = await asyncio.to_thread(context.archive.schedule.next_due_at)
        seconds = MAX_PAUSE if due is None else (due - context.clock()).total_seconds()
        return min(max(seconds, MIN_PAUSE), MAX_PAUSE)
