"""The command `articles`: list articles with their numbers."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import islice
from typing import Annotated, Any

import typer

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Headline
from unabridged.cli.support.context import get_context
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
from unabridged.cli.support.terminal import table as new_table
from unabridged.formats.selection import Selection, folded_headlines, selected_headlines


def articles(
    context: typer.Context,
    feed: FeedOption = None,
    folder: FolderOption = None,
    tag: TagOption = None,
    source: SourceOption = None,
    starred: StarredOption = False,
    unread: UnreadOption = False,
    since: SinceOption = None,
    until: UntilOption = None,
    search: SearchOption = None,
    fold: Annotated[
        bool,
        typer.Option("--fold", help="Of articles with nearly the same text only the one that came first."),
    ] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100_000, help="Articles to list.")] = 20,
) -> None:
    """List articles with their numbers.

    The newest come first. The numbers are what `history`, `diff`, `tag add` and `delete` take. A star marks
    starred articles, a dot unread ones. The last column says when the publisher edited an article.

    \b
    unabridged articles                          the newest 20
    unabridged articles --feed 3 --unread
    unabridged articles --since 7d --limit 500
    unabridged articles --search 'ferry -harbour' --json
    unabridged articles --fold                   "+3": three more have nearly the same text
    """
    cli = get_context(context)
    wanted = ArticleFilter(
        feed=feed,
        folder=folder,
        tag=tag,
        source=source,
        starred=starred,
        unread=unread,
        since=since,
        until=until,
        search=search,
    )
    with cli.archive() as archive:
        selection = wanted.selection(archive)
        every = folded_headlines(archive, selection) if fold else _each(archive, selection)
        found = list(islice(every, limit + 1))
    if cli.json:
        cli.show_json([asdict(line) | ({"folded": under} if fold else {}) for line, under in found[:limit]])
        return
    if not found:
        cli.info("No articles match.")
        return
    table = new_table("id", "", "date", "title", "source", "edited", right=("id",))
    for line, under in found[:limit]:
        table.add_row(*_row(line, len(under)))
    cli.show_table(table)
    if len(found) > limit:
        cli.info(f"There are more articles: use --limit, now {limit}.")


def _each(archive: Archive, selection: Selection) -> Iterator[tuple[Headline, tuple[int, ...]]]:
    """Yield the headlines of a selection, with nothing folded under them."""
    return ((line, ()) for line in selected_headlines(archive, selection))


def _row(line: Headline, folded: int) -> list[Any]:
    marks = ("★" if line.starred else "") + ("" if line.read else "•")
    return [
        str(line.id),
        marks,
        line.at.astimezone().strftime("%Y-%m-%d"),
        (line.title or line.url) + (f" +{folded}" if folded else ""),
        line.feed_title or line.source,
        _edited(line),
    ]


def _edited(line: Headline) -> str:
    """Return when the publisher's last edit was noticed, and how many there were if several."""
    if line.edited is None:
        return ""
    often = f" ({line.edits} times)" if line.edits > 1 else ""
    return line.edited.astimezone().strftime("%Y-%m-%d") + often


commands: dict[str, Callable[..., None]] = {"articles": articles}
