"""Tables of lists and groups of commands, in one style."""

from datetime import datetime

import typer

from unabridged.cli.support.context import CliContext
from unabridged.cli.support.terminal import Table, table

HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}


def command_group(text: str) -> typer.Typer:
    """Return an empty group of commands. text: its help."""
    return typer.Typer(help=text, no_args_is_help=True, rich_markup_mode=None, context_settings=HELP_OPTIONS)


def rows_table(*headings: str) -> Table:
    """Return an empty table; numbers and counts are aligned to the right."""
    return table(*headings, right=("id", "articles", "unread"))


def print_rows(cli: CliContext, rows: Table, nothing: str) -> None:
    """Print a table on stdout. nothing: the message on stderr for an empty one."""
    if rows.row_count:
        cli.show_table(rows)
    else:
        cli.info(nothing)


def local_time(at: datetime | None) -> str:
    """Return a time in the local zone to the minute; "never" for None."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M") if at else "never"
