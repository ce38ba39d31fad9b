"""Counts of saved searches: exact while they are cheap, kept for a while where they are not."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

import tests.archive.conftest as both
from tests.archive.sample_feeds import NOW, filled
from unabridged.archive import Archive
from unabridged.serve.searches.counts import DUTY, SearchCounts

archive, dsn = both.archive, both.dsn
open_archive, postgresql = both.open_archive, both.postgresql
"""Fixtures: an archive on SQLite and on PostgreSQL."""


@dataclass
class Steady:
    """A clock that goes on by `step` seconds whenever it is read."""

    step: float = 0.0
    now: float = 0.0
    changed: list[int] = field(default_factory=list)

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@pytest.fixture
def clock() -> Steady:
    return Steady()


@pytest.fixture
def counts(clock: Steady) -> Iterator[SearchCounts]:
    made = SearchCounts(clock.changed.append, clock)
    yield made
    made.close()


def shown(counts: SearchCounts, archive: Archive) -> list[int | None]:
    return [one.unread for one in counts.of(archive.library(), 1, NOW)]


def test_cheap_counts_are_exact_on_every_page(archive: Archive, counts: SearchCounts) -> None:
    mine = archive.library()
    assert shown(counts, archive) == []
    numbers = filled(archive, 1, 2, 3)
    mine.searches.add("a", "story", now=NOW)
    assert shown(counts, archive) == [3]
    mine.marks.set_read(numbers[:2], True, now=NOW)
    assert shown(counts, archive) == [1]


def test_costly_counts_are_kept_and_renewed_in_the_background(
    archive: Archive, counts: SearchCounts, clock: Steady
) -> None:
    mine = archive.library()
    numbers = filled(archive, 1, 2, 3)
    mine.searches.add("a", "story", now=NOW)
    clock.step = 1.0  # a count seems to take a second
    assert shown(counts, archive) == [3]
    clock.step = 0.0
    mine.marks.set_read(numbers[:2], True, now=NOW)
    assert shown(counts, archive) == [3]
    clock.now += DUTY
    clock.step = 0.25
    assert shown(counts, archive) == [3]
    until = time.monotonic() + 10
    while not clock.changed and time.monotonic() < until:
        time.sleep(0.01)
    assert clock.changed == [1]
    assert shown(counts, archive) == [1]


def test_a_new_search_is_counted_at_once(archive: Archive, counts: SearchCounts, clock: Steady) -> None:
    filled(archive, 1, 2)
    archive.library().searches.add("a", "story", now=NOW)
    clock.step = 1.0
    assert shown(counts, archive) == [2]
    archive.library().searches.add("b", "title:1", now=NOW)
    assert shown(counts, archive) == [2, 1]
