"""Verbs that fetch and keep: save, archive."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from unabridged.archive.facade.archive import Archive
from unabridged.cli.commands.database.archive_job import DATABASE, PRIVATE, archive_feeds
from unabridged.cli.support.context import door_of
from unabridged.cli.support.terminal import plain
from unabridged.poll.poller import open_poller


def save(context: typer.Context, url: Annotated[str, typer.Argument(help="Address of a page.")]) -> None:
    """Keep one page as an article.

    Whether or not a feed shows it."""
    door = door_of(context)

    async def run(archive: Archive) -> int:
        async with open_poller(door.settings, archive) as poller:
            return (await poller.save_url(url)).article_id

    with door.archive() as archive:
        stored = archive.library().articles.get(asyncio.run(run(archive)))
    if door.json:
        door.show_json({"id": stored.id, "revision": stored.revision, "url": stored.article.url})
        return
    door.out.print(plain(f"{stored.id}  {stored.article.title}"))
    if stored.article.completeness.kind != "full":
        door.note.print(plain("; ".join(stored.article.completeness.evidence), "yellow"))


def archive(
    context: typer.Context,
    feeds: Annotated[list[str], typer.Argument(help="Addresses of feeds or sites.")],
    to: Annotated[Path, typer.Option("--to", help="Folder of the document tree.")],
    git: Annotated[bool, typer.Option("--git", help="Commit what changed.")] = False,
) -> None:
    """Archive feeds as documents, from cron.

    Polls the feeds, writes new articles as documents, rewrites the lists. Numbers never change; a
    run without news changes no byte; two runs never overlap. The archive
    itself (every version, every raw page) is kept in DIR/.unabridged, or where --database says.
    """
    door = door_of(context)
    own = context.find_root().params.get("database") is None
    if own:
        settings = replace(door.settings, database=f"sqlite:///{(to / PRIVATE / DATABASE).absolute()}")
        door = replace(door, settings=settings)
    with ExitStack() as stack:
        raise typer.Exit(archive_feeds(feeds, to, git, door, stack))


VERBS: dict[str, Callable[..., None]] = {"save": save, "archive": archive}
