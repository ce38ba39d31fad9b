"""A real archive behind the real app on a real port, and articles of our own to fill it with."""

import asyncio
import gc
import shutil
import socket
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from aiohttp import web

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Failure
from unabridged.archive.records.polling import PollOutcome
from unabridged.config import FetchSettings, PollSettings, ServeSettings, Settings
from unabridged.model import Article, Clock, Enclosure, Entry, Feed, Page
from unabridged.serve.app import create_app
from unabridged.serve.connection_limits import DEFAULT_LIMITS, ConnectionLimits, server_config

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
KEY = b"a key for tests only, 32 bytes.."
HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

CHINESE = (
    "<p>桂花巷口那间三平方米的铺子，晴天几乎没有人注意。等到雨下起来，行人躲到屋檐下，才会抬头看见满墙的伞。</p>"
    '<figure><img src="https://news.example/san.jpg" alt="伞" width="900" height="560">'
    "<figcaption>雨天的桂花巷口。</figcaption></figure>"
    "<p>铺子的主人叫陶明远，今年六十七岁，修伞已经四十二年。</p>"
)


def make_article(number: int, **changed: object) -> Article:
    """A whole article; `changed` replaces fields."""
    url = f"https://news.example/story-{number}"
    text = f"The first paragraph of story {number}.\n\nThe second one, with more words in it."
    published = NOW - timedelta(hours=number)
    made = Article(
        url=url,
        title=f"Story number {number}",
        authors=("Ada Writer", "Bo Second"),
        published=published,
        language="en",
        lead_image=f"https://news.example/lead-{number}.jpg",
        site_name="The News",
        tags=("Harbour", "Weather"),
        summary=f"What story {number} is about.",
        html="".join(f"<p>{part}</p>" for part in text.split("\n\n")),
        text=text,
        enclosures=(Enclosure(url=f"https://news.example/{number}.mp3", type="audio/mpeg", length=123),),
        clocks=(Clock(kind="published", at=published, origin="json-ld"),),
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def page_of(article: Article, now: datetime = NOW) -> Page:
    """The page that an article was read from."""
    return Page(
        url=article.url,
        final_url=article.url,
        status=200,
        headers={"content-type": "text/html"},
        body=f"<html>{article.html}</html>".encode(),
        fetched=now,
    )


@dataclass(slots=True)
class Desk:
    """An archive to fill, and what is in it: numbers of the feed and its articles, newest first."""

    archive: Archive
    settings: Settings
    feed: int = 0
    articles: list[int] = field(default_factory=list)

    def subscribe(
        self,
        articles: list[Article],
        *,
        title: str = "The News",
        folder: str | None = "Reading",
        whole: bool = True,
    ) -> int:
        """Subscribe to a feed that shows these articles, and read their pages unless not `whole`."""
        url = f"https://news.example/{len(self.archive.library().subscriptions.all())}.xml"
        subscription = self.archive.library().subscriptions.add(url, now=NOW, folder=folder)
        entries = tuple(
            Entry(guid=article.url, url=article.url, title=article.title, summary_html="Three lines.")
            for article in articles
        )
        feed = Feed(
            url=url,
            format="rss",
            title=title,
            description="All that is new.",
            site_url="https://news.example/",
            entries=entries,
        )
        short = [
            replace(article, html="<p>Three lines.</p>", text="Three lines.", enclosures=())
            for article in articles
        ]
        saved = self.archive.ingest.save_entries(
            subscription.feed.id,
            feed,
            list(zip(entries, short, strict=True)),
            PollOutcome(polled=NOW, next_poll_at=NOW + timedelta(hours=1)),
        )
        if whole:
            for number, article in zip(saved.new, articles, strict=True):
                self.archive.ingest.save_page(number, article, page_of(article), now=NOW)
        self.feed, self.articles = subscription.feed.id, list(saved.new)
        return subscription.feed.id

    def fail(self, article_id: int, message: str, next_try_at: datetime | None) -> None:
        """Let the reading of an article's page fail."""
        self.archive.ingest.record_page_failure(
            article_id, Failure(kind="status", message=message), now=NOW, next_try_at=next_try_at
        )


def settings_in(home: Path) -> Settings:
    """Settings for an archive in a folder."""
    return Settings(
        home=home,
        database=f"sqlite:///{home / 'archive.sqlite'}",
        fetch=FetchSettings(per_host_gap=0.0, timeout=30.0),
        poll=PollSettings(workers=1),
        serve=ServeSettings(feed_limit=10),
    )


def copied(template: Path, home: Path) -> Desk:
    """A copy of a prepared archive, opened."""
    settings = settings_in(home)
    shutil.copytree(template, home, dirs_exist_ok=True)
    return Desk(archive=Archive(settings.database), settings=settings)


def fill(desk: Desk, edited: datetime = NOW) -> None:
    """Add a feed of three articles in a folder; the newest is in Chinese and was edited once.

    edited: when the page with the edit was fetched.
    """
    title = "老街修伞人：一把伞撑开四十年"
    chinese = make_article(0, title=title, language="zh-CN", html=CHINESE, text=plain(CHINESE))
    desk.subscribe([chinese, make_article(1), make_article(2)])
    later = CHINESE.replace("四十二年", "四十三年")
    changed = replace(chinese, html=later, text=plain(later))
    number = desk.archive.library().articles.find(chinese.url)
    assert number is not None
    desk.archive.ingest.save_page(number.id, changed, page_of(changed, edited), now=NOW + timedelta(hours=2))


def plain(body: str) -> str:
    """The paragraphs of a body as text."""
    return "\n\n".join(part.split("</p>")[0] for part in body.split("<p>")[1:])


@contextmanager
def running(
    desk: Desk,
    settings: Settings | None = None,
    clock: Callable[[], datetime] = lambda: NOW,
    bounds: ConnectionLimits | None = None,
) -> Iterator[str]:
    """Run the app on a free port of 127.0.0.1; gives its address.

    At its end it fails when anything held the event loop for longer than LONGEST_HOLD.
    """
    app = create_app(desk.archive, settings=settings or desk.settings, clock=clock, key=KEY)
    with socket.socket(proto=socket.IPPROTO_TCP) as door:
        door.bind(("127.0.0.1", 0))
        server = uvicorn.Server(server_config(app, bounds or DEFAULT_LIMITS, log_level="error"))
        ready = threading.Event()
        watcher = LoopWatcher()
        thread = threading.Thread(target=lambda: asyncio.run(_run(server, door, ready, watcher)))
        thread.start()
        try:
            assert ready.wait(120), "the app did not start"
            address = f"http://127.0.0.1:{door.getsockname()[1]}"
            httpx.get(
                f"{address}/healthz", timeout=120, verify=False
            )  # the first request has the routes built
            watcher.longest = 0.0
            yield address
        finally:
            server.should_exit = True
            thread.join(120)
    assert watcher.longest <= LONGEST_HOLD, f"the event loop was held for {watcher.longest:.3f} s of CPU"


LONGEST_HOLD = 0.25
"""Seconds of the loop's own CPU time between two looks at it: noise of the machine is not counted."""

LOOK = 0.01
"""Seconds between two looks. At a millisecond, watching took 7 % of a core for as long as an app ran."""


@dataclass(slots=True)
class LoopWatcher:
    """Measures the longest time that one turn of an event loop takes, in CPU time of its thread."""

    longest: float = 0.0
    collected: float = 0.0
    """CPU seconds of the loop's thread in collections of garbage, most of it that of other tests."""
    _thread: int = 0

    async def watch(self) -> None:
        """Note the CPU time between two looks, until cancelled: a shared app is watched all the time."""
        gc.callbacks.append(self._note_collection)
        self._thread = threading.get_ident()
        try:
            while True:
                began = time.thread_time() - self.collected
                await asyncio.sleep(LOOK)
                self.longest = max(self.longest, time.thread_time() - self.collected - began)
        finally:
            gc.callbacks.remove(self._note_collection)

    def _note_collection(self, phase: str, _info: dict[str, int]) -> None:
        if threading.get_ident() == self._thread:
            self.collected += time.thread_time() if phase == "stop" else -time.thread_time()


async def _run(
    server: uvicorn.Server, door: socket.socket, ready: threading.Event, watcher: LoopWatcher
) -> None:
    startup = server.startup
    watching: list[asyncio.Task[None]] = []

    async def told(sockets: list[socket.socket] | None = None) -> None:
        await startup(sockets)
        watching.append(asyncio.create_task(watcher.watch()))
        ready.set()

    server.startup = told  # type: ignore[method-assign]
    await server.serve(sockets=[door])
    for task in watching:
        task.cancel()


def wait_until(holds: Callable[[], bool], seconds: float = 120.0) -> None:
    """Look again and again until something holds; a loaded machine gets its time."""
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.1)


