"""Verbs about subscriptions: add, list, remove, poll."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from unabridged.archive.records import Subscription
from unabridged.archive.store import Archive
from unabridged.cli.changes import settings_to_add
from unabridged.cli.details import all_details, details_table
from unabridged.cli.door import Door, door_of, plain
from unabridged.cli.progress import PollBars, failed_pages, pages_line, summary_table
from unabridged.cli.working import refuse_beside_workers
from unabridged.config import FeedSettings
from unabridged.errors import DocumentError, FeedError, FetchError, InvalidURL, NotFound, UnabridgedError
from unabridged.feeds.opml import Subscription as Outline
from unabridged.feeds.opml import Subscriptions
from unabridged.fetch.client import Fetcher
from unabridged.poll.ingest import Poller, PollReport, Summary
from unabridged.poll.worker import Worker
from unabridged.publish.outlines import folder_name, read_list, take_list


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
        found = read_list(Path(file).read_bytes(), name=file, folder=folder)
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
                say_private(take_list(archive, found, now=now).private, door)
            feeds = await poller.ask_due_feeds() if wanted.listed else ()
            pages = await poller.read_due_pages() if wanted.read else ()
    if feeds:
        door.show_table(summary_table(Summary(feeds=feeds)))
    if pages:
        door.say(pages_line(pages))
    return errors


def say_private(urls: Sequence[str], door: Door) -> None:
    """Name the feeds that were asked with secrets where a list comes from, which holds none."""
    for url in urls:
        say = f"{url} was asked with a name, password, header or proxy: see `unabridged set --help`."
        door.note.print(plain(say, "yellow"))


async def _add_one(outline: Outline, own: FeedSettings | None, poller: Poller, door: Door) -> None:
    added = await poller.add(outline.url, folder=folder_name(outline), title=outline.title or None, own=own)
    known = "" if added.subscription.new else " (known already)"
    new = len(added.report.new) if added.report else 0
    door.say(f"{added.subscription.feed.id}  {added.subscription.title}: {new} new entries{known}")


def list_(
    context: typer.Context,
    details: Annotated[
        bool, typer.Option("--details", help="All that is known of each, settings with secrets masked.")
    ] = False,
) -> None:
    """List subscriptions and how they stand.

    Where something is wrong, it says what, and what to do about it; `unabridged doctor` says more."""
    door = door_of(context)
    with door.archive() as archive:
        subscriptions = archive.subscriptions()
        known = all_details(archive, subscriptions) if details else {}
    if door.json:
        rows = [asdict(subscription) for subscription in subscriptions]
        door.show_json([row | known.get(row["feed"]["id"], {}) for row in rows])
        return
    if not subscriptions:
        door.say("No subscriptions yet. Subscribe with: unabridged add https://example.org/feed")
        return
    if details:
        for subscription in subscriptions:
            door.out.print(plain(subscription.title, "bold"))
            door.show_table(details_table(known[subscription.feed.id]))
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("id", "title", "folder", "unread", "articles", "last asked", "state"):
        table.add_column(heading, justify="right" if heading in ("id", "unread", "articles") else "left")
    for subscription in subscriptions:
        table.add_row(*_row(subscription))
    door.show_table(table)


def _row(subscription: Subscription) -> list[str]:
    feed = subscription.feed
    polled = feed.last_polled.astimezone().strftime("%Y-%m-%d %H:%M") if feed.last_polled else "never"
    return [
        str(feed.id),
        plain(subscription.title).markup,
        plain(subscription.folder or "").markup,
        str(subscription.unread),
        str(subscription.articles),
        polled,
        plain(state_of(subscription)).markup,
    ]


def state_of(subscription: Subscription) -> str:
    """Return how a subscription stands, in words, with what to do."""
    feed = subscription.feed
    if feed.last_failure is not None and feed.failures:
        return f"{feed.last_failure.message} {feed.last_failure.advice}".strip()
    words = {"active": "ok", "paused": "paused", "gone": "gone: the publisher ended this feed"}
    return words[feed.status]


def remove(
    context: typer.Context,
    feeds: Annotated[list[str], typer.Argument(help="Numbers or addresses, as `unabridged list` shows.")],
    purge: Annotated[
        bool, typer.Option("--purge", help="Erase the articles too (starred ones stay).")
    ] = False,
) -> None:
    """Unsubscribe from feeds.

    The articles stay, unless --purge."""
    door = door_of(context)
    with door.archive() as archive:
        for name in feeds:
            feed_id = feed_number(archive, name)
            if purge:
                door.say(f"Unsubscribed from {name}; {archive.purge(feed_id)} articles erased.")
            else:
                archive.unsubscribe(feed_id)
                door.say(f"Unsubscribed from {name}; its articles stay.")


def feed_number(archive: Archive, name: str) -> int:
    """Return a feed's number for what a person typed. Raises NotFound."""
    if name.isdecimal():
        return archive.subscription(int(name)).feed.id
    feed = archive.find_feed(name)
    if feed is None:
        raise NotFound(f"There is no subscription {name}. `unabridged list` shows numbers and addresses.")
    return feed.id


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
        waiting = archive.next_due_at()
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


VERBS: dict[str, Callable[..., None]] = {"add": add, "list": list_, "remove": remove, "poll": poll}
