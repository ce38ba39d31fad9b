"""Servers that never let an answer end: bounded in work, and the event loop goes on meanwhile."""

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Self

import pytest

from tests.conftest import present
from tests.fetch.conftest import as_page
from tests.fetch.hostile_server import ATTACKS, HOSTS
from unabridged.config import FetchSettings
from unabridged.errors import ConnectionFailed, FetchError
from unabridged.fetch.client import Fetcher

Write = Callable[[asyncio.StreamWriter], Awaitable[None]]
Sent = Callable[[Write], Awaitable[str]]

SERVER = Path(__file__).with_name("hostile_server.py")
SETTINGS = FetchSettings(allow_private=("127.0.0.0/8",), per_host_gap=0.0, timeout=3)

MOST_CPU = 1.0
"""Seconds that one hostile server may cost in all."""

LONGEST_HOLD = 0.1
"""Seconds of CPU in which nothing else of the loop runs."""


@contextlib.contextmanager
def hostile(*certificate: Path) -> Iterator[int]:
    """Start the server; gives its port."""
    command = [sys.executable, str(SERVER), *map(str, certificate)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield int(present(process.stdout).readline())
        finally:
            process.kill()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with hostile() as found:
        yield found


class LoopWatch:
    """Measures the CPU time of the loop's thread: in all, and the longest between two turns of a task."""

    longest = 0.0
    total = 0.0

    async def __aenter__(self) -> Self:
        self._began = time.thread_time()
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *exc: object) -> None:
        self.total = time.thread_time() - self._began
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _watch(self) -> None:
        while True:
            began = time.thread_time()
            await asyncio.sleep(0.01)
            self.longest = max(self.longest, time.thread_time() - began)


@pytest.mark.parametrize("attack", ATTACKS)
async def test_a_server_that_does_not_end_its_answer_costs_less_than_a_second(port: int, attack: str) -> None:
    async with Fetcher(SETTINGS) as fetcher, LoopWatch() as watch:
        try:
            await fetcher.get(f"http://{HOSTS[0]}:{port}/{attack}")
        except FetchError:
            ended = True
        else:
            ended = False
            await asyncio.sleep(0.5)  # what comes over an idle connection is part of the attack
    assert ended or attack == "answers-nobody-asked-for"
    assert watch.total <= MOST_CPU
    assert watch.longest <= LONGEST_HOLD


async def test_good_pages_are_read_as_usual_while_ten_servers_do_not_end(port: int) -> None:
    names = ["continue", "early-hints", "chunks", "body-segments", "slow-early-hints", "blank-lines"]
    names += ["chunk-segments", "chunks-with-extensions", "slow-header", "large-early-hints"]
    settings = replace(SETTINGS, timeout=5)
    async with Fetcher(settings) as fetcher, LoopWatch() as watch:
        attacks = [
            asyncio.create_task(fetcher.get(f"http://{host}:{port}/{name}"))
            for host, name in zip(HOSTS, names, strict=False)
        ]
        good = [
            as_page(await fetcher.get(f"http://{HOSTS[11]}:{port}/fine/{number}")).body
            for number in range(50)
        ]
        ends = await asyncio.gather(*attacks, return_exceptions=True)
    assert good == [b"fine"] * 50
    assert all(isinstance(end, FetchError) for end in ends)
    assert watch.total <= MOST_CPU * len(names)
    assert watch.longest <= LONGEST_HOLD


@pytest.mark.parametrize("attack", ["continue", "slow-early-hints", "chunks", "body-segments"])
async def test_over_https_a_server_costs_no_more(authority: Path, attack: str) -> None:
    settings = replace(SETTINGS, ca_file=str(authority / "ca.pem"))
    with hostile(authority / "good.pem", authority / "good.key") as port:
        async with Fetcher(settings) as fetcher, LoopWatch() as watch:
            with pytest.raises(FetchError):
                await fetcher.get(f"https://{HOSTS[0]}:{port}/{attack}")
    assert watch.total <= MOST_CPU
    assert watch.longest <= LONGEST_HOLD


async def test_a_handshake_in_single_bytes_costs_less_than_a_second(port: int) -> None:
    async with Fetcher(SETTINGS) as fetcher, LoopWatch() as watch:
        with pytest.raises(ConnectionFailed):
            await fetcher.get(f"https://{HOSTS[0]}:{port}/")
    assert watch.total <= MOST_CPU


@pytest.fixture
async def sent() -> AsyncIterator[Sent]:
    """Serve what a function writes: `await sent(write)` returns the address; write(reader, writer)."""
    servers = []

    async def start(write: Write) -> str:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                while True:
                    await reader.readuntil(b"\r\n\r\n")
                    await write(writer)
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        servers.append(server)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"

    yield start
    for server in servers:
        server.close()


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


async def test_early_hints_and_large_headers_of_honest_sites_are_read(sent: Sent, fetcher: Fetcher) -> None:
    async def write(writer: asyncio.StreamWriter) -> None:
        hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
        policy = b"Content-Security-Policy: " + b"a" * 40_000 + b"\r\n"
        writer.write(
            b"HTTP/1.1 100 Continue\r\n\r\n" + 3 * hints + OK + policy + b"Content-Length: 4\r\n\r\ntext"
        )

    assert as_page(await fetcher.get(await sent(write))).body == b"text"


async def test_a_text_in_chunks_of_a_line_comes_whole(sent: Sent, fetcher: Fetcher) -> None:
    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(OK + b"Transfer-Encoding: chunked\r\n\r\n" + 20_000 * (b"32\r\n" + b"x" * 50 + b"\r\n"))
        writer.write(b"0\r\n\r\n")

    assert as_page(await fetcher.get(await sent(write))).body == b"x" * 1_000_000


async def test_a_text_in_segments_of_a_line_comes_whole_over_one_connection(
    sent: Sent, fetcher: Fetcher
) -> None:
    connections = set()

    async def write(writer: asyncio.StreamWriter) -> None:
        connections.add(id(writer))
        writer.write(OK + b"Content-Length: 50000\r\n\r\n")
        for _ in range(1000):
            writer.write(b"x" * 50)
            await writer.drain()
            await asyncio.sleep(0)

    url = await sent(write)
    for number in range(3):
        assert as_page(await fetcher.get(f"{url}{number}")).body == b"x" * 50_000
    assert len(connections) == 1


async def test_a_large_text_in_one_piece_comes_whole(sent: Sent, fetcher: Fetcher) -> None:
    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(OK + b"Content-Length: 9000000\r\n\r\n" + b"x" * 9_000_000)

    assert len(as_page(await fetcher.get(await sent(write))).body) == 9_000_000
