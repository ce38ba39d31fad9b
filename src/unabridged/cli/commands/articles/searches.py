"""The command `searches`: save, list, change and remove searches that are lists of the reader."""

from dataclasses import asdict
from typing import Annotated

import typer

from unabridged.archive.records.rules import SavedSearch
from unabridged.cli.support.context import CliContext, get_context
from unabridged.cli.support.progress import ProgressBar
from unabridged.cli.support.tables import command_group, print_rows, rows_table
from unabridged.cli.support.terminal import plain
from unabridged.dates.parse import utc_now

searches = command_group(
    "Manage saved searches.\n\nA saved search is a list of the reader with a count of unread articles, and a "
    "feed. Its query is in the language of `unabridged search`."
)

Name = Annotated[str, typer.Argument(help="Name of the list.")]
Query = Annotated[str, typer.Argument(help="What to search for.")]
UnreadOption = Annotated[bool, typer.Option("--unread", help="Show only unread articles at first.")]


@searches.command("add")
def searches_add(context: typer.Context, name: Name, query: Query, unread: UnreadOption = False) -> None:
    """Save a search.

    \b
    unabridged searches add Whales 'whale OR 鯨'
    unabridged searches add "Long reads" 'tag:essay is:unread' --unread
    """
    cli = get_context(context)
    with cli.archive() as archive, ProgressBar(cli) as bar:
        made = archive.library().searches.add(name, query, unread_only=unread, now=utc_now())
        archive.filing.all(now=utc_now(), watch=bar.watch)
    _show_one(cli, made)


@searches.command("list")
def searches_list(context: typer.Context) -> None:
    """List saved searches with their unread articles."""
    cli = get_context(context)
    with cli.archive() as archive:
        library = archive.library()
        found = library.searches.with_unread(library.searches.all(), now=utc_now())
    if cli.json:
        cli.show_json([asdict(one) for one in found])
        return
    table = rows_table("id", "unread", "name", "query")
    for one in found:
        table.add_row(str(one.id), f"{one.unread or 0:,}", plain(one.name), plain(one.query))
    print_rows(cli, table, "There are no saved searches.")


@searches.command("change")
def searches_change(
    context: typer.Context,
    search: Annotated[int, typer.Argument(help="Number of a saved search.")],
    name: Annotated[str | None, typer.Option("--name", help="Another name.")] = None,
    query: Annotated[str | None, typer.Option("--query", help="Another query.")] = None,
    unread: Annotated[
        bool | None, typer.Option("--unread/--all", help="Show only unread articles at first, or all.")
    ] = None,
) -> None:
    """Rename a saved search, or change what it finds.

    \b
    unabridged searches change 2 --name "Big whales"
    """
    cli = get_context(context)
    with cli.archive() as archive, ProgressBar(cli) as bar:
        mine = archive.library().searches
        before = mine.get(search)
        made = mine.change(
            search,
            before.name if name is None else name,
            before.query if query is None else query,
            unread_only=before.unread_only if unread is None else unread,
            now=utc_now(),
        )
        archive.filing.all(now=utc_now(), watch=bar.watch)
    _show_one(cli, made)


@searches.command("remove")
def searches_remove(
    context: typer.Context,
    numbers: Annotated[list[int], typer.Argument(metavar="SEARCH...", help="Numbers of saved searches.")],
) -> None:
    """Remove saved searches; their articles stay."""
    cli = get_context(context)
    with cli.archive() as archive:
        for number in numbers:
            archive.library().searches.remove(number)
            cli.info(f"Saved search {number} is removed.")


def _show_one(cli: CliContext, made: SavedSearch) -> None:
    if cli.json:
        cli.show_json(asdict(made))
        return
    cli.info(f"{made.id}  {made.name}: {made.query}")


commands: dict[str, typer.Typer] = {"searches": searches}
