"""Measure the pages of the reader with many feeds, beside Miniflux: time, CPU, weight, memory.

    python -m bench.reader                              1,000 feeds in 40 folders, 200,000 articles, SQLite
    python -m bench.reader --feeds 100 --articles 2000
    python -m bench.reader --home /var/tmp/bench        keep the archive, so that the next run starts at once

Both programs run as servers on loopback over the same feeds and entries, of which half are read. Their pages
are asked for in turns, over one connection each. Miniflux is Debian's package, with a PostgreSQL server of
its own; where it cannot be had the table says why and shows ours alone.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from bench import miniflux
from bench.debian_package import Unavailable
from bench.postgresql import installed, running_server
from unabridged.archive import Archive, ListedFeed, PollOutcome, Query
from unabridged.model import Article, Clock, Entry, Feed

NOW = datetime(2026, 2, 1, tzinfo=UTC)
FOLDERS = 40
ASKED = 200
"""Requests of each page."""

SUBJECTS = "harbour council river museum bridge school election railway orchard theatre".split()
TEXT = "\n\n".join(
    f"Paragraph {n} of a story about the {subject}, long enough to be one of an article of its own."
    for n, subject in enumerate(SUBJECTS)
)
HTML = "".join(f"<p>{part}</p>" for part in TEXT.split("\n\n"))

PAGES = (
    # name, ours, theirs
    ("list of 50", "/", "/history"),
    ("unread", "/?show=unread", "/unread"),
    ("a feed", "/feeds/1", "/feed/1/entries/all"),
    ("a folder", "/folders/Folder%2001", "/category/2/entries/all"),
    ("an article", "/a/1", "/feed/1/entry/1"),
    ("search, a frequent word", "/search?q=story", "/search?q=story"),
    ("search, two words", "/search?q=harbour+site-7", "/search?q=harbour+site-7"),
    ("sources", "/sources", "/feeds"),
    ("health", "/health", None),
    ("settings of a feed", "/feeds/1/settings", "/feed/1/edit"),
    ("counts", "/counts", None),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Result of one page. times: milliseconds, of the clock; cpu: of the server, a request; size: bytes."""

    times: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A running server. processes: their numbers; get: asks for a page."""

    name: str
    client: httpx.Client
    process: int
    speeds: dict[str, Speed] = field(default_factory=dict)


def feeds_of(count: int) -> list[tuple[str, str, str]]:
    """Return address, title and folder of each feed."""
    return [
        (f"https://site-{n}.example/feed", f"Site number {n}", f"Folder {n % FOLDERS:02}")
        for n in range(count)
    ]


def stories_of(feeds: int, each: int) -> Iterator[miniflux.Story]:
    """Return the entries, feed by feed, newest first. Half of them are read: the older ones."""
    for n in range(feeds):
        for k in range(each):
            at = NOW - timedelta(minutes=n + 1000 * k)
            url = f"https://site-{n}.example/{k}"
            subject = SUBJECTS[(n + k) % len(SUBJECTS)]
            title = f"The {subject} at site-{n}, story {k}"
            yield miniflux.Story(feed=n + 1, url=url, title=title, html=HTML, at=at, read=2 * k >= each)


def fill(archive: Archive, feeds: int, each: int) -> None:
    """Subscribe to feeds in folders and save their articles."""
    listed = [ListedFeed(url=url, folder=name, title=title) for url, title, name in feeds_of(feeds)]
    numbers = archive.library().subscriptions.add_many(listed, now=NOW)
    stories = stories_of(feeds, each)
    for n, feed_id in enumerate(numbers):
        entries = [_entry(next(stories)) for _ in range(each)]
        outcome = PollOutcome(polled=NOW, next_poll_at=NOW + timedelta(days=36_500))
        feed = Feed(url=listed[n].url, format="rss", title=f"Site number {n}")
        archive.ingest.save_entries(feed_id, feed, entries, outcome)
    library = archive.library()
    for _ in range(feeds * each // 2000):
        oldest = library.articles.headlines(Query(unread=True, oldest=True, limit=1000)).headlines
        library.marks.set_read([line.id for line in oldest], True, now=NOW)


def _entry(story: miniflux.Story) -> tuple[Entry, Article]:
    clock = Clock(kind="published", at=story.at, origin="feed")
    entry = Entry(
        guid=story.url, url=story.url, title=story.title, published=clock, summary_html="<p>Lines.</p>"
    )
    return entry, Article(
        url=story.url, title=entry.title, html=HTML, text=TEXT, published=story.at, summary=TEXT[:200]
    )


@contextmanager
def serving(home: Path) -> Iterator[Program]:
    """Run `unabridged serve` over an archive, without polling."""
    environment = {**os.environ, "UNABRIDGED_HOME": str(home)}
    command = [sys.executable, "-m", "unabridged", "serve", "--port", "0", "--no-poll"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            address = next(filter(None, (re.search(r"http://\S+", line) for line in process.stdout)))[0]
            with httpx.Client(base_url=address.rstrip("./"), timeout=120) as client:
                yield Program(name="Unabridged", client=client, process=process.pid)
        finally:
            process.terminate()


def measure(programs: Sequence[Program], asked: int, database_cpu: Callable[[], float]) -> None:
    """Ask every program for every page so many times, in turns.

    database_cpu: CPU seconds so far of the database server of the other program.
    """
    for name, *paths in PAGES:
        pairs = [(one, path) for one, path in zip(programs, paths, strict=False) if path is not None]
        for one, path in pairs:
            answer = _get(one, path)
            one.speeds[name] = Speed(size=len(answer.content))
        for _ in range(asked):
            for one, path in pairs:
                began, worked = time.perf_counter(), cpu_of(one, database_cpu)
                _get(one, path)
                one.speeds[name].times.append(1000 * (time.perf_counter() - began))
                one.speeds[name].cpu.append(1000 * (cpu_of(one, database_cpu) - worked))


def _get(one: Program, path: str) -> httpx.Response:
    headers = {"accept": "text/html", "accept-encoding": "identity"}
    answer = one.client.get(path, headers=headers)
    answer.raise_for_status()
    return answer


def cpu_of(one: Program, database_cpu: Callable[[], float]) -> float:
    """Return the CPU seconds of a server so far."""
    total = 0
    for task in Path(f"/proc/{one.process}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    own = total / 1e9
    return own + (database_cpu() if one.name == "Miniflux" else 0)


def memory(process: int) -> float:
    """Return the resident memory of a process in megabytes."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) / 1000 if found else 0


