"""A poll of thousands of feeds on loopback: what it costs, and what bad hosts cost the good ones.

    python -m bench.poll [--feeds 5000] [--hosts 1000]

One table of one run. A publisher in a process of its own plays a thousand hosts (127.0.0.0/8): nine feeds of
ten answer 304, every tenth has a new entry, whose page is then read and made an article. In the second sweep
a tenth of the hosts is bad: one byte a second, reset, circle of redirects, bomb. CPU is that of all our
processes, read from /proc; the publisher's own log says who was asked how often.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvloop
from rich.console import Console
from rich.table import Table

from bench import poll_publisher
from bench.watchman import Watchman
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import ListedFeed, Validators
from unabridged.archive.records.polling import Finished, PollOutcome
from unabridged.config import FetchSettings, PollSettings
from unabridged.fetch.client import Fetcher
from unabridged.poll.poller import Poller
from unabridged.poll.reports import PageReport, PollReport, Progress

MS_A_POLL = 3.0
P95_RATIO = 1.2
PEAK_MB = 600.0
"""Limits for the sweeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """One sweep over all feeds. cpu: seconds; done: feed number -> seconds until its result was written."""

    feeds: Sequence[PollReport]
    pages: Sequence[PageReport]
    feeds_cpu: float
    pages_cpu: float
    seconds: float
    done: dict[int, float]

    def kinds(self) -> str:
        counted = Counter(report.kind for report in self.feeds)
        return ", ".join(f"{count} {kind}" for kind, count in counted.most_common())


@dataclass(slots=True)
class Stage:
    """The archive, the publisher and our clock: every sweep is on another day."""

    archive: Archive
    port: int
    feeds: int
    hosts: int
    now: datetime = datetime(2024, 5, 6, 9, 0, tzinfo=UTC)

    def urls(self) -> list[str]:
        return [poll_publisher.feed_url(number, self.hosts, self.port) for number in range(self.feeds)]

    def subscribe(self) -> None:
        """Subscribe to all feeds as if they had been asked yesterday."""
        numbers = self.archive.library().subscriptions.add_many(
            [ListedFeed(url=url) for url in self.urls()], now=self.now
        )
        asked = PollOutcome(
            polled=self.now,
            next_poll_at=self.now + timedelta(days=1),
            validators=Validators(etag='"1"'),
            last_post=self.now,
            usual_gap=7200,
        )
        self.archive.schedule.record_polls(
            [
                Finished(feed_id=feed_id, outcome=asked)
                for number, feed_id in enumerate(numbers)
                if not poll_publisher.is_newsy(number)
            ]
        )

    async def sweep(self, watchman: Watchman, *, read_newest: int = 50) -> Sweep:
        """Ask every feed that is due, then read the pages."""
        done: dict[int, float] = {}
        started = time.monotonic()

        def watch(progress: Progress) -> None:
            if isinstance(progress.report, PollReport):
                done[progress.report.feed_id] = time.monotonic() - started

        fetch = FetchSettings(allow_private=("127.0.0.0/8",))
        async with (
            Fetcher(fetch) as fetcher,
            Poller(
                archive=self.archive,
                fetcher=fetcher,
                settings=PollSettings(read_newest=read_newest),
                watch=watch,
                clock=lambda: self.now,
            ) as poller,
        ):
            before = watchman.cpu()
            feeds = await poller.poll_due_feeds()
            between = watchman.cpu()
            seconds = time.monotonic() - started
            pages = await poller.read_due_pages()
            after = watchman.cpu()
        self.now += timedelta(days=2)
        return Sweep(
            feeds=feeds,
            pages=pages,
            feeds_cpu=between - before,
            pages_cpu=after - between,
            seconds=seconds,
            done=done,
        )


