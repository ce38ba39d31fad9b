"""Verbs about people's own things: tag, mute, token, delete, retain."""

import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.library import MuteField, MuteRule, Tag, TokenScope
from unabridged.cli.support.context import Door, door_of
from unabridged.cli.support.lookup import article_number, feed_number
from unabridged.cli.support.terminal import Table, plain
from unabridged.cli.support.terminal import table as new_table
from unabridged.dates.parse import utc_now
from unabridged.durations import parse_span, span_words
from unabridged.errors import NotFound

HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}
FOREVER = "forever"


def _group(text: str) -> typer.Typer:
    return typer.Typer(help=text, no_args_is_help=True, rich_markup_mode=None, context_settings=HELP_OPTIONS)


def _table(*headings: str) -> Table:
    return new_table(*headings, right=("id", "articles", "unread"))


def _print(door: Door, table: Table, nothing: str) -> None:
    if table.row_count:
        door.show_table(table)
    else:
        door.say(nothing)


def _day(at: datetime | None) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M") if at else "never"


# Tags

tag = _group(
    "Tags of your own on articles.\n\nTagged articles stay when a feed is purged, and when their folder "
    "lets old ones go."
)

Article = Annotated[str, typer.Argument(help="Number or address of an article.")]
Names = Annotated[list[str], typer.Argument(help="Tags.")]


@tag.command("add")
def tag_add(context: typer.Context, article: Article, names: Names) -> None:
    """Put tags on an article.

    \b
    unabridged tag add 42 "to read" ships
    """
    door = door_of(context)
    with door.archive() as archive:
        number = article_number(archive, article)
        library = archive.library()
        if library.tags.add([number], names, now=utc_now()) == 0:
            raise NotFound(f"Article {number} is in no list of yours.")
        door.say(", ".join(library.tags.by_article([number]).get(number, ())))


@tag.command("remove")
def tag_remove(context: typer.Context, article: Article, names: Names) -> None:
    """Take tags off an article; one that is on nothing any more is gone.

    \b
    unabridged tag remove 42 ships
    unabridged tag drop ships          off everything
    """
    door = door_of(context)
    with door.archive() as archive:
        number = article_number(archive, article)
        library = archive.library()
        library.tags.remove([number], names, now=utc_now())
        door.say(", ".join(library.tags.by_article([number]).get(number, ())) or "No tags.")


@tag.command("list")
def tag_list(
    context: typer.Context,
    article: Annotated[str | None, typer.Argument(help="Only the tags of this article.")] = None,
) -> None:
    """List tags, with how many articles they are on."""
    door = door_of(context)
    with door.archive() as archive:
        library = archive.library()
        found = library.tags.all()
        if article is not None:
            number = article_number(archive, article)
            names = library.tags.by_article([number]).get(number, ())
            found = tuple(one for one in found if one.name in names)
    if door.json:
        door.show_json([asdict(one) for one in found])
        return
    table = _table("articles", "unread", "tag")
    for one in found:
        table.add_row(str(one.articles), str(one.unread), plain(one.name))
    _print(door, table, "No tags yet.")


@tag.command("rename")
def tag_rename(
    context: typer.Context,
    old: Annotated[str, typer.Argument(help="A tag.")],
    new: Annotated[str, typer.Argument(help="Its new name; if that is a tag already, the two become one.")],
) -> None:
    """Give a tag another name, on everything that has it."""
    door = door_of(context)
    with door.archive() as archive:
        found = _tag_named(archive, old)
        archive.library().tags.rename(found.id, new)
        door.say(f"{found.name} is {new} now (articles: {found.articles:,}).")


@tag.command("drop")
def tag_drop(
    context: typer.Context, name: Annotated[str, typer.Argument(metavar="TAG", help="A tag.")]
) -> None:
    """Take a tag off everything; the articles stay."""
    door = door_of(context)
    with door.archive() as archive:
        found = _tag_named(archive, name)
        archive.library().tags.delete(found.id)
        door.say(f"{found.name} is gone (articles: {found.articles:,}, which stay).")


