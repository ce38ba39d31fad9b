"""Progress bars and signs of life on stderr."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from types import TracebackType
from typing import TYPE_CHECKING, Self

from unabridged.cli.support.context import CliContext
from unabridged.cli.support.terminal import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TimeElapsedColumn,
    TimeRemainingColumn,
    plain,
    text_column,
)

if TYPE_CHECKING:  # bars are drawn by commands that need no database, too
    from unabridged.poll.reports import Progress as Step

OTHER_COLUMNS = 64
"""Width of the columns of PollBars before the address: label, bar, counts up to 99999/99999, time."""

LABELS = {"feeds": "Polling feeds", "pages": "Reading pages"}


def bars(cli: CliContext, *columns: ProgressColumn) -> Progress:
    """Return bars on stderr that disappear at the end. Nothing is drawn in a pipe or with --quiet."""
    visible = cli.stderr.is_terminal and not cli.quiet
    return Progress(*columns, console=cli.stderr, transient=True, disable=not visible)


PATIENCE = 2.0
"""Seconds without an answer after which a waiting command says what it waits for."""


@contextmanager
def waiting(cli: CliContext, what: str) -> Iterator[None]:
    """Say on stderr what is waited for if the block takes longer than PATIENCE. what: "example.org".

    On a terminal the line disappears at the end. Nothing is printed with --quiet.
    """
    status = cli.stderr.status(plain(f"Waiting for {what} …"))

    def show() -> None:
        if cli.stderr.is_terminal:
            status.start()
        else:
            cli.info(f"Waiting for {what} …")

    timer = Timer(PATIENCE, show)
    timer.daemon = True
    if not cli.quiet:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
        status.stop()


class Bars:
    """Bars on stderr while a block runs. Nothing is drawn in a pipe or with --quiet."""

    def __init__(self, cli: CliContext, *columns: ProgressColumn) -> None:
        self._bars = bars(cli, *columns)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()


class ProgressBar(Bars):
    """One bar with a changing description."""

    def __init__(self, cli: CliContext) -> None:
        super().__init__(cli, text_column(), BarColumn(), TimeElapsedColumn())
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._task = self._bars.add_task("", total=None)
        return super().__enter__()

    def watch(self, what: str, done: int, total: int) -> None:
        """Update the bar. what: the current step."""
        if self._task is not None:
            self._bars.update(self._task, description=what, completed=done, total=total)


class BytesBar(Bars):
    """One bar of bytes read. label: of the bar."""

    def __init__(self, cli: CliContext, label: str) -> None:
        columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn())
        super().__init__(cli, text_column(), *columns, text_column("now", style="dim"))
        self._label = label
        self._task: TaskID | None = None

    def show(self, done: int, total: int, now: str) -> None:
        """Update the bar. done, total: bytes."""
        if self._task is None:
            self._task = self._bars.add_task(self._label, now="")
        self._bars.update(self._task, completed=done, total=total, now=now)


class PollBars(Bars):
    """Bars of polled feeds and of read pages."""

    def __init__(self, cli: CliContext) -> None:
        super().__init__(
            cli,
            text_column(),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            text_column("now", style="dim"),
        )
        self._room = max(0, cli.stderr.width - OTHER_COLUMNS)
        self._tasks: dict[str, TaskID] = {}

    def watch(self, step: "Step") -> None:
        """Update the bar of a stage."""
        if step.stage not in self._tasks:
            self._tasks[step.stage] = self._bars.add_task(LABELS[step.stage], total=step.total, now="")
        now = step.report.url[: self._room] if step.report else ""
        self._bars.update(self._tasks[step.stage], completed=step.done, total=step.total, now=now)
