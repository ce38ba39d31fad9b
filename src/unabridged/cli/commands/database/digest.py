"""The command `digest`: the articles of a day as a book or a page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from unabridged.archive.facade.archive import Archive
from unabridged.cli.support.context import get_context
from unabridged.cli.support.export_report import export_bar, show_export
from unabridged.cli.support.selection_options import (
    ArticleFilter,
    FeedOption,
    FolderOption,
    SearchOption,
    StarredOption,
    TagOption,
    UnreadOption,
    parse_time,
)
from unabridged.errors import ExportError
from unabridged.formats.export import EXPORTERS
from unabridged.formats.export_job import ExportJob
from unabridged.formats.selection import Selection, count_selected


class DigestFormat(StrEnum):
    epub = "epub"
    html = "html"


LATE = timedelta(days=3)
"""Articles published longer than this before the start of a digest are left out; feeds list some late."""


def digest(
    context: typer.Context,
    to: Annotated[
        Path | None,
        typer.Option("--to", help="File; its suffix sets the format. Default: digest-DATE.epub."),
    ] = None,
    format: Annotated[
        DigestFormat | None, typer.Option("--format", "-f", help="epub, or html (one page).")
    ] = None,
    since: Annotated[
        str,
        typer.Option("--since", help="Articles that arrived since: 24h, 7d, a date or a time."),
    ] = "24h",
    day: Annotated[
        str | None, typer.Option("--day", help="Articles published on this day instead: 2025-03-01.")
    ] = None,
    feed: FeedOption = None,
    folder: FolderOption = None,
    tag: TagOption = None,
    starred: StarredOption = False,
    unread: UnreadOption = False,
    search: SearchOption = None,
) -> None:
    """Make an e-book or a web page of the day's articles.

    It has a title page, a table of contents by source, and a chapter for each article with its stored
    pictures. Muted articles are left out. Without articles, no file is written.

    \b
    unabridged digest                                    articles of the last 24 hours, as EPUB
    unabridged digest --folder News --to morning.html    those of a folder, as one page
    unabridged digest --since 7d --starred --to week.epub
    unabridged digest --day 2025-03-01
    """
    cli = get_context(context)
    wanted = ArticleFilter(feed=feed, folder=folder, tag=tag, starred=starred, unread=unread, search=search)
    now = datetime.now().astimezone()
    target = to or Path(f"digest-{day or f'{now:%Y-%m-%d}'}.{(format or DigestFormat.epub).value}")
    kind = format.value if format else _format_of(target)
    with cli.archive() as archive:
        selection = _selection_of_time(wanted.selection(archive), since, day)
        if not count_selected(archive, selection):
            older = _too_old_remark(archive, selection)
            cli.info(f"No new articles ({selection.title}): nothing was written.{older}")
            return
        with export_bar(cli, archive, selection, f"Writing {target}") as seen:
            report = EXPORTERS[kind](
                archive, ExportJob(selection=selection, now=now, on_article=seen), target
            )
    show_export(report, target, cli)


def _format_of(target: Path) -> str:
    """Return the format for a file's suffix. Raises ExportError for a suffix of no format."""
    suffix = target.suffix.lower()
    if suffix in (".html", ".htm"):
        return "html"
    if suffix == ".epub":
        return "epub"
    raise ExportError(
        f"A digest cannot be written as {target.name}: name a file that ends in .epub or .html, "
        "or choose with --format."
    )


def _selection_of_time(selection: Selection, since: str, day: str | None) -> Selection:
    """Select the articles of a day, or those that arrived since; old articles of new feeds are left out."""
    if day is not None:
        start = parse_time(day, "--day")
        assert start is not None
        query = replace(selection.query, since=start, until=start + timedelta(days=1))
        return replace(selection, query=query, title=_titled(selection, day))
    start = parse_time(since, "--since")
    assert start is not None
    query = replace(selection.query, came=start, since=start - LATE)
    return replace(
        selection, query=query, title=_titled(selection, f"{datetime.now().astimezone():%Y-%m-%d}")
    )


def _too_old_remark(archive: Archive, selection: Selection) -> str:
    """Return a sentence that counts arrived articles that are too old for a digest; "" for none."""
    if selection.query.came is None:
        return ""
    count = count_selected(archive, replace(selection, query=replace(selection.query, since=None)))
    arrived = "One article arrived that was" if count == 1 else f"{count:,} articles arrived that were"
    if not count:
        return ""
    return f" {arrived} published more than {LATE.days} days earlier: use --day, or `unabridged export`."


def _titled(selection: Selection, day: str) -> str:
    name = "Digest" if selection.title == Selection().title else selection.title
    return f"{name}, {day}"


commands: dict[str, Callable[..., None]] = {"digest": digest}
