"""Tables of lists and groups of commands, in one style."""

from datetime import datetime

import typer

from unabridged.cli.support.context import CliContext
from unabridged.cli.support.terminal import Table, plain, table
from unabridged.model import Feed

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


PREVIEWED = 8
"""Items of a list that are printed."""


def items_table(feed: Feed) -> Table:
    """Return a table of the first items of a page that is read as a feed: date, title, address."""
    rows = table("date", "title", "address")
    for entry in feed.entries[:PREVIEWED]:
        day = f"{entry.published.at:%Y-%m-%d}" if entry.published else ""
        rows.add_row(plain(day), plain(entry.title), plain(entry.url or "", "dim"))
    if len(feed.entries) > PREVIEWED:
        rows.add_row(plain(""), plain(f"… and {len(feed.entries) - PREVIEWED} more", "dim"), plain(""))
    return rows


def local_time(at: datetime | None) -> str:
    """Return a time in the local zone to the minute; "never" for None."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M") if at else "never"
