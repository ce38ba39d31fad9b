"""Alignment of two sequences within a bound on work: what both have in common, in order. Pure.

Common ends are cut off, elements that occur once on each side are anchors (patience diff), and between
anchors the shortest edit script is looked for (Myers 1986, O(ND)). Each step is charged to a budget; a
stretch that is too different for it is left as a whole. Short sequences whose elements resemble each other
more or less are paired by weight (Needleman and Wunsch 1970).
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

MAX_EDITS = 1200
"""Insertions and deletions that are looked for in one stretch: the search takes memory for the square of
them (12 MB), and a script that is longer shows nobody what changed."""

ELEMENT = 8
"""Steps that numbering an element and looking for anchors cost, beside the search's own."""


@dataclass(slots=True)
class Budget:
    """Steps that may still be taken. limited: something was not done since it would have cost more."""

    left: int
    limited: bool = False

    def take(self, cost: int) -> bool:
        """Pay for work, or say that it is too much."""
        if cost > self.left:
            self.limited = True
            return False
        self.left -= cost
        return True


@dataclass(frozen=True, slots=True)
class Match:
    """A run of `size` equal elements: from `old` in one sequence and from `new` in the other."""

    old: int
    new: int
    size: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Elements [a:b] of the old sequence that stand for [c:d] of the new one."""

    a: int
    b: int
    c: int
    d: int


def align(old: Sequence[Hashable], new: Sequence[Hashable], budget: Budget) -> list[Match]:
    """Return the runs that two sequences have in common, in order; joined where they touch."""
    if not budget.take(ELEMENT * (len(old) + len(new))):
        return []
    one, two = _numbered(old, new)
    found: list[Match] = []
    whole = Gap(0, len(one), 0, len(two))
    for stretch in _between(_anchors(one, two, whole), whole):
        if isinstance(stretch, Match):
            found.append(stretch)
            continue
        head, inner, tail = _trimmed(one, two, stretch)
        found += [head, *_shortest(one[inner.a : inner.b], two[inner.c : inner.d], inner, budget), tail]
    return _joined(found)


def anchored(old: Sequence[Hashable], new: Sequence[Hashable], budget: Budget) -> list[Match]:
    """Return the runs of which an alignment can be sure: common ends, and elements that occur once."""
    if not budget.take(ELEMENT * (len(old) + len(new))):
        return []
    one, two = _numbered(old, new)
    return _joined(_anchors(one, two, Gap(0, len(one), 0, len(two))))


def heaviest_pairs(old: int, new: int, weight: Callable[[int, int], int]) -> list[tuple[int, int]]:
    """Return the pairs of elements, in order, whose weights are the highest sum. O(old x new).

    old, new: the lengths of the sequences. weight: of a pair; 0 for two that are not to be paired.
    """
    weights = [[weight(a, c) for c in range(new)] for a in range(old)]
    best = [[0] * (new + 1) for _ in range(old + 1)]  # best[a][c]: sum of what comes after a and c
    for a in range(old - 1, -1, -1):
        row, below, mine = best[a], best[a + 1], weights[a]
        for c in range(new - 1, -1, -1):
            paired = below[c + 1] + mine[c] if mine[c] else 0
            row[c] = max(paired, below[c], row[c + 1])
    found: list[tuple[int, int]] = []
    a = c = 0
    while a < old and c < new:
        if weights[a][c] and best[a][c] == best[a + 1][c + 1] + weights[a][c]:
            found.append((a, c))
            a, c = a + 1, c + 1
        elif best[a][c] == best[a + 1][c]:
            a += 1
        else:
            c += 1
    return found


def gaps(matches: Iterable[Match], old: int, new: int) -> list[Match | Gap]:
    """Return matches and what stands between them. old, new: the lengths of the sequences."""
    return _between(matches, Gap(0, old, 0, new))


def _between(matches: Iterable[Match], within: Gap) -> list[Match | Gap]:
    found: list[Match | Gap] = []
    a, c = within.a, within.c
    for match in matches:
        if match.old > a or match.new > c:
            found.append(Gap(a, match.old, c, match.new))
        found.append(match)
        a, c = match.old + match.size, match.new + match.size
    if a < within.b or c < within.d:
        found.append(Gap(a, within.b, c, within.d))
    return found


def _numbered(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[list[int], list[int]]:
    """Return the sequences with a number for each element: numbers are compared faster than texts."""
    numbers: dict[Hashable, int] = {}
    one = [numbers.setdefault(element, len(numbers)) for element in old]
    return one, [numbers.setdefault(element, len(numbers)) for element in new]


def _trimmed(one: list[int], two: list[int], gap: Gap) -> tuple[Match, Gap, Match]:
    """Cut off what both sides of a gap begin and end with."""
    a, b, c, d = gap.a, gap.b, gap.c, gap.d
    while a < b and c < d and one[a] == two[c]:
        a, c = a + 1, c + 1
    while a < b and c < d and one[b - 1] == two[d - 1]:
        b, d = b - 1, d - 1
    return Match(gap.a, gap.c, a - gap.a), Gap(a, b, c, d), Match(b, d, gap.b - b)


def _anchors(one: list[int], two: list[int], whole: Gap) -> list[Match]:
    """Return common ends, and elements that occur once on each side, as many as keep their order."""
    head, inner, tail = _trimmed(one, two, whole)
    here, there = Counter(one[inner.a : inner.b]), Counter(two[inner.c : inner.d])
    places = {two[c]: c for c in range(inner.c, inner.d)}
    once = [
        (a, places[one[a]]) for a in range(inner.a, inner.b) if here[one[a]] == 1 and there.get(one[a]) == 1
    ]
    return [head, *(Match(a, c, 1) for a, c in _rising(once)), tail]


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest run of pairs whose second members rise, by patience sorting: O(n log n)."""
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        before.append(ends[pile - 1] if pile else -1)
        tops[pile : pile + 1], ends[pile : pile + 1] = [place], [index]
    found: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _shortest(one: list[int], two: list[int], gap: Gap, budget: Budget) -> list[Match]:
    """Return the matches of a gap's shortest edit script; none where it is longer than may be looked for."""
    if not one or not two:
        return []
    common = (Counter(one) & Counter(two)).total()
    if not common:
        return []
    if len(one) + len(two) - 2 * common > MAX_EDITS:
        budget.limited = True
        return []
    trace = _search(one, two, budget)
    return [] if trace is None else _read_back(trace, len(one), len(two), gap)


