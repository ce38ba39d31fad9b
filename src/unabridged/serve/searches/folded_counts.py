"""Counts of unread articles that lists fold, made for every page while that is cheap, else now and then."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from unabridged.archive.facade.library.library import Library
from unabridged.archive.records.library import FoldedUnread
from unabridged.serve.searches.counts import CHEAP, DUTY


@dataclass(frozen=True, slots=True)
class _Counted:
    """Counts of a user. at: end of the count; cost: seconds that it took."""

    unread: FoldedUnread
    at: float
    cost: float


class FoldedCounts:
    """Counts of everybody. steady: a monotonic clock in seconds."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._known: dict[int, _Counted] = {}

    def of(self, library: Library, user: int) -> FoldedUnread:
        """Return a user's counts. Those that were not cheap may be DUTY times as old as they took."""
        known, begun = self._known.get(user), self._steady()
        if known is not None and known.cost >= CHEAP and begun - known.at < DUTY * known.cost:
            return known.unread
        found, ended = library.stories.folded_unread(), self._steady()
        self._known[user] = _Counted(found, ended, ended - begun)
        return found
