"""Jobs in the engine's queue: one for each bucket with work, a person's first, a dead worker's again."""

from datetime import UTC, datetime

from procrastinate import App

from tests.workers.queue import waiting
from unabridged.archive.facade.archive import Archive
from unabridged.archive.storage.identity import bucket_of
from unabridged.config import FetchSettings, PollSettings
from unabridged.fetch.client import Fetcher
from unabridged.poll.extractor.pool import ThreadExtractor
from unabridged.poll.metrics import Metrics
from unabridged.poll.poller import Poller
from unabridged.workers.job_queue import (
    POLL,
)
from unabridged.workers.jobs import JobHandlers

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)


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
