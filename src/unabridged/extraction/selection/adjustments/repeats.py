"""Repeated blocks of a selection: copies of the text are dropped, repetition that belongs to the text stays.

A copy stands in another part of the page (a mobile or hidden version, a teaser, a pull quote), or repeats a
whole stretch of the text at once. A refrain, a clause or a step of a listing is one of a series: it stands in
a container of the same kind, with other blocks between it and the last time.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from unabridged.extraction.selection.blocks import Layout
from unabridged.text.patterns import lazy_regex
from unabridged.text.scripts import CJK_LETTER

LEAST_CHARACTERS = 120
"""Shorter blocks may repeat (a line of a poem, a table cell)."""
LEAST_IDEOGRAPHS = 40
"""The same for text in Han and kana letters if another block says exactly the same."""
PROBE = 30
"""Characters from the middle of a block that its copy would contain too."""
MOST_REPEATED = 0.8
"""Share of a block's shingles in other kept blocks above which it may be a copy."""
MOST_COMPARED = 8
"""Other blocks that a repeated block is compared with."""
MOST_SHINGLES = 32
"""Shingles by which the other blocks like one are found."""
MOST_LEVELS = 12
"""Levels above two blocks within which their common container is looked for."""
LONGEST_STRETCH = 60
"""Blocks before and after two equal ones that are compared, too."""
LIFTED = 0.75
"""A block with less than this share of the length of the one that contains it is a quotation of it."""
WHOLE_STRETCH = 0.9
"""Share of the blocks from one time to the next that are equal again where a whole stretch is a copy."""
MUCH = 0.3
"""Share of the kept blocks from which a container that is repeated as a whole is a copy."""

