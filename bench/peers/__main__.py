"""Polling of many feeds beside Miniflux and lemon24/reader, in turns, over the same feeds on loopback.

    python -m bench.peers                       1,000 feeds of 20 entries, a host each
    python -m bench.peers --feeds 100 1000 10000

Every round is played to each program before the next one begins: all entries are new; nothing changed (304);
other bytes with the same entries; one new entry a feed. CPU is that of all processes of a program, with its
database's. The start of a program is not in it, but for Miniflux, whose command polls once: some 20 ms.
Where a program cannot be had, the table says why.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import psycopg
from rich.console import Console
from rich.table import Table

from bench import miniflux, poll_publisher
from bench.debian_package import Unavailable
from bench.peers.ours import ANALYSIS
from bench.peers.publisher import ENTRIES, ROUNDS
from bench.poll import publisher, tell
from bench.postgresql import Server, installed, running_server
from bench.watchman import Watchman


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round of a program. cpu, seconds: of all feeds together, seconds; entries: stored after it."""

    cpu: float
    seconds: float
    entries: int


@dataclass(slots=True, kw_only=True)
class Result:
    """A program's rounds by name. peak, disk: bytes of memory at most, and on disk at the end."""

    name: str
    rounds: dict[str, Round] = field(default_factory=dict)
    peak: int = 0
    disk: int = 0


class Program(Protocol):
    """A program under measurement. cpu: CPU seconds so far."""

    result: Result

    def play(self, name: str) -> int:
        """Poll all feeds once; returns the number of stored entries."""

    def cpu(self) -> float: ...

    def end(self) -> None:
        """Note memory and bytes on disk."""


class Child:
    """A Python program that plays a round for each line of its stdin."""

    def __init__(self, name: str, process: "subprocess.Popen[bytes]", folder: Path) -> None:
        self.result = Result(name=name)
        self._process = process
        self._folder = folder
        self._watchman = Watchman(root=process.pid)

    def play(self, name: str) -> int:
        assert self._process.stdin is not None and self._process.stdout is not None
        with self._watchman.watching():
            self._process.stdin.write(f"{name}\n".encode())
            self._process.stdin.flush()
            return int(self._process.stdout.readline())

    def cpu(self) -> float:
        return self._watchman.cpu()

    def end(self) -> None:
        self.result.peak = self._watchman.peak
        self.result.disk = sum(file.stat().st_size for file in self._folder.iterdir())


class BesideMiniflux:
    """Miniflux with its database."""

    def __init__(self, running: miniflux.Miniflux, server: Server) -> None:
        self.result = Result(name="Miniflux")
        self._running = running
        self._server = server
        self._used = 0.0

    def play(self, name: str) -> int:
        done = self._running.refresh_feeds()
        self._used += done.cpu
        self.result.peak = max(self.result.peak, done.peak)
        return done.entries

    def cpu(self) -> float:
        return self._used + self._server.cpu()

    def end(self) -> None:
        with psycopg.connect(self._running.database) as connection:
            found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
            self.result.disk = int(found[0]) if found else 0


@contextmanager
def child(name: str, module: str, port: int, feeds: int) -> Iterator[Child]:
    """Run one of the Python programs in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", module, folder, str(port), str(feeds)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            try:
                if process.stdout.readline().strip() != b"ready":
                    raise Unavailable("it ended at once")
                yield Child(name, process, Path(folder))
            finally:
                process.kill()


@contextmanager
def beside_miniflux(port: int, feeds: int) -> Iterator[BesideMiniflux]:
    """Run Miniflux with the feeds. Raises Unavailable."""
    binaries = installed()
    if binaries is None:
        raise Unavailable("PostgreSQL is not installed")
    urls = [poll_publisher.feed_url(number, feeds, port) for number in range(feeds)]
    with (
        running_server(binaries) as server,
        miniflux.running(server, [(url, url, "Sites") for url in urls], iter(())) as running,
    ):
        yield BesideMiniflux(running, server)


def measure(feeds: int, console: Console) -> list[Result]:
    """Play all rounds to all programs that can be had."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        publishing, port = stack.enter_context(publisher(folder / "log", "bench.peers.publisher"))
        programs: list[Program] = [
            stack.enter_context(child("Unabridged", "bench.peers.ours", port, feeds)),
        ]
        try:
            programs.append(stack.enter_context(child("reader", "bench.peers.lemon24", port, feeds)))
            programs.append(stack.enter_context(beside_miniflux(port, feeds)))
        except Unavailable as exc:
            console.print(f"Not all programs: {exc}")
        for name in ROUNDS:
            tell(publishing, name)
            for one in programs:
                _play(one, name)
                console.print(f"  {feeds:,} feeds, {name}: {one.result.name}", style="dim")
        _play(programs[0], ANALYSIS)
        for one in programs:
            one.end()
        return [one.result for one in programs]


def _play(one: Program, name: str) -> None:
    worked, began = one.cpu(), time.monotonic()
    entries = one.play(name)
    seconds = time.monotonic() - began
    one.result.rounds[name] = Round(cpu=one.cpu() - worked, seconds=seconds, entries=entries)


def show(feeds: int, results: Sequence[Result], console: Console) -> None:
    """Print a table: a row a round, a column a program."""
    title = f"{feeds:,} feeds of {ENTRIES} entries: CPU ms a feed (seconds of the clock)"
    table = Table("round", *(one.name for one in results), title=title)
    for name in (*ROUNDS, ANALYSIS):
        cells = [_cell(one.rounds.get(name), feeds) for one in results]
        table.add_row(name, *cells)
    table.add_row("entries stored", *(f"{one.rounds[ROUNDS[-1]].entries:,}" for one in results))
    table.add_row("peak memory, MB", *(f"{one.peak / 1e6:.0f}" for one in results))
    table.add_row(
        "bytes on disk an entry", *(f"{one.disk / (feeds * (ENTRIES + 1)):,.0f}" for one in results)
    )
    console.print(table)


def _cell(played: Round | None, feeds: int) -> str:
    return "" if played is None else f"{1000 * played.cpu / feeds:.2f} ({played.seconds:.1f} s)"


def main() -> None:
    """Print a table for each number of feeds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--feeds", type=int, nargs="+", default=[1000])
    given = parser.parse_args()
    console = Console()
    for feeds in given.feeds:
        show(feeds, measure(feeds, console), console)


if __name__ == "__main__":
    main()
