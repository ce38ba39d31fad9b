"""A thousand hosts in one process: the publisher of the polling benchmark, in bare asyncio.

    python -m bench.poll_publisher LOG

Prints its port, then plays the phase named on each line of stdin ("first", "good", "mixed", "end"). In phases
whose names begin with "late" an answer takes a moment, and the log says how many requests the host had in
hand when one more came: "late-1 127.1.0.1/feed/0 1" was alone.
"""

import asyncio
import gzip
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TextIO

KNOWN = 9
"""Entries of a newsy feed that were there yesterday."""

LATE = 0.1
"""Seconds that an answer takes in a late phase: long enough for a second request to be noticed."""

PEERS = ("127.", "10.200.")
"""Networks that are answered: this machine, and network namespaces of a test."""

BAD = ("drip", "reset", "loop", "bomb")
START = datetime(2024, 5, 6, 8, 0)  # noqa: DTZ001 - written out with its zone below

SENTENCES = (
    "The council met for the fourth time this month and put off the question of the bridge until autumn, "
    "when the engineers are to present what they call a final report.",
    "Nobody in the room believed that it would be the last one, and the mayor, who has presided over six "
    "of them, said so with a laugh that was not quite one.",
    "The bridge carries eleven thousand cars a day, most of them on the way to the mill, whose owners have "
    "offered to pay a third of the cost if the work begins before the frost.",
    "Those who live below it are less certain. Two of them spoke, one against the noise, one against the "
    "mill, and both were applauded by the same people.",
)


def address(host: int, network: str = "127.1") -> str:
    """Return the address of one of the hosts. network: what those of the first 62,500 begin with."""
    first, second = map(int, network.split("."))
    return f"{first}.{second + host // 62_500}.{host // 250 % 250}.{1 + host % 250}"


def feed_key(number: int, hosts: int, network: str = "127.1") -> str:
    """Return a feed as it stands in the log: host and path."""
    return f"{address(number % hosts, network)}/feed/{number}"


def feed_url(number: int, hosts: int, port: int, network: str = "127.1") -> str:
    """Return the address of a feed. Neighbours by number are on different hosts."""
    return f"http://{address(number % hosts, network)}:{port}/feed/{number}"


def is_newsy(number: int) -> bool:
    """Say whether a feed has news in every phase: every tenth, on all hosts alike."""
    return number % 10 == number // 1000 % 10


def is_bad(host: int) -> bool:
    """Say whether a host is bad in the phase "mixed"."""
    return host % 10 == 7


class Exchange(asyncio.Protocol):
    """One connection; requests are answered one by one."""

    def __init__(self, play: "Play") -> None:
        self._play = play
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._waiting_at: str | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting_at is not None:
            self._play.leave(self._waiting_at)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if not transport.get_extra_info("peername")[0].startswith(PEERS):
            transport.abort()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
            assert self._transport is not None
            path = lines[0].split(" ")[1]
            if not self._play.phase.startswith("late"):
                self._play.note(path, headers, "")
                self._play.answer(self._transport, path, headers)
                continue
            self._waiting_at = self._play.come(path, headers)
            asyncio.get_running_loop().call_later(LATE, self._answer_late, path, headers)

    def _answer_late(self, path: str, headers: dict[str, str]) -> None:
        if self._waiting_at is not None and self._transport is not None and not self._transport.is_closing():
            self._play.leave(self._waiting_at)
            self._waiting_at = None
            self._play.answer(self._transport, path, headers)


