"""The commands `add` and `poll`: subscribe to feeds, and poll them."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from unabridged.archive.facade.archive import Archive
from unabridged.automation.sender import Sender, sending
from unabridged.cli.commands.subscriptions.feed import Like
from unabridged.cli.support.context import CliContext, get_context
from unabridged.cli.support.event_loop import run_async
from unabridged.cli.support.feed_changes import settings_to_add, warn_of_lost_settings
from unabridged.cli.support.lookup import feed_number
from unabridged.cli.support.poll_summary import failed_pages, pages_line, summary_table
from unabridged.cli.support.progress import PollBars, waiting
from unabridged.cli.support.terminal import plain
from unabridged.cli.support.workers import refuse_beside_workers
from unabridged.config import FeedSettings
from unabridged.errors import ConfigError, DocumentError, FeedError, FetchError, InvalidURL, UnabridgedError
from unabridged.feeds.lists.profile import checked_examples
from unabridged.feeds.opml import Subscription as Outline
from unabridged.feeds.opml import Subscriptions
from unabridged.formats.subscriptions import folder_name, import_subscriptions, read_subscriptions
from unabridged.poll.background import BackgroundPoller
from unabridged.poll.feeds.diagnostics import login_stayed
from unabridged.poll.poller import Poller, PollReport, Summary, open_poller
from unabridged.urls import host


def add(
    context: typer.Context,
    sources: Annotated[list[str], typer.Argument(help="Addresses of feeds or sites, or OPML files.")],
    folder: Annotated[str | None, typer.Option("--folder", help="Folder for the subscriptions.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="Your own title.")] = None,
    read_pages: Annotated[
        bool, typer.Option("--read/--no-read", help="Fetch the pages of the newest entries now.")
    ] = True,
    own: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="key=value", help="Request setting; see `unabridged set --help`."),
    ] = None,
    like: Like = None,
) -> None:
    """Subscribe to feeds.

    Each feed is fetched once; then the pages of its newest 50 entries are fetched.

    \b
    unabridged add https://example.org/rss --folder News
    unabridged add subscriptions.opml
    unabridged add https://example.org/members.xml --set user=ada --set password=-
    unabridged add https://example.org/news --like "Ferry sails again"
    """
    cli = get_context(context)
    files = [source for source in sources if _is_file(source)]
    addresses = [
        Outline(url=source, title=title or "", folder=(folder,) if folder else ())
        for source in sources
        if source not in files
    ]
    listed = [_read_outlines(file, folder, cli) for file in files]
    if like and (files or len(addresses) != 1):
        raise ConfigError("--like is for one page: name a single address with it.")
    wanted = _Wanted(
        addresses=addresses,
        listed=listed,
        read=read_pages,
        own=settings_to_add(own or ()),
        like=checked_examples(like or ()),
    )
    with cli.archive(create=True) as archive:
        errors = run_async(_add_all(wanted, archive, cli))
    if errors and len(errors) == len(addresses) and not listed:
        raise errors[0]
    for error in errors:
        cli.stderr.print(plain(str(error), "red"))
    if errors:
        raise typer.Exit(errors[0].exit_code)


SHOWN_ITEMS = 3
"""Headlines that show which list of a page was chosen."""
FILE_SUFFIXES = frozenset((".opml", ".xml", ".txt", ".html", ".htm", ".json", ".csv"))


def _is_file(source: str) -> bool:
    """Say whether a source is a file. Raises DocumentError for a missing one that cannot be a host's name."""
    path = Path(source)
    if "://" in source or path.is_file():
        return "://" not in source
    named = source.startswith(("/", "./", "../", "~")) or path.is_dir()
    if named or ("/" not in source and path.suffix.lower() in FILE_SUFFIXES):
        raise DocumentError(f"There is no file {source}. Give the path of an OPML file, or an address.")
    return False


def _read_outlines(file: str, folder: str | None, cli: CliContext) -> Subscriptions:
    try:
        found = read_subscriptions(Path(file).read_bytes(), name=file, folder=folder)
    except OSError as exc:
        raise DocumentError(f"{file} cannot be read: {exc.strerror}.") from exc
    for url, why in found.refused:
        cli.stderr.print(plain(f"{file}: {url} is left out: {why}.", "yellow"))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """Feeds to add.

    addresses: fetched now, one by one. listed: lists from files, added even if a feed is down now.
    read: fetch pages, too. own: request settings for the addresses. like: headlines of the list of a page.
    """

    addresses: Sequence[Outline]
    listed: Sequence[Subscriptions]
    read: bool
    own: FeedSettings | None
    like: Sequence[str]


