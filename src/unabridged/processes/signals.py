"""Signals that ask the program to end (SIGTERM, SIGHUP): partial files are removed on the way out."""

import os
import signal
import time
from types import FrameType

ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
CLEAN_UP = 10.0
"""Seconds after a signal in which further ones do not interrupt the clean-up."""


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
