"""The command `credits`: the sources that an article names for what it says."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from unabridged.cli.commands.articles.read import read_source
from unabridged.cli.support.context import CliContext, get_context
from unabridged.cli.support.lookup import article_number
from unabridged.cli.support.progress import waiting
from unabridged.cli.support.terminal import table as new_table
from unabridged.errors import NotFound
from unabridged.model import Article
from unabridged.stories.attributions import Attribution, find_attributions, outlet_of
from unabridged.urls import host

SHOWN_EVIDENCE = 160
"""Characters of a sentence in the table; `--json` has all of it."""


def credits(
    context: typer.Context,
    source: Annotated[
        str,
        typer.Argument(help="Number or address of an article, an HTML file (also .gz), or - for stdin."),
    ],
    url: Annotated[
        str | None, typer.Option("--url", help="For a file: the address it came from, to resolve its links.")
    ] = None,
) -> None:
    """List the sources that an article credits.

    Each outlet or agency with its relation (report, told, cites, dateline, credit, unnamed), the source it
    was taken from, the sentence, and a score. A reading of the words, not a fact. Known phrases: Arabic,
    Chinese, English, French, German, Japanese, Russian, Spanish.

    \b
    unabridged credits 42
    unabridged credits https://example.org/story
    """
    cli = get_context(context)
    article = _article(source, url, cli)
    found = find_attributions(article.text, language=article.language)
    if cli.json:
        about = {"title": article.title, "url": article.url, "site": _site(article)}
        cli.show_json({**about, "credits": [asdict(one) for one in found]})
        return
    if not found:
        cli.info("No credited source was found.")
        return
    table = new_table(
        "source", "country", "relation", "taken from", "score", "times", "sentence", right=("score", "times")
    )
    for one in found:
        table.add_row(*_row(one, found, _site(article)))
    cli.show_table(table)


def _article(source: str, url: str | None, cli: CliContext) -> Article:
    """Return an article of the archive, or read a page. Raises NotFound, NotAPage."""
    if source != "-" and not Path(source).exists():
        if source.isdecimal():
            with cli.archive() as archive:
                return archive.library().articles.get(article_number(archive, source)).article
        stored = _stored(source, cli) if "://" in source else None
        if stored is not None:
            return stored
    with waiting(cli, host(source) or source):
        return read_source(source, url, cli)


def _stored(address: str, cli: CliContext) -> Article | None:
    """Return the article of an address if the archive holds it."""
    try:
        with cli.archive() as archive:
            return archive.library().articles.get(article_number(archive, address)).article
    except NotFound:
        return None


def _site(article: Article) -> str:
    """Return what the article's own outlet is called: by the list of outlets, the page, or its host."""
    name = host(article.url or "") or ""
    known = outlet_of(name)
    return known.name if known else article.site_name or name or "the article"


def _row(one: Attribution, found: tuple[Attribution, ...], site: str) -> list[str]:
    parent = site if one.parent is None else found[one.parent].source
    short = one.evidence if len(one.evidence) <= SHOWN_EVIDENCE else one.evidence[:SHOWN_EVIDENCE] + "…"
    return [
        one.source,
        one.country or "",
        one.relation,
        parent,
        f"{one.confidence:.2f}",
        str(one.times),
        short,
    ]


commands: dict[str, Callable[..., None]] = {"credits": credits}