async def _add_all(wanted: _Wanted, archive: Archive, cli: CliContext) -> list[UnabridgedError]:
    """Subscribe to addresses one by one, then to all listed feeds, even those that are down now."""
    errors: list[UnabridgedError] = []
    now = datetime.now(UTC)
    with PollBars(cli) as bars:
        async with open_poller(cli.settings, archive, watch=bars.watch) as poller:
            for outline in wanted.addresses:
                try:
                    await _add_one(outline, wanted, poller, cli)
                except (FetchError, FeedError, InvalidURL) as error:
                    errors.append(error)
            for found in wanted.listed:
                warn_of_lost_settings(import_subscriptions(archive.library(), found, now=now).private, cli)
            feeds = await poller.poll_due_feeds() if wanted.listed else ()
            pages = await poller.read_due_pages() if wanted.read else ()
    if feeds:
        cli.show_table(summary_table(Summary(feeds=feeds)))
    if pages:
        cli.info(pages_line(pages))
    return errors


async def _add_one(outline: Outline, wanted: _Wanted, poller: Poller, cli: CliContext) -> None:
    with waiting(cli, host(outline.url) or outline.url):
        added = await poller.add(
            outline.url,
            folder=folder_name(outline),
            title=outline.title or None,
            own=wanted.own,
            like=wanted.like,
        )
    known = "" if added.subscription.new else " (already subscribed)"
    new = len(added.report.new) if added.report else 0
    if (stayed := login_stayed(added.subscription)) is not None:
        cli.stderr.print(plain(" ".join(stayed), "yellow"))
    number = added.subscription.feed.id
    cli.info(f"{number}  {added.subscription.title}: {new} new entries{known}")
    listed = poller.context.archive.feeds.page_list(number) if added.report or wanted.like else None
    if listed is not None:
        shown = "; ".join(title for _, title in listed.known[:SHOWN_ITEMS])
        cli.info(
            f"The page has no feed; its list of {len(listed.known)} items is read as one: {shown} … If these "
            f'are not the articles that you want: `unabridged set {number} like="a headline"`.'
        )


def poll(
    context: typer.Context,
    feeds: Annotated[list[str] | None, typer.Argument(help="Poll only these, due or not.")] = None,
    watch: Annotated[
        bool, typer.Option("--watch/--once", help="Run until Ctrl-C, or do one round (default).")
    ] = False,
) -> None:
    """Poll the feeds that are due and fetch new articles.

    How often a feed is due depends on how often it has new entries and on what it asks for; never more than
    every 15 minutes, unless the settings say otherwise.
    """
    cli = get_context(context)
    if not feeds:
        now = "Name feeds to poll those now: `unabridged poll 3`."
        refuse_beside_workers(cli.settings.database, now)
    with cli.archive() as archive:
        if watch:
            run_async(_watch(archive, cli))
            return
        summary = run_async(_poll_once(feeds or [], archive, cli))
        waiting = archive.schedule.next_due_at()
    show_summary(summary, waiting, cli)
    if summary.feeds and all(report.kind == "failed" for report in summary.feeds):
        raise typer.Exit(FetchError.exit_code)


async def _watch(archive: Archive, cli: CliContext) -> None:
    cli.info("Polling subscriptions. Ctrl-C stops it.")
    settings = cli.settings
    sender = Sender(archive, settings.fetch, base_url=settings.serve.base_url)
    async with open_poller(settings, archive) as poller, sending(sender):
        await BackgroundPoller(poller).run()


async def _poll_once(feeds: list[str], archive: Archive, cli: CliContext) -> Summary:
    with PollBars(cli) as bars:
        async with open_poller(cli.settings, archive, watch=bars.watch) as poller:
            if not feeds:
                return await poller.poll_due()
            reports: list[PollReport] = []
            for name in feeds:
                report = await poller.poll(feed_number(archive, name))
                reports += [report] if report else []
            pages = await poller.read_due_pages()
            return Summary(feeds=tuple(reports), pages=pages, pictures=await poller.save_images())


def show_summary(summary: Summary, waiting: datetime | None, cli: CliContext) -> None:
    """Print the result of a poll."""
    if cli.json:
        cli.show_json(asdict(summary))
        return
    if cli.quiet:
        return
    if summary.feeds:
        cli.show_table(summary_table(summary))
    else:
        when = f" The next is due {waiting.astimezone():%A %H:%M}." if waiting else ""
        cli.info(f"No feed is due.{when}")
    if summary.pictures:
        cli.info(f"{summary.pictures} pictures saved.")
    if summary.expired:
        cli.info(f"{summary.expired} articles deleted: the retention time of their folder is over.")
    if summary.pages:
        cli.info(pages_line(summary.pages))
        failed = failed_pages(summary.pages)
        if failed:
            cli.stderr.print(failed)


commands: dict[str, Callable[..., None]] = {"add": add, "poll": poll}
