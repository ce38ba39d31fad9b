"""Archives to test on: the same contract on SQLite and on a real PostgreSQL."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.archive.postgres_server import binaries, free_port, identity, wait_for
from tests.archive.sample_feeds import NOW, URL, an_entry, save
from unabridged.archive import OWNER, Archive
from unabridged.archive.search_index import tokenizer
from unabridged.archive.storage.tables import HEAD, name_key
from unabridged.archive.storage.tables_search import ANALYSIS


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A private PostgreSQL server with one empty archive; its address without a database."""
    programs = binaries()
    if programs is None:
        pytest.skip("no PostgreSQL server here (initdb not found): install the package postgresql")
    folder = Path(tempfile.mkdtemp(prefix="unabridged-postgresql-"))
    who = identity()
    if who:
        shutil.chown(folder, who["user"], who["group"])
    data, port = folder / "data", free_port()
    make = [str(programs / "initdb"), "-D", str(data), "-U", "owner"]
    make += ["-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(make, check=True, capture_output=True, cwd=folder, **who)
    settings = ["-F", "-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, *settings], stdout=log, stderr=log, cwd=folder, **who
        )
    address = f"postgresql://owner@127.0.0.1:{port}"
    try:
        wait_for(address, server)
        with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE archive")
        Archive(f"{address}/archive").close()
        yield address
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nothing of it is wanted any more
        server.wait(timeout=60)
        shutil.rmtree(folder)


def empty(connection: psycopg.Connection) -> None:
    """Take every row away and count from one again: an eighth of what TRUNCATE of so many tables costs."""
    every = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
    tables = [name for (name,) in connection.execute(every)]
    connection.execute("SET LOCAL session_replication_role = replica")  # references unchecked
    connection.execute(";".join(f'DELETE FROM "{name}"' for name in tables))
    connection.execute("SELECT setval(quote_ident(sequencename)::regclass, 1, false) FROM pg_sequences")
    connection.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture(params=["sqlite", "postgresql"])
def dsn(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty archive."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_file"), tmp_path / "archive.db")
        return f"sqlite:///{tmp_path / 'archive.db'}"
    address = f"{request.getfixturevalue('postgresql')}/archive"
    with psycopg.connect(address) as connection:
        empty(connection)
        connection.execute(
            "INSERT INTO users (id, name, name_key, created, role) VALUES (%s, 'owner', %s, 0, 'admin')",
            [OWNER, name_key("owner")],
        )
        connection.execute("INSERT INTO counters VALUES ('items', 0), ('events', 0)")
        connection.execute("INSERT INTO search_state VALUES (%s, %s)", [ANALYSIS, tokenizer.VERSION])
        connection.execute("UPDATE alembic_version SET version_num = %s", [HEAD])
    return address


@pytest.fixture
def open_archive(dsn: str) -> Iterator[Callable[[], Archive]]:
    """Opens the test's archive as often as wanted, as several programs would."""
    opened: list[Archive] = []

    def opener() -> Archive:
        opened.append(Archive(dsn))
        return opened[-1]

    yield opener
    for one in opened:
        one.close()


@pytest.fixture
def archive(open_archive: Callable[[], Archive]) -> Archive:
    return open_archive()


@pytest.fixture
def feed_id(archive: Archive) -> int:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, *(an_entry(number) for number in range(25)))
    return feed.id
