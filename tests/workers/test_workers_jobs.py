"""Jobs in the engine's queue: one for each bucket with work, a person's first, a dead worker's again."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import psycopg
import pytest
from procrastinate import App

from unabridged.archive.keys import bucket_of
from unabridged.archive.store import Archive
from unabridged.config import FetchSettings, PollSettings
from unabridged.fetch.client import Fetcher
from unabridged.poll.extractor import ThreadExtractor
from unabridged.poll.figures import Figures
from unabridged.poll.ingest import Poller
from unabridged.workers.desk import Desk
from unabridged.workers.engine import FIRST, POLL, QUEUE, READ, bucket_job, defer_missing, make_engine, rescue
from unabridged.workers.orders import Orders

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)


@pytest.fixture
async def engine(dsn: str) -> AsyncIterator[App]:
    async with make_engine(dsn).open_async() as app:
        yield app


async def fetch(engine: App) -> tuple[str, int]:
    """Take the next job as a new worker would; returns its task and bucket."""
    number = await engine.job_manager.register_worker()
    job = await engine.job_manager.fetch_job(queues=[QUEUE], worker_id=number)
    assert job is not None
    return job.task_name, int(job.task_kwargs["bucket"])


async def waiting(engine: App) -> list[tuple[str, int]]:
    jobs = await engine.job_manager.list_jobs_async(status="todo")
    return [(job.task_name, job.task_kwargs["bucket"]) for job in jobs]


async def test_a_look_puts_one_job_into_the_queue_for_each_bucket_with_work(dsn: str, engine: App) -> None:
    urls = [f"https://site{number}.com/feed" for number in range(30)]
    with Archive(dsn) as archive:
        for url in urls:
            archive.subscribe(url, now=NOW)
        poller = Poller(
            archive=archive,
            fetcher=Fetcher(FetchSettings()),
            settings=PollSettings(),
            extractor=ThreadExtractor(),
        )
        desk = Desk(poller=poller, figures=Figures(), silent_for=30, every=15)
        for _ in range(2):
            await desk.look(engine)
            assert await waiting(engine) == [(POLL, bucket) for bucket in sorted({*map(bucket_of, urls)})]


async def test_work_in_one_bucket_is_never_done_side_by_side(engine: App) -> None:
    await defer_missing(engine, [bucket_job(POLL, 7), bucket_job(READ, 7), bucket_job(READ, 8)])
    assert await fetch(engine) == (POLL, 7)
    assert await fetch(engine) == (READ, 8)
    number = await engine.job_manager.register_worker()
    assert await engine.job_manager.fetch_job(queues=[QUEUE], worker_id=number) is None


async def test_what_a_person_waits_for_comes_first(dsn: str, engine: App) -> None:
    url = "https://example.com/story"
    await defer_missing(engine, [bucket_job(READ, bucket) for bucket in range(256)])
    await Orders(dsn).read_soon(url)
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


async def test_a_job_put_in_by_somebody_else_just_now_is_no_error(engine: App) -> None:
    jobs = [bucket_job(POLL, 1), bucket_job(POLL, 1)]
    assert await defer_missing(engine, jobs) == 0
    assert await defer_missing(engine, jobs[:1]) == 1
    hurried = bucket_job(POLL, 1, FIRST)
    assert await defer_missing(engine, [hurried]) == 1
