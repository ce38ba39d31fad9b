"""Verbs about files: import, export, digest."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import StoredArticle
from unabridged.cli.support.bars import bars
from unabridged.cli.support.context import Door, door_of
from unabridged.cli.support.feed_changes import say_private
from unabridged.cli.support.selection_options import (
    FeedOption,
    FolderOption,
    SearchOption,
    SinceOption,
    SourceOption,
    StarredOption,
    TagOption,
    UnreadOption,
    UntilOption,
    Wanted,
    instant,
)
from unabridged.cli.support.streams import binary_output, json_output, text_output, to_terminal
from unabridged.cli.support.terminal import BarColumn, MofNCompleteColumn, TimeElapsedColumn, described, plain
from unabridged.errors import ExportError, ExtractError
from unabridged.formats.export import EXPORTERS, STREAMS
from unabridged.formats.export_job import ExportJob, ExportReport
from unabridged.formats.import_files import ImportReport, ReadPages, import_paths
from unabridged.formats.selection import Selection, count_selected
from unabridged.model import Article, Page
from unabridged.poll.extractor.pool import Extractor
from unabridged.poll.pages.captured import read_captured

SHOWN = 50
"""Errors that are printed one by one; --json has up to a thousand."""


class ExportFormat(StrEnum):
    document = "document"
    markdown = "markdown"
    jsonl = "jsonl"
    epub = "epub"
    html = "html"
    warc = "warc"
    opml = "opml"


OUTPUTS: dict[ExportFormat, Callable[[], BinaryIO]] = {
    ExportFormat.markdown: text_output,
    ExportFormat.opml: text_output,
    ExportFormat.jsonl: json_output,
    ExportFormat.warc: binary_output,
}
"""Stdout, for each format that goes there."""


def import_(
    context: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(help="Files or folders: documents, Markdown, JSON lines, OPML, WARC."),
    ],
) -> None:
    """Take in articles from files.

    What a file is, is told by how it begins. What is broken is named with its place; the rest is imported;
    nothing twice. OPML subscribes; the feeds are asked with the next `unabridged poll`.

    \b
    unabridged import tree/                   a tree of archive documents, or of exported Markdown
    unabridged import all.jsonl               articles as JSON lines
    unabridged import crawl.warc.gz           every HTML page through the extractor, kept as it was captured
    unabridged import subscriptions.opml      feeds and folders, of any reader
    """
    door = door_of(context)
    with door.archive() as archive, door.note.status(plain("Importing …")) as status, ExitStack() as stack:
        report = import_paths(
            archive,
            paths,
            now=datetime.now(UTC),
            read_pages=stack.enter_context(_page_reader(door)),
            on_progress=lambda path, so_far: status.update(
                plain(f"Importing {path}: {len(so_far.articles)} articles …")
            ),
        )
    if door.json:
        door.show_json(_as_row(report))
    else:
        _show_import(report, door)
    if report.failures:
        raise typer.Exit(report.failed[0].exit_code)


@contextmanager
def _page_reader(door: Door) -> Iterator[ReadPages]:
    """Make articles of captured pages in children that start with the first one."""
    settings = door.settings.poll
    with asyncio.Runner() as runner:
        extractor = Extractor(settings.workers, rules=settings.rules)

        def read(pages: Sequence[Page]) -> Sequence[Article | ExtractError]:
            return runner.run(read_captured(extractor, pages)) if pages else ()

        try:
            yield read
        finally:
            runner.run(extractor.__aexit__(None, None, None))


def _show_import(report: ImportReport, door: Door) -> None:
    counts = ", ".join(f"{report.count(kind):,} {kind}" for kind in ("new", "changed", "same"))
    worse = f", {report.count('worse'):,} worse than what is kept" if report.count("worse") else ""
    if report.articles or not (report.feeds or report.counts["known"]):
        door.say(f"{len(report.articles):,} articles read: {counts}{worse}.")
    if report.feeds or report.counts["known"]:
        door.say(
            f"{report.feeds:,} feeds subscribed, {report.counts['known']:,} known: run `unabridged poll`."
        )
    say_private(report.private, door)
    if report.counts["passed"]:
        door.say(f"{report.counts['passed']:,} files or pages passed over: no articles.")
    files = "1 file" if report.files == 1 else f"{report.files:,} files"
    door.say(f"{files}, {in_units(report.bytes_read)}.")
    for error in report.failed[:SHOWN]:
        door.note.print(plain(str(error), "red"))
    if report.failures > SHOWN:
        door.note.print(f"… and {report.failures - SHOWN:,} more.", style="red")


def in_units(size: int) -> str:
    """Return a number of bytes as people say it."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} B"


