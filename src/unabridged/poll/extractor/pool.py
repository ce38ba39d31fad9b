"""Articles made in child processes, so that no page can stop, fill or kill the poller."""

import asyncio
import os
from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Self

from unabridged.errors import ExtractError
from unabridged.extraction.multipage.parts import Done, Fetch, PagePart
from unabridged.extraction.request import ExtractRequest
from unabridged.model import Article, Entry, Feed, Page
from unabridged.poll.extractor.site_rules import Rulebook
from unabridged.poll.extractor.tasks import (
    EntriesTask,
    Failure,
    JoinTask,
    ListTask,
    Made,
    Reply,
    Task,
    subject_of,
)
from unabridged.processes.pool import ChildDied, ChildPool, Limits

MOST_CHILDREN = 4
LIMITS = Limits(memory=2_000_000_000, cpu=20)

PROGRAM = "unabridged.poll.extractor.child"
"""The module that reads pages. It is loaded where that is done, which is not where pages are asked for."""


class Extractor:
    """Makes articles in up to `workers` children (0: one a core), started when needed.

    rules: folders of site rules. Use as an async context manager.
    """

    def __init__(self, workers: int = 0, limits: Limits = LIMITS, rules: Sequence[str | Path] = ()) -> None:
        self._rulebook = Rulebook(rules)
        most = workers or min(os.cpu_count() or 1, MOST_CHILDREN)
        self._children = ChildPool(PROGRAM, most, limits)

    def headers(self, url: str) -> Mapping[str, str]:
        """Return the headers that people's rules ask for with the pages of a site (a login's cookie)."""
        rules = self._rulebook.rules(url)
        return dict(rules.headers) if rules else {}

    async def page(self, page: Page, *, entry: Entry | None = None, now: datetime) -> PagePart:
        """Make an article, or the first part of one, of a page. Raises ExtractError."""
        request = ExtractRequest(
            html=page.body,
            url=page.final_url,
            content_type=page.headers.get("content-type"),
            entry=entry,
            now=now,
            rules=self._rulebook.rules(page.final_url, page.body),
        )
        reply = await self._do(request)
        assert isinstance(reply, PagePart)
        return reply

    async def join(self, parts: Sequence[PagePart], failed: Set[str]) -> Fetch | Done:
        """Say which page comes next, or join what there is. Raises ExtractError."""
        reply = await self._do(JoinTask(parts=tuple(parts), failed=frozenset(failed)))
        assert isinstance(reply, Fetch | Done)
        return reply

    async def entries(self, feed: Feed) -> tuple[Article, ...]:
        """Make an article of every entry of a feed, of the feed's own text. Raises ExtractError."""
        if not feed.entries:
            return ()
        reply = await self._do(EntriesTask(feed=feed))
        assert isinstance(reply, tuple)
        return reply

    async def article_list(self, page: Page, *, now: datetime) -> Feed | None:
        """Read a page's list of articles as a feed, None where it has none. Raises ExtractError."""
        reply = await self._do(ListTask(html=page.body, url=page.final_url, now=now))
        assert reply is None or isinstance(reply, Feed)
        return reply

    async def _do(self, task: Task) -> Made:
        try:
            return _made(await self._children.do(task))
        except ChildDied as exc:
            raise ExtractError(f"No article could be made of {subject_of(task)}: it {exc}.") from exc

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._children.close()


class ThreadExtractor(Extractor):
    """Makes articles in threads of this process: for a single page at a terminal, where a child would
    take longer to start than to work."""

    async def _do(self, task: Task) -> Made:
        return _made(await asyncio.to_thread(_answer, task))


def _made(reply: Reply) -> Made:
    if isinstance(reply, Failure):
        raise reply.kind(reply.message)
    return reply


def _answer(task: Task) -> Reply:
    reply: Reply = import_module(PROGRAM).answer(task)
    return reply
