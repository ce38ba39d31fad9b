"""Articles made in child processes, so that no page can stop, fill or kill the poller.

Plain children on asyncio's own pipes, as for feeds: a death or a limit ends one task and nothing else.
"""

import asyncio
import os
import pickle
import signal
import sys
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

from unabridged.errors import ExtractError
from unabridged.extract.article import Part
from unabridged.extract.pages import Done, Fetch
from unabridged.model import Article, Entry, Feed, Page
from unabridged.poll.child import (
    LENGTH,
    EntriesTask,
    Failure,
    JoinTask,
    ListTask,
    Made,
    PageTask,
    Reply,
    Task,
    answer,
    subject_of,
)

MOST_CHILDREN = 4
TASKS_A_LIFE = 1000
"""A child is replaced after so many tasks: what a library leaks is given back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one task may cost: address space in bytes; seconds of CPU; seconds on the clock."""

    memory: int = 2_000_000_000
    cpu: int = 20
    wall: float = 60.0


_DEFAULT_LIMITS = Limits()


class Extractor:
    """Makes articles in up to `workers` children (0: one a core), started when needed.

    Use as an async context manager.
    """

    def __init__(self, workers: int = 0, limits: Limits = _DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._free = asyncio.Semaphore(workers or min(os.cpu_count() or 1, MOST_CHILDREN))
        self._idle: list[_Child] = []

    async def page(self, page: Page, *, entry: Entry | None = None, now: datetime) -> Part:
        """Make an article, or the first part of one, of a page. Raises ExtractError."""
        task = PageTask(
            html=page.body,
            url=page.final_url,
            content_type=page.headers.get("content-type"),
            entry=entry,
            now=now,
        )
        reply = await self._do(task)
        assert isinstance(reply, Part)
        return reply

    async def join(self, parts: Sequence[Part], failed: Set[str]) -> Fetch | Done:
        """Say which page comes next, or join what there is. Raises ExtractError."""
        reply = await self._do(JoinTask(parts=tuple(parts), failed=frozenset(failed)))
        assert isinstance(reply, Fetch | Done)
        return reply

    async def entries(self, feed: Feed) -> tuple[Article, ...]:
        """Make an article of every entry of a feed, of the feed's own text. Raises ExtractError."""
        if not feed.entries:
            return ()
        reply = await self._do(EntriesTask(feed=feed))
        assert isinstance(reply, tuple)
        return reply

    async def article_list(self, page: Page, *, now: datetime) -> Feed | None:
        """Read a page's list of articles as a feed, None where it has none. Raises ExtractError."""
        reply = await self._do(ListTask(html=page.body, url=page.final_url, now=now))
        assert reply is None or isinstance(reply, Feed)
        return reply

    async def _do(self, task: Task) -> Made:
        async with self._free:
            child = self._idle.pop() if self._idle else await _Child.start(self._limits)
            try:
                reply = await child.ask(task, self._limits)
            except BaseException:  # cancelled in the middle of an answer, too: the pipe is out of step
                await child.stop()
                raise
            if child.tasks < TASKS_A_LIFE:
                self._idle.append(child)
            else:
                await child.stop()
        return _made(reply)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._idle:
            await self._idle.pop().stop()


class ThreadExtractor(Extractor):
    """Makes articles in threads of this process: for a single page at a terminal, where a child would
    take longer to start than to work."""

    async def _do(self, task: Task) -> Made:
        return _made(await asyncio.to_thread(answer, task))


def _made(reply: Reply) -> Made:
    if isinstance(reply, Failure):
        raise reply.kind(reply.message)
    return reply


class _Child:
    """One child process and its two pipes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._process = process
        self._to, self._back = process.stdin, process.stdout
        self.tasks = 0

    @classmethod
    async def start(cls, limits: Limits) -> Self:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "from unabridged.poll.child import main; main()",
            str(limits.memory),
            str(limits.cpu),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        return cls(process)

    async def ask(self, task: Task, limits: Limits) -> Reply:
        self.tasks += 1
        subject = subject_of(task)
        message = pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
        try:
            async with asyncio.timeout(limits.wall):
                self._to.write(LENGTH.pack(len(message)))
                self._to.write(message)
                await self._to.drain()
                (length,) = LENGTH.unpack(await self._back.readexactly(LENGTH.size))
                reply: Reply = pickle.loads(await self._back.readexactly(length))
                return reply
        except TimeoutError as exc:
            raise ExtractError(f"{subject} took more than {limits.wall:g} seconds to read.") from exc
        except (asyncio.IncompleteReadError, ConnectionError) as exc:
            status = await self._process.wait()
            raise ExtractError(f"{subject} {_cause(status, limits)}. Its raw page was not kept.") from exc

    async def stop(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        self._to.close()


def _cause(status: int, limits: Limits) -> str:
    if status == -signal.SIGXCPU:
        return f"took more than {limits.cpu} seconds of CPU to read"
    if status < 0:
        return f"crashed the process that read it ({signal.Signals(-status).name})"
    return f"ended the process that read it (status {status})"
