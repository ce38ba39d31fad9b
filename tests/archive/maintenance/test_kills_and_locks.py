"""Kills during upgrades and backups, locks of other programs, server restarts: nothing is lost or partial."""

import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

import psycopg
import pytest

from tests.archive.migrations.old_archive import ARTICLE, PAGE, PAGE_HASH, make_old_archive
from tests.archive.postgres_server import binaries, free_port, identity, wait_for
from tests.archive.sample_feeds import NOW, a_page, an_article, an_entry, save
from unabridged.archive import Archive, Query
from unabridged.archive.maintenance.backup import restore
from unabridged.archive.storage.tables import HEAD
from unabridged.errors import ArchiveUnwritable

KEEPER = Path(__file__).with_name("killed_maintenance.py")


def unwatched(_what: str, _done: int, _total: int) -> None:
    pass


def kill_again_and_again(work: str, place: Path | str, rounds: int) -> int:
    arguments = [sys.executable, str(KEEPER), work, str(place), str(rounds), "1"]
    return int(subprocess.run(arguments, check=True, capture_output=True, text=True).stdout)


# Upgrades


def kill_upgrades(folder: Path, rounds: int) -> None:
    make_old_archive(f"sqlite:///{folder / 'old.db'}")
    for number in range(rounds + 1):
        shutil.copy(folder / "old.db", folder / f"kept{number}")

    assert kill_again_and_again("upgrade", folder, rounds) >= rounds // 3

    for number in range(rounds + 1):
        raw = sqlite3.connect(folder / f"kept{number}")
        [(version,)] = raw.execute("SELECT version_num FROM alembic_version").fetchall()
        tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        raw.close()
        assert version in ("0001", HEAD)
        assert ("dictionaries" in tables) == (version == HEAD)
        check_old_article(str(folder / f"kept{number}"))


def check_old_article(dsn: str) -> None:
    with Archive(dsn) as archive:
        assert archive.library().articles.get(1).article == ARTICLE
        assert archive.library().articles.snapshot(PAGE_HASH.hex()).body == PAGE


def kill_upgrades_of_a_server(address: str, rounds: int) -> None:
    """The same on PostgreSQL: each round upgrades a database of its own."""
    with psycopg.connect(f"{address}/postgres", autocommit=True) as server:
        server.execute("CREATE DATABASE earlier")
        make_old_archive(f"{address}/earlier")
        for number in range(rounds + 1):
            server.execute(f"CREATE DATABASE kept{number} TEMPLATE earlier")
        try:
            assert kill_again_and_again("upgrade", address, rounds) >= rounds // 3
            for number in range(rounds + 1):
                check_schema(f"{address}/kept{number}")
                check_old_article(f"{address}/kept{number}")
        finally:
            for name in ("earlier", *(f"kept{number}" for number in range(rounds + 1))):
                server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def check_schema(address: str) -> None:
    with psycopg.connect(address) as raw:
        versions = raw.execute("SELECT version_num FROM alembic_version").fetchall()
        tables = raw.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert versions in ([("0001",)], [(HEAD,)])
    assert (("dictionaries",) in tables) == (versions == [(HEAD,)])


def test_an_upgrade_that_is_killed_leaves_the_old_schema_or_the_new_one(tmp_path: Path) -> None:
    kill_upgrades(tmp_path, 6)


@pytest.mark.first
def test_an_upgrade_of_a_server_that_is_killed_leaves_the_old_schema_or_the_new_one(
    postgresql: str,
) -> None:
    kill_upgrades_of_a_server(postgresql, 4)


@pytest.mark.long
def test_fifty_upgrades_of_a_server_that_are_killed_leave_the_old_schema_or_the_new_one(
    postgresql: str,
) -> None:
    kill_upgrades_of_a_server(postgresql, 50)


@pytest.mark.long
def test_a_hundred_upgrades_that_are_killed_leave_the_old_schema_or_the_new_one(tmp_path: Path) -> None:
    kill_upgrades(tmp_path, 100)


# Backups


def kill_backups(folder: Path, rounds: int) -> None:
    with Archive(str(folder / "archive.db")) as archive:
        for number in range(30):
            url = f"https://news.example/{number}"
            text = f"Text of story {number}. " * 30
            page = a_page(url, f"<html>{text * 4}</html>".encode())
            archive.library().articles.save(an_article(url, text=text), page, now=NOW)

        assert kill_again_and_again("backup", folder, rounds) >= rounds // 3

        assert archive.maintenance.verify().problems == ()
        for file in folder.glob("backup?.db"):
            target = folder / f"restored-{file.name}"
            assert restore(file, str(target), unwatched).problems == ()
            with Archive(str(target)) as restored:
                assert restored.library().counts().articles == 30
        archive.maintenance.back_up(folder / "backup0.db", replace=True)


def test_a_backup_that_is_killed_is_whole_or_absent(tmp_path: Path) -> None:
    kill_backups(tmp_path, 6)


@pytest.mark.long
def test_a_hundred_backups_that_are_killed_are_whole_or_absent(tmp_path: Path) -> None:
    kill_backups(tmp_path, 100)


# Two programs on one file

HOLD = """
import sqlite3, sys
holder = sqlite3.connect(sys.argv[1], isolation_level=None)
holder.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.readline()
holder.execute("COMMIT")
"""


