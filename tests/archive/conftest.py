"""Archives to test on: the same contract on SQLite and on a real PostgreSQL."""

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from pwd import getpwnam

import psycopg
import pytest

from unabridged.archive import Archive

_NUMBERS = count()


def _binaries() -> Path | None:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = versions[-1] if versions else shutil.which("initdb")
    return None if found is None else Path(found).resolve().parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _identity() -> dict[str, int]:
    """PostgreSQL refuses to run as root: there the server runs as the user its package made."""
    if Path("/proc/self").stat().st_uid != 0:
        return {}
    entry = getpwnam("postgres")
    return {"user": entry.pw_uid, "group": entry.pw_gid}


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A private PostgreSQL server with an empty archive as a template; its address without a database."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server here (initdb not found): install the package postgresql")
    folder = Path(tempfile.mkdtemp(prefix="unabridged-postgresql-"))
    who = _identity()
    if who:
        shutil.chown(folder, who["user"], who["group"])
    data, port = folder / "data", _free_port()
    make = [binaries / "initdb", "-D", data, "-U", "owner", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(make, check=True, capture_output=True, cwd=folder, **who)
    settings = f"-F -p {port} -k {folder} -c listen_addresses=127.0.0.1"
    control = [binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    subprocess.run([*control, "-o", settings, "start"], check=True, capture_output=True, cwd=folder, **who)
    address = f"postgresql://owner@127.0.0.1:{port}"
    try:
        with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE template_archive")
        Archive(f"{address}/template_archive").close()
        yield address
    finally:
        stop = [binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"]
        subprocess.run(stop, check=True, capture_output=True, cwd=folder, **who)
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def dsn(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'archive.db'}"
    server = request.getfixturevalue("postgresql")
    name = f"archive_{next(_NUMBERS)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_archive")
    return f"{server}/{name}"


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
