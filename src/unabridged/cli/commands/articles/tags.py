"""The command `tag`: add, remove, list, rename and drop tags."""

from dataclasses import asdict
from typing import Annotated

import typer

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.library import Tag
from unabridged.cli.support.context import get_context
from unabridged.cli.support.lookup import article_number
from unabridged.cli.support.tables import command_group, print_rows, rows_table
from unabridged.cli.support.terminal import plain
from unabridged.dates.parse import utc_now
from unabridged.errors import NotFound

tag = command_group(
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
    cli = get_context(context)
    with cli.archive() as archive:
        number = article_number(archive, article)
        library = archive.library()
        if library.tags.add([number], names, now=utc_now()) == 0:
            raise NotFound(f"Article {number} is in no list of yours.")
        cli.info(", ".join(library.tags.by_article([number]).get(number, ())))


@tag.command("remove")
def tag_remove(context: typer.Context, article: Article, names: Names) -> None:
    """Take tags off an article; one that is on nothing any more is gone.

    \b
    unabridged tag remove 42 ships
    unabridged tag drop ships          off everything
    """
    cli = get_context(context)
    with cli.archive() as archive:
        number = article_number(archive, article)
        library = archive.library()
        library.tags.remove([number], names, now=utc_now())
        cli.info(", ".join(library.tags.by_article([number]).get(number, ())) or "No tags.")


@tag.command("list")
def tag_list(
    context: typer.Context,
    article: Annotated[str | None, typer.Argument(help="Only the tags of this article.")] = None,
) -> None:
    """List tags, with how many articles they are on."""
    cli = get_context(context)
    with cli.archive() as archive:
        library = archive.library()
        found = library.tags.all()
        if article is not None:
            number = article_number(archive, article)
            names = library.tags.by_article([number]).get(number, ())
            found = tuple(one for one in found if one.name in names)
    if cli.json:
        cli.show_json([asdict(one) for one in found])
        return
    table = rows_table("articles", "unread", "tag")
    for one in found:
        table.add_row(str(one.articles), str(one.unread), plain(one.name))
    print_rows(cli, table, "No tags yet.")


@tag.command("rename")
def tag_rename(
    context: typer.Context,
    old: Annotated[str, typer.Argument(help="A tag.")],
    new: Annotated[str, typer.Argument(help="Its new name; if that is a tag already, the two become one.")],
) -> None:
    """Give a tag another name, on everything that has it."""
    cli = get_context(context)
    with cli.archive() as archive:
        found = _tag_named(archive, old)
        archive.library().tags.rename(found.id, new)
        cli.info(f"{found.name} is {new} now (articles: {found.articles:,}).")


@tag.command("drop")
def tag_drop(
    context: typer.Context, name: Annotated[str, typer.Argument(metavar="TAG", help="A tag.")]
) -> None:
    """Take a tag off everything; the articles stay."""
    cli = get_context(context)
    with cli.archive() as archive:
        found = _tag_named(archive, name)
        archive.library().tags.delete(found.id)
        cli.info(f"{found.name} is gone (articles: {found.articles:,}, which stay).")


def _tag_named(archive: Archive, name: str) -> Tag:
    for one in archive.library().tags.all():
        if one.name == name:
            return one
    raise NotFound(f"There is no tag {name!r}; `unabridged tag list` names them all.")


commands: dict[str, typer.Typer] = {"tag": tag}
