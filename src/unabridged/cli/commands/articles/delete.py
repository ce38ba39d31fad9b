"""The commands `delete` and `retain`: delete articles, and set how long a folder keeps them."""

import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer

from unabridged.archive.facade.archive import Archive
from unabridged.cli.support.context import CliContext, get_context
from unabridged.cli.support.lookup import article_number
from unabridged.cli.support.tables import print_rows, rows_table
from unabridged.cli.support.terminal import plain
from unabridged.dates.parse import utc_now
from unabridged.durations import format_duration, parse_duration
from unabridged.errors import NotFound

FOREVER = "forever"


def delete(
    context: typer.Context,
    articles: Annotated[list[str], typer.Argument(help="Numbers or addresses of articles.")],
    allow_again: Annotated[
        bool, typer.Option("--allow-again", help="Let the next poll store them again.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
) -> None:
    """Delete articles permanently.

    An article is deleted for all users, with its versions, raw pages, pictures and marks. A tombstone
    (hashes of its addresses) prevents a poll from storing it again. --allow-again leaves no tombstone, and
    removes the tombstone of an address that was deleted before. An article with a duplicate under another
    address is deleted with it, whichever number is given.
    """
    cli = get_context(context)
    with cli.archive() as archive:
        numbers = _articles_to_delete(archive, articles, allow_again, cli)
        if not numbers:
            return
        _confirm(archive, numbers, yes, cli)
        for number in numbers:
            archive.library().articles.delete(number, now=None if allow_again else utc_now())
    after = "The next poll may store them again." if allow_again else "Polls do not store them again."
    cli.info(f"{len(numbers)} deleted. {after}")


def _articles_to_delete(archive: Archive, names: list[str], allow_again: bool, cli: CliContext) -> list[int]:
    """Return the numbers of the articles, each once. The tombstone of a deleted address is removed."""
    numbers = []
    library = archive.library()
    for name in names:
        try:
            stored = library.articles.get(article_number(archive, name))
            numbers.append(stored.same_as or stored.id)
        except NotFound:
            if not allow_again or name.isdecimal():
                raise
            library.articles.remove_tombstone(name)
            cli.info(f"The next poll may store {name} again.")
    return list(dict.fromkeys(numbers))


def _confirm(archive: Archive, numbers: list[int], yes: bool, cli: CliContext) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise typer.BadParameter("deletion cannot be undone; confirm it with --yes", param_hint="--yes")
    library = archive.library()
    for number in numbers:
        cli.stderr.print(f"{number}  {library.articles.get(number).article.title}")
        for line in library.articles.duplicates(number):
            cli.stderr.print(f"{line.id}  the same article at {line.url}")
    typer.confirm("Delete permanently?", abort=True, err=True)


def retain(
    context: typer.Context,
    folder: Annotated[str | None, typer.Argument(help="A folder; default: list all.")] = None,
    span: Annotated[str | None, typer.Argument(help="How long: 30d, 1y, or forever.")] = None,
) -> None:
    """Set how long a folder keeps articles.

    The default is forever. Older articles are deleted after a poll; their age counts from their arrival.
    Starred and tagged articles are kept, and so are those that a feed without such a limit shows too.

    \b
    unabridged retain
    unabridged retain News 90d
    unabridged retain News forever
    """
    cli = get_context(context)
    with cli.archive() as archive:
        library = archive.library()
        if folder is not None and span is not None:
            library.subscriptions.set_retention(folder, _span(span))
        found = [
            one
            for one in library.subscriptions.folders()
            if folder is None or one.name.lower() == folder.lower()
        ]
    if cli.json:
        cli.show_json([asdict(one) for one in found])
        return
    table = rows_table("folder", "keeps")
    for one in found:
        table.add_row(plain(one.name), format_duration(one.retain) if one.retain else FOREVER)
    print_rows(cli, table, "There is no such folder.")


def _span(text: str) -> int | None:
    if text.strip().lower() == FOREVER:
        return None
    try:
        return parse_duration(text)
    except ValueError as exc:
        raise typer.BadParameter(f"{exc} Or write forever.", param_hint="SPAN") from None


commands: dict[str, Callable[..., None]] = {"delete": delete, "retain": retain}
