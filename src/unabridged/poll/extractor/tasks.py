"""What the poller asks of a child that reads pages, and what comes back: records that go through a pipe.

They are apart from what the child does with them, so that the poller need not load it.
"""

from dataclasses import dataclass
from datetime import datetime

from unabridged.errors import ExtractError
from unabridged.extraction.multipage.parts import Done, Fetch, PagePart
from unabridged.extraction.request import ExtractRequest
from unabridged.model import Article, Feed


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinTask:
    """The pages of one article read so far, to be joined or gone on with."""

    parts: tuple[PagePart, ...]
    failed: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntriesTask:
    """A feed whose entries are to be made articles of the feed's own text."""

    feed: Feed


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTask:
    """A page without a feed, whose list of articles is to be read as one."""

    html: bytes
    url: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error on its way through the pipe."""

    kind: type[ExtractError]
    message: str


Task = ExtractRequest | JoinTask | EntriesTask | ListTask
Made = PagePart | Fetch | Done | tuple[Article, ...] | Feed | None
Reply = Made | Failure


def subject_of(task: Task) -> str:
    """Return the address that a task is about."""
    if isinstance(task, JoinTask):
        return task.parts[0].article.url
    if isinstance(task, EntriesTask):
        return task.feed.url
    return task.url or "a page"
