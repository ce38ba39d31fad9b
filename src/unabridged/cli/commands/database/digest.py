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
from unabridged.cli.support.export_report import show_export, watching
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
from unabridged.formats.export import EXPORTERS
from unabridged.formats.export_job import Order
from unabridged.formats.selection import Selection, count_chosen


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
    cli = get_context(context)
    wanted = ArticleFilter(feed=feed, folder=folder, tag=tag, starred=starred, unread=unread, search=search)
    now = datetime.now().astimezone()
    target = to or Path(f"digest-{day or f'{now:%Y-%m-%d}'}.{(format or DigestFormat.epub).value}")
    kind = format.value if format else "html" if target.suffix.lower() in (".html", ".htm") else "epub"
    with cli.archive() as archive:
        selection = _of_times(wanted.selection(archive), since, day)
        if not count_chosen(archive, selection):
            cli.info(f"Nothing came ({selection.title}): nothing was written.{_too_old(archive, selection)}")
            return
        with watching(cli, archive, selection, f"Writing {target}") as seen:
            report = EXPORTERS[kind](archive, Order(selection=selection, now=now, seen=seen), target)
    show_export(report, target, cli)


def _of_times(selection: Selection, since: str, day: str | None) -> Selection:
    """Return the selection of a day, or of what came since, old articles of new subscriptions left out."""
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


def _too_old(archive: Archive, selection: Selection) -> str:
    """Say how many came that were published long before, of which a digest leaves out."""
    if selection.query.came is None:
        return ""
    count = count_chosen(archive, replace(selection, query=replace(selection.query, since=None)))
    came = "An article came that was" if count == 1 else f"{count:,} articles came that were"
    if not count:
        return ""
    return f" {came} published more than {LATE.days} days before: see --day, or `unabridged export`."


def _titled(selection: Selection, day: str) -> str:
    name = "Digest" if selection.title == Selection().title else selection.title
    return f"{name}, {day}"


commands: dict[str, Callable[..., None]] = {"digest": digest}
