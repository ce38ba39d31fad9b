"""The program: global options, the registry of commands, error output and exit codes."""

import os
import sys
from copy import copy
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

from unabridged.clean_streams import install
from unabridged.errors import UnabridgedError
from unabridged.processes.programs import surroundings
from unabridged.processes.signals import Ended, die_of, end_on_signals

HELP = """Whole articles from feeds, with every version seen.

Reads feeds, fetches the pages of their articles, extracts the full clean text, stores every version that
it sees, and serves full-text feeds and a web reader.

\b
  unabridged read https://example.org/story       one article, in the terminal
  unabridged add https://example.org/feed         subscribe; fetch the newest 50 articles in full
  unabridged serve                                the web reader and full-text feeds, on this machine
  unabridged demo                                 try everything on a sample publisher, offline

Data is stored in one SQLite file. UNABRIDGED_HOME or --database set another place. The options below can
also be given after the command.
"""

COMMANDS = {
    "read": ("articles.read", "Print one article as clean full text."),
    "feed": ("subscriptions.feed", "Print a feed with full articles."),
    "find": ("subscriptions.feed", "List the feeds of a site."),
    "add": ("subscriptions.subscribe", "Subscribe to feeds."),
    "list": ("subscriptions.list", "List subscriptions and their state."),
    "remove": ("subscriptions.list", "Unsubscribe from feeds."),
    "poll": ("subscriptions.subscribe", "Poll the feeds that are due and fetch new articles."),
    "set": ("subscriptions.feed_settings", "Show or change the settings of a feed."),
    "pause": ("subscriptions.feed_settings", "Stop polling feeds until they are resumed."),
    "resume": ("subscriptions.feed_settings", "Resume feeds that were paused or given up."),
    "doctor": ("subscriptions.doctor", "Report problems, their causes and what to do."),
    "save": ("articles.save", "Save one page as an article."),
    "articles": ("articles.articles", "List articles with their numbers."),
    "history": ("articles.history", "List an article's versions."),
    "diff": ("articles.history", "Show what changed between two versions of an article."),
    "events": ("database.events", "List what happened to articles and feeds."),
    "channel": ("servers.channels", "Manage webhooks that get events."),
    "credits": ("articles.credits", "List the sources that an article credits."),
    "copies": ("articles.copies", "List the articles with nearly the same text as one."),
    "stories": ("articles.stories", "List events on which several articles report."),
    "story": (
        "articles.stories",
        "List the articles of a story, what each adds and repeats, and who names whom.",
    ),
    "proof": ("articles.proof", "Write a proof bundle of one version of an article."),
    "archive": ("articles.save", "Archive feeds as a folder of documents; for cron jobs."),
    "search": ("articles.search", "Search articles, in any language."),
    "import": ("database.transfer", "Import articles, saved links and subscriptions from files."),
    "export": ("database.transfer", "Export articles, or the list of subscriptions, to files."),
    "digest": ("database.digest", "Make an e-book or a web page of the day's articles."),
    "verify": ("database.verify", "Check the integrity of the archive, or of a proof bundle."),
    "backup": ("database.maintenance", "Back up the archive to one file."),
    "restore": ("database.maintenance", "Restore a backup."),
    "migrate-to": ("database.maintenance", "Move the archive to another database."),
    "size": ("database.maintenance", "Show how much storage the archive uses."),
    "tag": ("articles.tags", "Manage your tags on articles."),
    "filter": ("articles.filters", "Manage rules that set articles aside."),
    "searches": ("articles.searches", "Manage saved searches."),
    "user": ("servers.users", "Manage people with an account on the reader."),
    "token": ("servers.tokens", "Manage tokens for programs."),
    "delete": ("articles.delete", "Delete articles permanently."),
    "retain": ("articles.delete", "Set how long a folder keeps articles."),
    "rules": (
        "subscriptions.rules",
        "Show, learn and edit what is known about the pages of a site.",
    ),
    "replay": ("database.replay", "Extract articles again from their stored pages."),
    "extract": ("articles.extract", "Extract articles from files, folders and archives of pages."),
    "bulk": ("articles.bulk", "Extract articles from WARC files."),
    "serve": ("servers.serve", "Serve the web reader and full-text feeds."),
    "mcp": ("servers.mcp", "Serve the archive to agents (MCP) over standard input and output."),
    "demo": ("servers.demo", "Try everything on a sample publisher."),
    "sample": ("servers.demo", "Serve only the sample publisher."),
    "worker": ("servers.worker", "Poll feeds and read pages for an archive on PostgreSQL."),
    "upgrade": ("servers.worker", "Upgrade the tables of the archive and the job engine."),
}
"""Command -> (module that defines it, its line in the help), in the order of the help."""


class LazyGroup(TyperGroup):
    """Commands that are imported when they are run. The help needs only their lines in COMMANDS."""

    def __init__(self, **attributes: Any) -> None:
        commands = {name: TyperCommand(name, help=line) for name, (_, line) in COMMANDS.items()}
        super().__init__(**attributes | {"commands": commands})

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the command that was typed, imported, and the words after it."""
        name, known, rest = super().resolve_command(ctx, args)
        if not (name and known):
            return name, None, rest
        command = load_command(name)
        accept_global_options(command, self)
        return name, command, rest


def load_command(name: str) -> Any:
    """Import a command by its name. Raises KeyError for an unknown one."""
    return _command(name, import_module(f"unabridged.cli.commands.{COMMANDS[name][0]}").commands[name])


GLOBAL_OPTIONS = frozenset(("database", "config", "as_json", "quiet"))
"""Parameters of `program` whose options are accepted after a command's name, too."""


def accept_global_options(command: Any, program: Any) -> None:
    """Let a command accept the options of the program that it does not define itself.

    Its help does not list them.
    """
    taken = {name for parameter in command.params for name in parameter.opts}
    for option in program.params:
        names = [name for name in option.opts if name not in taken]
        if option.name in GLOBAL_OPTIONS and names:
            same = copy(option)
            same.opts, same.expose_value, same.hidden = names, False, True
            same.callback = _set_global_option
            command.params.append(same)
    for child in getattr(command, "commands", {}).values():
        accept_global_options(child, program)


def _set_global_option(ctx: Any, param: Any, value: Any) -> Any:
    """Make the context again if a global option follows the command's name."""
    if value not in (None, False):
        from unabridged.cli.support.context import make_context

        given = ctx.find_root().params
        given[param.name] = value
        ctx.obj = make_context(given["database"], given["config"], given["as_json"], given["quiet"])
    return value


def _command(name: str, command: Any) -> Any:
    if isinstance(command, typer.Typer):
        group = typer.main.get_command(command)
        group.name = name
        return group
    single = typer.Typer(rich_markup_mode=None, add_completion=False)
    single.command(name, context_settings=HELP_OPTIONS)(command)
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
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print no progress and no remarks.")] = False,
    show_version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Read the settings once, for every command."""
    # --help and --version need no settings
    from unabridged.cli.support.context import make_context, warn_of_unknown_variables

    context.obj = make_context(database, config, as_json, quiet)
    warn_of_unknown_variables(context.obj)


def main() -> None:
    """Run the program. Our own errors become one paragraph on stderr and an exit code."""
    install()
    os.environ |= surroundings()  # for programs that libraries start
    end_on_signals()
    try:
        app()
    except Ended as ended:
        die_of(ended)
    except UnabridgedError as error:
        from unabridged.cli.support.terminal import joined, make_console, plain

        message = joined(plain("Error: ", "bold red"), plain(str(error)))
        make_console(stderr=True).print(message)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
