"""Senders that are killed: each event arrives, with the same id if it arrives again, in order."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from pathlib import Path

import pytest
from aiohttp import web

from tests.automation.conftest import Answer, Receiver, receiving
from unabridged.archive import Archive
from unabridged.archive.records.events import ChannelDraft

NOW = datetime(2024, 2, 1, tzinfo=UTC)

EVENTS = 12
"""Events before each kill: more than a sender sends before it is killed."""

SENDING = """
import asyncio, os, sys
from unabridged.archive import Archive
from unabridged.automation.sender import Sender, open_client
from unabridged.config import FetchSettings
settings = FetchSettings(allow_private=("127.0.0.1",))

async def send():
    with Archive(sys.argv[1]) as archive:
        async with open_client(settings) as client:
            sender = Sender(archive, settings)
            while True:
                await sender.look(client)
                await asyncio.sleep(0.005)

for line in sys.stdin:
    child = os.fork()
    if not child:
        asyncio.run(send())
    os.write(1, f"{child}\\n".encode())
    os.waitpid(child, 0)
    os.write(1, b"over\\n")
"""
"""Program that starts a sender for each line. The senders are killed: Python takes long to start."""


async def check(path: Path, kills: int) -> None:
    async with receiving() as receiver:
        with Archive(str(path)) as archive:
            draft = ChannelDraft(address=receiver.address)
            for _ in range(2):
                archive.library().channels.add(draft, now=NOW)
            done = await asyncio.to_thread(_kill_often, archive, path, kills, receiver)
        for channel in (1, 2):
            mine = [one for one in receiver.got if one.id.startswith(f"msg_{channel}_")]
            assert [one.id for one in mine] == [f"msg_{channel}_{one.number}" for one in mine]
            numbers = [number for number, _ in groupby(one.number for one in mine)]
            assert numbers == list(range(1, done + 1))  # in order; what comes again comes at once
            assert len(mine) <= done + kills
        assert len(receiver.got) >= 2 * done + kills // 2  # each of these senders was killed with one sent


def _killing(child: int) -> Answer:
    """Return an answer that kills the sender before it gets it: between sending and commit."""

    async def answer(_: web.Request) -> web.StreamResponse:
        os.kill(child, signal.SIGKILL)
        return web.Response()

    return answer


def _kill_often(archive: Archive, path: Path, kills: int, receiver: Receiver) -> int:
    """Kill senders, every second one between sending and commit, the others anywhere; let the last finish.

    Returns how many events happened.
    """
    happened = 0
    command = [sys.executable, "-c", SENDING, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as parent:
        assert parent.stdin is not None and parent.stdout is not None
        for kill in range(kills + 1):
            for _ in range(EVENTS):
                archive.library().events.imported({}, now=NOW)
            happened += EVENTS
            print("go", file=parent.stdin, flush=True)
            child, before = int(parent.stdout.readline()), len(receiver.got)
            if kill < kills and kill % 2:
                receiver.answers.append(_killing(child))
            elif kill < kills:
                _wait(partial(_has_more, receiver, before))
                threading.Event().wait(0.0007 * (kill % 17))
                os.kill(child, signal.SIGKILL)
            else:
                _wait(partial(_is_done, archive, happened))
                os.kill(child, signal.SIGKILL)
            assert parent.stdout.readline() == "over\n"
        parent.stdin.close()
    return happened


def _is_done(archive: Archive, last: int) -> bool:
    return {one.cursor for one in archive.library().channels.all()} == {last}


def _has_more(receiver: Receiver, before: int) -> bool:
    return len(receiver.got) > before


def _wait(is_so: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(6000):
        if is_so():
            return
        pause.wait(0.005)
    raise AssertionError("the sender did not go on")


def test_twenty_killed_senders_lose_nothing(tmp_path: Path, empty_file: Path) -> None:
    path = tmp_path / "archive.db"
    path.write_bytes(empty_file.read_bytes())
    asyncio.run(check(path, 20))


@pytest.mark.long
def test_two_hundred_killed_senders_lose_nothing(tmp_path: Path, empty_file: Path) -> None:
    path = tmp_path / "archive.db"
    path.write_bytes(empty_file.read_bytes())
    asyncio.run(check(path, 200))
