"""Measure the pages of the reader with many feeds: server time and weight.

    python -m bench.reader                              1,000 feeds in 40 folders, 20,000 articles, SQLite
    python -m bench.reader --feeds 100 --articles 2000

The app answers in this process, without a network: what is timed is the whole way through its middleware, its
routes, the archive and the templates, request after request. Half of the articles are read.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from unabridged.archive import Archive, ListedFeed, PollOutcome, Query
from unabridged.config import Settings
from unabridged.model import Article, Clock, Entry, Feed
from unabridged.serve.app import create_app

NOW = datetime(2026, 2, 1, tzinfo=UTC)
FOLDERS = 40
ASKED = 200
"""Requests of each page."""

TEXT = "\n\n".join(
    f"Paragraph {n} of a story, long enough to be one of an article of its own." for n in range(12)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Result of one page. times, cpu: milliseconds of the clock and of this process; size: bytes."""

    path: str
    times: Sequence[float]
    cpu: Sequence[float]
    size: int


def fill(archive: Archive, feeds: int, articles: int) -> None:
    """Subscribe to feeds in folders and save their articles."""
    subscriptions = archive.library().subscriptions
    listed = [
        ListedFeed(
            url=f"https://site-{n}.example/feed", folder=f"Folder {n % FOLDERS:02}", title=f"Site number {n}"
        )
        for n in range(feeds)
    ]
    each = max(1, articles // feeds)
    for n, feed_id in enumerate(subscriptions.add_many(listed, now=NOW)):
        entries = [
            _entry(f"https://site-{n}.example/{k}", NOW - timedelta(minutes=n + 1000 * k))
            for k in range(each)
        ]
        outcome = PollOutcome(polled=NOW, next_poll_at=NOW + timedelta(hours=1))
        feed = Feed(url=listed[n].url, format="rss", title=f"Site number {n}")
        archive.ingest.save_entries(feed_id, feed, entries, outcome)
    archive.library().marks.set_all_read(Query(), now=NOW, before=NOW - timedelta(minutes=1000 * each // 2))
    numbers = [line.id for line in archive.library().articles.headlines(Query(limit=100)).headlines]
    archive.library().marks.set_read(numbers[::2], True, now=NOW)


def _entry(url: str, at: datetime) -> tuple[Entry, Article]:
    clock = Clock(kind="published", at=at, origin="feed")
    entry = Entry(
        guid=url, url=url, title=f"The story at {url}", published=clock, summary_html="<p>Lines.</p>"
    )
    body = "".join(f"<p>{part}</p>" for part in TEXT.split("\n\n"))
    return entry, Article(url=url, title=entry.title, html=body, text=TEXT, published=at, summary=TEXT[:200])


async def measure(archive: Archive, settings: Settings, paths: Sequence[str], asked: int) -> list[Speed]:
    """Ask for every page so many times."""
    app = create_app(archive, settings=settings, clock=lambda: NOW)
    found = []
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=120) as client:
        for path in paths:
            answer = await client.get(path, headers={"accept": "text/html"})
            if answer.status_code == 404:
                continue  # a page that this version does not have
            answer.raise_for_status()
            times, cpu = [], []
            for _ in range(asked):
                began, worked = time.perf_counter(), time.process_time()
                await client.get(path, headers={"accept": "text/html"})
                times.append(1000 * (time.perf_counter() - began))
                cpu.append(1000 * (time.process_time() - worked))
            found.append(Speed(path=path, times=times, cpu=cpu, size=len(answer.content)))
    return found


def main() -> None:
    """Fill an archive, ask, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--requests", type=int, default=ASKED, help="of each page")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), database=f"sqlite:///{home}/archive.sqlite")
        with Archive(settings.database) as archive:
            fill(archive, given.feeds, given.articles)
            paths = (
                "/",
                "/?show=unread",
                "/feeds/1",
                "/folders/Folder%2001",
                "/a/1",
                "/search?q=story",
                "/sources",
                "/health",
                "/feeds/1/settings",
                "/counts",
            )
            speeds = asyncio.run(measure(archive, settings, paths, given.requests))
    table = Table("page", "median ms", "95 % ms", "CPU ms", "bytes")
    for one in speeds:
        late = statistics.quantiles(one.times, n=20)[-1]
        median, cpu = statistics.median(one.times), statistics.median(one.cpu)
        table.add_row(one.path, f"{median:.1f}", f"{late:.1f}", f"{cpu:.1f}", f"{one.size:,}")
    Console().print(f"{given.feeds:,} feeds, {given.articles:,} articles", table)


if __name__ == "__main__":
    main()
