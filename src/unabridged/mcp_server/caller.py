"""Person for whom a call is answered, and what the call may use."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from unabridged.archive.facade.archive import Archive
from unabridged.archive.facade.library.library import Library
from unabridged.dates.parse import utc_now
from unabridged.poll.poller import Poller
from unabridged.text.diff import TITLE_WORK, Diff, compare

Versions = tuple[str, str]
"""An older and a newer text."""

Compare = Callable[[Versions, Versions], Awaitable[tuple[Diff, Diff]]]
"""Compares two texts, and their titles."""


async def compare_in_thread(texts: Versions, titles: Versions) -> tuple[Diff, Diff]:
    """Compare two versions in a thread, in at most about a second (see `text.diff.WORK`)."""

    def work() -> tuple[Diff, Diff]:
        return compare(*texts), compare(*titles, work=TITLE_WORK)

    return await asyncio.to_thread(work)


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Means to change a library.

    poller: asks other sites. slots: calls that ask other sites at the same time. read_soon: has the pages of
    a feed read.
    """

    poller: Poller
    slots: asyncio.Semaphore
    read_soon: Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Person for whom a call is answered.

    user: their number. writer: None where the caller may only read; then nothing is changed and no other site
    is asked. address: returns the whole address of a path of the reader; None where no reader is known.
    """

    archive: Archive
    user: int
    writer: Writer | None = None
    clock: Callable[[], datetime] = utc_now
    compare: Compare = compare_in_thread
    address: Callable[[str], str] | None = None

    @property
    def library(self) -> Library:
        return self.archive.library(self.user)

    def article_address(self, number: int) -> str | None:
        """Return the address at which a person can read an article; None where no reader is known."""
        return None if self.address is None else self.address(f"/a/{number}")

    def story_address(self, number: int) -> str | None:
        """Return the address at which a person can see a story; None where no reader is known."""
        return None if self.address is None else self.address(f"/story/{number}")
