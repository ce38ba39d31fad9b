"""The job of `unabridged archive`: poll some feeds, write the document tree, commit."""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from unabridged.archive.facade.archive import Archive
from unabridged.cli.support.context import Door, plain
from unabridged.cli.support.progress import PollBars, pages_line, summary_table
from unabridged.errors import ExportError, FeedError, FetchError
from unabridged.fetch.client import Fetcher
from unabridged.formats.atomic_files import sole_writer
from unabridged.formats.document.git import commit_tree
from unabridged.formats.document.tree import TreeReport, write_tree
from unabridged.poll.poller import Poller, PollReport, Summary

PRIVATE = ".unabridged"
"""Folder in the tree that holds the archive and the lock; it ignores itself in git."""


def archive_feeds(feeds: Sequence[str], folder: Path, git: bool, door: Door, stack: ExitStack) -> int:
    """Run the job; returns the exit code: 0, or 3 when a feed failed (the others were done).

    stack: closes what is opened here.
    """
    private = folder / PRIVATE
    try:
        stack.enter_context(sole_writer(private))
    except ExportError as busy:
        if isinstance(busy.__cause__, BlockingIOError):
            door.say(f"Another run is busy with {folder}; this one ends.")
            return 0
        raise
    ignore = private / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    archive = stack.enter_context(door.archive())
    summary, feed_ids = asyncio.run(_poll(feeds, archive, door))
    slugs = [source.slug for source in archive.documents.sources() if source.feed_id in feed_ids]
    report = write_tree(archive, folder, sources=slugs)
    _show(summary, report, door)
    if git and commit_tree(folder, _message(report)):
        door.say("Committed.")
    return FetchError.exit_code if any(one.kind == "failed" for one in summary.feeds) else 0


async def _poll(feeds: Sequence[str], archive: Archive, door: Door) -> tuple[Summary, set[int]]:
    settings = door.settings
    reports: list[PollReport] = []
    ids: set[int] = set()
    with PollBars(door) as bars:
        async with (
            Fetcher(settings.fetch) as fetcher,
            Poller(archive=archive, fetcher=fetcher, settings=settings.poll, watch=bars.watch) as poller,
        ):
            for feed in feeds:
                try:
                    feed_id, report = await _ask(feed, archive, poller)
                except (FetchError, FeedError) as error:
                    door.note.print(plain(str(error), "red"))
                    reports.append(PollReport(feed_id=0, url=feed, title=feed, kind="failed"))
                    continue
                ids.add(feed_id)
                reports += [report] if report else []
            pages = await poller.read_due_pages()
    return Summary(feeds=tuple(reports), pages=pages), ids


async def _ask(feed: str, archive: Archive, poller: Poller) -> tuple[int, PollReport | None]:
    """Subscribe to a new feed; ask a known one when it is due."""
    known = archive.feeds.find(feed)
    if known is None:
        added = await poller.add(feed)
        if added.report is not None:
            return added.subscription.feed.id, added.report
        known = added.subscription.feed
    due = known.next_poll_at is not None and known.next_poll_at <= datetime.now(UTC)
    return known.id, await poller.poll(known.id) if due else None


def _show(summary: Summary, report: TreeReport, door: Door) -> None:
    failed = [one for one in summary.feeds if one.failure is not None]
    for one in failed:
        assert one.failure is not None
        door.note.print(plain(f"{one.url}: {one.failure.message} {one.failure.advice}".strip(), "red"))
    if door.quiet:
        return
    if summary.feeds:
        door.show_table(summary_table(summary))
    if summary.pages:
        door.say(pages_line(summary.pages))
    door.say(f"{report.new} new documents, {report.rewritten} rewritten, {report.documents} in all.")


def _message(report: TreeReport) -> str:
    parts = [f"{report.new} new"] if report.new else []
    parts += [f"{report.rewritten} changed"] if report.rewritten else []
    return f"Articles: {', '.join(parts) or 'lists'}"