def _as_row(report: ImportReport) -> dict[str, object]:
    return {
        "new": report.count("new"),
        "changed": report.count("changed"),
        "same": report.count("same"),
        "worse": report.count("worse"),
        "articles": report.articles,
        "feeds": report.feeds,
        "feeds_known": report.counts["known"],
        "passed": report.counts["passed"],
        "files": report.files,
        "bytes": report.bytes_read,
        "failures": report.failures,
        "failed": [str(error) for error in report.failed],
    }


def export(
    context: typer.Context,
    format: Annotated[ExportFormat, typer.Option("--format", "-f", help="How to write.")],
    to: Annotated[
        Path | None,
        typer.Option("--to", help="File or folder; Markdown, JSONL, WARC and OPML go to stdout without it."),
    ] = None,
    feed: FeedOption = None,
    folder: FolderOption = None,
    tag: TagOption = None,
    source: SourceOption = None,
    starred: StarredOption = False,
    unread: UnreadOption = False,
    search: SearchOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    history: Annotated[
        bool, typer.Option("--history", help="JSONL: with every earlier version, too.")
    ] = False,
) -> None:
    """Write articles, or the list of subscriptions, to files.

    A single file is there whole or not at all. A folder that was stopped half-way is finished by the next
    run, which writes what differs and nothing else.

    \b
    unabridged export --format document --to tree       articles/<source>/<n>.md, lists/<source>.md
    unabridged export --format markdown --to notes      a file with front matter for each, and pictures
    unabridged export --format jsonl > all.jsonl        one object a line, with your marks and tags
    unabridged export --format epub --to news.epub --folder News
    unabridged export --format html --to ferries.html --search "ferry title:harbour"
    unabridged export --format warc --to pages.warc.gz  the raw pages of every version
    unabridged export --format opml --to feeds.opml     what you subscribe to, for this or any other reader
    unabridged export --format markdown --to march --folder News --since 2025-03-01 --until 2025-04-01
    """
    door = door_of(context)
    wanted = Wanted(
        feed=feed,
        folder=folder,
        tag=tag,
        source=source,
        starred=starred,
        unread=unread,
        search=search,
        since=since,
        until=until,
    )
    if to is None and format.value not in STREAMS:
        raise typer.BadParameter(f"{format.value} needs a file or folder: --to", param_hint="--to")
    if to is None and format is ExportFormat.warc and to_terminal():
        raise typer.BadParameter("raw pages are not for a terminal; name a file", param_hint="--to")
    if history and format is not ExportFormat.jsonl:
        raise typer.BadParameter(
            "only JSONL has a place for earlier versions; WARC has the pages of all", param_hint="--history"
        )
    with door.archive() as archive:
        selection = wanted.selection(archive)
        with watching(door, archive, selection, f"Writing {to or 'to stdout'}") as on_article:
            job = ExportJob(
                selection=selection, now=datetime.now(UTC), on_article=on_article, history=history
            )
            if to is None:
                report = STREAMS[format.value](archive, job, OUTPUTS[format]())
            else:
                report = EXPORTERS[format.value](archive, job, to)
    show_export(report, to, door)


@contextmanager
def watching(
    door: Door, archive: Archive, selection: Selection, what: str
) -> Iterator[Callable[[StoredArticle], None]]:
    """Draw a bar on stderr that counts articles; on a pipe, or when quiet, nothing is drawn."""
    with bars(door, described(), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()) as bar:
        task = bar.add_task(what, total=None if bar.disable else count_selected(archive, selection))
        yield lambda _stored: bar.advance(task)


