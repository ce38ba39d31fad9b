"""Real workers on a real PostgreSQL, and a publisher of many hosts that writes down who asks when.

Used by the tests of workers and by the measurements of scale. Workers are processes of the program itself.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from bench import poll_publisher
from bench.poll import publisher, tell
from bench.postgresql import Server
from unabridged.archive.records import ListedFeed, Validators
from unabridged.archive.records_polling import Finished, PollOutcome
from unabridged.archive.schema import to_microseconds
from unabridged.archive.store import Archive

LEASE = 20.0
"""Seconds; the usual lease is six times as long, and so would be the tests."""

GLANCE = 0.2


@dataclass(slots=True, kw_only=True)
class Troop:
    """Worker processes of one archive. prefix: what a worker's command begins with (a network namespace)."""

    dsn: str
    folder: Path
    lease: float = LEASE
    concurrency: int = 4
    prefix: Sequence[Sequence[str]] = ()
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    started: int = 0
    killed: int = 0

    def environment(self) -> dict[str, str]:
        """Return settings under which loopback may be fetched, without pauses."""
        return os.environ | {
            "UNABRIDGED_HOME": str(self.folder),
            "UNABRIDGED_DATABASE": self.dsn,
            "UNABRIDGED_FETCH_ALLOW_PRIVATE": "127.0.0.0/8,10.200.0.0/16",
            "UNABRIDGED_FETCH_PER_HOST_GAP": "0",
            "UNABRIDGED_POLL_READ_NEWEST": "1",
            "UNABRIDGED_POLL_WORKERS": "1",
            "UNABRIDGED_WORKERS_LEASE": str(self.lease),
        }

    def start(self) -> None:
        """Start one more worker."""
        before = self.prefix[self.started % len(self.prefix)] if self.prefix else ()
        command = [*before, sys.executable, "-m", "unabridged", "worker", "-c", str(self.concurrency)]
        with (self.folder / "workers.log").open("ab") as log:
            self.running.append(subprocess.Popen(command, stdout=log, stderr=log, env=self.environment()))
        self.started += 1

    def kill(self, luck: random.Random) -> None:
        """Kill one worker as a power cut would, with the children that it had."""
        # Not the one that was started last: it may have nothing in hand yet.
        victim = self.running.pop(luck.randrange(max(1, len(self.running) - 1)))
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        self.killed += 1

    def end(self) -> list[int]:
        """Tell every worker to end in good order; returns their exit codes."""
        for one in self.running:
            one.send_signal(signal.SIGTERM)
        codes = [one.wait(timeout=60) for one in self.running]
        self.running.clear()
        return codes

    def log(self) -> str:
        """Return what all workers have written."""
        return (self.folder / "workers.log").read_text(errors="replace")


@contextmanager
def troop(dsn: str, folder: Path, *, workers: int, **more: object) -> Iterator[Troop]:
    """Run so many workers; they are gone afterwards."""
    ours = Troop(dsn=dsn, folder=folder, **more)  # type: ignore[arg-type]
    try:
        for _ in range(workers):
            ours.start()
        yield ours
    finally:
        for one in ours.running:
            with suppress(ProcessLookupError):
                one.kill()
            one.wait()


def upgrade(dsn: str, folder: Path) -> None:
    """Make the tables of archive and engine with the program itself."""
    settings = Troop(dsn=dsn, folder=folder).environment()
    command = [sys.executable, "-m", "unabridged", "upgrade"]
    subprocess.run(command, check=True, capture_output=True, env=settings)


