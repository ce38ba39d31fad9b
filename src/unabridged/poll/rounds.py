"""One round of work: claimed piece by piece, done so many at a time, until nothing is due."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from unabridged.poll.reports import PageReport, PollReport, Progress, Watch

Claimed = TypeVar("Claimed")
Report = TypeVar("Report", PollReport, PageReport)


@dataclass(slots=True, kw_only=True)
class Round(Generic[Claimed, Report]):
    """claim: take so many due pieces at most (in a thread). work: do one; None is no report.

    room: pieces in hand at a time.
    """

    stage: Literal["feeds", "pages"]
    claim: Callable[[int], Sequence[Claimed]]
    work: Callable[[Claimed], Coroutine[Any, Any, Report | None]]
    room: int
    _running: set[asyncio.Task[Report | None]] = field(default_factory=set)
    _reports: list[Report] = field(default_factory=list)
    _total: int = 0
    _done: int = 0

    async def work_off(self, watch: Watch) -> tuple[Report, ...]:
        """Claim and work until a claim comes back empty and the last piece is done."""
        dry = False
        try:
            while not dry or self._running:
                if not dry and len(self._running) <= self.room // 2:
                    dry = not await self._take(watch)
                if self._running:
                    await self._settle(watch)
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)
        return tuple(self._reports)

    async def _take(self, watch: Watch) -> bool:
        claimed = await asyncio.to_thread(self.claim, self.room - len(self._running))
        self._running |= {asyncio.create_task(self.work(one)) for one in claimed}
        self._total += len(claimed)
        if claimed:
            watch(Progress(stage=self.stage, done=self._done, total=self._total))
        return bool(claimed)

    async def _settle(self, watch: Watch) -> None:
        done, self._running = await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            self._done += 1
            report = task.result()
            if report is not None:
                self._reports.append(report)
                watch(Progress(stage=self.stage, done=self._done, total=self._total, report=report))
