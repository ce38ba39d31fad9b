"""The command `copies`: articles of the archive with nearly the same text."""

from collections.abc import Callable
from typing import Annotated

import typer

from unabridged.cli.support.context import get_context
from unabridged.cli.support.lookup import article_number
from unabridged.cli.support.progress import ProgressBar
from unabridged.cli.support.terminal import table as new_table


def copies(
    context: typer.Context, article: Annotated[str, typer.Argument(help="Number or address of an article.")]
) -> None:
    """List the articles with nearly the same text as one.

    Wire copies, reposts, the same story under another address: four fifths of the text are the same, or one
    is an extract of the other. Texts that are not compared yet are compared first.

    \b
    unabridged copies 42
    """
    cli = get_context(context)
    with cli.archive() as archive:
        number = article_number(archive, article)
        with ProgressBar(cli) as bar:
            archive.analysis.all(watch=bar.watch)
        found = archive.library().stories.copies(number)
    if cli.json:
        names = ("id", "title", "url", "published", "words")
        cli.show_json([{name: getattr(line, name) for name in names} for line in found])
        return
    if not found:
        cli.info("No other article has nearly the same text.")
        return
    table = new_table("article", "published", "words", "title", "address", right=("article", "words"))
    for line in found:
        published = line.published.astimezone().strftime("%Y-%m-%d %H:%M") if line.published else ""
        table.add_row(str(line.id), published, f"{line.words:,}", line.title, line.url)
    cli.show_table(table)


commands: dict[str, Callable[..., None]] = {"copies": copies}