@contextmanager
def publisher(
    log: Path, module: str = "bench.poll_publisher"
) -> "Iterator[tuple[subprocess.Popen[bytes], int]]":
    """Run a publisher in a process of its own; gives it with its port."""
    command = [sys.executable, "-m", module, str(log)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def tell(process: "subprocess.Popen[bytes]", phase: str) -> None:
    """Let the publisher play its next part; returns when it does."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(f"{phase}\n".encode())
    process.stdin.flush()
    process.stdout.readline()


def asked(log: Path, phase: str) -> Counter[str]:
    """Return how often each feed was asked in a phase, from the publisher's log."""
    lines = (line.split() for line in log.read_text().splitlines())
    return Counter(words[1] for words in lines if words[0] == phase and "/feed/" in words[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Both sweeps with what the publisher saw."""

    good: Sweep
    mixed: Sweep
    peak: int
    good_asked: Counter[str]
    mixed_asked: Counter[str]


async def measure(feeds: int, hosts: int) -> Measured:
    """Run both sweeps."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "requests.log"
        with publisher(log) as (process, port), Archive(f"sqlite:///{folder}/archive.sqlite") as archive:
            watchman = Watchman(others=frozenset((process.pid,)))
            stage = Stage(archive=archive, port=port, feeds=feeds, hosts=hosts)
            stage.subscribe()
            with watchman.watching():
                tell(process, "first")
                await stage.sweep(watchman, read_newest=0)
                tell(process, "good")
                good = await stage.sweep(watchman)
                tell(process, "mixed")
                mixed = await stage.sweep(watchman)
            tell(process, "end")
            return Measured(
                good=good,
                mixed=mixed,
                peak=watchman.peak,
                good_asked=asked(log, "good"),
                mixed_asked=asked(log, "mixed"),
            )


Row = tuple[str, str, str, bool]
"""What, how much, what it is held to, whether it holds."""


def rows(found: Measured, feeds: int, hosts: int) -> list[Row]:
    """Judge what was measured."""
    bad = {number for number in range(feeds) if poll_publisher.is_bad(number % hosts)}
    every = {poll_publisher.feed_key(number, hosts) for number in range(feeds)}
    good = {poll_publisher.feed_key(number, hosts) for number in range(feeds) if number not in bad}
    a_poll = 1000 * found.good.feeds_cpu / len(found.good.feeds)
    pages = len(found.good.pages)
    read = sum(page.kind == "read" for page in found.good.pages)
    alone = _p95([at for number, at in found.good.done.items() if number - 1 not in bad])
    beside = _p95([at for number, at in found.mixed.done.items() if number - 1 not in bad])
    once = found.good_asked == Counter(dict.fromkeys(every, 1))
    in_mixed = {key: found.mixed_asked[key] for key in good}
    return [
        (f"CPU a poll, {found.good.kinds()}", f"{a_poll:.2f} ms", f"≤ {MS_A_POLL:g} ms", a_poll <= MS_A_POLL),
        ("the sweep", f"{found.good.seconds:.1f} s", "", True),
        (
            "CPU a page read, extracted and kept",
            f"{1000 * found.good.pages_cpu / max(1, pages):.1f} ms",
            f"{read} of {pages} read",
            read == pages > 0,
        ),
        ("every feed was asked once (the publisher's log)", "yes" if once else "no", "yes", once),
        (
            f"with a tenth of bad hosts: {found.mixed.kinds()}",
            f"{found.mixed.seconds:.1f} s",
            "≤ 600 s",
            True,
        ),
        (
            "good feeds: 95 % are done after",
            f"{beside:.2f} s",
            f"≤ {P95_RATIO} × {alone:.2f} s",
            beside <= P95_RATIO * alone,
        ),
        (
            "good feeds beside bad ones were asked once",
            "yes" if set(in_mixed.values()) == {1} else "no",
            "yes",
            set(in_mixed.values()) == {1},
        ),
        (
            "peak memory of all processes",
            f"{found.peak / 1e6:.0f} MB",
            f"≤ {PEAK_MB:g} MB",
            found.peak / 1e6 <= PEAK_MB,
        ),
    ]


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def main() -> int:
    """Print the table; 0 when everything holds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--feeds", type=int, default=5000)
    parser.add_argument("--hosts", type=int, default=1000)
    given = parser.parse_args()
    found = uvloop.run(measure(given.feeds, given.hosts))
    table = Table("what", "measured", "held to", title=f"{given.feeds} feeds on {given.hosts} hosts")
    judged = rows(found, given.feeds, given.hosts)
    for what, value, limit, holds in judged:
        table.add_row(what, value if holds else f"[red]{value}", limit)
    Console().print(table)
    return 0 if all(holds for *_, holds in judged) else 1


if __name__ == "__main__":
    sys.exit(main())
