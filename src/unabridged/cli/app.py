"""The program: its own options, its verbs, and how errors leave it."""

import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.main
from typer.core import TyperGroup

from unabridged.cli.door import make_door
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

MODULES = {
    "reading": ("read", "feed", "find"),
    "following": ("add", "list", "remove", "poll"),
    "asking": ("set", "pause", "resume"),
    "doctoring": ("doctor",),
    "archiving": ("save", "history", "diff", "archive"),
    "searching": ("search",),
    "moving": ("import", "export", "digest"),
    "keeping": ("verify", "backup", "restore", "migrate-to", "size"),
    "library": ("tag", "mute", "token", "delete", "retain"),
    "ruling": ("rules",),
    "replaying": ("replay",),
    "bulking": ("bulk",),
    "serving": ("serve", "demo", "sample"),
    "working": ("worker", "upgrade"),
}
"""Where each verb is defined, in the order of the help."""


class Verbs(TyperGroup):
    """The verbs, each loaded when it is asked for: `read` needs no web server."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the verbs in the order of the help."""
        return [verb for verbs in MODULES.values() for verb in verbs]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return one verb's command, None for an unknown one."""
        for module, verbs in MODULES.items():
            if cmd_name in verbs:
                return _command(cmd_name, import_module(f"unabridged.cli.{module}").VERBS[cmd_name])
        return None


def _command(name: str, verb: Any) -> Any:
    if isinstance(verb, typer.Typer):
        group = typer.main.get_command(verb)
        group.name = name
        return group
    single = typer.Typer(rich_markup_mode=None, add_completion=False)
    single.command(name, context_settings=HELP_OPTIONS)(verb)
    return typer.main.get_command(single)


HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}

app = typer.Typer(
    name="unabridged",
    cls=Verbs,
    help=HELP,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=HELP_OPTIONS,
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


def main() -> None:
    """Run the program; errors of ours leave as one paragraph on stderr and an exit code."""
    try:
        app()
    except UnabridgedError as error:
        typer.secho("Error: ", fg="red", bold=True, nl=False, err=True)
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
