"""The job of `unabridged archive`: poll some feeds, write the document tree, commit."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from unabridged.archive.facade.archive import Archive
from unabridged.cli.support.context import CliContext
from unabridged.cli.support.event_loop import run_async
from unabridged.cli.support.poll_summary import pages_line, summary_table
from unabridged.cli.support.progress import PollBars
from unabridged.cli.support.terminal import plain
from unabridged.errors import ExportError, ExtractError, FeedError, FetchError, InvalidURL
from unabridged.formats.document.git import commit_tree
from unabridged.formats.document.tree import TreeReport, write_tree
from unabridged.formats.output_files import lock_folder, open_folder, write_if_changed
from unabridged.poll.poller import Poller, PollReport, Summary, open_poller

PRIVATE = ".unabridged"
"""Folder in the tree that holds the archive and the lock. Its .gitignore excludes it from git."""

DATABASE = "archive.sqlite"


def archive_feeds(feeds: Sequence[str], folder: Path, git: bool, cli: CliContext, stack: ExitStack) -> int:
    """Run the job; return the exit code: 0, or 3 if a feed failed (the others are done).

    stack: receives what is opened here, to be closed by the caller.
    """
    try:
        _lock_private_folder(folder, stack)
    except ExportError as busy:
        if isinstance(busy.__cause__, BlockingIOError):
            cli.info(f"Another run uses {folder}; this one ends.")
            return 0
        raise
    archive = stack.enter_context(cli.archive(create=True))
    summary, feed_ids = run_async(_poll(feeds, archive, cli))
    slugs = [source.slug for source in archive.documents.sources() if source.feed_id in feed_ids]
    report = write_tree(archive, folder, sources=slugs)
    _show(summary, report, cli)
    if git and commit_tree(folder, _message(report)):
        cli.info("Committed.")
    return FetchError.exit_code if any(one.kind == "failed" for one in summary.feeds) else 0


def _lock_private_folder(folder: Path, stack: ExitStack) -> None:
    """Make and lock the private folder (mode 0700). Raises ExportError."""
    root = stack.enter_context(open_folder(folder))
    try:
        private = stack.enter_context(root.below(PRIVATE, private=True))
    except OSError as exc:
        raise ExportError(f"{folder / PRIVATE} cannot be used: {exc.strerror}.") from exc
    lock_folder(private)
    write_if_changed(private, ".gitignore", b"*\n")
    for name in (DATABASE, *(DATABASE + end for end in ("-wal", "-shm", "-journal"))):
        if (private.path / name).is_symlink():
            raise ExportError(
                f"{private.path / name} is a link, which is refused. Remove it, and find out who made it."
            )


async def _poll(feeds: Sequence[str], archive: Archive, cli: CliContext) -> tuple[Summary, set[int]]:
    reports: list[PollReport] = []
    ids: set[int] = set()
    with PollBars(cli) as bars:
        async with open_poller(cli.settings, archive, watch=bars.watch) as poller:
            for feed in feeds:
                try:
                    feed_id, report = await _poll_feed(feed, archive, poller)
                except (FetchError, FeedError, ExtractError, InvalidURL) as error:
                    cli.stderr.print(plain(str(error), "red"))
                    reports.append(PollReport(feed_id=0, url=feed, title=feed, kind="failed"))
                    continue
                ids.add(feed_id)
                reports += [report] if report else []
            pages = await poller.read_due_pages()
    return Summary(feeds=tuple(reports), pages=pages), ids


async def _poll_feed(feed: str, archive: Archive, poller: Poller) -> tuple[int, PollReport | None]:
    """Subscribe to a new feed; poll a known one if it is due."""
    known = archive.feeds.find(feed)
    if known is None:
        added = await poller.add(feed)
        if added.report is not None:
            return added.subscription.feed.id, added.report
        known = added.subscription.feed
    due = known.next_poll_at is not None and known.next_poll_at <= datetime.now(UTC)
    return known.id, await poller.poll(known.id) if due else None


def _show(summary: Summary, report: TreeReport, cli: CliContext) -> None:
    failed = [one for one in summary.feeds if one.failure is not None]
    for one in failed:
        assert one.failure is not None
        cli.stderr.print(plain(f"{one.url}: {one.failure.message} {one.failure.advice}".strip(), "red"))
    if cli.quiet:
        return
    if summary.feeds:
        cli.show_table(summary_table(summary))
    if summary.pages:
        cli.info(pages_line(summary.pages))
    cli.info(f"{report.new} new documents, {report.rewritten} rewritten, {report.documents} in all.")


def _message(report: TreeReport) -> str:
    parts = [f"{report.new} new"] if report.new else []
    parts += [f"{report.rewritten} changed"] if report.rewritten else []
    return f"Articles: {', '.join(parts) or 'lists'}"
