"""The engine, Procrastinate: our connector to it, and the jobs as it knows them."""

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

FIRST, USUAL, LAST = 10, 0, -10
"""Priorities: what a person waits for, what is due, what can wait."""

RESCUE_LOCK = 0x556E6164
"""The lock on the database that who rescues jobs holds."""

POOL_SECONDS = 10.0
"""How long a statement of the engine waits for a connection."""


class Connector(PsycopgConnector):
    """The engine's way to the database. `lost` is set when the database went away under it.

    A statement that failed may have been carried out or not. The worker then begins anew under a new
    number, and the engine rescues what it held under the old one.
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


def connection_words(dsn: str) -> str:
    """Return an archive's address in libpq's words: SQLAlchemy's own form writes a space as one."""
    url = database_address(dsn)
    options = {name: ",".join(values) for name, values in url.normalized_query.items()}
    return make_conninfo("", **url.translate_connect_args(username="user", database="dbname"), **options)


def make_engine(dsn: str) -> App:
    """Return the engine on an archive's database, without jobs of its own yet."""
    kwargs = {"connect_timeout": 10, "application_name": "unabridged"}
    pool = Connector(
        conninfo=connection_words(dsn), kwargs=kwargs, min_size=1, max_size=4, timeout=POOL_SECONDS
    )
    return App(connector=pool)


def lock_of(bucket: int) -> str:
    """The lock of all work in a bucket: polls and pages of a site never go on side by side."""
    return f"bucket:{bucket}"


def bucket_job(task: str, bucket: int, priority: int = USUAL) -> Job:
    """Work in one bucket. At most one of a kind waits; one that a person waits for waits apart."""
    hurry = ":now" if priority > USUAL else ""
    return Job(
        queue=QUEUE,
        task_name=task,
        task_kwargs={"bucket": bucket},
        lock=lock_of(bucket),
        queueing_lock=f"{task}:{bucket}{hurry}",
        priority=priority,
    )


Asked = dict[str, JSONValue]
"""A replay's order, as JSON."""


def replay_job(number: int, shard: int, shards: int, asked: Asked) -> Job:
    """Make one part of a replay's articles anew, when nothing else is to be done."""
    name = f"replay:{number}:{shard}"
    return Job(
        queue=QUEUE,
        task_name=REPLAY,
        task_kwargs={"number": number, "shard": shard, "shards": shards, "asked": asked},
        lock=name,
        queueing_lock=name,
        priority=LAST,
    )


async def defer_missing(engine: App, wanted: list[Job]) -> int:
    """Put jobs into the queue of which none like them waits there; returns how many."""
    waiting = {job.queueing_lock for job in await engine.job_manager.list_jobs_async(status="todo")}
    missing = [job for job in wanted if job.queueing_lock not in waiting]
    if not missing:
        return 0
    try:
        await engine.job_manager.batch_defer_jobs_async(missing)
    except AlreadyEnqueued:  # somebody else put one of them in just now; the others come at the next look
        return 0
    return len(missing)


async def rescue(engine: App, silent_for: float) -> list[Job]:
    """Put the jobs of workers that died back into the queue. silent_for: seconds without a heartbeat.

    One worker at a time: what another had rescued and somebody taken up since would be done twice. Never a
    job itself: the queue would wait for it when its own worker dies. Raises psycopg.Error, PoolTimeout,
    ConnectorException.
    """
    connector = engine.connector
    assert isinstance(connector, Connector)
    async with connector.pool.connection() as conn:
        found = await (await conn.execute("SELECT pg_try_advisory_lock(%s)", [RESCUE_LOCK])).fetchone()
        if found is None or not found[0]:
            return []
        try:
            return await _rescue(engine, silent_for)
        finally:
            await conn.execute("SELECT pg_advisory_unlock(%s)", [RESCUE_LOCK])


async def _rescue(engine: App, silent_for: float) -> list[Job]:
    stalled = list(await engine.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent_for))
    for job in stalled:
        try:
            await engine.job_manager.retry_job(job)
        except UniqueViolation:  # the same work waits already; it only has to be let through
            await engine.job_manager.finish_job(job, Status.ABORTED, delete_job=True)
    return stalled
