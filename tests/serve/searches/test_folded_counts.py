"""Counts of folded articles are made for every page, unless they take long."""

from tests.serve.routes.test_folded_lists import wired
from tests.serve.running_app import NOW, Desk
from unabridged.archive.records.library import FoldedUnread
from unabridged.serve.searches.folded_counts import FoldedCounts


class Clock:
    """A clock that goes on by a step whenever it is read."""

    def __init__(self, step: float) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def test_cheap_counts_are_always_new(desk: Desk) -> None:
    numbers, library = wired(desk), desk.archive.library()
    counts = FoldedCounts(Clock(0.001))
    assert counts.of(library, 1).every == 2
    library.marks.set_read([numbers["Wire 1"]], True, now=NOW)
    assert counts.of(library, 1).every == 1


def test_dear_counts_are_kept_for_a_time_each_user_s_apart(desk: Desk) -> None:
    numbers, library = wired(desk), desk.archive.library()
    clock = Clock(1.0)
    counts = FoldedCounts(clock)
    assert counts.of(library, 1).every == 2
    library.marks.set_read(list(numbers.values()), True, now=NOW)
    assert counts.of(library, 1).every == 2
    assert counts.of(desk.archive.library(2), 2) == FoldedUnread()
    clock.now += 30
    assert counts.of(library, 1) == FoldedUnread()
