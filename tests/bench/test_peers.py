"""Feeds of the comparison of pollers: each round plays what its name says."""

import asyncio
import io

import pytest

from bench.peers.publisher import ENTRIES, ROUNDS, TEXT, Play
from unabridged.feeds.parsing.parse import parse_feed


class Answers(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.text = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.text += bytes(data)


def ask(play: Play, etag: str) -> tuple[bytes, str, bytes]:
    """Return status line, ETag and body of feed 7."""
    transport = Answers()
    play.answer(transport, "/feed/7", {"host": "127.1.0.1:80", "if-none-match": etag})
    head, _, body = transport.text.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    return lines[0].encode(), next(line[6:] for line in lines if line.startswith("ETag")), body


@pytest.fixture
def play() -> Play:
    return Play(io.StringIO())


def test_rounds_play_new_entries_then_nothing_then_other_bytes_then_one_entry_more(play: Play) -> None:
    etag, guids, bodies = "", [], []
    for name in ROUNDS:
        play.enter(name)
        status, etag, body = ask(play, etag)
        bodies.append(body)
        if name == "304":
            assert b" 304 " in status and not body
        else:
            guids.append({entry.guid for entry in parse_feed(body, url="http://127.1.0.1/feed/7").entries})
    first, same, news = guids
    assert len(first) == ENTRIES and first == same and bodies[0] != bodies[2]
    assert len(news - first) == 1


def test_an_entry_has_the_characters_that_the_table_says(play: Play) -> None:
    play.enter("first")
    _, _, body = ask(play, "")
    texts = [entry.summary_html or "" for entry in parse_feed(body, url="http://127.1.0.1/feed/7").entries]
    assert {len(text) for text in texts} == {TEXT + len("<p></p>")}
