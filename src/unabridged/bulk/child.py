"""Child process of a bulk run: sources in, reports or failures out."""

import os
import struct
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from unabridged.atomic_files import open_scratch
from unabridged.bulk.shard import Job, ShardReport, extract_shard
from unabridged.errors import ExportError, UnabridgedError
from unabridged.processes.child import run_child

_PLACE = struct.Struct(">QQQ")
"""The position of the page in hand, how many came before it, and how much of the source's size is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A job, and the file in which the child says where it is."""

    job: Job
    place: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A source that could not be worked off, with why and what to do. unwritable: its output is at fault."""

    why: str
    unwritable: bool = False


TRIES = 40
PAUSE = 0.5
"""Tries of a task, and seconds between them, while the child of a killed run still writes the same output."""

_PARENT = os.getppid()


def answer(task: Task) -> ShardReport | Failed:
    """Do a task; a failure is an answer too."""
    place = open_scratch(task.place)
    try:
        for _ in range(TRIES - 1):
            try:
                return extract_shard(task.job, partial(_note, place))
            except ExportError as exc:
                if not isinstance(exc.__cause__, BlockingIOError):
                    raise
                time.sleep(PAUSE)
        return extract_shard(task.job, partial(_note, place))
    except UnabridgedError as exc:
        return Failed(why=str(exc), unwritable=isinstance(exc, ExportError))
    finally:
        os.close(place)


def _note(file: int, position: int, pages: int, done: int) -> None:
    if os.getppid() != _PARENT:  # the run was killed, and another may be waiting for the same output
        os._exit(1)
    os.pwrite(file, _PLACE.pack(position, pages, done), 0)


def place_of(path: Path) -> tuple[int, int, int]:
    """Return what a child last said: the position in its file, its pages so far, and how much is done."""
    try:
        position, pages, done = _PLACE.unpack(path.read_bytes())
    except (FileNotFoundError, struct.error):
        return 0, 0, 0
    return position, pages, done


def main() -> None:
    """Run as a child."""
    run_child(answer)
