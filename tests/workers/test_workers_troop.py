"""Workers as processes on a real PostgreSQL, before a publisher that writes down who asks when."""

from pathlib import Path

import psycopg
import pytest

from bench.postgresql import Server, installed, running_server
from bench.workers_stage import Play, Troop, play, storm, troop
from unabridged.archive.store import Archive
from unabridged.workers.upgrade import upgrade_engine


def check(stage: Play) -> None:
    """No feed lost, none twice; no article lost or doubled."""
    phase = stage.begin()
    assert stage.wait_until_done(300)
    assert stage.asked(phase) == stage.every_feed()
    assert stage.crowded() == []
    with Archive(stage.dsn) as archive:
        assert archive.counts().articles == stage.expected_articles()
        assert archive.verify().problems == ()
    with psycopg.connect(stage.dsn) as connection:
        doubled = "SELECT url FROM articles GROUP BY url HAVING count(*) > 1"
        assert connection.execute(doubled).fetchall() == []


def wait(workers: Troop) -> list[int]:
    codes = [one.wait(timeout=60) for one in workers.running]
    workers.running.clear()
    return codes


def test_two_workers_keep_every_promise_through_kills_and_a_restart_of_the_database(
    dsn: str, server: Server, tmp_path: Path
) -> None:
    with (
        play(dsn, tmp_path, feeds=120, hosts=60) as stage,
        troop(dsn, tmp_path, workers=2) as workers,
    ):
        check(stage)
        seen = storm(stage, workers, server, kills=5, restarts=1, seed=1)
        assert (seen.kills, seen.restarts) == (5, 1)
        assert seen.longest <= workers.lease
        check(stage)
        with psycopg.connect(dsn) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        # The archive was upgraded under them: they end, and say what to do.
        assert wait(workers) == [8, 8]
        assert workers.log().count("Update Unabridged") == 2


@pytest.fixture
def own_server(tmp_path: Path):
    binaries = installed()
    if binaries is None:
        pytest.skip("no PostgreSQL server here (initdb not found): install the package postgresql")
    with running_server(binaries) as running:
        dsn = running.create("archive")
        Archive(dsn).close()
        upgrade_engine(dsn)
        yield running, dsn


@pytest.mark.long
@pytest.mark.parametrize("count", [2, 4])
def test_twenty_thousand_feeds_are_asked_once_a_round(own_server, tmp_path: Path, count: int) -> None:
    _, dsn = own_server
    with (
        play(dsn, tmp_path, feeds=20_000, hosts=5_000) as stage,
        troop(dsn, tmp_path, workers=count, concurrency=16) as workers,
    ):
        for _ in range(2):
            phase = stage.begin()
            assert stage.wait_until_done(1800)
            assert stage.asked(phase) == stage.every_feed()
        assert stage.crowded() == []
        assert workers.end() == [0] * count


@pytest.mark.long
def test_five_hundred_kills_and_ten_restarts_lose_and_double_nothing(own_server, tmp_path: Path) -> None:
    server, dsn = own_server
    with (
        play(dsn, tmp_path, feeds=2_000, hosts=500) as stage,
        troop(dsn, tmp_path, workers=4) as workers,
    ):
        seen = storm(stage, workers, server, kills=500, restarts=10, seed=2)
        assert (seen.kills, seen.restarts) == (500, 10)
        assert seen.longest <= workers.lease
        check(stage)