class Play:
    """Responses by phase."""

    def __init__(self, log: TextIO) -> None:
        self.phase = "first"
        self.log = log
        self.version = 1
        self._at_hosts: Counter[str] = Counter()

    def enter(self, phase: str) -> None:
        """Begin a phase: newsy feeds have one entry more."""
        self.phase = phase
        self.version += not phase.endswith("-over")
        self.log.flush()

    def come(self, path: str, headers: dict[str, str]) -> str:
        """Take note of a request that is to wait for its answer; returns its host."""
        host = headers["host"].partition(":")[0]
        self._at_hosts[host] += 1
        self.note(path, headers, f" {self._at_hosts[host]}")
        return host

    def leave(self, host: str) -> None:
        """Take note that a waiting request was answered, or that its client has gone."""
        self._at_hosts[host] -= 1

    def note(self, path: str, headers: dict[str, str], more: str) -> None:
        """Write a request into the log."""
        self.log.write(f"{self.phase} {headers['host'].partition(':')[0]}{path}{more}\n")

    def answer(self, transport: asyncio.Transport, path: str, headers: dict[str, str]) -> None:
        """Answer one request."""
        host = headers["host"].partition(":")[0]
        kind, _, tail = path.strip("/").partition("/")
        if self.phase == "mixed" and kind == "feed" and is_bad(host_number(host)):
            DEEDS[BAD[host_number(host) // 10 % len(BAD)]](transport, path)
        elif kind == "feed":
            self._feed(transport, int(tail.partition("/")[0]), headers)
        elif kind == "page":
            send(transport, "200 OK", page(tail), "Content-Type: text/html; charset=utf-8")
        else:
            send(transport, "404 Not Found", b"", "")

    def _feed(self, transport: asyncio.Transport, number: int, headers: dict[str, str]) -> None:
        etag = f'"{self.version if is_newsy(number) else 1}"'
        if headers.get("if-none-match") == etag:
            send(transport, "304 Not Modified", None, f"ETag: {etag}")
            return
        body = feed(number, self.version, headers["host"])
        send(transport, "200 OK", body, f"ETag: {etag}\r\nContent-Type: application/rss+xml")


def host_number(host: str) -> int:
    """Undo `address`."""
    _, high, middle, low = map(int, host.split("."))
    return (high - 1) * 62_500 + middle * 250 + low - 1


def send(transport: asyncio.Transport, status: str, body: bytes | None, headers: str) -> None:
    """Write an answer; body None: one without."""
    length = "" if body is None else f"Content-Length: {len(body)}\r\n"
    transport.write(f"HTTP/1.1 {status}\r\n{length}{headers}\r\n\r\n".encode() + (body or b""))


def feed(number: int, version: int, host: str) -> bytes:
    """Return a feed whose newest entry is that of the version."""
    newest = KNOWN + version
    items = "".join(
        f"<item><title>Story {entry} of feed {number}</title><link>http://{host}/page/{number}-{entry}</link>"
        f"<guid>{number}-{entry}</guid><pubDate>{START + timedelta(hours=entry):%a, %d %b %Y %H:%M:%S} GMT"
        f"</pubDate><description>{SENTENCES[entry % 4]}</description></item>"
        for entry in range(newest, newest - KNOWN - 1, -1)
    )
    return f"<rss version='2.0'><channel><title>Feed {number}</title>{items}</channel></rss>".encode()


@cache
def page(name: str) -> bytes:
    """Return an article's page of some forty paragraphs with what stands around one."""
    links = "".join(f"<li><a href='/section/{n}'>Section {n}</a></li>" for n in range(40))
    related = "".join(f"<li><a href='/page/x-{n}'>Another story, number {n}</a></li>" for n in range(30))
    text = "".join(f"<p>{SENTENCES[n % 4]} ({name}, paragraph {n}.)</p>" for n in range(40))
    return (
        f"<!doctype html><html lang='en'><head><title>Story {name} | The Paper</title></head><body>"
        f"<header><nav><ul>{links}</ul></nav></header><main><article><h1>Story {name}</h1>{text}</article>"
        f"<aside><h2>Read on</h2><ul>{related}</ul></aside></main><footer>Imprint</footer></body></html>"
    ).encode()


def _drip(transport: asyncio.Transport, path: str) -> None:
    transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    loop = asyncio.get_running_loop()

    def drop() -> None:
        if not transport.is_closing():
            transport.write(b".")
            loop.call_later(1.0, drop)

    drop()


def _reset(transport: asyncio.Transport, path: str) -> None:
    transport.abort()


def _loop(transport: asyncio.Transport, path: str) -> None:
    send(transport, "302 Found", b"", f"Location: {path.partition('?')[0]}?again={len(path) % 2}")


@cache
def _bomb_body() -> bytes:
    return gzip.compress(b"<rss>" + b" " * 200_000_000)


def _bomb(transport: asyncio.Transport, path: str) -> None:
    send(transport, "200 OK", _bomb_body(), "Content-Encoding: gzip\r\nContent-Type: application/rss+xml")


DEEDS: dict[str, Callable[[asyncio.Transport, str], None]] = {
    "drip": _drip,
    "reset": _reset,
    "loop": _loop,
    "bomb": _bomb,
}


async def run(log: Path, play_in: Callable[[TextIO], Play] = Play) -> None:
    """Listen, and play the phases that stdin names. play_in: makes the play, given its log."""
    with log.open("w") as file:
        play = play_in(file)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Exchange(play), "0.0.0.0", 0, backlog=4096)
        print(server.sockets[0].getsockname()[1], flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            play.enter(line.strip())
            print("ready", flush=True)


if __name__ == "__main__":
    _bomb_body()
    asyncio.run(run(Path(sys.argv[1])))
