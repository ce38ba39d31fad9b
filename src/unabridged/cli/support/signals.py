"""Signals that ask the program to end (SIGTERM, SIGHUP): partial files are removed on the way out."""

import asyncio
import os
import signal
import time
from collections.abc import Coroutine
from types import FrameType
from typing import Any, TypeVar

ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
CLEAN_UP = 10.0
"""Seconds after a signal in which further ones do not interrupt the clean-up."""

_Result = TypeVar("_Result")


class Ended(SystemExit):
    """A signal asked the program to end. number: of the signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def end_on_signals() -> None:
    """Raise Ended in the main thread when a signal asks the program to end, unless it is ignored (nohup)."""
    first: list[float] = []

    def end(number: int, _frame: FrameType | None) -> None:
        # Python drops what is raised in a callback of its own, a destructor's for example. Then a later
        # signal raises again.
        if first and time.monotonic() - first[-1] < CLEAN_UP:
            return
        first.append(time.monotonic())
        raise Ended(number)

    for number in ENDING:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, end)


def die_of(ended: Ended) -> None:
    """End the process by the signal itself, so that the parent process sees it."""
    signal.signal(ended.number, signal.SIG_DFL)
    os.kill(os.getpid(), ended.number)


def run_async(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Run a coroutine to its end and return its result. A signal cancels it, then Ended is raised.

    The event loop notices the signal between two callbacks, so that none is dropped.
    """
    received: list[int] = []

    async def run() -> _Result:
        loop = asyncio.get_running_loop()
        task = loop.create_task(work)

        def end(number: int) -> None:
            if not received:
                received.append(number)
                task.cancel()

        for number in ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, end, number)
        return await task

    try:
        return asyncio.run(run())
    except asyncio.CancelledError:
        if not received:
            raise
        raise Ended(received[0]) from None
