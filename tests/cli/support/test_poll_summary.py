"""What a poll prints: counts, failures, and how many of them are not shown."""

import io

from unabridged.archive import Failure
from unabridged.cli.support.poll_summary import FAILURES_SHOWN, failed_pages, pages_line
from unabridged.cli.support.terminal import Console, Table
from unabridged.poll.reports import PageReport


def _failed(count: int) -> tuple[PageReport, ...]:
    failure = Failure(kind="timeout", message="It took too long.", advice="")
    return tuple(
        PageReport(article_id=n, url=f"https://example.org/{n}", kind="failed", failure=failure)
        for n in range(count)
    )


def _printed(table: Table | None) -> str:
    screen = io.StringIO()
    assert table is not None
    Console(file=screen, width=100).print(table)
    return screen.getvalue()


def test_failures_that_are_not_shown_are_counted() -> None:
    assert "… and 37 more" in _printed(failed_pages(_failed(FAILURES_SHOWN + 37)))
    assert "more" not in _printed(failed_pages(_failed(FAILURES_SHOWN)))


def test_no_failure_makes_no_table() -> None:
    done = PageReport(article_id=1, url="https://example.org/1", kind="read")
    assert failed_pages((done,)) is None
    assert pages_line((done,)) == "1 pages read."
    assert "1 failed" in pages_line((done, *_failed(1)))
