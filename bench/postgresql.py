"""A private PostgreSQL server for a measurement: made in a temporary folder, gone afterwards."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
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


class Server:
    """A server with its usual settings, durable as in earnest, that can be stopped and started again.

    host: the address it listens on, of this machine.
    """

    def __init__(self, binaries: Path, folder: Path, host: str = "127.0.0.1") -> None:
        self._binaries = binaries
        self._folder = folder
        self._host = host
        self._who: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            entry = getpwnam("postgres")
            self._who = {"user": entry.pw_uid, "group": entry.pw_gid}
            shutil.chown(folder, entry.pw_uid, entry.pw_gid)
        self._run("initdb", "-D", folder / "data", "-U", "owner", "-A", "trust", "-E", "UTF8")
        with (folder / "data" / "pg_hba.conf").open("a") as rules:
            rules.write("host all all samenet trust\n")
        with socket.socket() as probe:
            probe.bind((host, 0))
            self._port = probe.getsockname()[1]
        self.address = f"postgresql://owner@{host}:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._binaries / program), *map(str, arguments)]
        subprocess.run(command, check=True, capture_output=True, cwd=self._folder, **self._who)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [str(self._binaries / "postgres"), "-D", str(self._folder / "data"), "-p", str(self._port)]
        command += ["-k", str(self._folder), "-c", f"listen_addresses={self._host}"]
        with (self._folder / "log").open("ab") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder, **self._who)
        self._process = process
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(f"{self.address}/postgres").close()
                return
            except psycopg.OperationalError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def stop(self, number: int = signal.SIGQUIT) -> None:
        """End the server; SIGQUIT: without a farewell, as in a crash."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(timeout=300)  # its last checkpoint, on a busy disk
            self._process = None

    def cpu(self) -> float:
        """Return the CPU seconds of the server's processes so far, those that have ended included."""
        assert self._process is not None
        pids = [self._process.pid]
        for task in Path(f"/proc/{self._process.pid}/task").glob("*/children"):
            pids += map(int, task.read_text().split())
        total = 0
        for pid in pids:
            stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(stat[11]) + int(stat[12])
            if pid == self._process.pid:
                total += int(stat[13]) + int(stat[14])
        return total / os.sysconf("SC_CLK_TCK")

    def create(self, database: str) -> str:
        """Make an empty database; returns its address."""
        with psycopg.connect(f"{self.address}/postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}"'.encode())
        return f"{self.address}/{database}"


@contextmanager
def running_server(binaries: Path, host: str = "127.0.0.1") -> Iterator[Server]:
    """Start a server in a folder of its own; everything of it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="unabridged-bench-"))
    with _ending_in_good_order():
        try:
            server = Server(binaries, folder, host)
            try:
                server.start()
                yield server
            finally:
                server.stop()
        finally:
            shutil.rmtree(folder)


@contextmanager
def _ending_in_good_order() -> Iterator[None]:
    """Make SIGTERM an exception meanwhile, so that no server stays behind."""
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _exit)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _exit(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


@contextmanager
def private_server(binaries: Path) -> Iterator[str]:
    """Start a server; yield an empty database's address."""
    with running_server(binaries) as server:
        yield server.create("archive")
