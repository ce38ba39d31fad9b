"""The command `token`: add, list and remove API tokens."""

from dataclasses import asdict
from typing import Annotated

import typer

from unabridged.archive.records.library import TokenScope
from unabridged.cli.support.context import get_context
from unabridged.cli.support.tables import command_group, local_time, print_rows, rows_table
from unabridged.cli.support.terminal import plain
from unabridged.dates.parse import utc_now

token = command_group(
    "Manage tokens for programs.\n\nOnly a hash of a token is stored. The token is "
    "shown once, when it is made."
)


@token.command("add")
def token_add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the program that uses it.")],
    scope: Annotated[
        TokenScope, typer.Option("--scope", help="read: read only; write: also mark, tag and subscribe.")
    ] = "write",
) -> None:
    """Make a token and show it, once."""
    cli = get_context(context)
    with cli.archive() as archive:
        made = archive.library().tokens.add(name, scope, now=utc_now())
    if cli.json:
        cli.show_json({"token": made.secret, **asdict(made.token)})
        return
    cli.stdout.print(plain(made.secret))
    cli.info("Copy it now: only its hash is stored.")


@token.command("list")
def token_list(context: typer.Context) -> None:
    """List tokens with their scope, when they were made and last used."""
    cli = get_context(context)
    with cli.archive() as archive:
        found = archive.library().tokens.all()
    if cli.json:
        cli.show_json([asdict(one) for one in found])
        return
    table = rows_table("id", "name", "scope", "made", "last used")
    for one in found:
        table.add_row(
            str(one.id), plain(one.name), one.scope, local_time(one.created), local_time(one.last_used)
        )
    print_rows(cli, table, "No tokens yet.")


@token.command("remove")
def token_remove(
    context: typer.Context, tokens: Annotated[list[int], typer.Argument(help="Numbers of tokens.")]
) -> None:
    """Revoke tokens."""
    cli = get_context(context)
    with cli.archive() as archive:
        for number in tokens:
            archive.library().tokens.remove(number)
            cli.info(f"Token {number} is revoked.")


commands: dict[str, typer.Typer] = {"token": token}
