"""The commands `save` and `archive`: store one page, or keep feeds as a document tree."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from unabridged.archive.facade.archive import Archive
from unabridged.cli.commands.database.archive_job import DATABASE, PRIVATE, archive_feeds
from unabridged.cli.support.context import get_context
from unabridged.cli.support.event_loop import run_async
from unabridged.cli.support.progress import waiting
from unabridged.cli.support.terminal import plain
from unabridged.poll.poller import open_poller
from unabridged.urls import host


def save(context: typer.Context, url: Annotated[str, typer.Argument(help="Address of a page.")]) -> None:
    """Save one page as an article.

    It need not be in a feed."""
    cli = get_context(context)

    async def run(archive: Archive) -> int:
        async with open_poller(cli.settings, archive) as poller:
            with waiting(cli, host(url) or url):
                return (await poller.save_url(url)).article_id

    with cli.archive(create=True) as archive:
        stored = archive.library().articles.get(run_async(run(archive)))
    if cli.json:
        cli.show_json({"id": stored.id, "revision": stored.revision, "url": stored.article.url})
        return
    cli.stdout.print(plain(f"{stored.id}  {stored.article.title}"))
    if not stored.article.completeness.whole:
        cli.stderr.print(plain("; ".join(stored.article.completeness.evidence), "yellow"))


def archive(
    context: typer.Context,
    feeds: Annotated[list[str], typer.Argument(help="Addresses of feeds or sites.")],
    to: Annotated[Path, typer.Option("--to", help="Folder of the document tree.")],
    git: Annotated[bool, typer.Option("--git", help="Commit the changes with git.")] = False,
) -> None:
    """Archive feeds as a folder of documents; for cron jobs.

    Polls the feeds, writes new articles as documents, and rewrites the lists. Document numbers never
    change, a run without news changes no file, and two runs never overlap. The archive itself (all versions
    and raw pages) is in DIR/.unabridged, or in the database given by --database.
    """
    cli = get_context(context)
    own = context.find_root().params.get("database") is None
    if own:
        settings = replace(cli.settings, database=f"sqlite:///{(to / PRIVATE / DATABASE).absolute()}")
        cli = replace(cli, settings=settings)
    with ExitStack() as stack:
        raise typer.Exit(archive_feeds(feeds, to, git, cli, stack))


commands: dict[str, Callable[..., None]] = {"save": save, "archive": archive}
