"""Workers as processes on a real PostgreSQL, before a publisher that writes down who asks when."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner

from bench.namespaces import HOSTS, HUB, Prefixes, Refused, namespaces
from bench.postgresql import Server, installed, running_server
from bench.workers_stage import Play, Troop, play, storm, troop
from tests.automation.conftest import receiving
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.events import ChannelDraft
from unabridged.cli.app import app
from unabridged.dates.parse import utc_now
from unabridged.errors import ConfigError
from unabridged.workers.upgrade import upgrade_engine


def check(stage: Play) -> None:
    """No feed lost, none twice; no article lost or doubled."""
    phase = stage.begin()
    assert stage.wait_until_done(300)
    assert stage.asked(phase) == stage.every_feed()
    assert stage.crowded() == []
    with Archive(stage.dsn) as archive:
        assert archive.library().counts().articles == stage.expected_articles()
        assert archive.maintenance.verify().problems == ()
    with psycopg.connect(stage.dsn) as connection:
        doubled = "SELECT url FROM articles GROUP BY url HAVING count(*) > 1"
        assert connection.execute(doubled).fetchall() == []


def wait(workers: Troop) -> list[int]:
    codes = [one.wait(timeout=60) for one in workers.running]
    workers.running.clear()
    return codes


@pytest.mark.first
def test_two_workers_keep_every_promise_through_kills_and_a_restart_of_the_database(
    dsn: str, server: Server, tmp_path: Path
) -> None:
    with (
        play(dsn, tmp_path, feeds=60, hosts=30) as stage,
        troop(dsn, tmp_path, workers=2, lease=30.0, quick=True) as workers,
    ):
        check(stage)
        seen = storm(stage, workers, server, kills=2, restarts=1, seed=1)
        assert (seen.kills, seen.restarts) == (2, 1)
        assert seen.served <= workers.lease
        check(stage)
        with psycopg.connect(dsn) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        # The archive was upgraded under them: they end, and say what to do.
        assert wait(workers) == [8, 8]
        assert workers.log().count("Update Unabridged") == 2


def test_beside_workers_no_second_poller_starts(dsn: str, tmp_path: Path) -> None:
    with troop(dsn, tmp_path, workers=1, quick=True) as workers:
        deadline = time.monotonic() + 60
        while not workers.is_complete() and time.monotonic() < deadline:
            time.sleep(0.1)
        for words in (["poll"], ["poll", "--watch"], ["serve", "--port", "0"]):
            done = CliRunner().invoke(app, ["--database", dsn, *words])
            assert isinstance(done.exception, ConfigError)
            assert str(done.exception).startswith("Workers poll for this archive")
        assert workers.end() == [0]


def test_administrators_see_a_worker_while_it_lives(dsn: str, tmp_path: Path) -> None:
    with Archive(dsn) as archive:
        report = archive.maintenance.worker_report()
        assert report is not None and report.workers == ()
        with troop(dsn, tmp_path, workers=1, quick=True) as workers:
            deadline = time.monotonic() + 60
            while not (report and report.workers) and time.monotonic() < deadline:
                time.sleep(0.1)
                report = archive.maintenance.worker_report()
            assert report is not None
            [worker] = report.workers
            assert abs((utc_now() - worker.last_sign).total_seconds()) < 30
            assert workers.end() == [0]
        report = archive.maintenance.worker_report()
        assert report is not None and report.workers == ()


async def test_two_workers_send_each_event_to_its_channel_once(dsn: str, tmp_path: Path) -> None:
    async with receiving() as receiver:
        with Archive(dsn) as archive, troop(dsn, tmp_path, workers=2, quick=True):
            archive.library().channels.add(ChannelDraft(address=receiver.address), now=utc_now())
            for number in range(30):
                archive.library().events.imported({"files": number}, now=utc_now())
            async with asyncio.timeout(60):
                while True:
                    if archive.library().channels.all()[0].cursor == 30:
                        break
                    await asyncio.sleep(0.1)
    assert receiver.numbers == list(range(1, 31))


@contextmanager
def server_at(host: str) -> Iterator[tuple[Server, str]]:
    binaries = installed()
    if binaries is None:
        pytest.skip("no PostgreSQL server here (initdb not found): install the package postgresql")
    with running_server(binaries, host) as running:
        dsn = running.create("archive")
        Archive(dsn).close()
        upgrade_engine(dsn)
        yield running, dsn


@pytest.fixture
def own_server() -> Iterator[tuple[Server, str]]:
    with server_at("127.0.0.1") as both:
        yield both


@pytest.mark.long
@pytest.mark.parametrize("count", [2, 4])
def test_twenty_thousand_feeds_are_asked_once_a_round(
    own_server: tuple[Server, str], tmp_path: Path, count: int
) -> None:
    _, dsn = own_server
    with (
        play(dsn, tmp_path, feeds=20_000, hosts=5_000) as stage,
        # The usual lease: with a short one, a worker that a busy machine halts counts as dead.
        troop(dsn, tmp_path, workers=count, concurrency=16, lease=120.0) as workers,
    ):
        for _ in range(2):
            phase = stage.begin()
            assert stage.wait_until_done(1800)
            assert stage.asked(phase) == stage.every_feed()
        assert stage.crowded() == []
        assert workers.end() == [0] * count


@pytest.mark.long
@pytest.mark.parametrize(("kills", "restarts"), [(50, 2), (500, 10)])
def test_a_storm_of_kills_and_restarts_loses_and_doubles_nothing(
    own_server: tuple[Server, str], tmp_path: Path, kills: int, restarts: int
) -> None:
    server, dsn = own_server
    with (
        play(dsn, tmp_path, feeds=2_000, hosts=500) as stage,
        troop(dsn, tmp_path, workers=4, lease=60.0, quick=True) as workers,
    ):
        seen = storm(stage, workers, server, kills=kills, restarts=restarts, seed=kills, overlapping=True)
        print(seen)  # shown where something is wrong, and by pytest -rP
        assert (seen.kills, seen.restarts) == (kills, restarts)
        assert seen.rescued <= seen.served <= workers.lease
        check(stage)


@contextmanager
def _namespaces_or_skip(count: int) -> Iterator[Prefixes]:
    with ExitStack() as stack:
        try:
            prefixes = stack.enter_context(namespaces(count))
        except Refused as exc:
            pytest.skip(f"no network namespaces here: {exc}")
        yield prefixes


@pytest.mark.long
@pytest.mark.parametrize("count", [2, 4])
def test_workers_in_network_namespaces_of_their_own_ask_every_feed_once(tmp_path: Path, count: int) -> None:
    with (
        _namespaces_or_skip(count) as prefixes,
        server_at(HUB) as (_, dsn),
        play(dsn, tmp_path, feeds=400, hosts=100, network=HOSTS) as stage,
        troop(dsn, tmp_path, workers=count, lease=120.0, prefix=prefixes) as workers,
    ):
        for _ in range(2):
            check(stage)
        assert workers.end() == [0] * count
        assert workers.log().count(" started, ") == count
