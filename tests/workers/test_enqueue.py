"""Jobs put into the queue by commands."""

from datetime import UTC, datetime

from procrastinate import App

from unabridged.archive.facade.archive import Archive
from unabridged.config import FetchSettings, PollSettings
from unabridged.fetch.client import Fetcher
from unabridged.model import Article, Page
from unabridged.poll.extractor.pool import ThreadExtractor
from unabridged.poll.metrics import Metrics
from unabridged.poll.pages.reextract import ReplayRequest
from unabridged.poll.poller import Poller
from unabridged.workers.enqueue import JobClient
from unabridged.workers.job_queue import (
    HIGH,
    POLL,
    QUEUE,
    bucket_job,
    defer_missing,
)
from unabridged.workers.jobs import JobHandlers, add_jobs

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)


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
                Article(url=url, title="Old", text="Old words.", html="<p>"), page, now=NOW
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
