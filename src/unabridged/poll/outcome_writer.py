"""Batched writing of poll outcomes: one transaction for all that arrive in a short time."""

import asyncio
from collections.abc import Callable, Sequence

from unabridged.archive.records.polling import Finished
from unabridged.errors import ArchiveError, LeaseLost

BATCH = 500
"""Most outcomes in one transaction."""

PAUSE = 0.05
"""Seconds that the first outcome waits for others. A commit costs as much as three polls, mostly disk
time; at a hundred polls per second, five share one commit."""


_Waiting = tuple[Finished, "asyncio.Future[None]"]


class OutcomeWriter:
    """Writes outcomes with `record` in a thread. Each caller waits until its outcome is committed."""

    def __init__(self, record: Callable[[Sequence[Finished]], frozenset[int]]) -> None:
        self._record = record
        self._waiting: list[_Waiting] = []
        self._writer: asyncio.Task[None] | None = None

    async def write(self, finished: Finished) -> None:
        """Write one outcome. Raises LeaseLost, or ArchiveError if the archive fails."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((finished, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        # The writer task goes on for the others if one caller is cancelled.
        await done

    async def _write_all(self) -> None:
        while self._waiting:
            await asyncio.sleep(PAUSE)
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            if not await self._write(batch):
                for one in batch:  # one of them may be the cause
                    await self._write([one], last=True)

    async def _write(self, batch: Sequence[_Waiting], *, last: bool = False) -> bool:
        """Write outcomes in one transaction; return False if each has to be tried separately."""
        try:
            lost = await asyncio.to_thread(self._record, [finished for finished, _ in batch])
        except Exception as exc:  # noqa: BLE001 - it is raised in each caller
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
            words = f"Another worker took over feed {finished.feed_id}; this result is dropped."
            done.set_exception(LeaseLost(words))
        else:
            done.set_result(None)
