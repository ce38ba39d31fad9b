"""The commands `feed` and `find`: feeds without a subscription."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from unabridged.cli.support.context import get_context
from unabridged.cli.support.event_loop import run_async
from unabridged.cli.support.progress import waiting
from unabridged.cli.support.streams import write_json, write_text
from unabridged.cli.support.terminal import plain
from unabridged.errors import UnabridgedError
from unabridged.feeds.write import WRITERS
from unabridged.fetch.client import Fetcher
from unabridged.poll.feeds.discovery import find_feeds_of
from unabridged.poll.one_off import full_text_feed
from unabridged.urls import host


class FeedFormatName(StrEnum):
    rss = "rss"
    atom = "atom"
    json = "json"


def feed(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="Address of a feed, or of a page without one.")],
    format: Annotated[FeedFormatName, typer.Option("--format", "-f")] = FeedFormatName.rss,
    limit: Annotated[int, typer.Option("--limit", "-n", help="Number of entries.", min=1, max=500)] = 20,
) -> None:
    """Print a feed with full articles.

    \b
    unabridged feed https://example.org/rss > whole.xml
    unabridged feed https://example.org/ --format json
    """
    cli = get_context(context)

    async def run() -> bytes:
        async with Fetcher(cli.settings.fetch) as fetcher:
            whole = await full_text_feed(
                url, fetcher=fetcher, settings=cli.settings.poll, limit=limit, now=datetime.now(UTC)
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

    Feeds that the page links to come first, then well-known addresses that answer."""
    cli = get_context(context)

    async def run() -> tuple[Any, ...]:
        async with Fetcher(cli.settings.fetch) as fetcher:
            return await find_feeds_of(url, fetcher=fetcher)

    with waiting(cli, host(url) or url):
        found = run_async(run())
    if cli.json:
        cli.show_json([asdict(item) for item in found])
        return
    for item in found:
        cli.stdout.print(plain(item.url), plain(item.title, "dim"))
    if not found:
        raise UnabridgedError(
            f"No feed was found at {url}. `unabridged add {url}` still works: "
            "it reads the page's list of articles as a feed."
        )


commands: dict[str, Callable[..., None]] = {"feed": feed, "find": find}
