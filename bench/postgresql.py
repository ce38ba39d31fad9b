"""A private PostgreSQL server for a measurement: made in a temporary folder, gone afterwards."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pwd import getpwnam
from typing import Any

import psycopg


def installed() -> Path | None:
    """Return the folder of the server's programs, None where there is none."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = versions[-1] if versions else shutil.which("initdb")
    return None if found is None else Path(found).resolve().parent


@contextmanager
def private_server(binaries: Path) -> Iterator[str]:
    """Start a server with its usual settings, durable as in earnest; yield an empty database's address."""
    folder = Path(tempfile.mkdtemp(prefix="unabridged-bench-"))
    who: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        entry = getpwnam("postgres")
        who = {"user": entry.pw_uid, "group": entry.pw_gid}
        shutil.chown(folder, entry.pw_uid, entry.pw_gid)
    make = [binaries / "initdb", "-D", folder / "data", "-U", "owner", "-A", "trust", "-E", "UTF8"]
    subprocess.run(make, check=True, capture_output=True, cwd=folder, **who)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    start = [binaries / "postgres", "-D", folder / "data", "-p", str(port), "-k", folder]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(start, stdout=log, stderr=log, cwd=folder, **who)
    address = f"postgresql://owner@127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/postgres", server)
        with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE archive")
        yield f"{address}/archive"
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(timeout=60)
        shutil.rmtree(folder)


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(address).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