def show(programs: Sequence[Program], console: Console) -> None:
    """Print the table: a row a page, its columns for each program."""
    table = Table("page", "program", "median ms", "95 % ms", "CPU ms", "bytes")
    for name, *_ in PAGES:
        for one in programs:
            if name in one.speeds:
                table.add_row(name, one.name, *_cells(one.speeds[name]))
    console.print(table)
    for one in programs:
        console.print(f"{one.name}: {memory(one.process):.0f} MB of memory after that")


def _cells(speed: Speed) -> list[str]:
    late = statistics.quantiles(speed.times, n=20)[-1]
    median, cpu = statistics.median(speed.times), statistics.mean(speed.cpu)
    return [f"{median:.1f}", f"{late:.1f}", f"{cpu:.1f}", f"{speed.size:,}"]


def main() -> None:
    """Fill both, ask in turns, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--requests", type=int, default=ASKED, help="of each page")
    parser.add_argument(
        "--home", type=Path, help="keep the archive here, and measure it again in the next run"
    )
    parser.add_argument("--alone", action="store_true", help="without Miniflux")
    given = parser.parse_args()
    each = max(1, given.articles // given.feeds)
    console = Console()
    with ExitStack() as stack:
        home = given.home or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        home.mkdir(parents=True, exist_ok=True)
        if not (home / "unabridged.sqlite").exists():
            with Archive(f"sqlite:///{home}/unabridged.sqlite") as archive:
                fill(archive, given.feeds, each)
        programs = [stack.enter_context(serving(home))]
        idle = memory(programs[0].process)
        database_cpu: Callable[[], float] = float
        if not given.alone:
            try:
                other, database_cpu = beside(stack, given.feeds, each)
                programs.append(other)
            except Unavailable as exc:
                console.print(f"Without Miniflux: {exc}")
        measure(programs, given.requests, database_cpu)
        console.print(f"{given.feeds:,} feeds, {given.feeds * each:,} articles; {idle:.0f} MB when started")
        show(programs, console)


def beside(stack: ExitStack, feeds: int, each: int) -> tuple[Program, Callable[[], float]]:
    """Run Miniflux with the same feeds and entries until the stack ends; return its database's CPU time too.

    Raises Unavailable.
    """
    binaries = installed()
    if binaries is None:
        raise Unavailable("PostgreSQL is not installed")
    miniflux.program()
    server = stack.enter_context(running_server(binaries))
    other = stack.enter_context(miniflux.running(server, feeds_of(feeds), stories_of(feeds, each)))
    return Program(name="Miniflux", client=other.client, process=other.process), server.cpu


if __name__ == "__main__":
    main()
