"""The CPU and the memory of a process and all that it started, as Linux counts them.

A module of its own, so that watching a run loads nothing of what is not run.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(slots=True)
class Watchman:
    """Adds up the CPU and memory of a process and all its descendants but `others`.

    root: number of the process, this one if not given.
    """

    others: frozenset[int] = frozenset()
    root: int = field(default_factory=os.getpid)
    peak: int = 0
    seen: dict[int, float] = field(default_factory=dict)

    def look(self) -> None:
        memory = 0
        for pid in self._ours():
            try:
                stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                memory += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
            except (OSError, IndexError):
                continue
            self.seen[pid] = (int(stat[11]) + int(stat[12])) / TICK
        self.peak = max(self.peak, memory)

    def _ours(self) -> Iterator[int]:
        waiting = [self.root]
        while waiting:
            pid = waiting.pop()
            yield pid
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                try:
                    waiting += [
                        child for child in map(int, task.read_text().split()) if child not in self.others
                    ]
                except OSError:
                    continue

    def cpu(self) -> float:
        """Return the CPU seconds of all processes ever seen."""
        self.look()
        return sum(self.seen.values())

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look at memory four times a second meanwhile."""
        over = threading.Event()

        def run() -> None:
            while not over.wait(0.25):
                self.look()

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