@dataclass(slots=True, kw_only=True)
class Play:
    """The publisher's hosts, the feeds subscribed to there, and its log."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path
    dsn: str
    feeds: int
    hosts: int
    late: bool = True
    phases: int = 0

    def subscribe(self) -> None:
        """Subscribe to all feeds, none of them due yet; those without news were asked before."""
        later = datetime(2100, 1, 1, tzinfo=UTC)
        asked = PollOutcome(
            polled=datetime.now(UTC), next_poll_at=later, validators=Validators(etag='"1"'), last_post=later
        )
        urls = [poll_publisher.feed_url(number, self.hosts, self.port) for number in range(self.feeds)]
        with Archive(self.dsn) as archive:
            for start in range(0, len(urls), 1000):
                part = [ListedFeed(url=url) for url in urls[start : start + 1000]]
                numbers = archive.subscribe_many(part, now=later)
                archive.record_polls(
                    [
                        Finished(feed_id=feed_id, outcome=asked)
                        for number, feed_id in enumerate(numbers, start)
                        if not poll_publisher.is_newsy(number)
                    ]
                )

    def begin(self) -> str:
        """Enter the publisher's next phase and make every feed due; returns the phase's name."""
        self.phases += 1
        phase = f"{'late' if self.late else 'quick'}-{self.phases}"
        tell(self.process, phase)
        moment = to_microseconds(datetime.now(UTC))
        with psycopg.connect(self.dsn) as connection:
            connection.execute("UPDATE feeds SET next_poll_at = %s", [moment])
        return phase

    def waiting(self) -> int:
        """Return how many feeds are due or claimed, and pages due."""
        now = to_microseconds(datetime.now(UTC))
        feeds = "SELECT count(*) FROM feeds WHERE next_poll_at <= %s OR lease_until IS NOT NULL"
        pages = "SELECT count(*) FROM articles WHERE page_next_try_at <= %s"
        with psycopg.connect(self.dsn) as connection:
            found = [connection.execute(query, [now]).fetchone() for query in (feeds, pages)]
        return sum(row[0] for row in found if row)

    def wait_until_done(self, seconds: float) -> bool:
        """Wait until nothing is due; False when that takes too long."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(psycopg.OperationalError):
                if self.waiting() == 0:
                    return True
            time.sleep(GLANCE)
        return False

    def asked(self, phase: str) -> Counter[str]:
        """Return how often each feed was asked in a phase."""
        return Counter(words[1] for words in self._lines() if words[0] == phase and "/feed/" in words[1])

    def crowded(self) -> list[str]:
        """Return the requests that came to a host while it was answering another."""
        return [" ".join(words) for words in self._lines() if len(words) == 3 and words[2] != "1"]

    def every_feed(self) -> Counter[str]:
        """Return each feed once, as it stands in the log."""
        return Counter(poll_publisher.feed_key(number, self.hosts) for number in range(self.feeds))

    def expected_articles(self) -> int:
        """Return how many articles there are to be: those of the first phase, and one more for each later."""
        newsy = sum(poll_publisher.is_newsy(number) for number in range(self.feeds))
        return newsy * (poll_publisher.KNOWN + self.phases)

    def _lines(self) -> list[list[str]]:
        tell(self.process, f"late-{self.phases}-over")
        return [line.split() for line in self.log.read_text().splitlines()]


@contextmanager
def play(dsn: str, folder: Path, *, feeds: int, hosts: int, late: bool = True) -> Iterator[Play]:
    """Run the publisher with so many feeds, and subscribe to them. late: answers take a moment."""
    log = folder / "requests.log"
    with publisher(log) as (process, port):
        stage = Play(process=process, port=port, log=log, dsn=dsn, feeds=feeds, hosts=hosts, late=late)
        stage.subscribe()
        yield stage


def held_jobs(dsn: str) -> dict[int, int | None]:
    """Return the engine's running jobs and the workers that run them."""
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "SELECT id, worker_id FROM procrastinate_jobs WHERE status = 'doing' AND lock LIKE 'bucket:%'"
        )
        return {row[0]: row[1] for row in rows}


def seconds_until_taken_up(dsn: str, held: dict[int, int | None], limit: float) -> float:
    """Wait until no job is held as it was at a worker's death any more; returns how long that took."""
    began = time.monotonic()
    while time.monotonic() - began < limit:
        with suppress(psycopg.OperationalError):
            now = held_jobs(dsn)
            if not any(now.get(job, "done") in (worker, None) for job, worker in held.items()):
                break
        time.sleep(GLANCE)
    return time.monotonic() - began


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """What a storm of kills and restarts came to. longest: seconds until dead workers' jobs went on."""

    kills: int
    restarts: int
    longest: float


def storm(
    stage: Play, workers: Troop, server: Server | None, *, kills: int, restarts: int, seed: int
) -> Storm:
    """Kill workers at random moments, in phase after phase, and restart the database in between."""
    luck = random.Random(seed)
    longest, restarted = 0.0, 0
    for number in range(kills):
        held = _at_work(stage, workers)
        time.sleep(luck.uniform(0.0, 0.3))
        held |= held_jobs(stage.dsn)
        workers.kill(luck)
        if server is not None and restarted * kills < restarts * (number + 1):
            server.stop(luck.choice((signal.SIGINT, signal.SIGQUIT)))
            server.start()
            restarted += 1
        workers.start()
        longest = max(longest, seconds_until_taken_up(stage.dsn, held, 3 * workers.lease))
    stage.wait_until_done(10 * workers.lease)
    return Storm(kills=workers.killed, restarts=restarted, longest=longest)


def _at_work(stage: Play, workers: Troop) -> dict[int, int | None]:
    """Wait until jobs of buckets are being done, with more to do where there is nothing; return them."""
    deadline = time.monotonic() + 3 * workers.lease
    while time.monotonic() < deadline:
        if held := held_jobs(stage.dsn):
            return held
        if stage.waiting() == 0:
            stage.begin()
        time.sleep(GLANCE / 4)
    raise TimeoutError(f"No worker took anything up: {workers.log()[-2000:]}")