def _tag_named(archive: Archive, name: str) -> Tag:
    for one in archive.library().tags.all():
        if one.name == name:
            return one
    raise NotFound(f"There is no tag {name!r}; `unabridged tag list` names them all.")


# Mute rules

mute = _group(
    "Rules that mute articles.\n\nA muted article is kept, delivered as read, and marked with the reason. A "
    "new rule holds for what comes, and for what is there unread."
)


@mute.command("add")
def mute_add(
    context: typer.Context,
    field: Annotated[MuteField, typer.Argument(help="Where to look.")],
    pattern: Annotated[str, typer.Argument(help="Words, or a regular expression with --regex.")],
    regex: Annotated[
        bool, typer.Option("--regex", help="A regular expression (RE2: no look-ahead, no back-references).")
    ] = False,
    feed: Annotated[str | None, typer.Option("--feed", help="Only what this subscription shows.")] = None,
) -> None:
    """Mute what has these words.

    Upper and lower case are one; words are whole ones where a script parts them by spaces.

    \b
    unabridged mute add title "world cup"
    unabridged mute add author "Ada Quill" --feed 3
    unabridged mute add title "^(live|update):" --regex
    """
    door = door_of(context)
    with door.archive() as archive:
        made = archive.library().mutes.add(
            field,
            pattern,
            kind="regex" if regex else "words",
            feed=None if feed is None else feed_number(archive, feed),
            now=utc_now(),
        )
    if door.json:
        door.show_json(asdict(made))
        return
    door.say(f"{made.id}  {_rule_words(made)}")


@mute.command("list")
def mute_list(context: typer.Context) -> None:
    """List mute rules."""
    door = door_of(context)
    with door.archive() as archive:
        found = archive.library().mutes.all()
    if door.json:
        door.show_json([asdict(one) for one in found])
        return
    table = _table("id", "mutes what", "since")
    for one in found:
        table.add_row(str(one.id), plain(_rule_words(one)), _day(one.created))
    _print(door, table, "Nothing is muted.")


@mute.command("remove")
def mute_remove(
    context: typer.Context, rules: Annotated[list[int], typer.Argument(help="Numbers of rules.")]
) -> None:
    """Drop mute rules; what they muted stays read and marked."""
    door = door_of(context)
    with door.archive() as archive:
        for number in rules:
            archive.library().mutes.remove(number)
            door.say(f"Rule {number} is gone.")


def _rule_words(rule: MuteRule) -> str:
    where = "" if rule.feed_id is None else f" (feed {rule.feed_id})"
    return f"{rule.field} {'matches' if rule.kind == 'regex' else 'has'} {rule.pattern}{where}"


# Tokens

token = _group(
    "Tokens for programs that read here on your behalf.\n\nOnly a hash of a token is kept: it is shown once, "
    "when it is made."
)


@token.command("add")
def token_add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The program that will use it.")],
    scope: Annotated[
        TokenScope, typer.Option("--scope", help="read: look only; write: mark, tag, subscribe too.")
    ] = "write",
) -> None:
    """Make a token and show it, once."""
    door = door_of(context)
    with door.archive() as archive:
        made = archive.library().tokens.add(name, scope, now=utc_now())
    if door.json:
        door.show_json({"token": made.secret, **asdict(made.token)})
        return
    door.out.print(plain(made.secret))
    door.say("Copy it now: only its hash is kept.")


@token.command("list")
def token_list(context: typer.Context) -> None:
    """List tokens: what for, since when, last used when."""
    door = door_of(context)
    with door.archive() as archive:
        found = archive.library().tokens.all()
    if door.json:
        door.show_json([asdict(one) for one in found])
        return
    table = _table("id", "name", "scope", "made", "last used")
    for one in found:
        table.add_row(str(one.id), plain(one.name), one.scope, _day(one.created), _day(one.last_used))
    _print(door, table, "No tokens yet.")


