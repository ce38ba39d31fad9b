"""Job handlers of a worker, and the periodic jobs that enqueue them."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from procrastinate import App, RetryStrategy

from unabridged.errors import SchemaTooNew, SchemaTooOld
from unabridged.poll.feeds.schedule import LONG_AWAY
from unabridged.poll.metrics import Metrics
from unabridged.poll.pages.images import fetch_images, queue_images
from unabridged.poll.pages.reextract import ON_WORKERS, ReplayRequest, replay_shard
from unabridged.poll.poller import Poller
from unabridged.workers.job_queue import (
    PICTURES,
    POLL,
    QUEUE,
    READ,
    REPLAY,
    bucket_job,
    defer_missing,
    delete_old_jobs,
    rescue,
)

log = logging.getLogger("unabridged.worker")

MINUTE, HOUR = "* * * * *", "17 * * * *"
MAX_SHARD_TRIES = 5


@dataclass(slots=True, kw_only=True)
class JobHandlers:
    """Handlers of one worker's jobs.

    heartbeat_timeout: seconds without a heartbeat after which a worker counts as dead. every: seconds
    between two checks for due work. outdated: set if the archive's schema no longer fits this program.
    last_check: monotonic time of the last successful schema check.
    """

    poller: Poller
    figures: Metrics
    heartbeat_timeout: float
    every: int
    outdated: SchemaTooNew | SchemaTooOld | None = None
    last_check: float = field(default_factory=time.monotonic)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def poll_bucket(self, bucket: int) -> None:
        """Poll the due feeds of one bucket."""
        with self.figures.timed(POLL):
            reports = await self.poller.poll_due_feeds(bucket)
        news = sum(len(report.new) for report in reports)
        failed = sum(report.kind in ("failed", "gone") for report in reports)
        log.info("bucket %d: %d feeds polled, %d new articles, %d failed", bucket, len(reports), news, failed)

    async def read_pages(self, bucket: int) -> None:
        """Read the due pages of one bucket: new articles, retries and rechecks."""
        with self.figures.timed(READ):
            reports = await self.poller.read_due_pages(bucket)
        failed = sum(report.kind == "failed" for report in reports)
        log.info("bucket %d: %d pages read, %d failed", bucket, len(reports), failed)

    async def fetch_images(self, bucket: int) -> None:
        """Fetch the due images of one bucket."""
        with self.figures.timed(PICTURES):
            kept = await fetch_images(self.poller.context, bucket)
        log.info("bucket %d: %d images saved", bucket, kept)

    async def replay(self, number: int, shard: int, shards: int, asked: dict[str, object]) -> None:
        """Extract the articles of one shard again from their stored pages."""
        context = self.poller.context
        request = ReplayRequest.from_json(asked)
        with self.figures.timed(REPLAY):
            report = await replay_shard(context.archive, context.extractor, request, number, (shard, shards))
        log.info(
            "replay %d, shard %d of %d: %d read, %d saved",
            number,
            shard + 1,
            shards,
            report.read,
            report.saved,
        )

    async def rescue(self, engine: App) -> None:
        """Requeue the jobs of workers that died."""
        for job in await rescue(engine, self.heartbeat_timeout):
            log.warning("A worker died during %s; the job is queued again.", job.call_string)

    async def enqueue_due_buckets(self, engine: App) -> None:
        """Enqueue one job for each bucket with due work."""
        archive = self.poller.context.archive
        due = await asyncio.to_thread(archive.schedule.due_buckets, self.clock())
        wanted = [bucket_job(POLL, bucket) for bucket in sorted(due.feeds)]
        wanted += [bucket_job(READ, bucket) for bucket in sorted(due.pages)]
        wanted += [bucket_job(PICTURES, bucket) for bucket in sorted(due.pictures)]
        await defer_missing(engine, wanted)

    async def check(self) -> None:
        """Check the archive's schema: after an upgrade, this program's SQL may not fit it."""
        try:
            await asyncio.to_thread(self.poller.context.archive.maintenance.check_schema)
        except (SchemaTooNew, SchemaTooOld) as exc:
            self.outdated = exc
        else:
            self.last_check = time.monotonic()

    async def close_replays(self, engine: App) -> None:
        """Mark replays as finished if none of their shards is left in the queue."""
        archive, now = self.poller.context.archive, self.clock()
        begun = [
            one
            for one in await asyncio.to_thread(archive.reextraction.runs)
            if one.finished is None and ON_WORKERS in one.asked and now - one.started > timedelta(minutes=1)
        ]
        if not begun:
            return
        jobs = await engine.job_manager.list_jobs_async(task=REPLAY)
        left = {job.task_kwargs["number"] for job in jobs if job.status in ("todo", "doing")}
        for one in begun:
            if one.id not in left:
                await asyncio.to_thread(archive.reextraction.finish, one.id, now=now)

    async def run_minutely(self) -> None:
        """Do what belongs to no bucket: WebSub requests, queueing images, deleting expired articles."""
        await self.poller.subscribe_to_hubs()
        await queue_images(self.poller.context, self.poller.images)
        await self.poller.delete_expired()

    async def run_hourly(self, engine: App) -> None:
        """Repair schedules and delete old jobs."""
        await self.poller.repair_clock()
        await self.poller.repair_schedule(overdue_before=self.clock() - LONG_AWAY)
        await delete_old_jobs(engine)


def add_jobs(engine: App, handlers: JobHandlers) -> None:
    """Register the job handlers and the periodic jobs with the engine."""

    @engine.task(name=POLL, queue=QUEUE)
    async def poll_bucket(bucket: int) -> None:
        await handlers.poll_bucket(bucket)

    @engine.task(name=READ, queue=QUEUE)
    async def read_pages(bucket: int) -> None:
        await handlers.read_pages(bucket)

    @engine.task(name=PICTURES, queue=QUEUE)
    async def pictures(bucket: int) -> None:
        await handlers.fetch_images(bucket)

    @engine.task(name=REPLAY, queue=QUEUE, retry=RetryStrategy(max_attempts=MAX_SHARD_TRIES, wait=30))
    async def replay(number: int, shard: int, shards: int, asked: dict[str, object]) -> None:
        await handlers.replay(number, shard, shards, asked)

    # The names of the periodic jobs are stored in queues that run; they do not change.
    @engine.periodic(cron=f"* * * * * */{handlers.every}" if handlers.every < 60 else MINUTE)
    @engine.task(name="look", queue=QUEUE, lock="look", queueing_lock="look", priority=100)
    async def look(timestamp: int) -> None:
        await handlers.enqueue_due_buckets(engine)

    @engine.periodic(cron=MINUTE)
    @engine.task(name="chores", queue=QUEUE, lock="chores", queueing_lock="chores")
    async def run_minutely(timestamp: int) -> None:
        await handlers.run_minutely()
        await handlers.close_replays(engine)

    @engine.periodic(cron=HOUR)
    @engine.task(name="tidy", queue=QUEUE, lock="tidy", queueing_lock="tidy")
    async def run_hourly(timestamp: int) -> None:
        await handlers.run_hourly(engine)
