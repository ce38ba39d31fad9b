"""The queue of jobs: order, locks, and jobs of workers that died."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from procrastinate import App

from bench.workers_stage import troop
from tests.workers.queue import number_of, waiting
from unabridged.archive.facade.archive import Archive
from unabridged.archive.storage.identity import bucket_of
from unabridged.workers.enqueue import JobClient
from unabridged.workers.job_queue import (
    POLL,
    QUEUE,
    READ,
    RESCUE_LOCK,
    bucket_job,
    defer_missing,
    make_engine,
    rescue,
)

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)


async def fetch(engine: App) -> tuple[str, int]:
    """Take the next job as a new worker would; returns its task and bucket."""
    number = await engine.job_manager.register_worker()
    job = await engine.job_manager.fetch_job(queues=[QUEUE], worker_id=number)
    assert job is not None
    return job.task_name, number_of(job)


async def test_work_in_one_bucket_is_never_done_side_by_side(engine: App) -> None:
    await defer_missing(engine, [bucket_job(POLL, 7), bucket_job(READ, 7), bucket_job(READ, 8)])
    assert await fetch(engine) == (POLL, 7)
    assert await fetch(engine) == (READ, 8)
    number = await engine.job_manager.register_worker()
    assert await engine.job_manager.fetch_job(queues=[QUEUE], worker_id=number) is None


async def test_what_a_person_waits_for_comes_first(dsn: str, engine: App) -> None:
    url = "https://example.com/story"
    await defer_missing(engine, [bucket_job(READ, bucket) for bucket in range(256)])
    await JobClient(dsn).enqueue_read(url)
    assert await fetch(engine) == (READ, bucket_of(url))


async def test_a_dead_workers_job_is_done_again_and_only_once_more(dsn: str, engine: App) -> None:
    await defer_missing(engine, [bucket_job(POLL, 7), bucket_job(POLL, 8)])
    assert [await fetch(engine), await fetch(engine)] == [(POLL, 7), (POLL, 8)]
    await defer_missing(engine, [bucket_job(POLL, 8)])  # it fell due again meanwhile
    assert await rescue(engine, 30) == []
    with psycopg.connect(dsn) as connection:
        connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 s'")
    assert len(await rescue(engine, 30)) == 2
    assert sorted(await waiting(engine)) == [(POLL, 7), (POLL, 8)]
    assert await engine.job_manager.list_jobs_async(status="doing") == []


async def test_jobs_are_rescued_by_one_worker_at_a_time(dsn: str, engine: App) -> None:
    await defer_missing(engine, [bucket_job(POLL, 7)])
    await fetch(engine)
    with psycopg.connect(dsn) as connection:
        connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 s'")
    with psycopg.connect(dsn) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [RESCUE_LOCK])
        assert await rescue(engine, 30) == []
        other.execute("SELECT pg_advisory_unlock(%s)", [RESCUE_LOCK])
    assert len(await rescue(engine, 30)) == 1


async def test_a_worker_that_died_while_it_looked_does_not_hold_up_the_others(
    dsn: str, tmp_path: Path
) -> None:
    async with make_engine(dsn).open_async() as app:
        number = await app.job_manager.register_worker()
        await app.configure_task("look", queue=QUEUE, lock="look", queueing_lock="look").defer_async(
            timestamp=0
        )
        assert await app.job_manager.fetch_job(queues=[QUEUE], worker_id=number) is not None
    with Archive(dsn) as archive:
        archive.library().subscriptions.add("http://127.0.0.1:1/feed", now=NOW)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 h'")
    with troop(dsn, tmp_path, workers=1, quick=True) as workers:
        for _ in range(600):
            with Archive(dsn) as archive:
                if archive.library().subscriptions.all()[0].feed.last_polled is not None:
                    break
            await asyncio.sleep(0.1)
        else:
            pytest.fail(workers.log())
