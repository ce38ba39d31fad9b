"""The event loop of a command, which a signal ends."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

from unabridged.processes.signals import ENDING, Ended

_Result = TypeVar("_Result")


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

    before = {number: signal.getsignal(number) for number in ENDING}
    try:
        return asyncio.run(run())
    except asyncio.CancelledError:
        if not received:
            raise
        raise Ended(received[0]) from None
    finally:  # the loop leaves the system's own handlers behind
        for number, handler in before.items():
            signal.signal(number, handler)
