"""Feeds read in child processes, so that a hostile one kills its child at worst."""

import math
from datetime import datetime
from types import TracebackType
from typing import Self

from unabridged.errors import FeedError, FeedKilledReader
from unabridged.feeds.reader.tasks import Failure, Task
from unabridged.limits import FEED_BYTES
from unabridged.model import Feed, Page
from unabridged.processes.pool import ChildDied, ChildPool, Limits

LIMITS = Limits(memory=1_000_000_000, cpu=10, wall=60.0)
"""Limits of a child that reads feeds of up to `FEED_BYTES`."""


def limits_for(max_bytes: int) -> Limits:
    """Return the limits of a child that reads feeds of up to `max_bytes`, in proportion to it."""
    share = max(1.0, max_bytes / FEED_BYTES)
    return Limits(
        memory=int(LIMITS.memory * share), cpu=math.ceil(LIMITS.cpu * share), wall=LIMITS.wall * share
    )


class FeedReader:
    """Reads feeds in up to `workers` children, started when needed; use it as `async with`.

    max_bytes: cap on a feed, `max_feed_bytes` of the settings. limits: by default those that it asks for.
    """

    def __init__(
        self, workers: int = 1, limits: Limits | None = None, *, max_bytes: int = FEED_BYTES
    ) -> None:
        self._max_bytes = max_bytes
        self._children = ChildPool("unabridged.feeds.reader.child", workers, limits or limits_for(max_bytes))

    async def parse(
        self, data: bytes, *, url: str, content_type: str | None = None, now: datetime | None = None
    ) -> Feed:
        """Do what `parse_feed` does, elsewhere. Raises FeedKilledReader when that costs the child."""
        task = Task(data=data, url=url, content_type=content_type, now=now, max_bytes=self._max_bytes)
        try:
            reply: Feed | Failure = await self._children.do(task)
        except ChildDied as exc:
            raise FeedKilledReader(f"Reading {url} {exc}.") from exc
        if isinstance(reply, Feed):
            return reply
        raise _revived(reply)

    async def read(self, page: Page, now: datetime) -> Feed:
        """Read a fetched feed. Raises as `parse` does."""
        return await self.parse(
            page.body, url=page.final_url, content_type=page.headers.get("content-type"), now=now
        )

    async def close(self) -> None:
        """End the children. A reader can be used again afterwards."""
        await self._children.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _revived(failure: Failure) -> FeedError:
    error = failure.kind.__new__(failure.kind, failure.message)
    error.args = (failure.message,)
    error.__dict__.update(failure.facts)
    return error
