"""A publisher on loopback, an archive in a file, a poller with a clock of our own."""

import shutil
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from tests.conftest import Children
from unabridged.archive.facade.archive import Archive
from unabridged.config import FetchSettings, PollSettings
from unabridged.fetch.client import Fetcher
from unabridged.poll.poller import Poller

Answer = Callable[[web.Request], web.StreamResponse]
Polling = Callable[..., AbstractAsyncContextManager[Poller]]

START = datetime(2024, 5, 6, 9, 0, tzinfo=UTC)

PARAGRAPHS = (
    "The river rose a metre in the night and the town below the bridge woke to water in its streets,"
    " said the harbour master of story {number}, who has kept the books of the lock since 1987.",
    "By six the baker had carried his flour to the first floor, and the school had been told to stay"
    " shut until the pumps arrived from the county town, forty kilometres away.",
    "Nobody was hurt, but two barges tore loose at the old mill and drifted against the pier, where "
    "volunteers made them fast with every rope they could find.",
    "The mayor blamed a sluice that had not been opened in time; the water board answered that its "
    "keeper had telephoned three times before midnight without reaching anybody.",
    "Insurers expect claims of about nine million, most of them from the row of workshops behind the"
    " station, which lies lower than the river even in a dry summer.",
    "On Thursday the council meets to decide whether the dyke is to be raised, a question that it "
    "has put off at every meeting since the flood of 2002.",
)
LAST_WORDS = "since the flood of 2002."


@dataclass
class Publisher:
    """A small news site whose answers a test can change. asked: every request's path, in order."""

    base: str = ""
    stories: list[int] = field(default_factory=lambda: [1, 2, 3])
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    feed_headers: dict[str, str] = field(default_factory=dict)
    validators: bool = True

    @property
    def feed(self) -> str:
        return self.base + "/feed.xml"

    def counts(self) -> Counter[str]:
        return Counter(self.asked)

    def html(self, number: int) -> str:
        """A story's page, to be answered otherwise."""
        return page_html(number)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        self.headers.append(dict(request.headers))
        if request.path in self.answers:
            return self.answers[request.path](request)
        if request.path == "/feed.xml":
            return self._feed(request)
        if request.path.startswith("/story/"):
            number = int(request.path.rpartition("/")[2])
            return web.Response(text=page_html(number), content_type="text/html")
        return web.Response(status=404)

    def feed_text(self) -> str:
        return feed_xml(self.base, self.stories)

    def _feed(self, request: web.Request) -> web.Response:
        etag = f'"{len(self.stories)}-{self.stories[-1] if self.stories else 0}"'
        if self.validators and request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers=self.feed_headers)
        headers = {**({"ETag": etag} if self.validators else {}), **self.feed_headers}
        return web.Response(
            text=feed_xml(self.base, self.stories), content_type="application/rss+xml", headers=headers
        )


def feed_xml(base: str, numbers: list[int]) -> str:
    items = "".join(
        f"<item><title>Flood report {n}</title><link>{base}/story/{n}</link><guid>id-{n}</guid>"
        f"<pubDate>{format_datetime(START - timedelta(hours=n))}</pubDate>"
        f"<description>Teaser of story {n}.</description></item>"
        for n in numbers
    )
    return f"<rss version='2.0'><channel><title>River News</title><link>{base}/</link>{items}</channel></rss>"


def page_html(number: int) -> str:
    text = "".join(f"<p>{paragraph.format(number=number)}</p>" for paragraph in PARAGRAPHS)
    return (
        f"<!doctype html><html lang=en><head><title>Flood report {number}</title></head>"
        f"<body><nav><a href=/>Home</a> <a href=/about>About</a></nav>"
        f"<article><h1>Flood report {number}</h1>{text}</article><footer>Imprint</footer></body></html>"
    )


class Clock:
    """The present, which a test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest_asyncio.fixture(loop_scope="session")
async def publisher() -> AsyncIterator[Publisher]:
    one = Publisher()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", one.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    one.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield one
    await runner.cleanup()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def archive(tmp_path: Path, empty_file: Path) -> Iterator[Archive]:
    shutil.copy(empty_file, tmp_path / "archive.sqlite")
    with Archive(f"sqlite:///{tmp_path / 'archive.sqlite'}") as opened:
        yield opened


FETCH = FetchSettings(allow_private=("127.0.0.0/8",), per_host_gap=0.0, timeout=30.0)
POLL = PollSettings(workers=1, recheck=())


@pytest.fixture
def polling(archive: Archive, clock: Clock, children: Children) -> Polling:
    """Make a running poller: `async with polling() as poller`."""

    @asynccontextmanager
    async def make(
        settings: PollSettings = POLL, fetch: FetchSettings = FETCH, **more: Any
    ) -> AsyncIterator[Poller]:
        async with (
            Fetcher(fetch) as fetcher,
            Poller(
                archive=archive,
                fetcher=fetcher,
                settings=settings,
                clock=clock,
                **{"jitter": lambda: 0.0, **children, **more},
            ) as poller,
        ):
            yield poller

    return make
