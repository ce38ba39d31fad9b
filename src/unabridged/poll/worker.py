"""The poller inside a running service: it works off what is due until it is cancelled."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from unabridged.poll.ingest import Poller

log = logging.getLogger(__name__)

SHORTEST_REST = 1.0
LONGEST_REST = 60.0
"""Seconds between two looks at what is due. The longest is also how late a feed can be that another
process made due."""

AFTER_TROUBLE = 15.0


class Worker:
    """Runs a poller for ever. `wake` has it look at once, after a subscription was added.

    after_trouble: seconds of rest after the archive refused (disk full, locked): reading goes on, polling
    waits.
    """

    def __init__(self, poller: Poller, *, after_trouble: float = AFTER_TROUBLE) -> None:
        self._poller = poller
        self._after_trouble = after_trouble
        self._wakes = (asyncio.Event(), asyncio.Event())

    def wake(self) -> None:
        """Look for due work now."""
        for event in self._wakes:
            event.set()

    async def run(self) -> None:
        """Poll feeds and read pages, side by side, until cancelled."""
        feeds, pages = self._wakes

        async def ask() -> None:
            if await self._poller.ask_due_feeds():
                pages.set()

        async def read() -> None:
            await self._poller.read_due_pages()

        async with asyncio.TaskGroup() as group:
            group.create_task(self._for_ever(ask, feeds))
            group.create_task(self._for_ever(read, pages))

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
        tools = self._poller.tools
        due: datetime | None = await asyncio.to_thread(tools.archive.next_due_at)
        seconds = LONGEST_REST if due is None else (due - tools.clock()).total_seconds()
        return min(max(seconds, SHORTEST_REST), LONGEST_REST)
