"""Comparisons made in child processes, so that none keeps the reader from answering others."""

import asyncio
from types import TracebackType
from typing import Self

from unabridged.processes.pool import ChildDied, ChildPool, Limits
from unabridged.serve.diff_child import Compared, Flat, Versions, revived
from unabridged.text.diff import TITLE_WORK, apart, compare

PROGRAM = "unabridged.serve.diff_child"
AT_ONCE = 2
LIMITS = Limits(memory=1_000_000_000, cpu=10, wall=30.0)


def _compared(versions: Versions, found: tuple[Flat, Flat] | None) -> Compared:
    if found is None:
        return Compared(text=apart(*versions.text), title=compare(*versions.title, work=TITLE_WORK))
    return Compared(text=revived(found[0]), title=revived(found[1]))


class Comparer:
    """Compares versions in children that are started when needed; use as an async context manager."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._children = ChildPool(PROGRAM, AT_ONCE, limits)

    async def compare(self, versions: Versions) -> Compared:
        """Compare two versions; what costs the child its life is shown removed and added as a whole."""
        try:
            found: tuple[Flat, Flat] | None = await self._children.do(versions)
        except ChildDied:
            found = None
        return await asyncio.to_thread(_compared, versions, found)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._children.close()
