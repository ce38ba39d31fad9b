"""The commands `history` and `diff`: an article's versions and their differences."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from unabridged.archive.records.core import RevisionLine
from unabridged.cli.support.context import get_context
from unabridged.cli.support.diff import coloured, marked
from unabridged.cli.support.lookup import article_number
from unabridged.cli.support.terminal import table as new_table
from unabridged.text.diff import LIMITED, compare


def history(
    context: typer.Context, article: Annotated[str, typer.Argument(help="Number or address of an article.")]
) -> None:
    """List an article's versions.

    With the time and the reason of each. Edits by the publisher are told apart from the feed's text before
    the whole text, and from pages that a newer extractor read again."""
    cli = get_context(context)
    with cli.archive() as archive:
        number = article_number(archive, article)
        library = archive.library()
        lines, stored = library.articles.revisions(number), library.articles.get(number)
        others = library.articles.duplicates(number)
    if cli.json:
        cli.show_json([asdict(line) for line in lines])
        return
    headings = ("version", "saved", "what", "words", "why", "title")
    table = new_table(*headings, right=("version", "words"))
    for line in lines:
        table.add_row(*_history_row(line))
    cli.show_table(table)
    if stored.edited is not None:
        cli.info(_edits(stored.edits, stored.edited))
    if stored.same_as is not None:
        cli.info(f"This is a duplicate of article {stored.same_as}, which lists and search show.")
    for other in others:
        cli.info(f"A duplicate is stored as article {other.id}, from {other.url}.")
    if stored.page.taken_down is not None:
        since = stored.page.taken_down.astimezone().strftime("%Y-%m-%d %H:%M")
        cli.info(f"The publisher removed the page (noticed {since}); the article stays.")


def _edits(edits: int, edited: datetime) -> str:
    often = "once" if edits == 1 else f"{edits} times"
    return f"Edited by the publisher {often}, last on {edited.astimezone():%Y-%m-%d %H:%M}."


def _history_row(line: RevisionLine) -> list[str]:
    saved = line.saved.astimezone().strftime("%Y-%m-%d %H:%M")
    return [
        str(line.number),
        saved,
        line.label,
        str(line.words),
        line.reason,
        line.title,
    ]


def diff(
    context: typer.Context,
    article: Annotated[str, typer.Argument(help="Number or address of an article.")],
    old: Annotated[
        int | None, typer.Option("--from", help="Older version; default: the one before the newer.")
    ] = None,
    new: Annotated[
        int | None,
        typer.Option("--to", help="Newer version; default: the publisher's last edit, or else the last."),
    ] = None,
) -> None:
    """Show what changed between two versions of an article.

    Word by word, in the headline and the text."""
    cli = get_context(context)
    with cli.archive() as archive:
        number = article_number(archive, article)
        library = archive.library()
        lines = library.articles.revisions(number)
        numbers = [line.number for line in lines]
        last = ([line.number for line in lines[1:] if line.edit] or numbers)[-1] if new is None else new
        first = ([n for n in numbers if n < last] or [last])[-1] if old is None else old
        before, after = library.articles.revision(number, first), library.articles.revision(number, last)
    found = compare(before.article.text, after.article.text)
    headline = compare(before.article.title, after.article.title)
    if cli.json:
        cli.show_json({"from": first, "to": last, "headline": asdict(headline), **asdict(found)})
        return
    cli.info(f"Version {first} to {last}: {found.added} words added, {found.removed} removed.")
    if headline.added or headline.removed:
        pieces = [piece for paragraph in headline.paragraphs for piece in paragraph.pieces]
        cli.stdout.print("Headline: ", *(coloured(piece, cli) for piece in pieces), sep="")
        cli.stdout.print()
    for paragraph in found.paragraphs:
        if any(piece.kind != "same" for piece in paragraph.pieces):
            cli.stdout.print(*marked(paragraph, cli), sep="")
            cli.stdout.print()
    if found.limited:
        cli.info(LIMITED)


commands: dict[str, Callable[..., None]] = {"history": history, "diff": diff}
