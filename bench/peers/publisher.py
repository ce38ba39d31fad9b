"""Publisher of the comparison: feeds of 20 entries of 600 characters, a host each.

    python -m bench.peers.publisher LOG

Prints its port, then plays the round named on each line of stdin (`ROUNDS`).
"""

import asyncio
import sys
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TextIO

from bench import poll_publisher
from bench.poll_publisher import SENTENCES, START, send

ENTRIES = 20
"""Entries of a feed document."""

TEXT = 600
"""Characters of an entry's text."""

ROUNDS = ("first", "304", "same entries", "news")
"""All entries are new; nothing changed, by ETag; other bytes with the same entries; a new entry a feed."""


class Play(poll_publisher.Play):
    """Responses by round."""

    def __init__(self, log: TextIO) -> None:
        super().__init__(log)
        self._round = 0

    def enter(self, phase: str) -> None:
        self.phase = phase.replace(" ", "-")
        self._round += phase != "304"
        self.version += phase == "news"
        self.log.flush()

    def _feed(self, transport: asyncio.Transport, number: int, headers: dict[str, str]) -> None:
        etag = f'"{self._round}"'
        if headers.get("if-none-match") == etag:
            send(transport, "304 Not Modified", None, f"ETag: {etag}")
            return
        body = document(number, self.version, self._round, headers["host"])
        send(transport, "200 OK", body, f"ETag: {etag}\r\nContent-Type: application/rss+xml")


def document(number: int, version: int, built: int, host: str) -> bytes:
    """Return a feed whose newest entry is that of the version. built: number of the build, a comment."""
    newest = ENTRIES + version
    items = "".join(_item(number, entry, host) for entry in range(newest, newest - ENTRIES, -1))
    head = f"<title>Feed {number}</title><link>http://{host}/{number}</link><!-- build {built} -->"
    return f"<rss version='2.0'><channel>{head}{items}</channel></rss>".encode()


@cache
def _words() -> str:
    return " ".join(SENTENCES)


def _item(number: int, entry: int, host: str) -> str:
    at = START + timedelta(hours=entry)
    text = f"Report {entry} of site {number}. {_words()}"[:TEXT]
    return (
        f"<item><title>Story {entry} of feed {number}</title><link>http://{host}/page/{number}-{entry}</link>"
        f"<guid>{number}-{entry}</guid><pubDate>{at:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
        f"<description>&lt;p&gt;{text}&lt;/p&gt;</description></item>"
    )


if __name__ == "__main__":
    asyncio.run(poll_publisher.run(Path(sys.argv[1]), Play))
