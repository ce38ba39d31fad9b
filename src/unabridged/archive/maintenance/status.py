"""State of an archive for its administrators: growth, workers, leases, the last check, versions."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
    type_coerce,
)

from unabridged.archive.ingest.lease_owners import Owner
from unabridged.archive.records.maintenance import (
    DatabaseVersion,
    DayGrowth,
    LastCheck,
    LeaseHolder,
    QueueLength,
    WorkerReport,
    WorkerState,
)
from unabridged.archive.storage.tables import (
    EPOCH,
    HEAD,
    counters,
    feeds,
    from_microseconds,
    revisions,
    snapshots,
    to_microseconds,
)
from unabridged.archive.storage.tables_library import blobs, images

_DAY = timedelta(days=1)
_CHECKED_AT, _CHECKED_BROKEN = "checked at", "checked broken"
QUEUE = "unabridged"
"""Queue of our jobs in the tables of the job engine."""


_RUNNING = (
    "SELECT worker_id, task_name FROM procrastinate_jobs WHERE status = 'doing' AND worker_id IS NOT NULL"
)
_COUNTED = """
    SELECT task_name, count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'doing'),
    count(*) FILTER (WHERE status = 'failed')
    FROM procrastinate_jobs WHERE queue_name = :queue GROUP BY task_name ORDER BY task_name
"""


def growth(conn: Connection, since: datetime) -> tuple[DayGrowth, ...]:
    """Return the bytes added on each day (UTC) since a time, oldest first; days without any are left out."""
    found: dict[date, dict[str, int]] = defaultdict(dict)
    pictures = images.join(blobs, blobs.c.hash == images.c.blob_hash)
    for kind, table, at, size in (
        ("texts", revisions, revisions.c.saved, func.length(revisions.c.record)),
        ("pages", snapshots, snapshots.c.fetched, func.length(snapshots.c.body)),
        ("pictures", pictures, images.c.fetched, blobs.c.size),
    ):
        for day, stored in _by_day(conn, table, at, size, since):
            found[day][kind] = stored
    return tuple(DayGrowth(day=day, **found[day]) for day in sorted(found))


def _by_day(
    conn: Connection, table: Any, at: ColumnElement[Any], size: ColumnElement[int], since: datetime
) -> list[tuple[date, int]]:
    # instants are microseconds in the database, which both databases divide as integers
    microseconds: ColumnElement[int] = literal_column(str(_DAY // timedelta(microseconds=1)))
    day = type_coerce(at, BigInteger).op("/")(microseconds).label("day")
    query = select(day, func.sum(size)).select_from(table).where(at >= since).group_by(text("1"))
    return [((EPOCH + int(number) * _DAY).date(), int(stored or 0)) for number, stored in conn.execute(query)]


def lease_holders(conn: Connection, now: datetime) -> tuple[LeaseHolder, ...]:
    """Return the processes that hold leases of feeds, the busiest first."""
    rows = conn.execute(
        select(feeds.c.lease_token, feeds.c.lease_until).where(
            feeds.c.lease_token.is_not(None), feeds.c.lease_until > now
        )
    )
    held: dict[tuple[str, int | None], list[datetime]] = defaultdict(list)
    for token, until in rows:
        owner = Owner.of_token(token)
        held[(owner.machine, owner.pid) if owner else ("", None)].append(until)
    made = (
        LeaseHolder(machine=machine, process=process, feeds=len(ends), until=max(ends))
        for (machine, process), ends in held.items()
    )
    return tuple(sorted(made, key=lambda one: (-one.feeds, one.machine, one.process or 0)))


def worker_report(conn: Connection) -> WorkerReport | None:
    """Return the workers and their queues; None on SQLite, and where no worker has used the database yet."""
    if conn.dialect.name == "sqlite":
        return None
    if conn.execute(text("SELECT to_regclass('procrastinate_workers')")).scalar() is None:
        return None
    jobs: dict[int, list[str]] = defaultdict(list)
    for worker, task in conn.execute(text(_RUNNING)):
        jobs[worker].append(task)
    alive = "SELECT id, last_heartbeat FROM procrastinate_workers ORDER BY id"
    return WorkerReport(
        workers=tuple(
            WorkerState(number=number, last_sign=sign, jobs=tuple(sorted(jobs.get(number, ()))))
            for number, sign in conn.execute(text(alive))
        ),
        queues=tuple(
            QueueLength(task=task, waiting=waiting, running=running, failed=failed)
            for task, waiting, running, failed in conn.execute(text(_COUNTED), {"queue": QUEUE})
        ),
    )


def database_version(conn: Connection) -> DatabaseVersion:
    """Return product and version of the database, and the version of the tables."""
    is_sqlite = conn.dialect.name == "sqlite"
    asked = "SELECT sqlite_version()" if is_sqlite else "SHOW server_version"
    version = str(conn.execute(text(asked)).scalar_one())
    return DatabaseVersion(product="SQLite" if is_sqlite else "PostgreSQL", version=version, schema=HEAD)


def note_check(conn: Connection, broken: int, now: datetime) -> None:
    """Store that the archive was checked, and how many problems there were."""
    names = (_CHECKED_AT, _CHECKED_BROKEN)
    conn.execute(delete(counters).where(counters.c.name.in_(names)))
    rows = ((_CHECKED_AT, to_microseconds(now)), (_CHECKED_BROKEN, broken))
    conn.execute(insert(counters), [{"name": name, "value": value} for name, value in rows])


def last_check(conn: Connection) -> LastCheck | None:
    """Return the last check of the archive; None if it was never checked."""
    known = {row.name: row.value for row in conn.execute(select(counters))}
    if _CHECKED_AT not in known:
        return None
    return LastCheck(at=from_microseconds(known[_CHECKED_AT]), broken=known.get(_CHECKED_BROKEN, 0))
