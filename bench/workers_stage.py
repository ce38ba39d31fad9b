"""Real workers on a real PostgreSQL, and a publisher of many hosts that writes down who asks when.

Used by the tests of workers and by the measurements of scale. Workers are processes of the program itself.
"""

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import psycopg

from bench import poll_publisher
from bench.poll import publisher, tell
from bench.postgresql import Server
from unabridged.archive.feeds.feeds import feed_key
from unabridged.archive.storage.identity import bucket_of
from unabridged.archive.storage.tables import to_microseconds
from unabridged.cli import main as program
from unabridged.workers.process import WorkerTiming

LEASE = 20.0
"""Seconds; the usual lease is six times as long, and so would be the tests."""

GLANCE = 0.2

_NURSERY = multiprocessing.get_context("forkserver")
_NURSERY.set_forkserver_preload(["bench.workers_stage"])
"""A process that has imported the program and forks quick workers."""


class QuickWorker:
    """A worker forked from a process that has imported the program: half a second of a core less each."""

    def __init__(self, words: Sequence[str], settings: Mapping[str, str], log: Path) -> None:
        changed = {name: value for name, value in settings.items() if name.startswith("UNABRIDGED_")}
        self._process: ForkServerProcess = _NURSERY.Process(
            target=_be_worker, args=(words, changed, log), daemon=True
        )
        self._process.start()
        self.pid = self._process.pid

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        if self._process.is_alive() and self._process.pid is not None:
            os.kill(self._process.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; returns its exit code. Raises TimeoutError."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise TimeoutError(f"The worker {self._process.pid} does not end.")
        return self._process.exitcode


def _be_worker(words: Sequence[str], settings: Mapping[str, str], log: Path) -> None:
    os.environ.update(settings)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.argv = ["unabridged", *words]
    program()


@dataclass(slots=True, kw_only=True)
class Troop:
    """Worker processes of one archive. prefix: what a worker's command begins with (a network namespace).

    quick: fork them from a process that has imported the program, for tests that start hundreds.
    """

    dsn: str
    folder: Path
    lease: float = LEASE
    concurrency: int = 4
    prefix: Sequence[Sequence[str]] = ()
    quick: bool = False
    running: list["subprocess.Popen[bytes] | QuickWorker"] = field(default_factory=list)
    started: int = 0
    killed: int = 0

    def environment(self) -> dict[str, str]:
        """Return settings under which loopback may be fetched, without pauses."""
        return os.environ | {
            "UNABRIDGED_HOME": str(self.folder),
            "UNABRIDGED_DATABASE": self.dsn,
            "UNABRIDGED_FETCH_ALLOW_PRIVATE": "127.0.0.0/8,10.200.0.0/16,198.18.0.0/15",
            "UNABRIDGED_FETCH_PER_HOST_GAP": "0",
            "UNABRIDGED_POLL_READ_NEWEST": "1",
            "UNABRIDGED_POLL_WORKERS": "1",
            "UNABRIDGED_WORKERS_LEASE": str(self.lease),
        }

    def start(self) -> None:
        """Start one more worker."""
        words = ["worker", "-c", str(self.concurrency)]
        log = self.folder / "workers.log"
        if self.quick:
            self.running.append(QuickWorker(words, self.environment(), log))
        else:
            before = self.prefix[self.started % len(self.prefix)] if self.prefix else ()
            command = [*before, sys.executable, "-m", "unabridged", *words]
            with log.open("ab") as file:
                process = subprocess.Popen(command, stdout=file, stderr=file, env=self.environment())
            self.running.append(process)
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

    def is_complete(self) -> bool:
        """Say whether the worker that was started last has begun to work."""
        return f"-{self.running[-1].pid} started, " in self.log()

    def log(self) -> str:
        """Return what all workers have written; one that was only just started, nothing."""
        log = self.folder / "workers.log"
        return log.read_text(errors="replace") if log.exists() else ""


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
    network: str = "127.1"
    phases: int = 0

    def subscribe(self) -> None:
        """Subscribe to all feeds, none of them due yet; those without news were asked before.

        Their rows are copied in: one by one they would take longer than a round of polls.
        """
        later = to_microseconds(datetime(2100, 1, 1, tzinfo=UTC))
        columns = "id, url, url_hash, title, description, hubs, status, bucket, added, next_poll_at, failures"
        with psycopg.connect(self.dsn) as connection:
            with connection.cursor().copy(f"COPY feeds ({columns}, etag) FROM STDIN".encode()) as rows:
                for number in range(self.feeds):
                    url = poll_publisher.feed_url(number, self.hosts, self.port, self.network)
                    etag = None if poll_publisher.is_newsy(number) else '"1"'
                    said = (number + 1, url, feed_key(url), f"Feed {number}", "", "[]", "active")
                    rows.write_row((*said, bucket_of(url), later, later, 0, etag))
            connection.execute(
                "INSERT INTO subscriptions (user_id, feed_id, added) SELECT 1, id, added FROM feeds"
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
        return Counter(
            poll_publisher.feed_key(number, self.hosts, self.network) for number in range(self.feeds)
        )

    def expected_articles(self) -> int:
        """Return how many articles there are to be: those of the first phase, and one more for each later."""
        newsy = sum(poll_publisher.is_newsy(number) for number in range(self.feeds))
        return newsy * (poll_publisher.KNOWN + self.phases)

    def _lines(self) -> list[list[str]]:
        tell(self.process, f"late-{self.phases}-over")
        return [line.split() for line in self.log.read_text().splitlines()]


@contextmanager
def play(
    dsn: str, folder: Path, *, feeds: int, hosts: int, late: bool = True, network: str = "127.1"
) -> Iterator[Play]:
    """Run the publisher with so many feeds, and subscribe to them. late: answers take a moment.

    network: what the hosts' addresses begin with.
    """
    log = folder / "requests.log"
    with publisher(log) as (process, port):
        stage = Play(
            process=process,
            port=port,
            log=log,
            dsn=dsn,
            feeds=feeds,
            hosts=hosts,
            late=late,
            network=network,
        )
        stage.subscribe()
        yield stage


BUCKETS_AT_WORK = """
    SELECT job.lock, job.status = 'doing', extract(epoch FROM now() - worker.last_heartbeat)
    FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
    WHERE job.lock LIKE 'bucket:%' AND job.status IN ('todo', 'doing')"""


@dataclass(slots=True, kw_only=True)
class Lookout:
    """Watches for how long buckets are without a living worker. silence: seconds that tell a dead one.

    A bucket counts from its worker's last heartbeat, rescued until its job is in the queue again, served
    until another worker does it, or it is done. Both are the longest, in seconds. orphaned: how many.
    """

    dsn: str
    silence: float
    rescued: float = 0.0
    served: float = 0.0
    orphaned: int = 0
    _since: dict[str, float] = field(default_factory=dict)

    def look(self) -> int:
        """Look once; returns how many buckets living workers have in hand."""
        try:
            with psycopg.connect(self.dsn) as connection:
                rows = connection.execute(BUCKETS_AT_WORK).fetchall()
        except psycopg.OperationalError:
            return 0
        now = time.monotonic()
        alive = {lock for lock, doing, age in rows if doing and age is not None and age < self.silence}
        dead = {lock: float(age or 0) for lock, doing, age in rows if doing and lock not in alive}
        self.orphaned += len(dead.keys() - self._since.keys())
        for lock, age in dead.items():
            self._since.setdefault(lock, now - age)
        self.rescued = max([self.rescued, *(now - self._since[lock] for lock in dead)])
        self.served = max([self.served, *(now - since for since in self._since.values())])
        for lock in alive | (self._since.keys() - {row[0] for row in rows}):
            self._since.pop(lock, None)
        return len(alive)

    def rest(self, seconds: float) -> None:
        """Look for so long, once at least."""
        over = time.monotonic() + seconds
        self.look()
        while (left := over - time.monotonic()) > 0:
            time.sleep(min(left, GLANCE))
            self.look()

    def wait_for_rescue(self, seconds: float) -> None:
        """Look until every bucket is served again, or too long; until a death can show, at least."""
        deadline = time.monotonic() + seconds
        self.rest(self.silence + GLANCE)
        while self._since and time.monotonic() < deadline:
            self.rest(GLANCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """Result of a series of kills and restarts.

    orphaned: buckets that lost their worker. rescued, served: seconds until the last of them was in the queue
    again, and at work again.
    """

    kills: int
    restarts: int
    orphaned: int
    rescued: float
    served: float


def storm(
    stage: Play,
    workers: Troop,
    server: Server | None,
    *,
    kills: int,
    restarts: int,
    seed: int,
    overlapping: bool = False,
) -> Storm:
    """Kill workers at random moments, in phase after phase, and restart the database in between.

    overlapping: kill the next one before all of the last one's buckets are served again.
    """
    luck = random.Random(seed)
    lookout = Lookout(dsn=stage.dsn, silence=2 * WorkerTiming.of(workers.lease).heartbeat)
    restarted = 0
    for number in range(kills):
        _wait_for_full_strength(stage, workers, lookout)
        lookout.rest(luck.uniform(0.0, 0.3))
        workers.kill(luck)
        if server is not None and restarted * kills < restarts * (number + 1):
            server.stop(luck.choice((signal.SIGINT, signal.SIGQUIT)))
            server.start()
            restarted += 1
        workers.start()
        if not overlapping:
            lookout.wait_for_rescue(3 * workers.lease)
    lookout.wait_for_rescue(3 * workers.lease)
    stage.wait_until_done(10 * workers.lease)
    return Storm(
        kills=workers.killed,
        restarts=restarted,
        orphaned=lookout.orphaned,
        rescued=lookout.rescued,
        served=lookout.served,
    )


def _wait_for_full_strength(stage: Play, workers: Troop, lookout: Lookout) -> None:
    """Wait until the worker that came last works, and buckets are in hand; make all due where none are."""
    deadline = time.monotonic() + 10 * workers.lease
    while time.monotonic() < deadline:
        in_hand = lookout.look()
        if in_hand and workers.is_complete():
            return
        if not in_hand and stage.waiting() == 0:
            stage.begin()
        time.sleep(GLANCE / 2)
    raise TimeoutError(f"No worker took anything up: {workers.log()[-2000:]}")