_FOR_SCREENS = lazy_regex(
    r"hid(?:e|den)|visib|mobile|desktop|tablet|phone|print|d-none|(?:^|[\s_:-])(?:xs|sm|md|lg|xl)(?:$|[\s_:-])",
    re.IGNORECASE,
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 dt summary".split())
_BESIDE = frozenset("aside dialog noscript template blockquote".split())


def without_repeats(layout: Layout, kept: list[int]) -> list[int]:
    """Return the kept blocks without copies of others; hidden and longest copies are removed first."""
    texts = layout.texts
    times = Counter(texts[index] for index in kept)
    long = [index for index in kept if _may_be_copy(texts[index], times)]
    if len(long) < 2 or not _may_repeat([texts[index] for index in long]):
        return kept
    shingles = {index: _shingles(texts[index]) for index in kept}
    count = Counter(chain.from_iterable(shingles.values()))
    repeats = _Repeats(
        layout=layout,
        kept=kept,
        places={index: place for place, index in enumerate(kept)},
        shingles=shingles,
        holders=_holders(long, shingles, count),
    )
    dropped: set[int] = set()
    for index in sorted(long, key=lambda index: (not repeats.is_beside(index), -len(texts[index]), -index)):
        own = shingles[index]
        repeated = sum(count[shingle] > 1 for shingle in own)
        if own and repeated >= MOST_REPEATED * len(own) and not repeats.belongs(index, dropped):
            dropped.add(index)
            for shingle in own:
                count[shingle] -= 1
    return [index for index in kept if index not in dropped or repeats.is_code_alone(index, dropped)]


def _may_be_copy(text: str, times: Mapping[str, int]) -> bool:
    """Say whether a block is long enough to be a copy. times: how often each kept text stands there."""
    return len(text) >= LEAST_CHARACTERS or (
        times[text] > 1 and len(text) >= LEAST_IDEOGRAPHS and CJK_LETTER.search(text[:60]) is not None
    )


def _may_repeat(texts: list[str]) -> bool:
    """Say whether the middle of any of these texts occurs in another: a quick test before the shingles."""
    joined = "\n".join(texts)
    for text in texts:
        middle = len(text) // 2
        if joined.count(text[middle : middle + PROBE]) > 1:
            return True
    return False


def _shingles(text: str) -> dict[int, None]:
    """Return hashes of all runs of four words (or four ideographs) of a text, in its order, each once."""
    words = list(text) if CJK_LETTER.search(text[:60]) else text.casefold().split()
    if len(words) < 4:
        return {hash(tuple(words)): None}
    return dict.fromkeys(map(hash, zip(words, words[1:], words[2:], words[3:], strict=False)))


def _holders(
    long: Sequence[int], shingles: Mapping[int, dict[int, None]], count: Mapping[int, int]
) -> Mapping[int, list[int]]:
    """Return the first long blocks that hold each repeated shingle."""
    found: dict[int, list[int]] = defaultdict(list)
    for index in long:
        for shingle in shingles[index]:
            if count[shingle] > 1 and len(found[shingle]) < MOST_COMPARED:
                found[shingle].append(index)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Repeats:
    """The kept blocks of a page with their shingles, to tell copies from repetition that belongs.

    places: block -> its place among the kept ones. holders: shingle -> the first long blocks that hold it.
    """

    layout: Layout
    kept: Sequence[int]
    places: Mapping[int, int]
    shingles: Mapping[int, dict[int, None]]
    holders: Mapping[int, list[int]]

    def is_beside(self, index: int) -> bool:
        """Say whether a block is hidden, or stands in a quotation or aside."""
        layout, home = self.layout, self.layout.homes[index]
        for _ in range(MOST_LEVELS):
            if layout.tags[home] in _BESIDE or "hidden" in layout.marks[home]:
                return True
            home = layout.parents[home]
            if home < 0:
                return False
        return False

    def is_code_alone(self, index: int, dropped: set[int]) -> bool:
        """Say whether a block is code whose neighbours are no copies: a text may show a listing again."""
        if self.layout.tags[self.layout.homes[index]] != "pre":
            return False
        place = self.places[index]
        return dropped.isdisjoint((*self.kept[max(0, place - 1) : place], *self.kept[place + 1 : place + 2]))

    def belongs(self, index: int, dropped: set[int]) -> bool:
        """Say whether a repeated block is one of a series in the text, beside every other one like it."""
        others = self._others(index, dropped)
        return bool(others) and all(self._is_series(index, other) for other in others)

    def _others(self, index: int, dropped: set[int]) -> list[int]:
        """Return the blocks that hold half of a block's shingles; the one that holds most if none does."""
        own = list(islice(self.shingles[index], MOST_SHINGLES))
        found = Counter(
            other
            for shingle in own
            for other in self.holders.get(shingle, ())
            if other != index and other not in dropped
        )
        most = found.most_common(MOST_COMPARED)
        return [other for other, shared in most if shared >= len(own) / 2] or [other for other, _ in most[:1]]

    def _is_series(self, index: int, other: int) -> bool:
        layout = self.layout
        texts, tag = layout.texts, layout.tags[layout.homes[index]]
        branches = self._branches(index, other)
        if branches is None:
            return False
        if tag == "pre":
            return True
        if len(texts[index]) < LIFTED * len(texts[other]):
            return False
        return not self._is_stretch(index, other) and not self._is_branch_again(*branches)

    def _branches(self, index: int, other: int) -> tuple[int, int] | None:
        """Return the two containers below the common one of two blocks; None if they are not of one kind."""
        layout = self.layout
        mine, theirs = layout.homes[index], layout.homes[other]
        for _ in range(MOST_LEVELS):
            if mine == theirs:
                return mine, theirs
            if layout.tags[mine] != layout.tags[theirs] or not self._look_alike(mine, theirs):
                return None
            above = layout.parents[mine], layout.parents[theirs]
            if above[0] == above[1]:
                return mine, theirs
            if min(above) < 0:
                return None
            mine, theirs = above
        return None

    def _look_alike(self, mine: int, theirs: int) -> bool:
        """Say whether two containers begin with the same class, and neither is for some screens only."""
        layout = self.layout
        one, two = layout.keys[mine], layout.keys[theirs]
        if ("hidden" in layout.marks[mine]) != ("hidden" in layout.marks[theirs]):
            return False
        if one == two:
            return True
        if _FOR_SCREENS.search(one[:500]) or _FOR_SCREENS.search(two[:500]):
            return False
        return _first_class(one) == _first_class(two)

    def _is_stretch(self, index: int, other: int) -> bool:
        """Say whether all that stands between two equal blocks stands again after them."""
        kept, texts = self.kept, self.layout.texts
        first, second = sorted((self.places[index], self.places[other]))
        period = second - first
        if texts[kept[first]] != texts[kept[second]]:
            return False
        equal = 1
        for step in (1, -1):
            for distance in range(1, min(period, LONGEST_STRETCH)):
                here, there = first + step * distance, second + step * distance
                if here < 0 or there >= len(kept) or texts[kept[here]] != texts[kept[there]]:
                    break
                equal += 1
        return equal >= min(WHOLE_STRETCH * period, LONGEST_STRETCH)

    def _is_branch_again(self, mine: int, theirs: int) -> bool:
        """Say whether two containers hold the same kept blocks, which are many."""
        if mine == theirs:
            return False
        if self._heading_before(mine) != self._heading_before(theirs):
            return False
        own = self._kept_in(mine)
        if len(own) < max(2, MUCH * len(self.kept)):
            return False
        return own == self._kept_in(theirs)

    def _heading_before(self, home: int) -> str:
        """Return the heading right before a container, "" if there is none."""
        layout, before = self.layout, self.layout.first[home] - 1
        if before < 0 or layout.tags[layout.homes[before]] not in _HEADINGS:
            return ""
        return layout.texts[before]

    def _kept_in(self, home: int) -> list[str]:
        first = bisect_left(self.kept, self.layout.first[home])
        end = bisect_left(self.kept, self.layout.end[home])
        return [self.layout.texts[index] for index in self.kept[first:end]]


def _first_class(key: str) -> str:
    """Return the first class of a container; before the id of one without classes stands a space."""
    return "" if key[:1].isspace() else key.partition(" ")[0]
