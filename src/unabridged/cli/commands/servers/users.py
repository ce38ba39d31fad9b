"""The command `user`: people with an account on the reader."""

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from unabridged.archive.records.accounts import Role
from unabridged.archive.records.core import OWNER
from unabridged.cli.support.context import CliContext, get_context
from unabridged.cli.support.tables import command_group, local_time, print_rows, rows_table
from unabridged.cli.support.terminal import plain
from unabridged.dates.parse import utc_now

user = command_group(
    "Manage people with an account on the reader.\n\nWhere other machines can reach the reader, people log "
    "in. Each has subscriptions, marks, tags and tokens of their own."
)
Name = Annotated[str, typer.Argument(help="Name of the account.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input instead of asking.")
]


@user.command("add")
def user_add(
    context: typer.Context,
    name: Name,
    role: Annotated[Role, typer.Option("--role", help="admin: also manages people.")] = "reader",
    from_stdin: FromStdin = False,
) -> None:
    """Add a person, with a password.

    `unabridged user invite` makes a one-time address instead, where they choose name and password themselves.
    """
    cli = get_context(context)
    with cli.archive() as archive:
        made = archive.accounts.add(name, role, _password(from_stdin), now=utc_now())
    if cli.json:
        cli.show_json(asdict(made))
    else:
        cli.info(f"{made.name} has an account and can log in.")


@user.command("invite")
def user_invite(
    context: typer.Context,
    role: Annotated[Role, typer.Option("--role", help="Role of the new account.")] = "reader",
    owner: Annotated[bool, typer.Option("--owner", help="For the first account, the owner's.")] = False,
) -> None:
    """Print a one-time address at which a new person makes their account."""
    cli = get_context(context)
    with cli.archive() as archive:
        now = utc_now()
        secret = archive.accounts.invite_owner(now=now) if owner else archive.accounts.invite(role, now=now)
    _print_address(cli, secret)


@user.command("list")
def user_list(context: typer.Context) -> None:
    """List the people, their roles, and since when they have an account."""
    cli = get_context(context)
    with cli.archive() as archive:
        found = archive.accounts.all()
    if cli.json:
        cli.show_json([asdict(one) for one in found])
        return
    table = rows_table("name", "role", "password", "since")
    for one in found:
        since = "" if one.id == OWNER else local_time(one.created)
        table.add_row(plain(one.name), one.role, "yes" if one.has_password else "none", since)
    print_rows(cli, table, "No accounts yet.")


@user.command("remove")
def user_remove(context: typer.Context, name: Name) -> None:
    """Remove a person with their subscriptions, marks, tags and tokens. Articles stay."""
    cli = get_context(context)
    with cli.archive() as archive:
        archive.accounts.remove(archive.accounts.find(name).id)
    cli.info(f"{name} is removed.")


@user.command("role")
def user_role(
    context: typer.Context, name: Name, role: Annotated[Role, typer.Argument(help="admin or reader.")]
) -> None:
    """Make somebody an administrator or a reader."""
    cli = get_context(context)
    with cli.archive() as archive:
        archive.accounts.set_role(archive.accounts.find(name).id, role)
    cli.info(f"{name} is now {'an administrator' if role == 'admin' else 'a reader'}.")


@user.command("password")
def user_password(
    context: typer.Context,
    name: Name,
    from_stdin: FromStdin = False,
    address: Annotated[
        bool, typer.Option("--address", help="Print a one-time address where they set it themselves.")
    ] = False,
) -> None:
    """Set a person's password, and log them out everywhere."""
    cli = get_context(context)
    with cli.archive() as archive:
        known = archive.accounts.find(name)
        if address:
            secret = archive.accounts.invite_to_password(known.id, now=utc_now())
        else:
            archive.accounts.set_password(known.id, _password(from_stdin))
    if address:
        _print_address(cli, secret)
    else:
        cli.info(f"{known.name} has a new password and is logged out everywhere.")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _print_address(cli: CliContext, secret: str) -> None:
    own = cli.settings.serve
    host = f"[{own.address}]" if ":" in own.address else own.address
    base = (own.base_url or f"http://{host}:{own.port}").rstrip("/")
    cli.stdout.print(plain(f"{base}/invitation/{secret}"))
    cli.info("It works once, within a week.")


commands: dict[str, typer.Typer] = {"user": user}
