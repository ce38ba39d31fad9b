"""A million feeds on a real PostgreSQL: claims, the engine's own cost, polls of a worker, rows and bytes.

    python -m bench.scale [--feeds 1000000] [--polls 5000]

One table of one run on a private server with its usual settings. The feeds' rows are copied in; claims are
those of `Archive.claim_feeds`, by processes that divide the buckets among them. The simulation of a week is
in `bench.scale_simulation`.
"""

import argparse
import asyncio
import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing.queues import SimpleQueue
from pathlib import Path

import psycopg
from rich.console import Console
from rich.table import Table

from bench.postgresql import Server, installed, running_server
from bench.workers_stage import play, troop
from unabridged.archive.facade.archive import Archive
from unabridged.archive.storage.identity import BUCKETS, bucket_of, digest
from unabridged.archive.storage.tables import to_microseconds
from unabridged.workers.job_queue import POLL, QUEUE, bucket_job, defer_missing, make_engine
from unabridged.workers.upgrade import upgrade_engine

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
PER_DOMAIN = 4
CLAIM = 64
SECONDS = 10.0
CLAIMS_FLOOR = 5000.0

Row = tuple[str, str]
Told = tuple[int, float, float]
"""Feeds claimed, seconds, and CPU seconds of one process."""


def load(dsn: str, count: int) -> None:
    """Put feeds and subscriptions into an empty archive; a third of the feeds is due."""
    added = to_microseconds(NOW - timedelta(days=30))
    due = [to_microseconds(NOW + timedelta(minutes=minutes)) for minutes in range(-60, 120)]
    columns = "id, url, url_hash, title, description, hubs, status, bucket, added, next_poll_at, failures"
    with psycopg.connect(dsn) as connection:
        with connection.cursor().copy(f"COPY feeds ({columns}) FROM STDIN".encode()) as rows:
            place = 0
            for number in range(1, count + 1):
                url = f"https://site{number // PER_DOMAIN}.example/feed/{number}"
                key = digest("feed", url)
                if number % PER_DOMAIN == 0 or number == 1:
                    place = bucket_of(url)
                title = f"Feed {number}"
                row = (number, url, key, title, "", "[]", "active", place, added, due[number % len(due)], 0)
                rows.write_row(row)
        connection.execute(
            "INSERT INTO subscriptions (user_id, feed_id, added) SELECT 1, id, added FROM feeds"
        )
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def claim(dsn: str, part: int, parts: int, limit: float, found: "SimpleQueue[Told]") -> None:
    """Claim bucket after bucket for some seconds, as a worker would; tell how many feeds that were."""
    claimed = 0
    with Archive(dsn) as archive:
        buckets = list(range(part, BUCKETS, parts))
        began, cpu = time.monotonic(), time.process_time()
        deadline = began + limit
        while buckets and time.monotonic() < deadline:
            bucket = buckets.pop(0)
            got = len(archive.schedule.claim_feeds(NOW, CLAIM, lease=900, bucket=bucket))
            claimed += got
            if got == CLAIM:
                buckets.append(bucket)
        seconds, used = time.monotonic() - began, time.process_time() - cpu
    found.put((claimed, seconds, used))


def claims(server: Server, dsn: str) -> Iterator[Row]:
    """Measure claims with one, two and four processes, each on rows that nobody holds."""
    for parts in (1, 2, 4):
        with psycopg.connect(dsn) as connection:
            connection.execute(
                "UPDATE feeds SET lease_token = NULL, lease_until = NULL WHERE lease_token > ''"
            )
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("VACUUM feeds")
        found: SimpleQueue[Told] = multiprocessing.SimpleQueue()
        processes = [
            multiprocessing.Process(target=claim, args=(dsn, part, parts, SECONDS, found))
            for part in range(parts)
        ]
        before = server.cpu()
        for one in processes:
            one.start()
        told = [found.get() for _ in processes]
        for one in processes:
            one.join()
        rate = sum(claimed / seconds for claimed, seconds, _ in told)
        claimed = sum(claimed for claimed, *_ in told)
        ours, theirs = (
            1000 * sum(used for *_, used in told) / claimed,
            1000 * (server.cpu() - before) / claimed,
        )
        held = (
            f" (held to {CLAIMS_FLOOR:,.0f}); CPU {ours:.2f} ms of the worker, {theirs:.2f} ms of the server"
        )
        what = f"claims with {parts} worker{'s' * (parts > 1)}, {CLAIM} at a time"
        yield what, f"{rate:,.0f} feeds/s{held}"


