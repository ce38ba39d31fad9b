"""The program: its own options, its verbs, and how errors leave it."""

import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

from unabridged.clean_streams import install
from unabridged.errors import UnabridgedError
from unabridged.processes.programs import surroundings

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

COMMANDS = {
    "read": ("articles.read", "Print one article, whole and clean."),
    "feed": ("subscriptions.feed", "Print a feed with whole articles."),
    "find": ("subscriptions.feed", "List the feeds of a site."),
    "add": ("subscriptions.subscribe", "Subscribe to feeds."),
    "list": ("subscriptions.list", "List subscriptions and how they stand."),
    "remove": ("subscriptions.list", "Unsubscribe from feeds."),
    "poll": ("subscriptions.subscribe", "Bring subscriptions up to date."),
    "set": ("subscriptions.feed_settings", "Change how one feed is shown and asked."),
    "pause": ("subscriptions.feed_settings", "Stop asking feeds for a while."),
    "resume": ("subscriptions.feed_settings", "Ask feeds again that were paused or given up."),
    "doctor": ("subscriptions.doctor", "Say what is wrong, why, and what to do."),
    "save": ("articles.save", "Keep one page as an article."),
    "history": ("articles.history", "Show an article's versions."),
    "diff": ("articles.history", "Show what changed in an article."),
    "archive": ("articles.save", "Archive feeds as documents, from cron."),
    "search": ("articles.search", "Find articles, in any language."),
    "import": ("database.transfer", "Take in articles from files."),
    "export": ("database.transfer", "Write articles, or the list of subscriptions, to files."),
    "digest": ("database.digest", "Make a book, or one page, of the day's articles."),
    "verify": ("database.maintenance", "Check everything that is kept."),
    "backup": ("database.maintenance", "Copy the archive into one file."),
    "restore": ("database.maintenance", "Take a backup back."),
    "migrate-to": ("database.maintenance", "Move the archive to another database."),
    "size": ("database.maintenance", "Show what the archive takes."),
    "tag": ("articles.tags", "Tags of your own on articles."),
    "mute": ("articles.mutes", "Rules that mute articles."),
    "token": ("servers.tokens", "Tokens for programs that read here on your behalf."),
    "delete": ("articles.delete", "Erase articles for good."),
    "retain": ("articles.delete", "Say how long a folder keeps articles."),
    "rules": (
        "subscriptions.rules",
        "Site rules: check them, see what holds for a site, test them on saved pages.",
    ),
    "replay": ("database.replay", "Make articles anew of their kept pages."),
    "bulk": ("articles.bulk", "Turn WARC files into articles."),
    "serve": ("servers.serve", "Serve the reader and full-text feeds."),
    "demo": ("servers.demo", "Try everything on a sample publisher."),
    "sample": ("servers.demo", "Serve the sample publisher alone."),
    "worker": ("servers.worker", "Poll feeds and read pages for an archive on PostgreSQL."),
    "upgrade": ("servers.worker", "Bring the tables of archive and job engine up to date."),
}
"""The module that each verb is defined in and its line in the help, in the order of the help."""


class LazyGroup(TyperGroup):
    """The verbs: a line each for the help, and loaded when they are asked for: `read` needs no web server."""

    def __init__(self, **attributes: Any) -> None:
        commands = {verb: TyperCommand(verb, help=line) for verb, (_, line) in COMMANDS.items()}
        super().__init__(**attributes | {"commands": commands})

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the verb that was typed, loaded, and the words after it."""
        name, known, rest = super().resolve_command(ctx, args)
        return name, load_command(name) if name and known else None, rest


def load_command(name: str) -> Any:
    """Return a verb's command. Raises KeyError for an unknown one."""
    return _command(name, import_module(f"unabridged.cli.commands.{COMMANDS[name][0]}").commands[name])


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
    cls=LazyGroup,
    help=HELP,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=HELP_OPTIONS,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib import metadata  # imports parsers of mail, needed only here

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
    from unabridged.cli.support.context import make_context  # --help and --version need no settings

    context.obj = make_context(database, config, as_json, quiet)


class _Ended(SystemExit):
    """A signal asked the program to end: what is half-made is removed on the way out."""


def _end(number: int, _frame: FrameType | None) -> None:
    for other in _ENDING:
        signal.signal(other, signal.SIG_IGN)  # once is enough
    raise _Ended(number)


_ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


def main() -> None:
    """Run the program; errors of ours leave as one paragraph on stderr and an exit code."""
    install()
    os.environ |= surroundings()  # for programs that libraries start
    for number in _ENDING:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)
    try:
        app()
    except _Ended as ended:
        signal.signal(int(ended.args[0]), signal.SIG_DFL)
        os.kill(os.getpid(), int(ended.args[0]))  # who waits sees what ended it
    except UnabridgedError as error:
        from unabridged.cli.support.terminal import joined, make_console, plain

        message = joined(plain("Error: ", "bold red"), plain(str(error)))
        make_console(stderr=True).print(message)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
