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
        bool, typer.Option("--allow-again", help="Let them come back with the next poll.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Erase articles for good.

    An article goes with its versions, raw pages, pictures and marks, for everybody. A tombstone (hashes of
    its addresses) keeps polls from bringing it back; --allow-again leaves none, and for an address that was
    erased before takes it away. An article that came under two addresses goes whole, whichever number is
    named.
    """
    cli = get_context(context)
    with cli.archive() as archive:
        numbers = _to_erase(archive, articles, allow_again, cli)
        if not numbers:
            return
        _confirm(archive, numbers, yes, cli)
        for number in numbers:
            archive.library().articles.delete(number, now=None if allow_again else utc_now())
    after = "They may come back with the next poll." if allow_again else "They do not come back."
    cli.info(f"{len(numbers)} erased. {after}")


def _to_erase(archive: Archive, names: list[str], allow_again: bool, cli: CliContext) -> list[int]:
    """Return the articles meant, each once; an address erased before is allowed to come back on the way."""
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
            cli.info(f"{name} may come back with the next poll.")
    return list(dict.fromkeys(numbers))


def _confirm(archive: Archive, numbers: list[int], yes: bool, cli: CliContext) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise typer.BadParameter("erasing cannot be undone: say --yes", param_hint="--yes")
    library = archive.library()
    for number in numbers:
        cli.stderr.print(f"{number}  {library.articles.get(number).article.title}")
        for line in library.articles.duplicates(number):
            cli.stderr.print(f"{line.id}  the same article at {line.url}")
    typer.confirm("Erase for good?", abort=True, err=True)


def retain(
    context: typer.Context,
    folder: Annotated[str | None, typer.Argument(help="A folder; without one, all are listed.")] = None,
    span: Annotated[str | None, typer.Argument(help="How long: 30d, 1y, or forever.")] = None,
) -> None:
    """Say how long a folder keeps articles.

    By default for ever. Older ones are erased after a poll, counted from when they came; starred and tagged
    ones stay, and those that a feed outside of such folders shows too.

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
