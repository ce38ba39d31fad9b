"""The state of an archive: growth by day, who polls, failures, the last check, versions."""

from datetime import timedelta
from pathlib import Path

import psycopg
from sqlalchemy import text

from tests.archive.sample_feeds import NOW, a_page, an_article, filled
from unabridged.archive import Archive
from unabridged.archive.facade import database
from unabridged.archive.ingest.lease_owners import Owner
from unabridged.archive.records.core import Failure
from unabridged.archive.storage.tables import HEAD

DAY = timedelta(days=1)


def test_growth_is_told_by_day_and_kind(archive: Archive) -> None:
    [number] = filled(archive, 1)
    page = a_page("https://news.example/1")
    archive.ingest.save_page(number, an_article("https://news.example/1"), page, now=NOW + DAY)
    found = {one.day: one for one in archive.maintenance.growth(NOW - DAY)}
    assert list(found) == sorted(found)
    assert found[NOW.date()].texts > 0
    assert found[(NOW + DAY).date()].texts > 0
    assert sum(one.pages for one in found.values()) > 0
    sizes = {one.name: one.stored for one in archive.maintenance.sizes().parts}
    assert sum(one.texts for one in found.values()) <= sizes["versions"]
    assert archive.maintenance.growth(NOW + 5 * DAY) == ()


def test_who_polls_now_is_told_by_process(archive: Archive) -> None:
    filled(archive, 1)
    assert archive.maintenance.lease_holders(NOW) == ()
    later = NOW + 30 * DAY
    leased = archive.schedule.claim_feeds(later, 10, lease=60)
    [holder] = archive.maintenance.lease_holders(later)
    owner = Owner.of_token(leased[0].token)
    assert owner is not None
    assert (holder.machine, holder.process, holder.feeds) == (owner.machine, owner.pid, len(leased))
    assert holder.until == later + timedelta(seconds=60)
    assert archive.maintenance.lease_holders(later + timedelta(seconds=61)) == ()


def test_failures_since_a_time_are_told_latest_first(archive: Archive) -> None:
    first, second = filled(archive, 1, 2)
    for minutes, number in enumerate((first, second)):
        archive.ingest.record_page_failure(
            number,
            Failure(kind="status", message=f"no {number}"),
            now=NOW + timedelta(minutes=minutes),
            next_try_at=None,
        )
    found = archive.schedule.recent_failures(NOW)
    assert [(one.about, one.failure.message) for one in found] == [
        ("page", f"no {second}"),
        ("page", f"no {first}"),
    ]
    assert len(archive.schedule.recent_failures(NOW, limit=1)) == 1
    assert archive.schedule.recent_failures(NOW + DAY) == ()


def test_the_last_check_is_remembered_with_what_it_found(archive: Archive) -> None:
    filled(archive, 1)
    assert archive.maintenance.last_check() is None
    assert archive.maintenance.check_up(now=NOW).broken == 0
    found = archive.maintenance.last_check()
    assert found is not None and (found.at, found.broken) == (NOW, 0)
    archive._db.writing(lambda conn: conn.execute(text("UPDATE revisions SET content_hash = record")))
    broken = archive.maintenance.check_up(now=NOW + DAY).broken
    found = archive.maintenance.last_check()
    assert found is not None and (found.at, found.broken) == (NOW + DAY, broken) and broken > 0


def test_a_backup_is_checked_and_stays_one_file(archive: Archive, tmp_path: Path) -> None:
    filled(archive, 1)
    file = tmp_path / "copies" / "one.sqlite"
    archive.maintenance.back_up(file)
    size = file.stat().st_size
    assert database.check_backup(file).broken == 0
    assert file.stat().st_size == size
    assert [path.name for path in file.parent.iterdir()] == ["one.sqlite"]


def test_versions_of_the_database_are_told(archive: Archive, dsn: str) -> None:
    found = archive.maintenance.database_version()
    assert found.product == ("SQLite" if dsn.startswith("sqlite") else "PostgreSQL")
    assert found.version[0].isdigit() and found.schema == HEAD


TABLES = """
CREATE TABLE procrastinate_workers (id bigint PRIMARY KEY, last_heartbeat timestamptz NOT NULL);
CREATE TABLE procrastinate_jobs (queue_name text, task_name text, status text, worker_id bigint)
"""


def test_workers_and_queues_are_told_where_there_are_some(archive: Archive, dsn: str) -> None:
    assert archive.maintenance.worker_report() is None
    if dsn.startswith("sqlite"):
        return
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute(TABLES)
        conn.execute("INSERT INTO procrastinate_workers VALUES (7, %s), (8, %s)", [NOW, NOW - DAY])
        jobs = "INSERT INTO procrastinate_jobs VALUES ('unabridged', %s, %s, %s)"
        waiting, failed = ("poll_bucket", "todo", None), ("read_pages", "failed", None)
        for row in (("poll_bucket", "doing", 7), waiting, failed):
            conn.execute(jobs, row)
        try:
            found = archive.maintenance.worker_report()
        finally:
            conn.execute("DROP TABLE procrastinate_jobs; DROP TABLE procrastinate_workers")
    assert found is not None
    assert [(one.number, one.last_sign, one.jobs) for one in found.workers] == [
        (7, NOW, ("poll_bucket",)),
        (8, NOW - DAY, ()),
    ]
    assert [(one.task, one.waiting, one.running, one.failed) for one in found.queues] == [
        ("poll_bucket", 1, 1, 0),
        ("read_pages", 0, 0, 1),
    ]
