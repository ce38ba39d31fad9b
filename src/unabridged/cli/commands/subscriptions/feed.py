"""The commands `feed` and `find`: feeds without a subscription."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from unabridged.cli.support.context import CliContext, get_context
from unabridged.cli.support.event_loop import run_async
from unabridged.cli.support.progress import waiting
from unabridged.cli.support.streams import write_json, write_text
from unabridged.cli.support.tables import items_table
from unabridged.cli.support.terminal import plain
from unabridged.errors import UnabridgedError
from unabridged.feeds.discovery.page_links import FoundFeed
from unabridged.feeds.lists.profile import checked_examples
from unabridged.feeds.write import WRITERS
from unabridged.fetch.client import Fetcher
from unabridged.model import Feed
from unabridged.poll.extractor.pool import Extractor
from unabridged.poll.feeds.discovery import FoundDocument, feeds_and_page, list_as_feed
from unabridged.poll.one_off import full_text_feed
from unabridged.urls import host

Like = Annotated[
    list[str] | None,
    typer.Option(
        "--like",
        metavar="HEADLINE",
        help="A headline of the list that you want of a page without a feed. Can be repeated.",
    ),
]
"""The option of commands that read a page's list."""


class FeedFormatName(StrEnum):
    rss = "rss"
    atom = "atom"
    json = "json"


def feed(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="Address of a feed, or of a page without one.")],
    format: Annotated[FeedFormatName, typer.Option("--format", "-f")] = FeedFormatName.rss,
    limit: Annotated[int, typer.Option("--limit", "-n", help="Number of entries.", min=1, max=500)] = 20,
    like: Like = None,
) -> None:
    """Print a feed with full articles.

    The list of articles of a page without a feed is read as one; the items found are shown on stderr.

    \b
    unabridged feed https://example.org/rss > whole.xml
    unabridged feed https://example.org/ --format json
    unabridged feed https://example.org/news --like "Ferry sails again"
    """
    cli = get_context(context)
    wanted = checked_examples(like or ())

    def preview(found: Feed) -> None:
        if found.format == "page" and not cli.quiet:
            cli.stderr.print(items_table(found))

    async def run() -> bytes:
        async with Fetcher(cli.settings.fetch) as fetcher:
            whole = await full_text_feed(
                url,
                fetcher=fetcher,
                settings=cli.settings.poll,
                limit=limit,
                now=datetime.now(UTC),
                like=wanted,
                watch=preview,
            )
        return WRITERS[format.value](whole.document, whole.items)

    write = write_json if format is FeedFormatName.json else write_text
    with waiting(cli, host(url) or url):
        written = run_async(run())
    write(written)


def find(
    context: typer.Context, url: Annotated[str, typer.Argument(help="Address of a site or page.")]
) -> None:
    """List the feeds of a site.

    Feeds that the page links to come first, then well-known addresses that answer. If there are none, the
    page's list of articles is shown, which can be read as a feed."""
    cli = get_context(context)
    with waiting(cli, host(url) or url):
        found, listed = run_async(_find(url, cli))
    if cli.json:
        shown = [*found, *([listed.found] if listed else [])]
        cli.show_json([asdict(item) for item in shown])
        return
    for item in found:
        cli.stdout.print(plain(item.url), plain(item.title, "dim"))
    if listed is not None:
        _show_list(url, listed.feed, cli)
    elif not found:
        raise UnabridgedError(
            f"No feed was found at {url}, and no list of articles on the page. If it has one, point at a "
            f'headline in it: `unabridged add {url} --like "a headline"`.'
        )


async def _find(url: str, cli: CliContext) -> tuple[tuple[FoundFeed, ...], FoundDocument | None]:
    """Return the feeds of a site; if there are none, the page's list of articles."""
    async with Fetcher(cli.settings.fetch) as fetcher:
        site = await feeds_and_page(url, fetcher=fetcher)
        if site.feeds:
            return site.feeds, None
        async with Extractor(1) as extractor:
            now = datetime.now(UTC)
            return (), await list_as_feed(site.page.url, site.page, extractor=extractor, now=now)


def _show_list(url: str, listed: Feed, cli: CliContext) -> None:
    cli.info(f"No feed was found at {url}. Its page can be read as a list of {len(listed.entries)} items:")
    cli.show_table(items_table(listed))
    cli.info(
        f"Subscribe with `unabridged add {url}`. If these are not the articles that you want, "
        'point at one of them: --like "a headline".'
    )


commands: dict[str, Callable[..., None]] = {"feed": feed, "find": find}
