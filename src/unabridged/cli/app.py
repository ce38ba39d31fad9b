"""The program: its own options, its verbs, and how errors leave it."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

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
    "reading": {
        "read": "Print one article, whole and clean.",
        "feed": "Print a feed with whole articles.",
        "find": "List the feeds of a site.",
    },
    "following": {
        "add": "Subscribe to feeds.",
        "list": "List subscriptions and how they stand.",
        "remove": "Unsubscribe from feeds.",
        "poll": "Bring subscriptions up to date.",
    },
    "asking": {
        "set": "Change how one feed is shown and asked.",
        "pause": "Stop asking feeds for a while.",
        "resume": "Ask feeds again that were paused or given up.",
    },
    "doctoring": {
        "doctor": "Say what is wrong, why, and what to do.",
    },
    "archiving": {
        "save": "Keep one page as an article.",
        "history": "Show an article's versions.",
        "diff": "Show what changed in an article.",
        "archive": "Archive feeds as documents, from cron.",
    },
    "searching": {
        "search": "Find articles, in any language.",
    },
    "moving": {
        "import": "Take in articles from files.",
        "export": "Write articles, or the list of subscriptions, to files.",
        "digest": "Make a book, or one page, of the day's articles.",
    },
    "keeping": {
        "verify": "Check everything that is kept.",
        "backup": "Copy the archive into one file.",
        "restore": "Take a backup back.",
        "migrate-to": "Move the archive to another database.",
        "size": "Show what the archive takes.",
    },
    "library": {
        "tag": "Tags of your own on articles.",
        "mute": "Rules that mute articles.",
        "token": "Tokens for programs that read here on your behalf.",
        "delete": "Erase articles for good.",
        "retain": "Say how long a folder keeps articles.",
    },
    "ruling": {
        "rules": "Site rules: check them, see what holds for a site, test them on saved pages.",
    },
    "replaying": {
        "replay": "Make articles anew of their kept pages.",
    },
    "bulking": {
        "bulk": "Turn WARC files into articles.",
    },
    "serving": {
        "serve": "Serve the reader and full-text feeds.",
        "demo": "Try everything on a sample publisher.",
        "sample": "Serve the sample publisher alone.",
    },
    "working": {
        "worker": "Poll feeds and read pages for an archive on PostgreSQL.",
        "upgrade": "Bring the tables of archive and job engine up to date.",
    },
}
"""Where each verb is defined and the line it has in the help, in the order of the help."""


class Verbs(TyperGroup):
    """The verbs: a line each for the help, and loaded when they are asked for: `read` needs no web server."""

    def __init__(self, **attributes: Any) -> None:
        lines = {verb: line for verbs in MODULES.values() for verb, line in verbs.items()}
        commands = {verb: TyperCommand(verb, help=line) for verb, line in lines.items()}
        super().__init__(**attributes | {"commands": commands})

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the verb that was typed, loaded, and the words after it."""
        name, known, rest = super().resolve_command(ctx, args)
        return name, load_verb(name) if name and known else None, rest


def load_verb(name: str) -> Any:
    """Return a verb's command. Raises KeyError for an unknown one."""
    module = {verb: module for module, verbs in MODULES.items() for verb in verbs}[name]
    return _command(name, import_module(f"unabridged.cli.{module}").VERBS[name])


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
        metadata = import_module("importlib.metadata")  # brings parsers of mail, only for this
        typer.echo(f"unabridged {metadata.version('unabridged')}")
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
    door = import_module("unabridged.cli.door")  # a verb is about to run; help and version need no settings
    context.obj = door.make_door(database, config, as_json, quiet)


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
