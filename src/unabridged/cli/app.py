"""The program: its own options, its verbs, and how errors leave it."""

import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from unabridged.cli import archiving, following, reading, serving
from unabridged.cli.door import make_door, plain
from unabridged.errors import UnabridgedError

HELP = """The whole story from any feed, kept for ever.

Takes any feed or site, fetches every article, extracts the whole clean text, keeps every version,
and serves it as full-text feeds and in a reader.

\b
  unabridged read https://example.org/story       one article, here in the terminal
  unabridged add https://example.org/feed         subscribe; the newest 50 are read whole
  unabridged serve                                the reader, and full-text feeds, on this machine
  unabridged demo                                 all of it on a sample publisher, offline

Data is kept in one SQLite file; UNABRIDGED_HOME or --database put it elsewhere.
"""

app = typer.Typer(
    name="unabridged",
    help=HELP,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"unabridged {version('unabridged')}")
        raise typer.Exit


@app.callback()
def program(
    context: typer.Context,
    database: Annotated[
        str | None, typer.Option("--database", "-d", help="SQLite file or database URL of the archive.")
    ] = None,
    config: Annotated[Path | None, typer.Option("--config", help="Settings file (TOML).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print results as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no remarks.")] = False,
    show_version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Read the settings once, for every verb."""
    context.obj = make_door(database, config, as_json, quiet)


VERBS: dict[str, Callable[..., None]] = {
    **reading.VERBS,
    **following.VERBS,
    **archiving.VERBS,
    **serving.VERBS,
}
for name, verb in VERBS.items():
    app.command(name)(verb)


def main() -> None:
    """Run the program; errors of ours leave as one paragraph on stderr and an exit code."""
    try:
        app()
    except UnabridgedError as error:
        typer.secho("Error: ", fg="red", bold=True, nl=False, err=True)
        typer.echo(plain(str(error)).plain, err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
