"""Progress bar and result of an export."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import StoredArticle
from unabridged.cli.support.context import CliContext
from unabridged.cli.support.progress import bars
from unabridged.cli.support.terminal import (
    BarColumn,
    MofNCompleteColumn,
    TimeElapsedColumn,
    plain,
    text_column,
)
from unabridged.errors import ExportError
from unabridged.formats.export_job import ExportReport
from unabridged.formats.selection import Selection, count_selected

SHOWN = 50
"""Errors that are printed one by one; --json has up to a thousand."""


@contextmanager
def export_bar(
    cli: CliContext, archive: Archive, selection: Selection, what: str
) -> Iterator[Callable[[StoredArticle], None]]:
    """Draw a bar on stderr; gives the callback to call for each article. Nothing is drawn with --quiet."""
    with bars(cli, text_column(), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()) as bar:
        task = bar.add_task(what, total=None if bar.disable else count_selected(archive, selection))
        yield lambda _stored: bar.advance(task)


def show_export(report: ExportReport, to: Path | None, cli: CliContext) -> None:
    """Print what was written. Raises ExportError if parts of the archive were damaged."""
    parts = [f"{report.articles:,} articles" if report.feeds is None else f"{report.feeds:,} feeds"]
    if report.pages:
        parts.append(f"{report.pages:,} raw pages")
    if report.pictures:
        parts.append(f"{report.pictures:,} pictures")
    if to is not None:
        size = f", {format_size(report.size)}" if report.size else ""
        files = "1 file" if report.files == 1 else f"{report.files:,} files"
        parts.append(f"{files} written to {to}{size}")
    cli.info(f"{', '.join(parts)}.")
    for line in report.failed[:SHOWN]:
        cli.stderr.print(plain(line, "red"))
    if report.failed:
        raise ExportError(
            f"{len(report.failed)} parts of the archive could not be read and are missing in the "
            "export. `unabridged verify` lists the damage."
        )


def format_size(size: int) -> str:
    """Return a number of bytes with a unit: "1.5 MB"."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} B"
