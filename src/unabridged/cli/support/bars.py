"""Bars on stderr while work goes on that takes long."""

from types import TracebackType
from typing import Self

from unabridged.cli.support.context import Door
from unabridged.cli.support.terminal import (
    BarColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TimeElapsedColumn,
    described,
)


def bars(door: Door, *columns: ProgressColumn) -> Progress:
    """Bars on stderr that go when the work is done; on a pipe, or when quiet, nothing is drawn."""
    visible = door.note.is_terminal and not door.quiet
    return Progress(*columns, console=door.note, transient=True, disable=not visible)


class Bar:
    """One bar on stderr that says what is being worked on; nothing on a pipe, or when quiet."""

    def __init__(self, door: Door) -> None:
        self._progress = bars(door, described(), BarColumn(), TimeElapsedColumn())
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        self._task = self._progress.add_task("", total=None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def watch(self, what: str, done: int, total: int) -> None:
        """Show how far the work is."""
        if self._task is not None:
            self._progress.update(self._task, description=what, completed=done, total=total)
