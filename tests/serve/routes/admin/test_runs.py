"""Backups and checks in the background: one at a time, ended with the program, with nothing left behind."""

import asyncio
import threading
from pathlib import Path

import pytest

from tests.serve.running_app import NOW, Desk
from unabridged.archive.records.maintenance import Watch
from unabridged.errors import ArchiveUnwritable, InvalidValue
from unabridged.serve.routes.admin.runs import UNFINISHED, AdminState, list_backups, make_backup, work


def test_a_second_run_waits_for_the_end_of_the_first() -> None:
    state = AdminState()
    run = state.begin("backup", NOW)
    with pytest.raises(InvalidValue, match="Wait"):
        state.begin("check", NOW)
    run.is_running = False
    assert state.begin("check", NOW).kind == "check"


def test_a_run_tells_how_far_it_is_and_why_it_failed() -> None:
    def fails(watch: Watch) -> None:
        watch("copying", 3, 9)
        raise ArchiveUnwritable("The disk is full.")

    run = AdminState().begin("backup", NOW)
    asyncio.run(work(run, fails))
    assert (run.what, run.done, run.total, run.is_running) == ("copying", 3, 9, False)
    assert run.error == "The disk is full."
    done = AdminState().begin("check", NOW)
    asyncio.run(work(done, lambda watch: None))
    assert (done.error, done.is_running) == ("", False)


def test_a_fault_of_the_program_is_no_success() -> None:
    def faulty(watch: Watch) -> None:
        raise ZeroDivisionError

    run = AdminState().begin("check", NOW)
    with pytest.raises(ZeroDivisionError):
        asyncio.run(work(run, faulty))
    assert (run.error, run.is_running) == (UNFINISHED, False)


def test_a_backup_ends_with_the_program_and_leaves_nothing(full: Desk, tmp_path: Path) -> None:
    folder, begun = tmp_path / "copies", threading.Event()

    def task(watch: Watch) -> None:
        def slow(what: str, done: int, total: int) -> None:
            begun.set()
            ended.wait(60)
            watch(what, done, total)

        make_backup(full.archive, folder, NOW, slow)

    ended = threading.Event()

    async def stop() -> None:
        running = asyncio.create_task(work(AdminState().begin("backup", NOW), task))
        await asyncio.to_thread(begun.wait, 60)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        ended.set()

    asyncio.run(stop())  # waits for the thread
    assert list_backups(folder) == ()
    assert not folder.exists()
