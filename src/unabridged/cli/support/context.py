"""Context of a command: the settings and the consoles to print to."""

from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import typer

from unabridged import archive as archives
from unabridged.atomic_files import make_folders
from unabridged.cli.support.streams import write_json
from unabridged.cli.support.terminal import Console, Table, make_console
from unabridged.config import Settings, database_url, load_settings
from unabridged.errors import ArchiveUnwritable
from unabridged.text.controls import without_surrogates


@dataclass(frozen=True, slots=True, kw_only=True)
class CliContext:
    """stdout: results; stderr: progress and remarks; json: results as JSON."""

    settings: Settings
    json: bool = False
    quiet: bool = False
    stdout: Console = field(default_factory=lambda: make_console(stderr=False))
    stderr: Console = field(default_factory=lambda: make_console(stderr=True))

    def archive(self) -> "archives.Archive":
        """Open the archive; the data folder is made if missing."""
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

    def info(self, text: str) -> None:
        """Print a remark on stderr, unless quiet."""
        if not self.quiet:
            self.stderr.print(text)

    def show_json(self, value: Any) -> None:
        """Print a value as JSON on stdout."""
        write_json(as_json(value))

    def show_table(self, table: Table) -> None:
        """Print a table on stdout."""
        self.stdout.print(table)


def make_context(database: str | None, config: Path | None, json: bool, quiet: bool) -> CliContext:
    """Read the settings and return the context of a command. Raises ConfigError."""
    settings = load_settings(file=config)
    if database:
        settings = replace(settings, database=database_url(database))
    return CliContext(settings=settings, json=json, quiet=quiet)


def get_context(context: typer.Context) -> CliContext:
    """Return the context that was made from the global options."""
    found = context.find_object(CliContext)
    assert found is not None
    return found


def as_json(value: Any) -> bytes:
    """Return a value as JSON. A lone surrogate, which JSON cannot hold, becomes U+FFFD."""
    try:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str) + b"\n"
    except orjson.JSONEncodeError:
        return orjson.dumps(_writable(value), option=orjson.OPT_INDENT_2, default=str) + b"\n"


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, dict):
        return {_writable(key): _writable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_writable(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _writable(getattr(value, one.name)) for one in fields(value)}
    return value
