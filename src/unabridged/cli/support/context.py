"""What every verb is handed: the settings, and where to print."""

import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from unabridged import archive as archives
from unabridged.atomic_files import make_folders
from unabridged.config import Settings, database_url, load_settings
from unabridged.errors import ArchiveUnwritable

PIPE_WIDTH = 400
"""Columns of a table in a pipe: wide enough that nothing is cut."""


def _console(stderr: bool) -> Console:
    # Rich honours NO_COLOR and pipes itself; a pipe has no width, so lines and tables stay whole there.
    stream = sys.stderr if stderr else sys.stdout
    if stream.isatty():
        return Console(stderr=stderr, highlight=False)
    return Console(stderr=stderr, highlight=False, soft_wrap=True, width=PIPE_WIDTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """out: results (stdout); note: progress and remarks (stderr); json: results as JSON."""

    settings: Settings
    json: bool = False
    quiet: bool = False
    out: Console = field(default_factory=lambda: _console(stderr=False))
    note: Console = field(default_factory=lambda: _console(stderr=True))

    def archive(self) -> "archives.Archive":
        """Open the archive, making the data folder first."""
        self.make_folder()
        return archives.Archive(self.settings.database)

    def make_folder(self) -> None:
        """Make the folder of an SQLite archive. Raises ArchiveUnwritable."""
        if self.settings.database.startswith("sqlite:///"):
            folder = Path(self.settings.database.removeprefix("sqlite:///")).parent
            try:
                make_folders(folder, private=True)
            except OSError as exc:
                raise ArchiveUnwritable(
                    f"The data folder {folder} cannot be made: {exc.strerror}. "
                    "Name another one with UNABRIDGED_HOME, or a database with --database."
                ) from exc

    def say(self, text: str) -> None:
        """Print a remark on stderr, unless quiet."""
        if not self.quiet:
            self.note.print(text)

    def show_json(self, value: Any) -> None:
        """Print a value as JSON on stdout."""
        print_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str) + b"\n")

    def show_table(self, table: Table) -> None:
        """Print a table on stdout."""
        self.out.print(table)


def make_door(database: str | None, config: Path | None, json: bool, quiet: bool) -> Door:
    """Read the settings and return the Door. Raises ConfigError."""
    settings = load_settings(file=config)
    if database:
        settings = replace(settings, database=database_url(database))
    return Door(settings=settings, json=json, quiet=quiet)


def door_of(context: typer.Context) -> Door:
    """Return the Door that the program's own options made."""
    found = context.find_object(Door)
    assert found is not None
    return found


def print_bytes(data: bytes) -> None:
    """Write bytes to stdout as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def plain(text: str, style: str = "") -> Text:
    """Return text that rich prints as it is: a feed's `[title]` is no markup."""
    return Text(text, style=style)
