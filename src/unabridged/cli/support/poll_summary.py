"""The printed result of a poll: feeds, pages, failures."""

from typing import TYPE_CHECKING

from unabridged.cli.support.terminal import Table, plain
from unabridged.cli.support.terminal import table as new_table

if TYPE_CHECKING:
    from unabridged.poll.reports import PageReport, PollReport, Summary


FAILURES_SHOWN = 20
"""Maximum failed pages in a table."""


def summary_table(summary: "Summary") -> Table:
    """Return a table with a row for each feed; failures come with advice."""
    table = new_table("feed", "what happened", "new", right=("new",))
    for report in summary.feeds:
        style = "red" if report.kind in ("failed", "gone") else ""
        table.add_row(plain(report.title or report.url), plain(_outcome(report), style), str(len(report.new)))
    return table


def _outcome(report: "PollReport") -> str:
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


def pages_line(pages: "tuple[PageReport, ...]") -> str:
    """Return one line that counts the pages that were read and that failed."""
    failed = [page for page in pages if page.kind == "failed"]
    line = f"{len(pages) - len(failed)} pages read"
    if failed:
        later = sum(page.next_try_at is not None for page in failed)
        line += f", {len(failed)} failed ({later} will be tried again); they keep the feed's own text"
    return line + "."


def failed_pages(pages: "tuple[PageReport, ...]") -> Table | None:
    """Return a table of the failed pages with reasons, or None."""
    failed = [page for page in pages if page.failure is not None]
    if not failed:
        return None
    table = new_table("page", "why")
    for page in failed[:FAILURES_SHOWN]:
        assert page.failure is not None
        table.add_row(plain(page.url), plain(page.failure.message, "yellow"))
    if len(failed) > FAILURES_SHOWN:
        table.add_row(
            plain(f"… and {len(failed) - FAILURES_SHOWN} more: unabridged doctor", "dim"), plain("")
        )
    return table