def _search(one: list[int], two: list[int], budget: Budget) -> list[list[int]] | None:
    """Return how far each diagonal was reached with 0, 1, 2 … edits; None when the budget is spent."""
    reached = [0] * (2 * MAX_EDITS + 3)
    zero = MAX_EDITS + 1
    trace: list[list[int]] = []
    for edits in range(MAX_EDITS + 1):
        if not budget.take(edits + 1):
            return None
        done, steps = _extend(one, two, reached, edits, budget.left)
        trace.append(reached[zero - edits - 1 : zero + edits + 2])
        if done:
            return trace
        if not budget.take(steps):
            return None
    budget.limited = True
    return None


def _extend(one: list[int], two: list[int], reached: list[int], edits: int, most: int) -> tuple[bool, int]:
    """Go on along every diagonal by one edit and the equal elements after it; say if the end is reached.

    most: steps after which it stops. Returns how many were taken, too.
    """
    n, m, zero, steps = len(one), len(two), MAX_EDITS + 1, 0
    for diagonal in range(max(-edits, -m + (m + edits) % 2), min(edits, n - (n + edits) % 2) + 1, 2):
        at = zero + diagonal
        down = diagonal == -edits or (diagonal != edits and reached[at - 1] < reached[at + 1])
        x = reached[at + 1] if down else reached[at - 1] + 1
        y = start = x - diagonal
        while x < n and y < m and one[x] == two[y]:
            x, y = x + 1, y + 1
        steps += y - start
        reached[at] = x
        if x >= n and y >= m:
            return True, steps
        if steps > most:
            break
    return False, steps


def _read_back(trace: list[list[int]], x: int, y: int, gap: Gap) -> list[Match]:
    """Follow the shortest way from its end to its beginning. trace[d]: diagonals -d-1 … d+1 after d edits."""
    found: list[Match] = []
    for edits in range(len(trace) - 1, 0, -1):
        before, zero = trace[edits - 1], edits
        diagonal = x - y

        def of(k: int, row: list[int] = before, middle: int = zero) -> int:
            return row[middle + k] if 0 <= middle + k < len(row) else -1

        down = diagonal == -edits or (diagonal != edits and of(diagonal - 1) < of(diagonal + 1))
        start = of(diagonal + 1) if down else of(diagonal - 1) + 1
        found.append(Match(gap.a + start, gap.c + start - diagonal, x - start))
        x, y = (start, start - diagonal - 1) if down else (start - 1, start - diagonal)
    found.append(Match(gap.a, gap.c, x))
    return found[::-1]


def _joined(matches: Iterable[Match]) -> list[Match]:
    """Join runs that touch on both sides, and leave out empty ones."""
    found: list[Match] = []
    for match in matches:
        last = found[-1] if found else None
        if last and (last.old + last.size, last.new + last.size) == (match.old, match.new):
            found[-1] = Match(last.old, last.new, last.size + match.size)
        elif match.size:
            found.append(match)
    return found
