"""Results of polls, written down many at a time: one transaction for all that came in meanwhile."""

import asyncio
from collections.abc import Callable, Sequence

from unabridged.archive.records.polling import Finished
from unabridged.errors import LeaseLost

MOST = 500
"""Results in one transaction."""

PAUSE = 0.05
"""Seconds that the first result waits for others. A commit costs as much as three polls, most of it on
the disk; at a hundred polls a second five share one."""


class Ledger:
    """Writes results with `record`, in a thread; whoever hands one in waits until it is on the disk."""

    def __init__(self, record: Callable[[Sequence[Finished]], frozenset[int]]) -> None:
        self._record = record
        self._waiting: list[tuple[Finished, asyncio.Future[None]]] = []
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
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                lost = await asyncio.to_thread(self._record, [finished for finished, _ in batch])
            except Exception as exc:  # noqa: BLE001 - it is raised where each of them waits
                for _, done in batch:
                    if not done.done():
                        done.set_exception(exc)
            else:
                _tell(batch, lost)


def _tell(batch: Sequence[tuple[Finished, "asyncio.Future[None]"]], lost: frozenset[int]) -> None:
    for finished, done in batch:
        if done.done():
            continue
        if finished.feed_id in lost:
            words = f"Another worker has taken feed {finished.feed_id} over; this result is dropped."
            done.set_exception(LeaseLost(words))
        else:
            done.set_result(None)
