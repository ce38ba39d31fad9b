"""Child processes beside those of a run that was killed."""

import os
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from tests.bulk.shards import PAGES, job
from unabridged.atomic_files import Folder
from unabridged.bulk import child
from unabridged.bulk.child import Failed, Task, answer
from unabridged.bulk.shard import ShardReport


def task(folder: Path) -> Task:
    return Task(job=job(folder, PAGES, format="jsonl"), place=folder / "place")


def test_a_task_waits_until_a_child_of_a_killed_run_leaves_its_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "PAUSE", 0.02)
    one = task(tmp_path)
    answers: list[ShardReport | Failed] = []
    waiting = threading.Thread(target=lambda: answers.append(answer(one)))
    with (
        suppress(InterruptedError),
        Folder.at(one.job.target.parent) as folder,
        folder.whole_file(one.job.target.name),
    ):
        waiting.start()
        waiting.join(0.1)
        assert not answers
        raise InterruptedError
    waiting.join(20)
    assert isinstance(answers[0], ShardReport)
    assert answers[0].articles == 3


def test_a_task_gives_up_if_another_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PAUSE", 0.0)
    one = task(tmp_path)
    with Folder.at(one.job.target.parent) as folder, folder.whole_file(one.job.target.name):
        found = answer(one)
    assert isinstance(found, Failed)
    assert (found.unwritable, "another run writes it" in found.why) == (True, True)


def test_a_child_ends_at_the_next_page_when_its_run_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "_PARENT", os.getpid() + 1)
    one = task(tmp_path)
    forked = os.fork()
    if not forked:
        with suppress(BaseException):
            answer(one)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]) == 1
    assert not one.job.target.exists()