async def engine_cost(dsn: str) -> Row:
    """Measure what the engine takes for a job that does nothing."""
    engine = make_engine(dsn)

    @engine.task(name=POLL, queue=QUEUE)
    async def nothing(bucket: int) -> None:
        pass

    async with engine.open_async():
        began, cpu = time.monotonic(), time.process_time()
        await defer_missing(engine, [bucket_job(POLL, bucket) for bucket in range(BUCKETS)])
        put = time.monotonic() - began
        await engine.run_worker_async(
            queues=[QUEUE], concurrency=8, wait=False, delete_jobs="successful", install_signal_handlers=False
        )
        whole = time.monotonic() - began
    each, ours = 1000 * whole / BUCKETS, 1000 * (time.process_time() - cpu) / BUCKETS
    words = f"{each:.1f} ms ({ours:.1f} ms CPU of the worker; {1000 * put:.0f} ms to put {BUCKETS} in)"
    return "the engine's cost of a bucket's job", words


def looks(dsn: str) -> Row:
    """Measure the question in which buckets something is due."""
    with Archive(dsn) as archive:
        began = time.monotonic()
        archive.schedule.due_buckets(NOW)
        return "the look at what is due", f"{1000 * (time.monotonic() - began):.0f} ms"


def polls(dsn: str, folder: Path, feeds: int) -> Iterator[Row]:
    """Measure a worker's polls of a publisher that answers at once, nine of ten with 304."""
    with play(dsn, folder, feeds=feeds, hosts=feeds // 5, late=False) as stage:
        for count in (1, 2):
            with troop(dsn, folder, workers=count, concurrency=8) as workers:
                for _ in range(2):  # the first round makes the articles
                    stage.begin()
                    if not stage.wait_until_done(900):
                        raise TimeoutError(workers.log()[-2000:])
                workers.end()
            with psycopg.connect(dsn) as connection:
                query = "SELECT max(last_polled) - min(last_polled) FROM feeds"
                row = connection.execute(query).fetchone()
            assert row is not None
            yield f"polls, {count} worker{'s' * (count > 1)}", f"{feeds * 1e6 / row[0]:,.0f} feeds/s"


PER_ARTICLE = ("articles", "revisions", "entries", "sightings", "items", "addresses", "observations")


def bytes_of(dsn: str, tables: tuple[str, ...], rows: str) -> float:
    """Return the bytes of tables with their indexes for each row of one of them."""
    with psycopg.connect(dsn) as connection:
        sizes = [
            connection.execute("SELECT pg_total_relation_size(%s::regclass)", [table]).fetchone()
            for table in tables
        ]
        count = connection.execute(f"SELECT greatest(count(*), 1) FROM {rows}".encode()).fetchone()
    assert count is not None
    return float(sum(size[0] for size in sizes if size) / count[0])


def measure(feeds: int, polled: int) -> Iterator[Row]:
    """Yield the table's rows."""
    binaries = installed()
    if binaries is None:
        raise SystemExit(
            "There is no PostgreSQL server here (initdb not found): install the package postgresql."
        )
    with running_server(binaries) as server, tempfile.TemporaryDirectory() as folder:
        big, small = server.create("big"), server.create("small")
        for dsn in (big, small):
            Archive(dsn).close()
            upgrade_engine(dsn)
        load(big, feeds)
        yield (
            "feeds in the table, and bytes a feed",
            f"{feeds:,}, {bytes_of(big, ('feeds', 'subscriptions'), 'feeds'):.0f}",
        )
        yield looks(big)
        yield from claims(server, big)
        yield asyncio.run(engine_cost(big))
        yield from polls(small, Path(folder), polled)
        article = bytes_of(small, PER_ARTICLE, "articles")
        yield (
            "rows and bytes an article, without its raw page",
            f"{len(PER_ARTICLE)} rows, {article:,.0f} bytes",
        )
        a_day = 3 * 1_000_000 * article / 1e9
        yield (
            "a day of 1M feeds, 3 articles each",
            f"{3 * len(PER_ARTICLE)}M rows, {a_day:.1f} GB beside raw pages",
        )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--feeds", type=int, default=1_000_000)
    parser.add_argument("--polls", type=int, default=5_000)
    given = parser.parse_args()
    load_now = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores at the start"
    table = Table("what", "measured", title=f"Scale: {load_now}")
    for row in measure(given.feeds, given.polls):
        print(*row, sep=": ", flush=True)
        table.add_row(*row)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
