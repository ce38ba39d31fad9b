"""Private PostgreSQL servers for tests."""

import shutil
import socket
import subprocess
import time
from pathlib import Path
from pwd import getpwnam
from typing import TypedDict

import psycopg


def binaries() -> Path | None:
    """The folder of the server's programs, None where there is none."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = versions[-1] if versions else shutil.which("initdb")
    return None if found is None else Path(found).resolve().parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Account(TypedDict, total=False):
    """The user and group that a process is started as."""

    user: int
    group: int


def identity() -> Account:
    """PostgreSQL refuses to run as root: there the server runs as the user its package made."""
    if Path("/proc/self").stat().st_uid != 0:
        return {}
    entry = getpwnam("postgres")
    return {"user": entry.pw_uid, "group": entry.pw_gid}


def wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(f"{address}/postgres").close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
