"""The commands `import` and `export`: read articles from files, write them to files."""

import asyncio
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, BinaryIO

import typer

from unabridged.cli.support.context import CliContext, get_context
from unabridged.cli.support.export_report import SHOWN, export_bar, format_size, show_export
from unabridged.cli.support.feed_changes import warn_of_lost_settings
from unabridged.cli.support.selection_options import (
    ArticleFilter,
    FeedOption,
    FolderOption,
    SearchOption,
    SinceOption,
    SourceOption,
    StarredOption,
    TagOption,
    UnreadOption,
    UntilOption,
)
from unabridged.cli.support.streams import binary_output, json_output, text_output, to_terminal
from unabridged.cli.support.terminal import plain
from unabridged.errors import ExtractError
from unabridged.formats.export import EXPORTERS, STREAMS
from unabridged.formats.export_job import ExportJob
from unabridged.formats.import_files import ImportReport, ReadPages, import_paths
from unabridged.model import Article, Page
from unabridged.poll.extractor.pool import Extractor
from unabridged.poll.pages.captured import extract_captured


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
"""Format -> stdout in the kind of stream that it needs."""


def import_(
    context: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(help="Files or folders; - reads standard input."),
    ],
) -> None:
    """Import articles, saved links and subscriptions from files.

    The kind of a file is recognised by its content. Broken parts are listed with their position and the
    rest is imported; nothing is imported twice. Feeds of an OPML file are subscribed. Saved links become
    articles with their tags and dates. The next `unabridged poll` reads the feeds and fetches the pages.

    \b
    unabridged import tree/                   a tree of archive documents, or of exported Markdown
    unabridged import all.jsonl               articles as JSON lines
    unabridged import crawl.warc.gz           extracts and stores every HTML page
    unabridged import subscriptions.opml      feeds and folders, from any reader
    unabridged import bookmarks.html          bookmarks of a browser, Pinboard or Raindrop; ril_export.html
    unabridged import pocket.csv              Pocket, Instapaper, Readwise, Raindrop: CSV with addresses
    unabridged import starred.json            wallabag, FreshRSS, Feedbin, Miniflux, Omnivore: JSON or ZIP
    unabridged import urls.txt                addresses, one a line; # begins a comment
    """
    cli = get_context(context)
    with (
        cli.archive(create=True) as archive,
        cli.stderr.status(plain("Importing …")) as status,
        ExitStack() as stack,
    ):
        report = import_paths(
            archive,
            [stack.enter_context(_readable(path)) for path in paths],
            now=datetime.now(UTC),
            read_pages=stack.enter_context(_page_reader(cli)),
            on_progress=lambda path, so_far: status.update(
                plain(f"Importing {path}: {len(so_far.articles)} articles …")
            ),
        )
    if cli.json:
        cli.show_json(_as_row(report))
    else:
        _show_import(report, cli)
    if report.failures:
        raise typer.Exit(report.failed[0].exit_code)


@contextmanager
def _readable(path: Path) -> Iterator[Path]:
    """Give a path that can be read twice: standard input is copied to a file."""
    if str(path) != "-":
        yield path
        return
    with NamedTemporaryFile(prefix="standard-input-") as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
        copy.flush()
        yield Path(copy.name)


@contextmanager
def _page_reader(cli: CliContext) -> Iterator[ReadPages]:
    """Give a function that extracts captured pages in child processes, started with the first page."""
    settings = cli.settings.poll
    with asyncio.Runner() as runner:
        extractor = Extractor(settings.workers, rules=settings.rules)

        def read(pages: Sequence[Page]) -> Sequence[Article | ExtractError]:
            return runner.run(extract_captured(extractor, pages)) if pages else ()

        try:
            yield read
        finally:
            runner.run(extractor.__aexit__(None, None, None))


def _show_import(report: ImportReport, cli: CliContext) -> None:
    counts = ", ".join(f"{report.count(kind):,} {kind}" for kind in ("new", "changed", "same"))
    worse = f", {report.count('worse'):,} worse than the stored version" if report.count("worse") else ""
    if report.articles or not (report.feeds or report.counts["known"]):
        cli.info(f"{len(report.articles):,} articles read: {counts}{worse}.")
    if waiting := report.count("waiting"):
        pages = "1 page is" if waiting == 1 else f"{waiting:,} pages are"
        cli.info(f"{pages} waiting to be fetched: run `unabridged poll`.")
    if report.feeds or report.counts["known"]:
        cli.info(
            f"{report.feeds:,} feeds subscribed, {report.counts['known']:,} known: run `unabridged poll`."
        )
    warn_of_lost_settings(report.private, cli)
    if report.counts["passed"]:
        cli.info(f"{report.counts['passed']:,} files or pages skipped: no articles in them.")
    files = "1 file" if report.files == 1 else f"{report.files:,} files"
    cli.info(f"{files}, {format_size(report.bytes_read)}.")
    for error in report.failed[:SHOWN]:
        cli.stderr.print(plain(str(error), "red"))
    if report.failures > SHOWN:
        cli.stderr.print(f"… and {report.failures - SHOWN:,} more.", style="red")


def _as_row(report: ImportReport) -> dict[str, object]:
    return {
        "new": report.count("new"),
        "changed": report.count("changed"),
        "same": report.count("same"),
        "worse": report.count("worse"),
        "articles": report.articles,
        "pages_waiting": report.count("waiting"),
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
    format: Annotated[ExportFormat, typer.Option("--format", "-f", help="Output format.")],
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
    history: Annotated[bool, typer.Option("--history", help="JSONL: include every earlier version.")] = False,
) -> None:
    """Export articles, or the list of subscriptions, to files.

    A single file is complete or absent. After an interruption, the next run completes a folder: it writes
    only what differs.

    \b
    unabridged export --format document --to tree       articles/<source>/<n>.md, lists/<source>.md
    unabridged export --format markdown --to notes      a file with front matter per article, and pictures
    unabridged export --format jsonl > all.jsonl        one object per line, with your marks and tags
    unabridged export --format epub --to news.epub --folder News
    unabridged export --format html --to ferries.html --search "ferry title:harbour"
    unabridged export --format warc --to pages.warc.gz  the raw pages of every version
    unabridged export --format opml --to feeds.opml     your subscriptions, for this or any other reader
    unabridged export --format markdown --to march --folder News --since 2025-03-01 --until 2025-04-01
    """
    cli = get_context(context)
    wanted = ArticleFilter(
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
        raise typer.BadParameter("raw pages cannot be written to a terminal; name a file", param_hint="--to")
    if history and format is not ExportFormat.jsonl:
        raise typer.BadParameter(
            "only JSONL can hold earlier versions; WARC always has the pages of all",
            param_hint="--history",
        )
    with cli.archive() as archive:
        selection = wanted.selection(archive)
        with export_bar(cli, archive, selection, f"Writing {to or 'to stdout'}") as seen:
            order = ExportJob(selection=selection, now=datetime.now(UTC), on_article=seen, history=history)
            if to is None:
                report = STREAMS[format.value](archive, order, OUTPUTS[format]())
            else:
                report = EXPORTERS[format.value](archive, order, to)
    show_export(report, to, cli)


commands: dict[str, Callable[..., None]] = {"import": import_, "export": export}
