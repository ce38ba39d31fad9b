"""Job queue on Procrastinate: connector, job descriptors, rescue of stalled jobs."""

from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.types import JSONValue
from psycopg.conninfo import make_conninfo

from unabridged.archive.facade.database import database_address

QUEUE = "unabridged"
POLL, READ, PICTURES, REPLAY = "poll_bucket", "read_pages", "fetch_pictures", "replay_shard"

HIGH, NORMAL, LOW = 10, 0, -10
"""Priorities: a person waits for it, it is due, it can wait."""

RESCUE_LOCK = 0x556E6164
"""Advisory lock held by the worker that is rescuing stalled jobs."""

POOL_SECONDS = 10.0
"""Longest wait of a statement for a connection, in seconds."""


class Connector(PsycopgConnector):
    """Procrastinate's connector. Sets `lost` when the connection to the database is lost.

    It is unknown then whether the last statement was executed. The worker restarts with a new worker ID,
    and the jobs of the old ID are rescued.
    """

    lost = False

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        try:
            await super().execute_query_async(query, **arguments)
        except ConnectorException as exc:
            self._note(exc)
            raise

    async def execute_query_one_async(self, query: Any, **arguments: Any) -> dict[str, Any]:
        try:
            found: dict[str, Any] = await super().execute_query_one_async(query, **arguments)
            return found
        except ConnectorException as exc:
            self._note(exc)
            raise

    async def execute_query_all_async(self, query: Any, **arguments: Any) -> list[dict[str, Any]]:
        try:
            rows: list[dict[str, Any]] = await super().execute_query_all_async(query, **arguments)
            return rows
        except ConnectorException as exc:
            self._note(exc)
            raise

    def _note(self, exc: ConnectorException) -> None:
        self.lost = self.lost or isinstance(exc.__cause__, psycopg.OperationalError | psycopg.InterfaceError)


def libpq_conninfo(dsn: str) -> str:
    """Return an archive's URL as a libpq connection string. SQLAlchemy's own form does not escape spaces."""
    url = database_address(dsn)
    options = {name: ",".join(values) for name, values in url.normalized_query.items()}
    return make_conninfo("", **url.translate_connect_args(username="user", database="dbname"), **options)


def make_engine(dsn: str) -> App:
    """Return a Procrastinate app on an archive's database, without tasks yet."""
    kwargs = {"connect_timeout": 10, "application_name": "unabridged"}
    pool = Connector(
        conninfo=libpq_conninfo(dsn), kwargs=kwargs, min_size=1, max_size=4, timeout=POOL_SECONDS
    )
    return App(connector=pool)


def bucket_lock(bucket: int) -> str:
    """Return the lock of a bucket: polls and pages of one site never run concurrently."""
    return f"bucket:{bucket}"


def bucket_job(task: str, bucket: int, priority: int = NORMAL) -> Job:
    """Return a job for one bucket. At most one of each task is queued, plus one of high priority."""
    suffix = ":now" if priority > NORMAL else ""
    return Job(
        queue=QUEUE,
        task_name=task,
        task_kwargs={"bucket": bucket},
        lock=bucket_lock(bucket),
        queueing_lock=f"{task}:{bucket}{suffix}",
        priority=priority,
    )


RequestJson = dict[str, JSONValue]
"""A `ReplayRequest` as JSON."""


def replay_job(number: int, shard: int, shards: int, asked: RequestJson) -> Job:
    """Return a job for one shard of a replay, with low priority."""
    name = f"replay:{number}:{shard}"
    return Job(
        queue=QUEUE,
        task_name=REPLAY,
        task_kwargs={"number": number, "shard": shard, "shards": shards, "asked": asked},
        lock=name,
        queueing_lock=name,
        priority=LOW,
    )


async def defer_missing(engine: App, wanted: list[Job]) -> int:
    """Enqueue the jobs that are not in the queue yet; return how many."""
    waiting = {job.queueing_lock for job in await engine.job_manager.list_jobs_async(status="todo")}
    missing = [job for job in wanted if job.queueing_lock not in waiting]
    if not missing:
        return 0
    try:
        await engine.job_manager.batch_defer_jobs_async(missing)
    except AlreadyEnqueued:  # another worker was faster; the rest follows at the next check
        return 0
    return len(missing)


async def rescue(engine: App, heartbeat_timeout: float) -> list[Job]:
    """Requeue the jobs of workers that died. heartbeat_timeout: seconds without a heartbeat.

    Only one worker rescues at a time: two of them could requeue a job that already runs again. This must
    not be a job itself: the queue would wait for it if its own worker died. Raises psycopg.Error,
    PoolTimeout, ConnectorException.
    """
    connector = engine.connector
    assert isinstance(connector, Connector)
    async with connector.pool.connection() as conn:
        found = await (await conn.execute("SELECT pg_try_advisory_lock(%s)", [RESCUE_LOCK])).fetchone()
        if found is None or not found[0]:
            return []
        try:
            return await _rescue(engine, heartbeat_timeout)
        finally:
            await conn.execute("SELECT pg_advisory_unlock(%s)", [RESCUE_LOCK])


async def _rescue(engine: App, heartbeat_timeout: float) -> list[Job]:
    stalled = list(await engine.job_manager.get_stalled_jobs(seconds_since_heartbeat=heartbeat_timeout))
    for job in stalled:
        try:
            await engine.job_manager.retry_job(job)
        except UniqueViolation:  # the same job is queued already; drop this one
            await engine.job_manager.finish_job(job, Status.ABORTED, delete_job=True)
    return stalled


FAILED_JOB_HOURS = 24
"""Hours for which failed jobs stay in the queue, for inspection."""


async def delete_old_jobs(engine: App) -> None:
    """Delete finished jobs, and failed ones after FAILED_JOB_HOURS."""
    await engine.job_manager.delete_old_jobs(
        nb_hours=FAILED_JOB_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
