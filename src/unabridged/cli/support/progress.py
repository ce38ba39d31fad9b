"""How polling looks in a terminal: bars while it runs, one summary table at its end."""

from types import TracebackType
from typing import Self

from unabridged.cli.support.bars import bars
from unabridged.cli.support.context import Door
from unabridged.cli.support.terminal import (
    BarColumn,
    MofNCompleteColumn,
    Table,
    TaskID,
    TimeElapsedColumn,
    described,
    plain,
)
from unabridged.cli.support.terminal import table as new_table
from unabridged.poll.reports import PageReport, PollReport, Summary
from unabridged.poll.reports import Progress as Step

LABELS = {"feeds": "Asking feeds", "pages": "Reading pages"}


class PollBars:
    """Progress bars on stderr; on a pipe, or when quiet, nothing is drawn."""

    def __init__(self, door: Door) -> None:
        self._bars = bars(
            door,
            described(),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            described("now", style="dim"),
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def watch(self, step: Step) -> None:
        """Show how far a round is."""
        if step.stage not in self._tasks:
            self._tasks[step.stage] = self._bars.add_task(LABELS[step.stage], total=step.total, now="")
        now = step.report.url[:60] if step.report else ""
        self._bars.update(self._tasks[step.stage], completed=step.done, total=step.total, now=now)


def summary_table(summary: Summary) -> Table:
    """Return what a round came to, a row for each feed, failures with what to do."""
    table = new_table("feed", "what happened", "new", right=("new",))
    for report in summary.feeds:
        style = "red" if report.kind in ("failed", "gone") else ""
        table.add_row(plain(report.title or report.url), plain(_outcome(report), style), str(len(report.new)))
    return table


def _outcome(report: PollReport) -> str:
    if report.failure is not None:
        return f"{report.failure.message} {report.failure.advice}".strip()
    if report.kind == "unchanged":
        return "nothing new"
    parts = [f"{len(report.new)} new" if report.new else "nothing new"]
    if report.updated:
        parts.append(f"{len(report.updated)} changed")
    if report.moved_to:
        parts.append(f"moved to {report.moved_to}")
    return ", ".join(parts)


def pages_line(pages: tuple[PageReport, ...]) -> str:
    """Return one line about the pages that were read."""
    failed = [page for page in pages if page.kind == "failed"]
    line = f"{len(pages) - len(failed)} pages read"
    if failed:
        later = sum(page.next_try_at is not None for page in failed)
        line += f", {len(failed)} failed ({later} will be tried again); they keep the feed's own text"
    return line + "."


def failed_pages(pages: tuple[PageReport, ...]) -> Table | None:
    """Return the pages that failed with the reason, or None."""
    failed = [page for page in pages if page.failure is not None]
    if not failed:
        return None
    table = new_table("page", "why")
    for page in failed[:20]:
        assert page.failure is not None
        table.add_row(plain(page.url), plain(page.failure.message, "yellow"))
    return table
