"""The command `read`: extract one page without storing it."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from unabridged.cli.support.context import CliContext, as_json, get_context
from unabridged.cli.support.lookup import read_file
from unabridged.cli.support.progress import waiting
from unabridged.cli.support.streams import write_json, write_text
from unabridged.cli.support.terminal import plain, rendered
from unabridged.extraction import extract
from unabridged.model import Article, Page
from unabridged.text.article_files import markdown_of, text_of
from unabridged.urls import host


class ArticleFormat(StrEnum):
    markdown = "markdown"
    html = "html"
    text = "text"
    json = "json"
    document = "document"


def read(
    context: typer.Context,
    source: Annotated[
        str, typer.Argument(help="Address of a page, an HTML file (also .gz), or - for stdin.")
    ],
    format: Annotated[
        ArticleFormat | None,
        typer.Option("--format", "-f", help="Default: Markdown, rendered on a terminal."),
    ] = None,
    url: Annotated[
        str | None, typer.Option("--url", help="For a file: the address it came from, to resolve its links.")
    ] = None,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain", help="Show each field with its source, and why each block was kept or dropped."
        ),
    ] = False,
) -> None:
    """Print one article as clean full text.

    On a terminal it is rendered; in a pipe it is Markdown.

    \b
    unabridged read https://example.org/story
    unabridged read saved.html.gz --url https://example.org/story --format text
    curl -s https://example.org/story | unabridged read - --format json
    """
    cli = get_context(context)
    if explain:
        _explain(source, url, cli)
        return
    with waiting(cli, host(source) or source):
        article = read_source(source, url, cli)
    if format is None and cli.json:
        format = ArticleFormat.json
    if format is None and cli.stdout.is_terminal:
        show_article(article, cli)
        return
    write = write_json if format is ArticleFormat.json else write_text
    write(ARTICLE_WRITERS[format or ArticleFormat.markdown](article))


def read_source(source: str, url: str | None, cli: CliContext) -> Article:
    """Return the article of a page, a file or stdin ("-"). Raises NotAPage and what fetching raises."""
    if not _is_address(source):
        return extract(read_file(source), url=url, now=datetime.now(UTC))
    return _fetched_article(source, cli)


def _fetched_article(address: str, cli: CliContext) -> Article:
    from unabridged.cli.support.event_loop import run_async
    from unabridged.fetch.client import Fetcher
    from unabridged.poll.one_off import read_address

    async def fetched() -> Article:
        async with Fetcher(cli.settings.fetch) as fetcher:
            return (await read_address(address, fetcher=fetcher, now=datetime.now(UTC))).article

    return run_async(fetched())


def _fetched_page(address: str, cli: CliContext) -> Page:
    from unabridged.cli.support.event_loop import run_async
    from unabridged.fetch.client import Fetcher

    async def fetched() -> Page:
        async with Fetcher(cli.settings.fetch) as fetcher:
            page = await fetcher.get(address)
        assert isinstance(page, Page)
        return page

    return run_async(fetched())


def _explain(source: str, url: str | None, cli: CliContext) -> None:
    """Print the fields of a page's article with their sources, and the decision about every block."""
    from unabridged.cli.support.explain import show_explanation
    from unabridged.extraction.explain import explain as explain_page

    with waiting(cli, host(source) or source):
        content_type = None
        if _is_address(source):
            page = _fetched_page(source, cli)
            html, url, content_type = page.body, page.final_url, page.headers.get("content-type")
        else:
            html = read_file(source)
    found = explain_page(html, url=url, content_type=content_type, now=datetime.now(UTC))
    show_explanation(found, cli)


def _is_address(source: str) -> bool:
    if source == "-" or Path(source).exists():
        return False
    return "://" in source or Path(source).suffix.lower() not in (".html", ".htm", ".gz", ".xhtml")


def show_article(article: Article, cli: CliContext) -> None:
    """Print an article for reading: title, by-line, rendered text."""
    cli.stdout.print(plain(article.title, "bold"))
    when = article.published.strftime("%Y-%m-%d %H:%M") if article.published else ""
    line = " · ".join(filter(None, (", ".join(article.authors), article.site_name, when)))
    cli.stdout.print(plain(line, "dim"))
    if not article.completeness.whole:
        why = "; ".join(article.completeness.evidence)
        cli.stdout.print(plain(f"Incomplete ({article.completeness.kind}): {why}", "yellow"))
    cli.stdout.print()
    cli.stdout.print(rendered(article.markdown))


def _as_document(article: Article) -> bytes:
    from unabridged.formats.document.document import write_document

    return write_document(article, crawled=datetime.now(UTC))


def _as_json(article: Article) -> bytes:
    return as_json(asdict(article))


ARTICLE_WRITERS: dict[ArticleFormat, Callable[[Article], bytes]] = {
    ArticleFormat.markdown: markdown_of,
    ArticleFormat.html: lambda article: (article.html + "\n").encode(errors="replace"),
    ArticleFormat.text: text_of,
    ArticleFormat.json: _as_json,
    ArticleFormat.document: _as_document,
}


commands: dict[str, Callable[..., None]] = {"read": read}
