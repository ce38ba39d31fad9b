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
    "Manage your tags on articles.\n\nTagged articles are kept when a feed is purged and when the retention "
    "time of their folder is over."
)

Article = Annotated[str, typer.Argument(help="Number or address of an article.")]
Names = Annotated[list[str], typer.Argument(help="Tags.")]


@tag.command("add")
def tag_add(context: typer.Context, article: Article, names: Names) -> None:
    """Add tags to an article.

    \b
    unabridged tag add 42 "to read" ships
    """
    cli = get_context(context)
    with cli.archive() as archive:
        number = article_number(archive, article)
        library = archive.library()
        if library.tags.add([number], names, now=utc_now()) == 0:
            raise NotFound(f"Article {number} is not in your library.")
        cli.info(", ".join(library.tags.by_article([number]).get(number, ())))


@tag.command("remove")
def tag_remove(context: typer.Context, article: Article, names: Names) -> None:
    """Remove tags from an article; a tag without articles is deleted.

    \b
    unabridged tag remove 42 ships
    unabridged tag drop ships          from all articles
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
    """List tags with the number of their articles."""
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
    new: Annotated[str, typer.Argument(help="Its new name; if that tag exists, the two are merged.")],
) -> None:
    """Rename a tag on all its articles."""
    cli = get_context(context)
    with cli.archive() as archive:
        found = _tag_named(archive, old)
        archive.library().tags.rename(found.id, new)
        cli.info(f"{found.name} is renamed to {new} (articles: {found.articles:,}).")


@tag.command("drop")
def tag_drop(
    context: typer.Context, name: Annotated[str, typer.Argument(metavar="TAG", help="A tag.")]
) -> None:
    """Delete a tag; its articles stay."""
    cli = get_context(context)
    with cli.archive() as archive:
        found = _tag_named(archive, name)
        archive.library().tags.delete(found.id)
        cli.info(f"{found.name} is deleted (articles: {found.articles:,}, which stay).")


def _tag_named(archive: Archive, name: str) -> Tag:
    for one in archive.library().tags.all():
        if one.name == name:
            return one
    raise NotFound(f"There is no tag {name!r}. `unabridged tag list` shows all tags.")


commands: dict[str, typer.Typer] = {"tag": tag}
