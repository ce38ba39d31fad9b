"""Demonstration on the sample publisher: subscribe, poll, serve; or compare articles with expected ones."""

import asyncio
import signal
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import StoredArticle
from unabridged.cli.support.terminal import Console, Table, Text, plain
from unabridged.cli.support.terminal import Progress as Bars
from unabridged.config import FetchSettings, PollSettings, ServeSettings, Settings, database_url
from unabridged.errors import UnabridgedError
from unabridged.extraction.html.render import to_text
from unabridged.feeds.parsing.parse import parse_feed
from unabridged.fetch.client import ACCEPT_FEED, Fetcher
from unabridged.model import Page
from unabridged.poll.poller import Poller, open_poller
from unabridged.poll.reports import Progress
from unabridged.sample.layout import Site, read_site
from unabridged.sample.server import DEFAULT_SITES, SamplePublisher
from unabridged.sample.truth import Truth, Verdict, compare, tokens
from unabridged.serve.app import create_app
from unabridged.urls import identity

FEED_LIMIT: Final = 1000
"""Articles in one full-text feed: enough for all articles of a publisher."""

CHECKED_FIELDS: Final = ("text", "clean", "title", "authors", "published", "lead_image", "republished")
FORMATS: Final = ("rss", "atom", "json")
HEADINGS: Final = ("whole", "clean", "title", "authors", "date", "image", "our feed")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleResult:
    """Result of one article. republished: our own full-text feed contains its whole text.

    verdict: None if the article is not in the archive; reason: the explanation.
    """

    truth: Truth
    verdict: Verdict | None
    republished: bool = False
    reason: str = ""

    @property
    def holds(self) -> bool:
        return self.verdict is not None and self.verdict.holds and self.republished

    def mark(self, field: str) -> bool | None:
        """Say whether one checked field is correct; None if there is no expected value."""
        if self.verdict is None:
            return False
        if field == "republished":
            return self.republished
        found: bool | None = getattr(self.verdict, field)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoContext:
    """A running publisher and an archive for its feeds."""

    publisher: SamplePublisher
    archive: Archive
    fetcher: Fetcher
    settings: Settings


async def run_demo(
    *, sites: Sequence[Path] = (), port: int = 8200, database: str | None = None, console: Console
) -> None:
    """Serve the sample publisher and the web app until Ctrl-C, and print their URLs.

    sites: folders of publishers; by default the built-in ones. port: of the web app; a free port if it is
    taken. database: a temporary file by default. Raises ConfigError, ArchiveError.
    """
    async with _open_demo(sites, database) as demo:
        await _subscribe_and_read(demo, console)
        listener = _open_listener(port)

        app = create_app(demo.archive, settings=demo.settings, fetcher=demo.fetcher, poll=True)
        server = _Server(
            uvicorn.Config(
                app, log_config=None, log_level="warning", access_log=False, timeout_graceful_shutdown=1
            )
        )
        _stop_on_signals(lambda: setattr(server, "should_exit", True))
        _print_urls(demo, f"http://127.0.0.1:{listener.getsockname()[1]}", console)
        await server.serve(sockets=[listener])
    console.print(
        "The demonstration has ended. Its temporary files are deleted." if database is None else "Ended."
    )


async def check_demo(*, sites: Sequence[Path] = (), database: str | None = None, console: Console) -> int:
    """Compare every article with the expected one and print a table. Returns 0 if all agree, else 1.

    sites: folders of publishers; by default the built-in ones. Raises ConfigError, ArchiveError.
    """
    async with _open_demo(sites, database) as demo:
        subscribed = await _subscribe_and_read(demo, console)
        truths = demo.publisher.truths()
        published = await _read_own_feeds(demo)
        rows = [_compare(demo.archive, truth, published) for truth in truths]
    _print_results(rows, console)
    return 0 if rows and subscribed and all(row.holds for row in rows) else 1


