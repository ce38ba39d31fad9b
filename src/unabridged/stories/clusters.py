"""Clusters of articles on one event: how alike two articles are, and what belongs together. Pure.

An article joins the story that it is most alike, by the two articles of it that are closest: a single chance
likeness does not join two events, and a story may move on from its first report. Likeness fades with the days
between.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from unabridged.stories.profiles import Profile

NAMES = 0.5
"""Share of names in the likeness of two articles; the rest is that of all terms."""

LEAST_NAMES = 3
"""Names of each article with which they are compared by themselves."""

SHARED_NAMES = 2
"""Names that articles in two languages must share."""

JOIN = 0.36
"""Likeness from which an article belongs to a story."""

MERGE = 0.34
"""Likeness on average from which two stories are one, if an article belongs to both."""

SPLIT = 0.2
"""Likeness on average below which the parts of a story are two."""

FADE_HOURS = 150.0
"""Hours in which likeness falls to 1/e."""

WINDOW_HOURS = 24.0 * 10
"""Hours between two articles from which they are not compared."""

CLOSEST = 2
"""Articles of a story that decide whether another one belongs to it."""

COPY = 1.0
"""Likeness of near-duplicates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """An article that another one is compared with. story: its number, None for an article in no story."""

    article: int
    story: int | None
    likeness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Place of an article. story: the story to join, None for none. articles: those in no story that it
    belongs with. others: further stories that it belongs to, to be merged if they are alike."""

    story: int | None = None
    articles: tuple[int, ...] = ()
    others: tuple[int, ...] = ()


def likeness(one: Profile, other: Profile) -> float:
    """Return how alike two articles are, from 0 to 1."""
    apart = abs(one.hour - other.hour)
    if apart > WINDOW_HOURS:
        return 0.0
    return _terms_shared(one, other) * math.exp(-apart / FADE_HOURS)


def _terms_shared(one: Profile, other: Profile) -> float:
    if one.language and other.language and one.language != other.language:
        few = len(one.names & other.names) < SHARED_NAMES
        return 0.0 if few else _cosine_of_names(one, other)  # they have no other words in common
    alike = _cosine(one.weights, other.weights)
    if len(one.names) < LEAST_NAMES or len(other.names) < LEAST_NAMES:
        return alike
    return (1 - NAMES) * alike + NAMES * _cosine_of_names(one, other)


def _cosine(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    shared = one.keys() & other.keys()
    return sum(one[key] * other[key] for key in shared)


def _cosine_of_names(one: Profile, other: Profile) -> float:
    shared = one.names & other.names
    dot = sum(one.weights[key] * other.weights[key] for key in shared)
    return dot / (_length_of_names(one) * _length_of_names(other))


def _length_of_names(one: Profile) -> float:
    return math.sqrt(sum(one.weights[key] ** 2 for key in one.names)) or 1.0


def place(neighbours: Sequence[Neighbour]) -> Placement:
    """Decide where an article belongs, given the articles that it was compared with."""
    stories: dict[int, list[float]] = defaultdict(list)
    singles = []
    for one in neighbours:
        if one.story is not None:
            stories[one.story].append(one.likeness)
        elif one.likeness >= JOIN:
            singles.append(one)
    scored = sorted(((_score(found), -story) for story, found in stories.items()), reverse=True)
    fitting = [-story for score, story in scored if score >= JOIN]
    return Placement(
        story=fitting[0] if fitting else None,
        articles=tuple(sorted(one.article for one in singles)),
        others=tuple(fitting[1:]),
    )


def _score(found: Sequence[float]) -> float:
    """Return how much an article belongs to a story: near-duplicates always do."""
    closest = sorted(found, reverse=True)[:CLOSEST]
    return COPY if closest[0] >= COPY else sum(closest) / len(closest)


def average(some: Sequence[Profile], others: Sequence[Profile]) -> float:
    """Return how alike two groups of articles are, on average of all pairs."""
    pairs = [likeness(one, other) for one in some for other in others]
    return sum(pairs) / len(pairs) if pairs else 0.0


def parts(profiles: Mapping[int, Profile], copies: Mapping[int, int]) -> list[list[int]]:
    """Return the parts of a story that belong together, sorted; the articles of each are sorted, too.

    Average linkage. copies: article -> number of its group of near-duplicates, which stay together.
    """
    grouped: dict[int, list[int]] = {}
    for number in sorted(profiles):
        grouped.setdefault(copies.get(number, -number), []).append(number)
    found = list(grouped.values())
    sums = {
        (i, j): sum(likeness(profiles[one], profiles[other]) for one in found[i] for other in found[j])
        for i, j in combinations(range(len(found)), 2)
    }
    while sums:
        averages = {(i, j): total / (len(found[i]) * len(found[j])) for (i, j), total in sums.items()}
        left, right = max(averages, key=lambda pair: (averages[pair], pair))
        if averages[left, right] < SPLIT:
            break
        _join(found, sums, left, right)
    return sorted(sorted(group) for group in found if group)


def _join(found: list[list[int]], sums: dict[tuple[int, int], float], left: int, right: int) -> None:
    """Join the group `right` to `left`. sums: likenesses between two groups, the lower position first."""
    found[left] += found[right]
    found[right] = []
    del sums[left, right]
    for other in range(len(found)):
        gone = (min(other, right), max(other, right))
        if gone in sums:
            sums[min(other, left), max(other, left)] += sums.pop(gone)
