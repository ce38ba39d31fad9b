"""The command `mute`: add, list and remove mute rules."""

from dataclasses import asdict
from typing import Annotated

import typer

from unabridged.archive.records.library import MuteField, MuteRule
from unabridged.cli.support.context import get_context
from unabridged.cli.support.lookup import feed_number
from unabridged.cli.support.tables import command_group, local_time, print_rows, rows_table
from unabridged.cli.support.terminal import plain
from unabridged.dates.parse import utc_now

mute = command_group(
    "Manage rules that mute articles.\n\nA muted article is stored, delivered as read, and marked with the "
    "reason. A new rule applies to new articles and to those that are unread."
)


@mute.command("add")
def mute_add(
    context: typer.Context,
    field: Annotated[MuteField, typer.Argument(help="Field that is matched.")],
    pattern: Annotated[str, typer.Argument(help="Words, or a regular expression with --regex.")],
    regex: Annotated[
        bool, typer.Option("--regex", help="A regular expression (RE2: no look-ahead, no back-references).")
    ] = False,
    feed: Annotated[str | None, typer.Option("--feed", help="Only articles of this subscription.")] = None,
) -> None:
    """Add a rule that mutes articles with these words.

    Case is ignored. Only whole words match, in scripts that separate words by spaces.

    \b
    unabridged mute add title "world cup"
    unabridged mute add author "Ada Quill" --feed 3
    unabridged mute add title "^(live|update):" --regex
    """
    cli = get_context(context)
    with cli.archive() as archive:
        made = archive.library().mutes.add(
            field,
            pattern,
            kind="regex" if regex else "words",
            feed=None if feed is None else feed_number(archive, feed),
            now=utc_now(),
        )
    if cli.json:
        cli.show_json(asdict(made))
        return
    cli.info(f"{made.id}  {_rule_description(made)}")


@mute.command("list")
def mute_list(context: typer.Context) -> None:
    """List mute rules."""
    cli = get_context(context)
    with cli.archive() as archive:
        found = archive.library().mutes.all()
    if cli.json:
        cli.show_json([asdict(one) for one in found])
        return
    table = rows_table("id", "mutes what", "since")
    for one in found:
        table.add_row(str(one.id), plain(_rule_description(one)), local_time(one.created))
    print_rows(cli, table, "Nothing is muted.")


@mute.command("remove")
def mute_remove(
    context: typer.Context, rules: Annotated[list[int], typer.Argument(help="Numbers of rules.")]
) -> None:
    """Remove mute rules. Articles that they muted stay read and marked."""
    cli = get_context(context)
    with cli.archive() as archive:
        for number in rules:
            archive.library().mutes.remove(number)
            cli.info(f"Rule {number} is removed.")


def _rule_description(rule: MuteRule) -> str:
    where = "" if rule.feed_id is None else f" (feed {rule.feed_id})"
    return f"{rule.field} {'matches' if rule.kind == 'regex' else 'has'} {rule.pattern}{where}"


commands: dict[str, typer.Typer] = {"mute": mute}