class _Server(uvicorn.Server):
    """uvicorn's server without its signal handlers."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def _stop_on_signals(end: Callable[[], None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(
            NotImplementedError, RuntimeError
        ):  # no such thing on Windows, or outside the main thread
            asyncio.get_running_loop().add_signal_handler(number, end)


@asynccontextmanager
async def _open_demo(folders: Sequence[Path], database: str | None) -> AsyncIterator[DemoContext]:
    sites: list[Site | str] = [read_site(folder) for folder in folders] or list(DEFAULT_SITES)
    with tempfile.TemporaryDirectory(prefix="unabridged-demo-") as home:
        async with SamplePublisher(sites) as publisher:
            settings = _settings(Path(home), database, publisher)
            with Archive(settings.database) as archive:
                async with Fetcher(settings.fetch) as fetcher:
                    yield DemoContext(
                        publisher=publisher, archive=archive, fetcher=fetcher, settings=settings
                    )


def _settings(home: Path, database: str | None, publisher: SamplePublisher) -> Settings:
    """Return settings that allow requests to the local publisher and web app, without pauses."""
    return Settings(
        home=home,
        database=database_url(database or str(home / "demo.sqlite")),
        fetch=FetchSettings(allow_private=(*publisher.hosts, "127.0.0.1"), per_host_gap=0.0),
        poll=PollSettings(read_newest=FEED_LIMIT),
        serve=ServeSettings(feed_limit=FEED_LIMIT),
    )


async def _subscribe_and_read(demo: DemoContext, console: Console) -> bool:
    """Subscribe to all feeds and read all article pages. Returns True if all feeds could be read."""
    with Bars(console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("Reading pages", total=None)

        def watch(step: Progress) -> None:
            if step.stage == "pages":
                bars.update(task, completed=step.done, total=step.total)

        async with open_poller(demo.settings, demo.archive, fetcher=demo.fetcher, watch=watch) as poller:
            fine = [await _subscribe(poller, address, console) for address in demo.publisher.feeds]
            reports = await poller.read_due_pages()
    failed = [report for report in reports if report.kind == "failed"]
    console.print(f"{len(reports) - len(failed)} pages read, {len(failed)} failed.")
    for report in failed:
        reason = report.failure.message if report.failure else ""
        console.print(plain(f"  {report.url}: {reason}", "red"))
    return all(fine)


async def _subscribe(poller: Poller, address: str, console: Console) -> bool:
    try:
        added = await poller.add(address)
    except UnabridgedError as exc:
        console.print(plain(f"Not subscribed to {address}: {exc}", "red"))
        return False
    new = len(added.report.new) if added.report else 0
    console.print(f"Subscribed to {address}: {added.subscription.title}, {new} new articles.")
    return True


async def _read_own_feeds(demo: DemoContext) -> dict[str, str]:
    """Return the texts of our own full-text feeds, fetched over HTTP: URL identity -> text."""
    app = create_app(demo.archive, settings=demo.settings, fetcher=demo.fetcher)
    listener = _open_listener(0)
    origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = _Server(uvicorn.Config(app, log_config=None, log_level="warning", access_log=False))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    texts: dict[str, str] = {}
    try:
        for subscription in demo.archive.library().subscriptions.all():
            address = f"{origin}/feeds/{subscription.feed.id}.atom"
            page = await demo.fetcher.get(address, accept=ACCEPT_FEED)
            assert isinstance(page, Page)
            for entry in parse_feed(page.body, url=address).entries:
                texts[identity(entry.url or address)] = to_text(entry.content_html)
    finally:
        server.should_exit = True
        await task
    return texts


def _compare(archive: Archive, truth: Truth, republished: dict[str, str]) -> ArticleResult:
    stored = archive.library().articles.find(truth.url)
    if stored is None:
        return ArticleResult(
            truth=truth, verdict=None, reason="not in the archive: no feed contains this address"
        )
    text = republished.get(identity(truth.url), "")
    whole = "".join(tokens(stored.article.text)) in "".join(tokens(text))
    return ArticleResult(
        truth=truth, verdict=compare(truth, stored.article), republished=whole, reason=_page_error(stored)
    )


def _page_error(stored: StoredArticle) -> str:
    return stored.page.failure.message if stored.page.failure else ""


def _result_table(rows: Sequence[ArticleResult]) -> Table:
    table = Table(
        title="Articles compared with the expected ones", box=None, header_style="dim", title_justify="left"
    )
    table.add_column("article", overflow="ellipsis", no_wrap=True, ratio=1)
    for heading in HEADINGS:
        table.add_column(heading)
    for row in rows:
        name = row.truth.title or row.truth.url
        table.add_row(plain(name), *(_mark_text(row.mark(field)) for field in CHECKED_FIELDS))
    return table


def _mark_text(mark: bool | None) -> Text:
    if mark is None:
        return plain("–", "dim")
    return plain("yes", "green") if mark else plain("NO", "bold red")


def _problems(row: ArticleResult) -> list[str]:
    """Return the problems of an article, one line each."""
    found = [row.reason] if row.reason else []
    verdict = row.verdict
    if verdict is None:
        return found
    if verdict.text is False:
        found.append(f"{verdict.missing} words missing, the longest run: {verdict.lost}")
    if verdict.clean is False and verdict.extra:
        found.append(f"{verdict.extra} words too many, the longest run: {verdict.added}")
    found += [f"furniture: {snippet}" for snippet in verdict.furniture]
    found += [f"wrong {field.replace('_', ' ')}" for field in CHECKED_FIELDS[2:6] if row.mark(field) is False]
    found += verdict.remarks
    return [*found, *([] if row.republished else ["incomplete in our own full-text feed"])]


def _print_results(rows: Sequence[ArticleResult], console: Console) -> None:
    console.print(_result_table(rows))
    for row in rows:
        if not row.holds:
            console.print()
            for line in (row.truth.title or "", row.truth.url):
                console.print(plain(line, "bold"))
            for line in _problems(row):
                console.print(f"  {line}")
    held = sum(row.holds for row in rows)
    console.print()
    console.print(f"{held} of {len(rows)} articles agree with the expected ones.")
    if not rows:
        console.print("There is nothing to compare with. Add a folder truth/ to the publisher's folder.")


def _open_listener(port: int) -> socket.socket:
    """Return a listening socket on loopback: on `port`, or on a free port if it is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # as in `serve.server`
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


def _print_urls(demo: DemoContext, origin: str, console: Console) -> None:
    table = Table(box=None, header_style="dim", pad_edge=False)
    for heading in ("full-text feeds", "articles", "from the short feed"):
        table.add_column(heading, overflow="fold")
    for subscription in demo.archive.library().subscriptions.all():
        forms = Text("\n").join(plain(f"{origin}/feeds/{subscription.feed.id}.{form}") for form in FORMATS)
        shown = Text("\n").join((plain(subscription.title), plain(subscription.feed.url)))
        table.add_row(forms, str(subscription.articles), shown)
    for part in ("", f"The reader: {origin}/", "", table, "", "Ctrl-C ends."):
        console.print(part)