def hold_the_file(path: Path, seconds: float) -> None:
    """While another program holds the write lock, reads do not wait, writes wait, and nothing fails."""
    with Archive(str(path)) as archive:
        feed = archive.library().subscriptions.add("https://news.example/feed", now=NOW).feed
        save(archive, feed.id, an_entry(1))
        command = [sys.executable, "-c", HOLD, str(path)]
        with (
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder,
            ThreadPoolExecutor(3) as pool,
        ):
            assert holder.stdout is not None and holder.stdin is not None
            assert holder.stdout.readline() == "held\n"
            release = threading.Timer(seconds, lambda: holder.communicate("\n"))
            release.start()
            writers = [pool.submit(save, archive, feed.id, an_entry(number)) for number in (2, 3)]
            assert archive.library().counts().articles == 1
            with Archive(str(path)) as second:
                assert len(second.library().articles.headlines(Query()).headlines) == 1
            assert not any(one.done() for one in writers)
            assert [len(one.result().new) for one in writers] == [1, 1]
            release.join()
        assert archive.library().counts().articles == 3


def test_no_locked_file_reaches_a_user_while_another_program_holds_it(tmp_path: Path) -> None:
    hold_the_file(tmp_path / "archive.db", 1.5)


@pytest.mark.long
def test_no_locked_file_reaches_a_user_within_ten_seconds(tmp_path: Path) -> None:
    hold_the_file(tmp_path / "archive.db", 10)


def test_programs_that_open_a_restored_file_at_once_all_open_it(tmp_path: Path) -> None:
    with Archive(str(tmp_path / "archive.db")) as archive:
        archive.library().subscriptions.add("https://news.example/feed", now=NOW)
        archive.maintenance.back_up(tmp_path / "backup.db")
    code = (
        "import sys; from unabridged.archive import Archive; a = Archive(sys.argv[1]); sys.stdin.readline();"
        "b = Archive(sys.argv[2]); print(len(b.library().subscriptions.all()))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "archive.db"), str(tmp_path / "backup.db")]
    children = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    answers = []
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    for child in children:
        answers.append(child.communicate()[0])
    assert answers == ["1\n"] * 3


# A server that restarts


class Server:
    """A PostgreSQL server that a test stops and starts."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._who = identity()
        if self._who:
            shutil.chown(folder, self._who["user"], self._who["group"])
        self._programs, self._folder, self._port = programs, folder, free_port()
        self.address = f"postgresql://owner@127.0.0.1:{self._port}"
        make = [str(programs / "initdb"), "-D", str(folder / "data"), "-U", "owner"]
        make += ["-A", "trust", "--no-sync"]
        subprocess.run(make, check=True, capture_output=True, cwd=folder, **self._who)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        folder = self._folder
        settings = ["-F", "-p", str(self._port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1"]
        command: list[str | Path] = [self._programs / "postgres", "-D", folder / "data", *settings]
        with (folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **self._who)
        wait_for(self.address, self._process)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        assert self._process is not None
        self._process.send_signal(how)
        self._process.wait(timeout=60)


@pytest.fixture
def server() -> Iterator[Server]:
    programs = binaries()
    if programs is None:
        pytest.skip("no PostgreSQL server here (initdb not found): install the package postgresql")
    folder = Path(tempfile.mkdtemp(prefix="unabridged-restarts-"))
    one = Server(programs, folder)
    one.start()
    yield one
    one.stop(signal.SIGQUIT)
    shutil.rmtree(folder)


def restart_under_load(server: Server, restarts: int) -> None:
    """Two writers save until the end; every acknowledged save must be stored exactly once."""
    done = threading.Event()
    with Archive(f"{server.address}/postgres") as archive:
        feeds = [
            archive.library().subscriptions.add(f"https://s{one}.example/feed", now=NOW).feed
            for one in range(2)
        ]

        said: Queue[int] = Queue()

        def write(place: int) -> None:
            number = 0
            while not done.is_set():
                number += 1
                url = f"https://s{place}.example/{number}"
                try:
                    new = save(archive, feeds[place].id, an_entry(number, url=url)).new
                    page = a_page(url, f"<html>{url}</html>".encode() * 30)
                    archive.ingest.save_page(new[0], an_article(url), page, now=NOW)
                except ArchiveUnwritable as error:
                    assert "away" in str(error) or "reached" in str(error)
                    continue
                said.put(new[0])

        with ThreadPoolExecutor(2) as pool:
            writers = [pool.submit(write, place) for place in range(2)]
            try:
                told = _next(said, 4)
                for _ in range(restarts):
                    server.stop()
                    server.start()
                    told += _rest(said) + _next(said, 4)
            finally:
                done.set()
            for writer in writers:
                writer.result()
        told += _rest(said)

        stored = {one.id: one for one in archive.library().articles.all(Query(limit=500))}
        assert all(stored[number].revision == 1 and stored[number].snapshot for number in told)
        urls = [one.article.url for one in stored.values()]
        assert len(urls) == len(set(urls))
        assert archive.maintenance.verify().problems == ()


def _next(said: Queue[int], count: int) -> list[int]:
    """Wait for the next acknowledged saves, and return them."""
    return [said.get(timeout=120) for _ in range(count)]


def _rest(said: Queue[int]) -> list[int]:
    return [said.get_nowait() for _ in range(said.qsize())]


def test_a_server_that_restarts_loses_nothing(server: Server) -> None:
    restart_under_load(server, 2)


@pytest.mark.long
def test_a_server_that_restarts_ten_times_loses_nothing(server: Server) -> None:
    restart_under_load(server, 10)
