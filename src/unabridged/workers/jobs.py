"""What a worker does for each job, and the round that finds out which jobs there are to be."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from procrastinate import App, RetryStrategy

from unabridged.errors import SchemaTooNew, SchemaTooOld
from unabridged.poll.feeds.schedule import LONG_AWAY
from unabridged.poll.metrics import Figures
from unabridged.poll.pages.images import fetch_pictures, note_pictures
from unabridged.poll.pages.reextract import ON_WORKERS, ReplayOrder, replay_shard
from unabridged.poll.poller import Poller
from unabridged.workers.job_queue import (
    PICTURES,
    POLL,
    QUEUE,
    READ,
    REPLAY,
    bucket_job,
    defer_missing,
    rescue,
)

log = logging.getLogger("unabridged.worker")

MINUTE, HOUR = "* * * * *", "17 * * * *"
KEPT_HOURS = 24
"""Hours for which failed jobs stay to be looked at."""

SHARD_TRIES = 5


@dataclass(slots=True, kw_only=True)
class Desk:
    """One worker's context. silent_for: seconds without a heartbeat after which a worker is taken for dead.

    every: seconds between two looks at what is due. outdated: set when the archive was upgraded under us.
    """

    poller: Poller
    figures: Figures
    silent_for: float
    every: int
    outdated: SchemaTooNew | SchemaTooOld | None = None
    looked: float = field(default_factory=time.monotonic)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def poll_bucket(self, bucket: int) -> None:
        """Ask the feeds of one bucket that are due."""
        with self.figures.timed(POLL):
            reports = await self.poller.ask_due_feeds(bucket)
        news = sum(len(report.new) for report in reports)
        failed = sum(report.kind in ("failed", "gone") for report in reports)
        log.info("bucket %d: %d feeds asked, %d new articles, %d failed", bucket, len(reports), news, failed)

    async def read_pages(self, bucket: int) -> None:
        """Read the pages of one bucket that are due: new articles, failed ones, young ones once more."""
        with self.figures.timed(READ):
            reports = await self.poller.read_due_pages(bucket)
        failed = sum(report.kind == "failed" for report in reports)
        log.info("bucket %d: %d pages read, %d failed", bucket, len(reports), failed)

    async def fetch_pictures(self, bucket: int) -> None:
        """Fetch the pictures of one bucket that are to be kept."""
        with self.figures.timed(PICTURES):
            kept = await fetch_pictures(self.poller.context, bucket)
        log.info("bucket %d: %d pictures kept", bucket, kept)

    async def replay(self, number: int, shard: int, shards: int, asked: dict[str, object]) -> None:
        """Make the articles of one shard anew of their kept pages."""
        context = self.poller.context
        order = ReplayOrder.from_json(asked)
        with self.figures.timed(REPLAY):
            report = await replay_shard(context.archive, context.extractor, order, number, (shard, shards))
        log.info(
            "replay %d, part %d of %d: %d read, %d saved",
            number,
            shard + 1,
            shards,
            report.read,
            report.saved,
        )

    async def rescue(self, engine: App) -> None:
        """Put back into the queue what was in the hands of workers that died."""
        for job in await rescue(engine, self.silent_for):
            log.warning("A worker died at %s; the job is taken up again.", job.call_string)

    async def look(self, engine: App) -> None:
        """Put one job into the queue for each bucket in which something is due."""
        archive = self.poller.context.archive
        due = await asyncio.to_thread(archive.schedule.due_buckets, self.clock())
        wanted = [bucket_job(POLL, bucket) for bucket in sorted(due.feeds)]
        wanted += [bucket_job(READ, bucket) for bucket in sorted(due.pages)]
        wanted += [bucket_job(PICTURES, bucket) for bucket in sorted(due.pictures)]
        await defer_missing(engine, wanted)

    async def check(self) -> None:
        """Notice an upgrade of the archive: this program's statements may fit its tables no more."""
        try:
            await asyncio.to_thread(self.poller.context.archive.maintenance.check_schema)
        except (SchemaTooNew, SchemaTooOld) as exc:
            self.outdated = exc
        else:
            self.looked = time.monotonic()

    async def close_replays(self, engine: App) -> None:
        """Write down that replays are done of which no part is left in the queue."""
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

    async def chores(self) -> None:
        """Do what belongs to no bucket: hubs, noting pictures, erasing what is older than folders keep."""
        await self.poller.ask_hubs()
        await note_pictures(self.poller.context, self.poller.images)
        await self.poller.expire()

    async def tidy(self, engine: App) -> None:
        """Once an hour: mend upset schedules, forget old jobs."""
        await self.poller.mend_clock()
        await self.poller.mend_schedule(overdue_before=self.clock() - LONG_AWAY)
        await engine.job_manager.delete_old_jobs(
            nb_hours=KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )


def add_jobs(engine: App, desk: Desk) -> None:
    """Tell the engine what to do for each job, and what to put into the queue by itself."""

    @engine.task(name=POLL, queue=QUEUE)
    async def poll_bucket(bucket: int) -> None:
        await desk.poll_bucket(bucket)

    @engine.task(name=READ, queue=QUEUE)
    async def read_pages(bucket: int) -> None:
        await desk.read_pages(bucket)

    @engine.task(name=PICTURES, queue=QUEUE)
    async def pictures(bucket: int) -> None:
        await desk.fetch_pictures(bucket)

    @engine.task(name=REPLAY, queue=QUEUE, retry=RetryStrategy(max_attempts=SHARD_TRIES, wait=30))
    async def replay(number: int, shard: int, shards: int, asked: dict[str, object]) -> None:
        await desk.replay(number, shard, shards, asked)

    @engine.periodic(cron=f"* * * * * */{desk.every}" if desk.every < 60 else MINUTE)
    @engine.task(name="look", queue=QUEUE, lock="look", queueing_lock="look", priority=100)
    async def look(timestamp: int) -> None:
        await desk.look(engine)

    @engine.periodic(cron=MINUTE)
    @engine.task(name="chores", queue=QUEUE, lock="chores", queueing_lock="chores")
    async def chores(timestamp: int) -> None:
        await desk.chores()
        await desk.close_replays(engine)

    @engine.periodic(cron=HOUR)
    @engine.task(name="tidy", queue=QUEUE, lock="tidy", queueing_lock="tidy")
    async def tidy(timestamp: int) -> None:
        await desk.tidy(engine)
