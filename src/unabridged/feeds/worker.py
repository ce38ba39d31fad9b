"""The child process that reads feeds: tasks come in on stdin, feeds or failures go out on stdout."""

import pickle
import signal
import struct
import sys
import traceback
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from unabridged.errors import FeedError, FeedKilledReader
from unabridged.feeds.parse import parse_feed
from unabridged.model import Feed

LENGTH = struct.Struct(">Q")
"""How long the pickled message is that follows, in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    data: bytes
    url: str
    content_type: str | None
    now: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error on its way through the pipe: exceptions with their own arguments do not pickle."""

    kind: type[FeedError]
    message: str
    facts: dict[str, object]


def _serve(tasks: BinaryIO, replies: BinaryIO, memory: int, cpu: int) -> None:
    """Answer tasks until the parent closes the pipe."""
    _limit_memory(memory)
    while len(head := tasks.read(LENGTH.size)) == LENGTH.size:
        task: Task = pickle.loads(tasks.read(LENGTH.unpack(head)[0]))
        _allow_cpu(cpu)
        message = pickle.dumps(_answer(task), pickle.HIGHEST_PROTOCOL)
        replies.write(LENGTH.pack(len(message)) + message)
        replies.flush()


def _answer(task: Task) -> Feed | Failure:
    try:
        return parse_feed(task.data, url=task.url, content_type=task.content_type, now=task.now)
    except FeedError as exc:
        return Failure(kind=type(exc), message=str(exc), facts=dict(vars(exc)))
    except MemoryError:
        return Failure(
            kind=FeedKilledReader, message=f"Reading {task.url} took more memory than allowed.", facts={}
        )
    except Exception as exc:  # noqa: BLE001 - a fault of ours ends on the feed's record, not in the poller
        traceback.print_exc()
        return Failure(
            kind=FeedError,
            message=f"{task.url} cannot be read: {type(exc).__name__}: {str(exc)[:200]}.",
            facts={},
        )


def _limit_memory(memory: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow_cpu(seconds: int) -> None:
    """Move the CPU limit to `seconds` from now: it counts the whole life of the process."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard))


def main() -> None:
    """Run as a child process: arguments are the memory limit in bytes and CPU seconds a task."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent closes the pipe
    try:
        _serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[1]), int(sys.argv[2]))
    except MemoryError:
        sys.exit("out of memory outside of a feed's own reading")