def show_export(report: ExportReport, to: Path | None, door: Door) -> None:
    """Print what was written; damage of the archive is an error at the end."""
    parts = [f"{report.articles:,} articles" if report.feeds is None else f"{report.feeds:,} feeds"]
    if report.pages:
        parts.append(f"{report.pages:,} raw pages")
    if report.pictures:
        parts.append(f"{report.pictures:,} pictures")
    if to is not None:
        size = f", {in_units(report.size)}" if report.size else ""
        files = "1 file" if report.files == 1 else f"{report.files:,} files"
        parts.append(f"{files} written to {to}{size}")
    door.say(f"{', '.join(parts)}.")
    for line in report.failed[:SHOWN]:
        door.note.print(plain(line, "red"))
    if report.failed:
        raise ExportError(
            f"{len(report.failed)} parts of the archive could not be taken out and are missing in the "
            "export; `unabridged verify` lists what is damaged."
        )


class DigestFormat(StrEnum):
    epub = "epub"
    html = "html"


LATE = timedelta(days=3)
"""How much older than the digest's time an article may be that came in it: feeds tell of some days late."""


def digest(
    context: typer.Context,
    to: Annotated[
        Path | None,
        typer.Option("--to", help="File; its ending says the format. Default: digest-DATE.epub here."),
    ] = None,
    format: Annotated[
        DigestFormat | None, typer.Option("--format", "-f", help="epub, or html: one page.")
    ] = None,
    since: Annotated[
        str, typer.Option("--since", help="What came since: a span (24h, 7d), a date or a time.")
    ] = "24h",
    day: Annotated[
        str | None, typer.Option("--day", help="What was published on this day instead: 2025-03-01.")
    ] = None,
    feed: FeedOption = None,
    folder: FolderOption = None,
    tag: TagOption = None,
    starred: StarredOption = False,
    unread: UnreadOption = False,
    search: SearchOption = None,
) -> None:
    """Make a book, or one page, of the day's articles.

    It has a title page, contents by source, and a chapter an article, with the pictures that are kept. What
    mute rules set aside is left out. With nothing to tell, nothing is written.

    \b
    unabridged digest                                    what came in the last 24 hours, as EPUB
    unabridged digest --folder News --to morning.html    a folder's, as one page
    unabridged digest --since 7d --starred --to week.epub
    unabridged digest --day 2025-03-01
    """
    door = door_of(context)
    wanted = Wanted(feed=feed, folder=folder, tag=tag, starred=starred, unread=unread, search=search)
    now = datetime.now().astimezone()
    target = to or Path(f"digest-{day or f'{now:%Y-%m-%d}'}.{(format or DigestFormat.epub).value}")
    kind = format.value if format else "html" if target.suffix.lower() in (".html", ".htm") else "epub"
    with door.archive() as archive:
        selection = _of_times(wanted.selection(archive), since, day)
        if not count_selected(archive, selection):
            door.say(f"Nothing came ({selection.title}): nothing was written.{_too_old(archive, selection)}")
            return
        with watching(door, archive, selection, f"Writing {target}") as on_article:
            report = EXPORTERS[kind](
                archive, ExportJob(selection=selection, now=now, on_article=on_article), target
            )
    show_export(report, target, door)


def _of_times(selection: Selection, since: str, day: str | None) -> Selection:
    """Return the selection of a day, or of what came since, old articles of new subscriptions left out."""
    if day is not None:
        start = instant(day, "--day")
        assert start is not None
        query = replace(selection.query, since=start, until=start + timedelta(days=1))
        return replace(selection, query=query, title=_titled(selection, day))
    start = instant(since, "--since")
    assert start is not None
    query = replace(selection.query, came=start, since=start - LATE)
    return replace(
        selection, query=query, title=_titled(selection, f"{datetime.now().astimezone():%Y-%m-%d}")
    )


def _too_old(archive: Archive, selection: Selection) -> str:
    """Say how many came that were published long before, of which a digest leaves out."""
    if selection.query.came is None:
        return ""
    count = count_selected(archive, replace(selection, query=replace(selection.query, since=None)))
    came = "An article came that was" if count == 1 else f"{count:,} articles came that were"
    if not count:
        return ""
    return f" {came} published more than {LATE.days} days before: see --day, or `unabridged export`."


def _titled(selection: Selection, day: str) -> str:
    name = "Digest" if selection.title == Selection().title else selection.title
    return f"{name}, {day}"


VERBS: dict[str, Callable[..., None]] = {"import": import_, "export": export, "digest": digest}
