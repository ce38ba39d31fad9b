"""Child processes that do tasks, so that no input can stop, fill or kill the program.

Plain children on asyncio's own pipes: a death or a limit ends one task and nothing else, no thread
waits for an answer, and a child ends when its parent does. `concurrent.futures` was not chosen because
one dead worker breaks its whole pool, and `multiprocessing` because it runs the caller's main module
again.
"""

import asyncio
import pickle
import signal
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from unabridged.processes.child import LENGTH
from unabridged.processes.programs import python_command, surroundings

TASKS_A_LIFE = 1000
"""A child is replaced after so many tasks: what a library leaks is given back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of one task: address space in bytes; seconds of CPU; seconds of wall clock."""

    memory: int = 1_000_000_000
    cpu: int = 10
    wall: float = 60.0


class ChildDied(Exception):
    """A task ended its child. The words go on a sentence: "took more than 10 seconds of CPU"."""


class ChildPool:
    """Up to `workers` children that do tasks, started when needed; use as an async context manager.

    program: the module whose `main()` a child runs, which calls `child.run_child`.
    """

    def __init__(self, program: str, workers: int, limits: Limits) -> None:
        self._program = program
        self._limits = limits
        self._free = asyncio.Semaphore(workers)
        self._idle: list[_Child] = []

    async def do(self, task: object) -> Any:
        """Have a task done and return the child's answer. Raises ChildDied."""
        async with self._free:
            child = self._idle.pop() if self._idle else await _Child.start(self._program, self._limits)
            try:
                reply = await child.ask(task, self._limits)
            except BaseException:  # cancelled in the middle of an answer, too: the pipe is out of step
                await child.stop()
                raise
            if child.tasks < TASKS_A_LIFE:
                self._idle.append(child)
            else:
                await child.stop()
        return reply

    async def close(self) -> None:
        """End the children. New ones are started if there is work again."""
        while self._idle:
            await self._idle.pop().stop()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class _Child:
    """One child process and its two pipes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._process = process
        self._to, self._back = process.stdin, process.stdout
        self.tasks = 0

    @classmethod
    async def start(cls, program: str, limits: Limits) -> Self:
        process = await asyncio.create_subprocess_exec(
            *python_command(f"from {program} import main; main()"),
            str(limits.memory),
            str(limits.cpu),
            env=surroundings(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        return cls(process)

    async def ask(self, task: object, limits: Limits) -> Any:
        self.tasks += 1
        message = pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
        try:
            async with asyncio.timeout(limits.wall):
                self._to.write(LENGTH.pack(len(message)))
                self._to.write(message)
                await self._to.drain()
                (length,) = LENGTH.unpack(await self._back.readexactly(LENGTH.size))
                return pickle.loads(await self._back.readexactly(length))
        except TimeoutError as exc:
            raise ChildDied(f"took more than {limits.wall:g} seconds") from exc
        except (asyncio.IncompleteReadError, ConnectionError) as exc:
            raise ChildDied(_cause(await self._process.wait(), limits)) from exc

    async def stop(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        self._to.close()


def _cause(status: int, limits: Limits) -> str:
    if status == -signal.SIGXCPU:
        return f"took more than {limits.cpu} seconds of CPU"
    if status < 0:
        return f"crashed its process ({signal.Signals(-status).name})"
    return f"ended its process (status {status})"
