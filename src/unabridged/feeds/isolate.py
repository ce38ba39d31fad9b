"""Feeds read in worker processes, so that a hostile one kills its worker at worst.

Plain child processes on asyncio's own pipes: a death ends one task and nothing else, no thread waits
for an answer, and a child ends when its parent does. `concurrent.futures` was not chosen because one
dead worker breaks its whole pool, and `multiprocessing` because it runs the caller's main module again.
"""

import asyncio
import pickle
import signal
import sys
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

from unabridged.errors import FeedError, FeedKilledReader
from unabridged.feeds.worker import LENGTH, Failure, Task
from unabridged.model import Feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one feed may cost: address space in bytes; seconds of CPU; seconds on the clock."""

    memory: int = 1_000_000_000
    cpu: int = 10
    wall: float = 60.0


_DEFAULT_LIMITS = Limits()


class FeedReader:
    """Reads feeds in up to `workers` processes, started when needed; use it as `async with`."""

    def __init__(self, workers: int = 1, limits: Limits = _DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._free = asyncio.Semaphore(workers)
        self._idle: list[_Worker] = []

    async def parse(
        self, data: bytes, *, url: str, content_type: str | None = None, now: datetime | None = None
    ) -> Feed:
        """Do what `parse_feed` does, elsewhere. Raises FeedKilledReader when that costs the worker."""
        task = Task(data=data, url=url, content_type=content_type, now=now)
        async with self._free:
            worker = self._idle.pop() if self._idle else await _Worker.start(self._limits)
            try:
                reply = await worker.ask(task, self._limits)
            except BaseException:  # cancelled in the middle of an answer, too: the pipe is out of step
                await worker.stop()
                raise
            self._idle.append(worker)
        if isinstance(reply, Feed):
            return reply
        raise _revived(reply)

    async def close(self) -> None:
        """End the workers. A reader can be used again afterwards."""
        while self._idle:
            await self._idle.pop().stop()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _revived(failure: Failure) -> FeedError:
    error = failure.kind.__new__(failure.kind, failure.message)
    error.args = (failure.message,)
    error.__dict__.update(failure.facts)
    return error


class _Worker:
    """One child process and its two pipes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._process = process
        self._to, self._back = process.stdin, process.stdout

    @classmethod
    async def start(cls, limits: Limits) -> Self:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "from unabridged.feeds.worker import main; main()",
            str(limits.memory),
            str(limits.cpu),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        return cls(process)

    async def ask(self, task: Task, limits: Limits) -> Feed | Failure:
        message = pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
        try:
            async with asyncio.timeout(limits.wall):
                self._to.write(LENGTH.pack(len(message)))
                self._to.write(message)
                await self._to.drain()
                (length,) = LENGTH.unpack(await self._back.readexactly(LENGTH.size))
                reply: Feed | Failure = pickle.loads(await self._back.readexactly(length))
                return reply
        except TimeoutError as exc:
            raise FeedKilledReader(f"Reading {task.url} took more than {limits.wall:g} seconds.") from exc
        except (asyncio.IncompleteReadError, ConnectionError) as exc:
            status = await self._process.wait()
            raise FeedKilledReader(f"Reading {task.url} {_cause(status, limits)}.") from exc

    async def stop(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        self._to.close()


def _cause(status: int, limits: Limits) -> str:
    if status == -signal.SIGXCPU:
        return f"took more than {limits.cpu} seconds of CPU"
    if status < 0:
        return f"crashed its worker process ({signal.Signals(-status).name})"
    return f"ended its worker process (status {status})"