@token.command("remove")
def token_remove(
    context: typer.Context, tokens: Annotated[list[int], typer.Argument(help="Numbers of tokens.")]
) -> None:
    """Revoke tokens; they let nobody in from now on."""
    door = door_of(context)
    with door.archive() as archive:
        for number in tokens:
            archive.library().tokens.remove(number)
            door.say(f"Token {number} is revoked.")


# Erasing


def delete(
    context: typer.Context,
    articles: Annotated[list[str], typer.Argument(help="Numbers or addresses of articles.")],
    allow_again: Annotated[
        bool, typer.Option("--allow-again", help="Let them come back with the next poll.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Erase articles for good.

    An article goes with its versions, raw pages, pictures and marks, for everybody. A tombstone (hashes of
    its addresses) keeps polls from bringing it back; --allow-again leaves none, and for an address that was
    erased before takes it away. An article that came under two addresses goes whole, whichever number is
    named.
    """
    door = door_of(context)
    with door.archive() as archive:
        numbers = _to_erase(archive, articles, allow_again, door)
        if not numbers:
            return
        _confirm(archive, numbers, yes, door)
        for number in numbers:
            archive.library().articles.delete(number, now=None if allow_again else utc_now())
    after = "They may come back with the next poll." if allow_again else "They do not come back."
    door.say(f"{len(numbers)} erased. {after}")


def _to_erase(archive: Archive, names: list[str], allow_again: bool, door: Door) -> list[int]:
    """Return the articles meant, each once; an address erased before is allowed to come back on the way."""
    numbers = []
    library = archive.library()
    for name in names:
        try:
            stored = library.articles.get(article_number(archive, name))
            numbers.append(stored.same_as or stored.id)
        except NotFound:
            if not allow_again or name.isdecimal():
                raise
            library.articles.remove_tombstone(name)
            door.say(f"{name} may come back with the next poll.")
    return list(dict.fromkeys(numbers))


def _confirm(archive: Archive, numbers: list[int], yes: bool, door: Door) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise typer.BadParameter("erasing cannot be undone: say --yes", param_hint="--yes")
    library = archive.library()
    for number in numbers:
        door.note.print(f"{number}  {library.articles.get(number).article.title}")
        for line in library.articles.duplicates(number):
            door.note.print(f"{line.id}  the same article at {line.url}")
    typer.confirm("Erase for good?", abort=True, err=True)


def retain(
    context: typer.Context,
    folder: Annotated[str | None, typer.Argument(help="A folder; without one, all are listed.")] = None,
    span: Annotated[str | None, typer.Argument(help="How long: 30d, 1y, or forever.")] = None,
) -> None:
    """Say how long a folder keeps articles.

    By default for ever. Older ones are erased after a poll, counted from when they came; starred and tagged
    ones stay, and those that a feed outside of such folders shows too.

    \b
    unabridged retain
    unabridged retain News 90d
    unabridged retain News forever
    """
    door = door_of(context)
    with door.archive() as archive:
        library = archive.library()
        if folder is not None and span is not None:
            library.subscriptions.set_retention(folder, _span(span))
        found = [
            one
            for one in library.subscriptions.folders()
            if folder is None or one.name.lower() == folder.lower()
        ]
    if door.json:
        door.show_json([asdict(one) for one in found])
        return
    table = _table("folder", "keeps")
    for one in found:
        table.add_row(plain(one.name), span_words(one.retain) if one.retain else FOREVER)
    _print(door, table, "There is no such folder.")


def _span(text: str) -> int | None:
    if text.strip().lower() == FOREVER:
        return None
    try:
        return parse_span(text)
    except ValueError as exc:
        raise typer.BadParameter(f"{exc} Or write forever.", param_hint="SPAN") from None


VERBS: dict[str, Callable[..., None] | typer.Typer] = {
    "tag": tag,
    "mute": mute,
    "token": token,
    "delete": delete,
    "retain": retain,
}
