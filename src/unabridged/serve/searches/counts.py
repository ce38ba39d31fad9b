"""Unread counts of saved searches: counted at once while that is cheap, else now and then in the background.

Counting is work that grows with the unread articles. It may take a twentieth of the time at most: counts that
took 5 ms are at most 0.1 s old, those that took 0.5 s at most 10 s. Pages show the last counts meanwhile.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

from unabridged.archive.facade.library.library import Library
from unabridged.archive.records.rules import SavedSearch
from unabridged.errors import ArchiveError

log = logging.getLogger(__name__)

CHEAP = 0.02
"""Seconds: counts that take less are made for every page."""

DUTY = 20
"""Counting takes one in so many seconds at most."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """Unread articles of a user's searches: (number, query) -> count. at: end of the count; cost: seconds."""

    unread: dict[tuple[int, str], int]
    at: float
    cost: float


class SearchCounts:
    """Counts of everybody's saved searches. on_change: called with a user whose counts changed.

    steady: a monotonic clock in seconds.
    """

    def __init__(
        self, on_change: Callable[[int], None], steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._on_change = on_change
        self._steady = steady
        self._known: dict[int, _Counted] = {}
        self._running: set[int] = set()
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(1, "saved-searches")

    def of(self, library: Library, user: int, now: datetime) -> tuple[SavedSearch, ...]:
        """Return a user's saved searches with their unread articles."""
        searches = library.searches.all()
        if not searches:
            return ()
        counted = self._known.get(user)
        keys = {(one.id, one.query) for one in searches}
        if counted is None or counted.cost < CHEAP or not keys <= counted.unread.keys():
            counted = self._count(library, user, searches, now)
        elif self._steady() - counted.at > DUTY * counted.cost:
            self._count_later(library, user, searches, now)
        return tuple(replace(one, unread=counted.unread[one.id, one.query]) for one in searches)

    def _count(
        self, library: Library, user: int, searches: tuple[SavedSearch, ...], now: datetime
    ) -> _Counted:
        begun = self._steady()
        found = {
            (one.id, one.query): one.unread or 0 for one in library.searches.with_unread(searches, now=now)
        }
        ended = self._steady()
        self._known[user] = _Counted(found, ended, ended - begun)
        return self._known[user]

    def _count_later(
        self, library: Library, user: int, searches: tuple[SavedSearch, ...], now: datetime
    ) -> None:
        with self._lock:
            if user in self._running:
                return
            self._running.add(user)
        self._pool.submit(self._recount, library, user, searches, now)

    def _recount(self, library: Library, user: int, searches: tuple[SavedSearch, ...], now: datetime) -> None:
        before = self._known.get(user)
        try:
            after = self._count(library, user, searches, now)
            if before is None or before.unread != after.unread:
                self._on_change(user)
        except ArchiveError as exc:  # it is locked or closed: the next page tries again
            log.warning("The saved searches of user %d were not counted: %s", user, exc)
        finally:
            with self._lock:
                self._running.discard(user)

    def close(self) -> None:
        """Wait for the count that is being made, and make no others."""
        self._pool.shutdown(wait=True, cancel_futures=True)
