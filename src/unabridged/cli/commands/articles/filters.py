"""The command `filter`: add, try, list, change and remove rules that set articles aside."""

from dataclasses import asdict
from typing import Annotated

import typer

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.rules import Rule, RuleAction, RuleDraft
from unabridged.cli.support.context import CliContext, get_context
from unabridged.cli.support.lookup import feed_number
from unabridged.cli.support.progress import ProgressBar
from unabridged.cli.support.tables import command_group, local_time, print_rows, rows_table
from unabridged.cli.support.terminal import plain
from unabridged.dates.parse import utc_now
from unabridged.errors import NotFound

filters = command_group(
    "Manage rules that set articles aside.\n\nAn article that is set aside is stored, delivered as read, and "
    "marked with the reason. A rule has a query in the language of `unabridged search`. It applies to new "
    "articles and to those that are unread, never to starred or tagged ones. Mute wins over keep."
)

Action = Annotated[
    RuleAction,
    typer.Argument(help="mute: matching articles are set aside; keep: all others in the scope are."),
]
Query = Annotated[
    str,
    typer.Argument(help="What to match, as in a search; title:/…/ is a regular expression (RE2)."),
]
FeedOption = Annotated[str | None, typer.Option("--feed", help="Only articles of this subscription.")]
FolderOption = Annotated[str | None, typer.Option("--folder", help="Only articles of this folder.")]


@filters.command("add")
def filter_add(
    context: typer.Context, action: Action, query: Query, feed: FeedOption = None, folder: FolderOption = None
) -> None:
    """Add a rule and apply it to what is unread.

    \b
    unabridged filter add mute 'title:"world cup"'
    unabridged filter add mute 'author:"Ada Quill"' --feed 3
    unabridged filter add keep '大選 OR election' --folder Politics
    unabridged filter add mute 'title:/^(live|update):/'
    """
    cli = get_context(context)
    with cli.archive() as archive:
        draft = _draft(archive, action, query, feed, folder)
        made = archive.library().rules.add(draft, now=utc_now())
        _apply(archive, cli)
        names = _scope_names(archive)
    if cli.json:
        cli.show_json(asdict(made))
        return
    cli.info(f"{made.id}  {_description(made, names)}")


@filters.command("try")
def filter_try(
    context: typer.Context, action: Action, query: Query, feed: FeedOption = None, folder: FolderOption = None
) -> None:
    """Show which of the newest articles a rule would set aside, without adding it.

    \b
    unabridged filter try keep 'lang:zh' --folder Asia
    """
    cli = get_context(context)
    with cli.archive() as archive:
        draft = _draft(archive, action, query, feed, folder)
        shown = archive.library().rules.preview(draft, now=utc_now())
    aside = [line.headline for line in shown.aside]
    if cli.json:
        cli.show_json(
            {"tried": len(shown.lines), "aside": [{"id": one.id, "title": one.title} for one in aside]}
        )
        return
    table = rows_table("id", "title")
    for one in aside:
        table.add_row(str(one.id), plain(one.title))
    print_rows(cli, table, "No article would be set aside.")
    cli.info(f"{len(aside)} of the last {len(shown.lines)} articles would be set aside.")


@filters.command("list")
def filter_list(context: typer.Context) -> None:
    """List rules."""
    cli = get_context(context)
    with cli.archive() as archive:
        found = archive.library().rules.all()
        names = _scope_names(archive)
    if cli.json:
        cli.show_json([asdict(one) for one in found])
        return
    table = rows_table("id", "rule", "since")
    for one in found:
        table.add_row(str(one.id), plain(_description(one, names)), local_time(one.created))
    print_rows(cli, table, "There are no rules.")


@filters.command("change")
def filter_change(
    context: typer.Context,
    rule: Annotated[int, typer.Argument(help="Number of a rule.")],
    action: Action,
    query: Query,
    feed: FeedOption = None,
    folder: FolderOption = None,
) -> None:
    """Change a rule; articles that it set aside and no rule does any more come back.

    \b
    unabridged filter change 2 mute 'title:"world cup" -title:final'
    """
    cli = get_context(context)
    with cli.archive() as archive:
        draft = _draft(archive, action, query, feed, folder)
        made = archive.library().rules.change(rule, draft, now=utc_now())
        _apply(archive, cli)
        cli.info(f"{made.id}  {_description(made, _scope_names(archive))}")


@filters.command("remove")
def filter_remove(
    context: typer.Context, rules: Annotated[list[int], typer.Argument(help="Numbers of rules.")]
) -> None:
    """Remove rules; articles that no other rule sets aside come back."""
    cli = get_context(context)
    with cli.archive() as archive:
        for number in rules:
            archive.library().rules.remove(number, now=utc_now())
            cli.info(f"Rule {number} is removed.")
        _apply(archive, cli)


def _apply(archive: Archive, cli: CliContext) -> None:
    """Apply the rules to what is there, with a bar. After Ctrl-C, the reader's server goes on."""
    with ProgressBar(cli) as bar:
        archive.filing.all(now=utc_now(), watch=bar.watch)


def _draft(
    archive: Archive, action: RuleAction, query: str, feed: str | None, folder: str | None
) -> RuleDraft:
    return RuleDraft(
        action=action,
        query=query,
        feed_id=None if feed is None else feed_number(archive, feed),
        folder_id=None if folder is None else _folder_number(archive, folder),
    )


def _folder_number(archive: Archive, name: str) -> int:
    for one in archive.library().subscriptions.folder_names():
        if one.name == name:
            return one.id
    raise NotFound(f"There is no folder {name!r}. `unabridged list` shows the folders.")


def _scope_names(archive: Archive) -> dict[int, str]:
    return {one.id: one.name for one in archive.library().subscriptions.folder_names()}


def _description(rule: Rule, folders: dict[int, str]) -> str:
    where = "" if rule.feed_id is None else f"  (feed {rule.feed_id})"
    if rule.folder_id is not None:
        where = f"  (folder {folders.get(rule.folder_id, rule.folder_id)})"
    return f"{rule.action}  {rule.query}{where}"


commands: dict[str, typer.Typer] = {"filter": filters}
