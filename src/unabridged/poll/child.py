"""The child process that makes articles: tasks come in on stdin, articles or failures go out on stdout."""

import os
import pickle
import signal
import struct
import sys
import traceback
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from unabridged.errors import ExtractError, NotAFeed
from unabridged.extract.article import Part, article_from_entry, extract_part
from unabridged.extract.pages import Done, Fetch, next_step
from unabridged.feeds.from_page import feed_from_page
from unabridged.model import Article, Entry, Feed

if sys.platform != "win32":
    import resource

LENGTH = struct.Struct(">Q")
"""How long the pickled message is that follows, in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTask:
    """A page to be made an article, or the first part of one."""

    html: bytes
    url: str
    content_type: str | None
    entry: Entry | None
    now: datetime

    def run(self) -> Part:
        return extract_part(
            self.html, url=self.url, content_type=self.content_type, entry=self.entry, now=self.now
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinTask:
    """The pages of one article read so far, to be joined or gone on with."""

    parts: tuple[Part, ...]
    failed: frozenset[str]

    def run(self) -> Fetch | Done:
        return next_step(self.parts, self.failed)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntriesTask:
    """A feed whose entries are to be made articles of the feed's own text."""

    feed: Feed

    def run(self) -> tuple[Article, ...]:
        return tuple(article_from_entry(entry, self.feed) for entry in self.feed.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTask:
    """A page without a feed, whose list of articles is to be read as one."""

    html: bytes
    url: str
    now: datetime

    def run(self) -> Feed | None:
        try:
            return feed_from_page(self.html, self.url, now=self.now)
        except NotAFeed:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error on its way through the pipe."""

    kind: type[ExtractError]
    message: str


Task = PageTask | JoinTask | EntriesTask | ListTask
Made = Part | Fetch | Done | tuple[Article, ...] | Feed | None
Reply = Made | Failure


def answer(task: Task) -> Reply:
    """Do a task; whatever goes wrong is an answer too."""
    try:
        return task.run()
    except ExtractError as exc:
        return Failure(kind=type(exc), message=str(exc))
    except MemoryError:
        return Failure(kind=ExtractError, message=f"{subject_of(task)} took more memory than allowed.")
    except Exception as exc:  # noqa: BLE001 - a fault of ours ends on the article's record
        traceback.print_exc()
        words = f"{type(exc).__name__}: {str(exc)[:200]}"
        return Failure(kind=ExtractError, message=f"No article could be made of {subject_of(task)}: {words}.")


def subject_of(task: Task) -> str:
    """Return the address that a task is about."""
    if isinstance(task, JoinTask):
        return task.parts[0].article.url
    return task.feed.url if isinstance(task, EntriesTask) else task.url


def _serve(tasks: BinaryIO, replies: BinaryIO, cpu: int) -> None:
    while len(head := tasks.read(LENGTH.size)) == LENGTH.size:
        task: Task = pickle.loads(tasks.read(LENGTH.unpack(head)[0]))
        _allow_cpu(cpu)
        message = pickle.dumps(answer(task), pickle.HIGHEST_PROTOCOL)
        replies.write(LENGTH.pack(len(message)) + message)
        replies.flush()


def _allow_cpu(seconds: int) -> None:
    """Move the CPU limit to `seconds` from now: it counts the whole life of the process."""
    if sys.platform == "win32":
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard))


def _limit_memory(most: int) -> None:
    if sys.platform == "win32":
        return
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Run as a child process: arguments are the memory limit in bytes and CPU seconds a task."""
    # Ctrl-C reaches the whole group; the parent closes the pipe when it is ready.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(int(sys.argv[1]))
    # What a library prints must not end up among the answers.
    with os.fdopen(os.dup(1), "wb") as replies:
        os.dup2(2, 1)
        _serve(sys.stdin.buffer, replies, int(sys.argv[2]))
