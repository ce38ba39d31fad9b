"""Verbs about what is kept: save, history, diff, archive."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from unabridged.archive.records import RevisionLine
from unabridged.archive.store import Archive
from unabridged.cli.cron import archive_feeds
from unabridged.cli.differences import coloured
from unabridged.cli.door import door_of, plain
from unabridged.errors import NotFound
from unabridged.fetch.client import Fetcher
from unabridged.poll.ingest import Poller
from unabridged.serve.diff import compare


def save(context: typer.Context, url: Annotated[str, typer.Argument(help="Address of a page.")]) -> None:
    """Keep one page as an article.

    Whether or not a feed shows it."""
    door = door_of(context)

    async def run(archive: Archive) -> int:
        async with (
            Fetcher(door.settings.fetch) as fetcher,
            Poller(archive=archive, fetcher=fetcher, settings=door.settings.poll) as poller,
        ):
            return (await poller.keep(url)).article_id

    with door.archive() as archive:
        stored = archive.article(asyncio.run(run(archive)))
    if door.json:
        door.show_json({"id": stored.id, "revision": stored.revision, "url": stored.article.url})
        return
    door.out.print(plain(f"{stored.id}  {stored.article.title}"))
    if stored.article.completeness.kind != "full":
        door.note.print(plain("; ".join(stored.article.completeness.evidence), "yellow"))


def article_number(archive: Archive, name: str) -> int:
    """Return an article's number for what a person typed (a number or an address). Raises NotFound."""
    if name.isdecimal():
        return archive.article(int(name)).id
    found = archive.find_article(name)
    if found is None:
        raise NotFound(
            f"No article is kept for {name}. Give its number (unabridged --json export) or address."
        )
    return found.id


def history(
    context: typer.Context, article: Annotated[str, typer.Argument(help="Number or address of an article.")]
) -> None:
    """Show an article's versions.

    When each was saved, and why."""
    door = door_of(context)
    with door.archive() as archive:
        number = article_number(archive, article)
        lines, stored = archive.revisions(number), archive.article(number)
        others = archive.joined_articles(number)
    if door.json:
        door.show_json([asdict(line) for line in lines])
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("version", "saved", "from", "words", "why", "title"):
        table.add_column(heading, justify="right" if heading in ("version", "words") else "left")
    for line in lines:
        table.add_row(*_history_row(line))
    door.show_table(table)
    if stored.same_as is not None:
        door.say(f"It is the same article as number {stored.same_as}, which lists and search show.")
    for other in others:
        door.say(f"The same article is kept as number {other.id} too, as it was at {other.url}.")
    if stored.page.taken_down is not None:
        since = stored.page.taken_down.astimezone().strftime("%Y-%m-%d %H:%M")
        door.say(f"The publisher has had no such page since {since}; the article stays.")


def _history_row(line: RevisionLine) -> list[str]:
    origin = "the feed's own text" if line.source == "feed" else line.source
    saved = line.saved.astimezone().strftime("%Y-%m-%d %H:%M")
    return [
        str(line.number),
        saved,
        origin,
        str(line.words),
        plain(line.reason).markup,
        plain(line.title).markup,
    ]


def diff(
    context: typer.Context,
    article: Annotated[str, typer.Argument(help="Number or address of an article.")],
    old: Annotated[
        int | None, typer.Option("--from", help="Version; default: the one before the last.")
    ] = None,
    new: Annotated[int | None, typer.Option("--to", help="Version; default: the last.")] = None,
) -> None:
    """Show what changed in an article.

    Word by word, between two versions."""
    door = door_of(context)
    with door.archive() as archive:
        number = article_number(archive, article)
        numbers = [line.number for line in archive.revisions(number)]
        last = numbers[-1] if new is None else new
        first = ([n for n in numbers if n < last] or [last])[-1] if old is None else old
        before, after = archive.revision(number, first), archive.revision(number, last)
    found = compare(before.article.text, after.article.text)
    if door.json:
        door.show_json({"from": first, "to": last, **asdict(found)})
        return
    door.say(f"Version {first} to {last}: {found.added} words added, {found.removed} removed.")
    for paragraph in found.paragraphs:
        if any(piece.kind != "same" for piece in paragraph.pieces):
            door.out.print(*(coloured(piece, door) for piece in paragraph.pieces), sep="")
            door.out.print()


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
        settings = replace(
            door.settings, database=f"sqlite:///{(to / '.unabridged' / 'archive.sqlite').absolute()}"
        )
        door = replace(door, settings=settings)
    with ExitStack() as stack:
        raise typer.Exit(archive_feeds(feeds, to, git, door, stack))


VERBS: dict[str, Callable[..., None]] = {
    "save": save,
    "history": history,
    "diff": diff,
    "archive": archive,
}
