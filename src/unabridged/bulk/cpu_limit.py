"""A limit on what one page may cost, kept within the process that reads it."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class PageTooSlow(Exception):
    """A page took more processor time than it may."""


@contextmanager
def page_time(seconds: float) -> Iterator[None]:
    """Raise PageTooSlow inside, once it has taken so many seconds of the process's own CPU time.

    Works in the main thread of a process on systems with interval timers (not on Windows); elsewhere
    there is no limit, since only the main thread may handle signals.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise PageTooSlow(f"took more than {seconds:g} seconds of processor time")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