def token_of(client: httpx.Client, page: str = "/sources") -> str:
    """The form token that the pages carry."""
    html = client.get(page).text
    return html.split('name="csrf-token" content="')[1].split('"')[0]


@contextmanager
def in_thread(service: AbstractAsyncContextManager[Any]) -> Iterator[Any]:
    """Run an async context manager (a publisher) on a loop of its own; gives what it gives."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield asyncio.run_coroutine_threadsafe(service.__aenter__(), loop).result(120)
    finally:
        asyncio.run_coroutine_threadsafe(service.__aexit__(None, None, None), loop).result(120)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(120)
        loop.close()


@dataclass(slots=True)
class Shelf:
    """A tiny site: path -> (content type, body), and every path that was asked for."""

    answers: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    origin: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        if request.path in self.redirects:
            return web.Response(status=302, headers={"Location": self.redirects[request.path]})
        if request.path not in self.answers:
            return web.Response(status=404)
        kind, body = self.answers[request.path]
        return web.Response(body=body, headers={"Content-Type": kind})


@asynccontextmanager
async def answering(answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    """Answer every request to a free port of 127.0.0.1; gives its origin."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=0.2, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def serving(shelf: Shelf) -> AsyncIterator[Shelf]:
    """Serve a tiny site on a free port of 127.0.0.1."""
    async with answering(shelf.answer) as shelf.origin:
        yield shelf


def letting_in(settings: Settings, *hosts: str) -> Settings:
    """Settings whose fetcher may ask these private hosts."""
    return replace(settings, fetch=replace(settings.fetch, allow_private=hosts))


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHROMIUM_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
