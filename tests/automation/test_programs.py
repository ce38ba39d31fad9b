"""Programs that run for long send events: `poll --watch` and `serve`."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.automation.conftest import Receiver
from unabridged.archive import Archive
from unabridged.archive.records.events import ChannelDraft
from unabridged.dates.parse import utc_now


@pytest.mark.parametrize("words", [["poll", "--watch"], ["serve", "--port", "0"]], ids=["poll", "serve"])
async def test_a_program_that_runs_sends_events(words: list[str], receiver: Receiver, tmp_path: Path) -> None:
    path = str(tmp_path / "archive.db")
    environ = os.environ | {
        "UNABRIDGED_HOME": str(tmp_path),
        "UNABRIDGED_FETCH_ALLOW_PRIVATE": "127.0.0.1",
        "UNABRIDGED_SERVE_BASE_URL": "http://127.0.0.1:8080",
    }
    with Archive(path) as archive:
        made = archive.library().channels.add(ChannelDraft(address=receiver.address), now=utc_now())
        archive.library().events.imported({"files": 1}, now=utc_now())
        quiet = asyncio.subprocess.DEVNULL
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "unabridged", "-d", path, *words, env=environ, stdout=quiet, stderr=quiet
        )
        try:
            async with asyncio.timeout(60):
                while True:
                    if archive.library().channels.get(made.channel.id).delivered_at is not None:
                        break
                    await asyncio.sleep(0.05)
        finally:
            program.send_signal(signal.SIGTERM)
            await program.wait()
    assert [one.id for one in receiver.got] == ["msg_1_1"]
    assert receiver.got[0].is_signed(made.secret)
