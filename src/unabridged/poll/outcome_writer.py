"""Results of polls, written down many at a time: one transaction for all that came in meanwhile."""

import asyncio
from collections.abc import Callable, Sequence

from unabridged.archive.records.polling import Finished
from unabridged.errors import ArchiveError, LeaseLost

BATCH = 500
"""Results in one transaction."""

PAUSE = 0.05
"""Seconds that the first result waits for others. A commit costs as much as three polls, most of it on
the disk; at a hundred polls a second five share one."""


_Waiting = tuple[Finished, "asyncio.Future[None]"]


class OutcomeWriter:
    """Writes results with `record`, in a thread; whoever hands one in waits until it is on the disk."""

    def __init__(self, record: Callable[[Sequence[Finished]], frozenset[int]]) -> None:
        self._record = record
        self._waiting: list[_Waiting] = []
        self._writer: asyncio.Task[None] | None = None

    async def write(self, finished: Finished) -> None:
        """Have one result written down. Raises LeaseLost, or ArchiveError when the archive refuses."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((finished, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        # The writer goes on for the others when one of those who wait is cancelled.
        await done

    async def _write_all(self) -> None:
        while self._waiting:
            await asyncio.sleep(PAUSE)
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            if not await self._write(batch):
                for one in batch:  # of which one may be at fault
                    await self._write([one], last=True)

    async def _write(self, batch: Sequence[_Waiting], *, last: bool = False) -> bool:
        """Write results down; False where they are to be tried one by one."""
        try:
            lost = await asyncio.to_thread(self._record, [finished for finished, _ in batch])
        except Exception as exc:  # noqa: BLE001 - it is raised where each of them waits
            if not last and len(batch) > 1 and not isinstance(exc, ArchiveError):
                return False
            for _, done in batch:
                if not done.done():
                    done.set_exception(exc)
        else:
            _report(batch, lost)
        return True


def _report(batch: Sequence[_Waiting], lost: frozenset[int]) -> None:
    for finished, done in batch:
        if done.done():
            continue
        if finished.feed_id in lost:
            words = f"Another worker has taken feed {finished.feed_id} over; this result is dropped."
            done.set_exception(LeaseLost(words))
        else:
            done.set_result(None)
