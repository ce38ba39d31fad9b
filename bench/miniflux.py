"""Miniflux beside us: Debian's package unpacked into a cache folder, with a PostgreSQL server of its own."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
import psycopg

from bench.debian_package import Unavailable, unpacked
from bench.postgresql import Server
from bench.watchman import Watchman

SUITE = "trixie"
"""Release of Debian whose package is used: the first with Miniflux."""

USER, PASSWORD = "owner", "a long password"
PER_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Entry to store. feed: its number, from 1."""

    feed: int
    url: str
    title: str
    html: str
    at: datetime
    read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """A poll of all feeds. entries: stored after it; cpu: seconds; peak: bytes of memory at most.

    Memory is looked at while the process runs: what the system keeps as its maximum begins with ours.
    """

    entries: int
    cpu: float
    peak: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Miniflux:
    """A running Miniflux. client: logged in as its user. process: its number.

    environment: what its program is started with. database: address of its database.
    """

    client: httpx.Client
    process: int
    environment: Mapping[str, str]
    database: str

    def refresh_feeds(self) -> Refreshed:
        """Poll all feeds, due or not, in a process of its own. Raises Unavailable."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            connection.execute("UPDATE feeds SET next_check_at = now() - interval '1 day'")
            found = connection.execute("SELECT count(*) FROM feeds").fetchone()
            every = {**self.environment, "BATCH_SIZE": str(found[0] if found else 0)}
            command = (str(program()), "-refresh-feeds")
            process = subprocess.Popen(command, env=every, stdout=sys.stderr, stderr=subprocess.DEVNULL)
            watchman = Watchman(root=process.pid)
            with watchman.watching():
                _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise Unavailable(f"it ended with {process.returncode} while it polled")
            found = connection.execute("SELECT count(*) FROM entries").fetchone()
            return Refreshed(
                entries=int(found[0]) if found else 0, cpu=used.ru_utime + used.ru_stime, peak=watchman.peak
            )


def program() -> Path:
    """Return the program's path; unpack Debian's package first if need be. Raises Unavailable."""
    return unpacked("miniflux", SUITE) / "usr" / "bin" / "miniflux"


@contextmanager
def running(
    server: Server, feeds: Sequence[tuple[str, str, str]], stories: Iterator[Story]
) -> Iterator[Miniflux]:
    """Run Miniflux with feeds (address, title, category) and entries, which are written into its tables.

    Nothing is polled meanwhile. Raises Unavailable.
    """
    address = server.create("miniflux").replace("postgresql://", "postgres://")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"{address}?sslmode=disable",
        "RUN_MIGRATIONS": "1",
        "CREATE_ADMIN": "1",
        "ADMIN_USERNAME": USER,
        "ADMIN_PASSWORD": PASSWORD,
        "LISTEN_ADDR": f"127.0.0.1:{port}",
        "DISABLE_SCHEDULER_SERVICE": "1",
    }
    with subprocess.Popen(
        [program()], env=environment, stdout=sys.stderr, stderr=subprocess.DEVNULL
    ) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
                _wait(client)
                _fill(address, feeds, stories)
                _log_in(client)
                yield Miniflux(client=client, process=process.pid, environment=environment, database=address)
        finally:
            process.terminate()


def _wait(client: httpx.Client) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if client.get("/healthcheck").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise Unavailable("it did not start within a minute")


def _log_in(client: httpx.Client) -> None:
    page = client.get("/").text
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    form = {"csrf": token[1] if token else "", "username": USER, "password": PASSWORD}
    if client.post("/login", data=form).status_code != 302:
        raise Unavailable("its login page refused the password")


def _fill(address: str, feeds: Sequence[tuple[str, str, str]], stories: Iterator[Story]) -> None:
    """Write feeds and entries as Miniflux stores them: its own statement makes the search vector."""
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE users SET entries_per_page = %s, entry_direction = 'desc'", (PER_PAGE,))
        names = sorted({category for _, _, category in feeds})
        cursor.executemany(
            "INSERT INTO categories (user_id, title) VALUES (1, %s)", [(name,) for name in names]
        )
        cursor.execute("SELECT title, id FROM categories")
        numbers: dict[str, int] = dict(cursor.fetchall())
        cursor.executemany(
            "INSERT INTO feeds (id, user_id, category_id, title, feed_url, site_url)"
            " VALUES (%s, 1, %s, %s, %s, %s)",
            [(n, numbers[name], title, url, url) for n, (url, title, name) in enumerate(feeds, 1)],
        )
        columns = "user_id, feed_id, hash, published_at, title, url, author, content, status, changed_at"
        with cursor.copy(f"COPY entries ({columns}) FROM STDIN") as copy:
            for story in stories:
                state = "read" if story.read else "unread"
                seen = (story.feed, story.url, story.at, story.title, story.url)
                copy.write_row((1, *seen, "", story.html, state, story.at))
        cursor.execute(
            "UPDATE entries SET document_vectors = setweight(to_tsvector(left(title, 500000)), 'A')"
            " || setweight(to_tsvector(left(content, 500000)), 'B')"
        )
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
