"""Work loop: claim due items in batches, work on them concurrently, until nothing is due."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from unabridged.errors import ArchiveError
from unabridged.poll.reports import PageReport, PollReport, Progress, Watch

STALL_SECONDS = 0.25
"""Seconds without a finished item after which items are claimed one by one instead of by quarters of the
capacity: slow hosts occupy the rest."""

Claimed = TypeVar("Claimed")
Report = TypeVar("Report", PollReport, PageReport)


@dataclass(slots=True, kw_only=True)
class WorkLoop(Generic[Claimed, Report]):
    """Loop over due items.

    claim: claims up to a number of due items (called in a thread). work: does one; its result None is not
    reported. release: gives back the claims of unfinished items (called in a thread). capacity: items in
    progress at a time.
    """

    stage: Literal["feeds", "pages"]
    claim: Callable[[int], Sequence[Claimed]]
    work: Callable[[Claimed], Coroutine[Any, Any, Report | None]]
    release: Callable[[Sequence[Claimed]], None]
    capacity: int
    _running: dict[asyncio.Task[Report | None], Claimed] = field(default_factory=dict)
    _finished: list[asyncio.Task[Report | None]] = field(default_factory=list)
    _any_finished: asyncio.Event = field(default_factory=asyncio.Event)
    _reports: list[Report] = field(default_factory=list)
    _total: int = 0
    _done: int = 0

    async def run(self, watch: Watch) -> tuple[Report, ...]:
        """Claim and work until a claim is empty and the last item is done."""
        exhausted = idle = False
        try:
            while not exhausted or self._running:
                free = self.capacity - len(self._running)
                if not exhausted and (free >= self.capacity // 4 or (idle and free)):
                    exhausted = not await self._claim_more(watch)
                if self._running:
                    idle = not await self._collect_finished(watch)
        finally:
            await self._abort()
        return tuple(self._reports)

    async def _claim_more(self, watch: Watch) -> bool:
        claimed = await asyncio.to_thread(self.claim, self.capacity - len(self._running))
        for one in claimed:
            task = asyncio.create_task(self.work(one))
            task.add_done_callback(self._on_done)
            self._running[task] = one
        self._total += len(claimed)
        if claimed:
            watch(Progress(stage=self.stage, done=self._done, total=self._total))
        return bool(claimed)

    async def _collect_finished(self, watch: Watch) -> bool:
        """Wait up to STALL_SECONDS for items to finish; return whether any did."""
        # Not asyncio.wait: it would visit every running task each time one of them is done.
        try:
            async with asyncio.timeout(STALL_SECONDS):
                await self._any_finished.wait()
        except TimeoutError:
            return False
        self._any_finished.clear()
        done, self._finished = self._finished, []
        for task in done:
            report = task.result()
            del self._running[task]
            self._done += 1
            if report is not None:
                self._reports.append(report)
                watch(Progress(stage=self.stage, done=self._done, total=self._total, report=report))
        return bool(done)

    def _on_done(self, task: "asyncio.Task[Report | None]") -> None:
        self._finished.append(task)
        self._any_finished.set()

    async def _abort(self) -> None:
        """Cancel what still runs (after a cancellation or an error) and release its claims."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        if self._running:
            with suppress(ArchiveError):  # the claims end with their leases then
                await asyncio.to_thread(self.release, tuple(self._running.values()))
