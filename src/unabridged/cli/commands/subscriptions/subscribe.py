"""Verbs that ask feeds: add, poll."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from unabridged.archive.facade.archive import Archive
from unabridged.cli.commands.servers.worker import refuse_beside_workers
from unabridged.cli.support.context import Door, door_of
from unabridged.cli.support.feed_changes import say_private, settings_to_add
from unabridged.cli.support.lookup import feed_number
from unabridged.cli.support.progress import PollBars, failed_pages, pages_line, summary_table
from unabridged.cli.support.terminal import plain
from unabridged.config import FeedSettings
from unabridged.errors import DocumentError, FeedError, FetchError, InvalidURL, UnabridgedError
from unabridged.feeds.opml import Subscription as Outline
from unabridged.feeds.opml import Subscriptions
from unabridged.fetch.client import Fetcher
from unabridged.formats.opml import folder_name, import_subscriptions, read_subscriptions
from unabridged.poll.background import Worker
from unabridged.poll.feeds.diagnostics import login_stayed
from unabridged.poll.poller import Poller, PollReport, Summary


def add(
    context: typer.Context,
    sources: Annotated[list[str], typer.Argument(help="Addresses of feeds or sites, or OPML files.")],
    folder: Annotated[str | None, typer.Option("--folder", help="Folder to put them into.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="A title of your own.")] = None,
    read_pages: Annotated[
        bool, typer.Option("--read/--no-read", help="Read the newest entries' pages now.")
    ] = True,
    own: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="key=value", help="How it is asked; see `unabridged set --help`."),
    ] = None,
) -> None:
    """Subscribe to feeds.

    A feed is fetched once; its newest 50 entries are then read whole.

    \b
    unabridged add https://example.org/rss --folder News
    unabridged add subscriptions.opml
    unabridged add https://example.org/members.xml --set user=ada --set password=-
    """
    door = door_of(context)
    files = [source for source in sources if "://" not in source and Path(source).is_file()]
    addresses = [
        Outline(url=source, title=title or "", folder=(folder,) if folder else ())
        for source in sources
        if source not in files
    ]
    listed = [_read_outlines(file, folder, door) for file in files]
    wanted = _Wanted(addresses=addresses, listed=listed, read=read_pages, own=settings_to_add(own or ()))
    with door.archive() as archive:
        errors = asyncio.run(_add_all(wanted, archive, door))
    if errors and len(errors) == len(addresses) and not listed:
        raise errors[0]
    for error in errors:
        door.note.print(plain(str(error), "red"))
    if errors:
        raise typer.Exit(errors[0].exit_code)


def _read_outlines(file: str, folder: str | None, door: Door) -> Subscriptions:
    try:
        found = read_subscriptions(Path(file).read_bytes(), name=file, folder=folder)
    except OSError as exc:
        raise DocumentError(f"{file} cannot be read: {exc.strerror}.") from exc
    for url, why in found.refused:
        door.note.print(plain(f"{file}: {url} is left out: {why}.", "yellow"))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """addresses: asked at once, one by one; listed: of files, even those that are down now. read: their
    pages too. own: how the addresses are asked."""

    addresses: Sequence[Outline]
    listed: Sequence[Subscriptions]
    read: bool
    own: FeedSettings | None


async def _add_all(wanted: _Wanted, archive: Archive, door: Door) -> list[UnabridgedError]:
    """Subscribe to addresses one by one, and to listed feeds at once, even to those that are down now."""
    errors: list[UnabridgedError] = []
    now = datetime.now(UTC)
    with PollBars(door) as bars:
        settings = door.settings
        async with (
            Fetcher(settings.fetch) as fetcher,
            Poller(
                archive=archive,
                fetcher=fetcher,
                settings=settings.poll,
                watch=bars.watch,
                images=settings.archive.images,
            ) as poller,
        ):
            for outline in wanted.addresses:
                try:
                    await _add_one(outline, wanted.own, poller, door)
                except (FetchError, FeedError, InvalidURL) as error:
                    errors.append(error)
            for found in wanted.listed:
                say_private(import_subscriptions(archive, found, now=now).private, door)
            feeds = await poller.ask_due_feeds() if wanted.listed else ()
            pages = await poller.read_due_pages() if wanted.read else ()
    if feeds:
        door.show_table(summary_table(Summary(feeds=feeds)))
    if pages:
        door.say(pages_line(pages))
    return errors


async def _add_one(outline: Outline, own: FeedSettings | None, poller: Poller, door: Door) -> None:
    added = await poller.add(outline.url, folder=folder_name(outline), title=outline.title or None, own=own)
    known = "" if added.subscription.new else " (known already)"
    new = len(added.report.new) if added.report else 0
    if (stayed := login_stayed(added.subscription)) is not None:
        door.note.print(plain(" ".join(stayed), "yellow"))
    door.say(f"{added.subscription.feed.id}  {added.subscription.title}: {new} new entries{known}")


def poll(
    context: typer.Context,
    feeds: Annotated[list[str] | None, typer.Argument(help="Only these (asked now, due or not).")] = None,
    watch: Annotated[
        bool, typer.Option("--watch/--once", help="Go on until Ctrl-C, or do one round (the default).")
    ] = False,
) -> None:
    """Bring subscriptions up to date.

    Asks the feeds that are due, then reads the pages of new entries. How often a feed is due
    follows its own rhythm and wishes: every 15 minutes at most.
    """
    door = door_of(context)
    if not feeds:
        now = "Name feeds to ask those now: `unabridged poll 3`."
        refuse_beside_workers(door.settings.database, now)
    with door.archive() as archive:
        if watch:
            asyncio.run(_watch(archive, door))
            return
        summary = asyncio.run(_poll_once(feeds or [], archive, door))
        waiting = archive.schedule.next_due_at()
    show_summary(summary, waiting, door)
    if summary.feeds and all(report.kind == "failed" for report in summary.feeds):
        raise typer.Exit(FetchError.exit_code)


async def _watch(archive: Archive, door: Door) -> None:
    settings = door.settings
    door.say("Keeping subscriptions up to date. Ctrl-C ends.")
    async with (
        Fetcher(settings.fetch) as fetcher,
        Poller(
            archive=archive, fetcher=fetcher, settings=settings.poll, images=settings.archive.images
        ) as poller,
    ):
        await Worker(poller).run()


async def _poll_once(feeds: list[str], archive: Archive, door: Door) -> Summary:
    settings = door.settings
    with PollBars(door) as bars:
        async with (
            Fetcher(settings.fetch) as fetcher,
            Poller(
                archive=archive,
                fetcher=fetcher,
                settings=settings.poll,
                watch=bars.watch,
                images=settings.archive.images,
            ) as poller,
        ):
            if not feeds:
                return await poller.poll_due()
            reports: list[PollReport] = []
            for name in feeds:
                report = await poller.poll(feed_number(archive, name))
                reports += [report] if report else []
            pages = await poller.read_due_pages()
            return Summary(feeds=tuple(reports), pages=pages, pictures=await poller.keep_pictures())


def show_summary(summary: Summary, waiting: datetime | None, door: Door) -> None:
    """Print what a round of polling came to."""
    if door.json:
        door.show_json(asdict(summary))
        return
    if door.quiet:
        return
    if summary.feeds:
        door.show_table(summary_table(summary))
    else:
        when = f" The next is due {waiting.astimezone():%A %H:%M}." if waiting else ""
        door.say(f"No feed is due.{when}")
    if summary.pictures:
        door.say(f"{summary.pictures} pictures kept.")
    if summary.expired:
        door.say(f"{summary.expired} articles erased that were older than their folder keeps.")
    if summary.pages:
        door.say(pages_line(summary.pages))
        failed = failed_pages(summary.pages)
        if failed:
            door.note.print(failed)


VERBS: dict[str, Callable[..., None]] = {"add": add, "poll": poll}
