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

VERBS = {
    "read": ("reading", "Print one article, whole and clean."),
    "feed": ("finding", "Print a feed with whole articles."),
    "find": ("finding", "List the feeds of a site."),
    "add": ("following", "Subscribe to feeds."),
    "list": ("listing", "List subscriptions and how they stand."),
    "remove": ("listing", "Unsubscribe from feeds."),
    "poll": ("following", "Bring subscriptions up to date."),
    "set": ("asking", "Change how one feed is shown and asked."),
    "pause": ("asking", "Stop asking feeds for a while."),
    "resume": ("asking", "Ask feeds again that were paused or given up."),
    "doctor": ("doctoring", "Say what is wrong, why, and what to do."),
    "save": ("archiving", "Keep one page as an article."),
    "history": ("versions", "Show an article's versions."),
    "diff": ("versions", "Show what changed in an article."),
    "archive": ("archiving", "Archive feeds as documents, from cron."),
    "search": ("searching", "Find articles, in any language."),
    "import": ("moving", "Take in articles from files."),
    "export": ("moving", "Write articles, or the list of subscriptions, to files."),
    "digest": ("moving", "Make a book, or one page, of the day's articles."),
    "verify": ("keeping", "Check everything that is kept."),
    "backup": ("keeping", "Copy the archive into one file."),
    "restore": ("keeping", "Take a backup back."),
    "migrate-to": ("keeping", "Move the archive to another database."),
    "size": ("keeping", "Show what the archive takes."),
    "tag": ("library", "Tags of your own on articles."),
    "mute": ("library", "Rules that mute articles."),
    "token": ("library", "Tokens for programs that read here on your behalf."),
    "delete": ("library", "Erase articles for good."),
    "retain": ("library", "Say how long a folder keeps articles."),
    "rules": ("ruling", "Site rules: check them, see what holds for a site, test them on saved pages."),
    "replay": ("replaying", "Make articles anew of their kept pages."),
    "bulk": ("bulking", "Turn WARC files into articles."),
    "serve": ("serving", "Serve the reader and full-text feeds."),
    "demo": ("trying", "Try everything on a sample publisher."),
    "sample": ("trying", "Serve the sample publisher alone."),
    "worker": ("working", "Poll feeds and read pages for an archive on PostgreSQL."),
    "upgrade": ("working", "Bring the tables of archive and job engine up to date."),
}
"""The module that each verb is defined in and its line in the help, in the order of the help."""


class Verbs(TyperGroup):
    """The verbs: a line each for the help, and loaded when they are asked for: `read` needs no web server."""

    def __init__(self, **attributes: Any) -> None:
        commands = {verb: TyperCommand(verb, help=line) for verb, (_, line) in VERBS.items()}
        super().__init__(**attributes | {"commands": commands})

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the verb that was typed, loaded, and the words after it."""
        name, known, rest = super().resolve_command(ctx, args)
        return name, load_verb(name) if name and known else None, rest


def load_verb(name: str) -> Any:
    """Return a verb's command. Raises KeyError for an unknown one."""
    return _command(name, import_module(f"unabridged.cli.{VERBS[name][0]}").VERBS[name])


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
