"""Context of a command: the settings and the consoles to print to."""

import os
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import typer

from unabridged import archive as archives
from unabridged.atomic_files import make_folders
from unabridged.cli.support.streams import write_json
from unabridged.cli.support.terminal import Console, Table, make_console, plain
from unabridged.config import Settings, database_url, default_database, load_settings, unknown_variables
from unabridged.errors import ArchiveUnwritable, NotFound
from unabridged.text.controls import without_surrogates


@dataclass(frozen=True, slots=True, kw_only=True)
class CliContext:
    """stdout: results; stderr: progress and remarks; json: results as JSON."""

    settings: Settings
    json: bool = False
    quiet: bool = False
    stdout: Console = field(default_factory=lambda: make_console(stderr=False))
    stderr: Console = field(default_factory=lambda: make_console(stderr=True))

    def archive(self, *, create: bool = False) -> "archives.Archive":
        """Open the archive. create: make a missing SQLite archive. Raises NotFound if there is none."""
        if create:
            self.make_folder()
        elif (file := self._sqlite_file()) is not None and not file.exists():
            raise NotFound(self._no_archive(file))
        return archives.Archive(self.settings.database)

    def make_folder(self) -> None:
        """Make the folder of an SQLite archive. Raises ArchiveUnwritable."""
        file = self._sqlite_file()
        if file is None:
            return
        folder = file.parent
        if not folder.exists() and not self._may_make(folder):
            raise ArchiveUnwritable(
                f"There is no folder {folder}. If the path is right, make the folder first: mkdir -p {folder}"
            )
        try:
            make_folders(folder, private=True)
        except OSError as exc:
            raise ArchiveUnwritable(
                f"The data folder {folder} cannot be made: {exc.strerror}. "
                "Name another one with UNABRIDGED_HOME, or a database with --database."
            ) from exc

    def _sqlite_file(self) -> Path | None:
        url = self.settings.database
        return (
            Path(url.removeprefix("sqlite:///").partition("?")[0]) if url.startswith("sqlite:///") else None
        )

    def _no_archive(self, file: Path) -> str:
        if self.settings.database == default_database(self.settings.home):
            return (
                f"There is no archive yet ({file}). Subscribe with: unabridged add https://example.org/feed"
            )
        return (
            f"There is no archive at {file}. Check the path; "
            "`unabridged add`, `save`, `import`, `archive` and `serve` make a new one."
        )

    def _may_make(self, folder: Path) -> bool:
        """Say whether a folder may be made: root makes none from a mistyped path outside its home."""
        is_root = hasattr(os, "geteuid") and os.geteuid() == 0
        if not is_root or folder.is_relative_to(Path.home()):
            return True
        return self.settings.database == default_database(self.settings.home) and folder.parent.exists()

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


def warn_of_unknown_variables(cli: CliContext) -> None:
    """Print a warning for each UNABRIDGED_ variable of the environment that no setting reads."""
    for name, close in unknown_variables(os.environ):
        hint = f" Did you mean {close}?" if close else ""
        cli.stderr.print(plain(f"The environment variable {name} is no setting.{hint}", "yellow"))


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
