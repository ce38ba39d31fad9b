"""Jobs in the engine's queue: one for each bucket with work, a person's first, a dead worker's again."""

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg
import pytest
from procrastinate import App
from procrastinate.jobs import Job

from bench.workers_stage import troop
from unabridged.archive.facade.archive import Archive
from unabridged.archive.storage.identity import bucket_of
from unabridged.config import FetchSettings, PollSettings, WorkerSettings
from unabridged.errors import ConfigError
from unabridged.fetch.client import Fetcher
from unabridged.model import Article, Page
from unabridged.poll.extractor.pool import ThreadExtractor
from unabridged.poll.metrics import Metrics
from unabridged.poll.pages.reextract import ReplayRequest
from unabridged.poll.poller import Poller
from unabridged.workers.enqueue import JobClient
from unabridged.workers.health_server import serve_status
from unabridged.workers.job_queue import (
    HIGH,
    POLL,
    QUEUE,
    READ,
    RESCUE_LOCK,
    bucket_job,
    defer_missing,
    make_engine,
    rescue,
)
from unabridged.workers.jobs import JobHandlers, add_jobs


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)


@pytest.fixture
async def engine(dsn: str) -> AsyncIterator[App]:
    async with make_engine(dsn).open_async() as app:
        yield app


def number_of(job: Job) -> int:
    bucket = job.task_kwargs["bucket"]
    assert isinstance(bucket, int)
    return bucket


async def fetch(engine: App) -> tuple[str, int]:
    """Take the next job as a new worker would; returns its task and bucket."""
    number = await engine.job_manager.register_worker()
    job = await engine.job_manager.fetch_job(queues=[QUEUE], worker_id=number)
    assert job is not None
    return job.task_name, number_of(job)


async def waiting(engine: App) -> list[tuple[str, int]]:
    jobs = await engine.job_manager.list_jobs_async(status="todo")
    return [(job.task_name, number_of(job)) for job in jobs]


async def test_a_look_puts_one_job_into_the_queue_for_each_bucket_with_work(dsn: str, engine: App) -> None:
    urls = [f"https://site{number}.com/feed" for number in range(30)]
    with Archive(dsn) as archive:
        for url in urls:
            archive.library().subscriptions.add(url, now=NOW)
        poller = Poller(
            archive=archive,
            fetcher=Fetcher(FetchSettings()),
            settings=PollSettings(),
            extractor=ThreadExtractor(),
        )
        handlers = JobHandlers(poller=poller, figures=Metrics(), heartbeat_timeout=30, every=15)
        for _ in range(2):
            await handlers.enqueue_due_buckets(engine)
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


async def test_a_job_put_in_by_somebody_else_just_now_is_no_error(engine: App) -> None:
    jobs = [bucket_job(POLL, 1), bucket_job(POLL, 1)]
    assert await defer_missing(engine, jobs) == 0
    assert await defer_missing(engine, jobs[:1]) == 1
    hurried = bucket_job(POLL, 1, HIGH)
    assert await defer_missing(engine, [hurried]) == 1


async def test_a_replay_is_done_by_workers_in_parts_and_can_be_taken_back(dsn: str, engine: App) -> None:
    html = "<html><body><article><h1>The bridge</h1>" + "<p>The council met again about it.</p>" * 30
    with Archive(dsn) as archive:
        for number in range(6):
            url = f"https://example.com/{number}"
            page = Page(url=url, final_url=url, status=200, headers={}, body=html.encode(), fetched=NOW)
            archive.library().articles.save(
                Article(url=url, title="Old", text="Old words.", body="<p>"), page, now=NOW
            )
        poller = Poller(
            archive=archive,
            fetcher=Fetcher(FetchSettings()),
            settings=PollSettings(),
            extractor=ThreadExtractor(),
        )
        handlers = JobHandlers(poller=poller, figures=Metrics(), heartbeat_timeout=30, every=15)
        number = archive.reextraction.begin("--shorter --on-workers", now=NOW)
        await JobClient(dsn).enqueue_replay(number, ReplayRequest(shorter=True))
        await handlers.close_replays(engine)
        assert archive.reextraction.runs()[0].finished is None
        add_jobs(engine, handlers)
        await engine.run_worker_async(queues=[QUEUE], wait=False, install_signal_handlers=False)
        await handlers.close_replays(engine)
        [done] = archive.reextraction.runs()
        assert (done.articles, done.finished is not None) == (6, True)
        assert archive.reextraction.undo(number, now=NOW).restored == 6


async def test_a_worker_shows_its_figures_and_its_health(unused_port: int) -> None:
    figures, well = Metrics(), [True]
    settings = WorkerSettings(port=unused_port)
    with figures.timed(POLL), serve_status(settings, figures, lambda: well[0]):
        for health in (200, 503):
            well[0] = health == 200
            answer = await asyncio.to_thread(httpx.get, f"http://127.0.0.1:{unused_port}/healthz")
            assert answer.status_code == health
        shown = await asyncio.to_thread(httpx.get, f"http://127.0.0.1:{unused_port}/metrics")
        assert "unabridged_polls_total" in shown.text
        with pytest.raises(ConfigError, match="its own --port"), serve_status(settings, figures, bool):
            pass


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
