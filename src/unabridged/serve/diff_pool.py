"""Pool of child processes that compare versions, so that the event loop stays free."""

import asyncio
from types import TracebackType
from typing import Self

from unabridged.processes.pool import ChildDied, ChildPool, Limits
from unabridged.serve.diff_child import DiffTask, PlainDiff, VersionDiff, from_plain
from unabridged.text.diff import TITLE_WORK, apart, compare

PROGRAM = "unabridged.serve.diff_child"
POOL_SIZE = 2
LIMITS = Limits(memory=1_000_000_000, cpu=10, wall=30.0)


def _version_diff(versions: DiffTask, found: tuple[PlainDiff, PlainDiff] | None) -> VersionDiff:
    if found is None:
        return VersionDiff(text=apart(*versions.text), title=compare(*versions.title, work=TITLE_WORK))
    return VersionDiff(text=from_plain(found[0]), title=from_plain(found[1]))


class DiffPool:
    """Compare versions in child processes, started on demand. Use as an async context manager."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._children = ChildPool(PROGRAM, POOL_SIZE, limits)

    async def compare(self, versions: DiffTask) -> VersionDiff:
        """Compare two versions; when the child dies, show the old text as removed and the new as added."""
        try:
            found: tuple[PlainDiff, PlainDiff] | None = await self._children.do(versions)
        except ChildDied:
            found = None
        return await asyncio.to_thread(_version_diff, versions, found)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._children.close()
