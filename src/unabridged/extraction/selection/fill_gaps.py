"""Add unselected blocks inside the chosen body: sub-headings, tables, the rest of a list, one paragraph.

Short blocks have weak evidence of their own, and a selection may leave gaps. A gap is filled if the tree
shows what it is, and if no strong evidence speaks against the block. The thresholds are those at which, on
pages with full truth, the block is more often right than wrong.
"""

from itertools import accumulate

from unabridged.extraction.selection.blocks import Layout
from unabridged.extraction.selection.columns import Floats
from unabridged.extraction.selection.features import PageFeatures

HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
LISTS = frozenset(("ul", "ol", "table"))
ANNOUNCED = frozenset(("ul", "ol", "dl", "table"))
LEAST_OF_LIST = 0.5
"""Share of the blocks of a list or table, kept, above which the rest is added."""
LEAST_HEADING, LEAST_LINKED_HEADING, LEAST_MEMBER, LEAST_PARAGRAPH = -3.0, -2.0, -2.0, 0.0
"""Log-odds below which such a block stays out."""
BOXES = {"table": -3.0, "blockquote": -2.0, "pre": -1.0}
"""Minimum mean log-odds of such an element between kept paragraphs of one container."""
LEAST_ANNOUNCED, LEAST_HEADED = -3.0, -1.5
"""Minimum mean log-odds of a list, table or box after a text with a colon, or under a kept heading."""
SHORTEST_ANNOUNCEMENT = 25
"""Minimum characters of a text with a colon that announces a last list; shorter ones are labels."""
COLONS = (":", "：")
REACH = 2
"""Maximum distance in blocks of the nearest kept ones."""
LONGEST_HEADING = 80
"""Maximum characters of a sub-heading that only its place among paragraphs of the same class shows."""


def with_gaps_filled(features: PageFeatures, scores: Floats, kept: list[int]) -> list[int]:
    """Return the kept blocks and those that belong between them, in document order."""
    if len(kept) < 2:
        return kept
    body = _KeptBlocks(features.arrays.layout, kept, scores)
    barred = features.columns["hidden"] > 0
    found = [
        index
        for index in body.gaps()
        if not features.captions[index]
        and not barred[index]
        and (index != features.titled or not features.columns["title"][index])
        and body.belongs(index)
    ]
    return sorted([*kept, *found]) if found else kept


class _KeptBlocks:
    """The kept blocks of a page as flags, with prefix sums."""

    def __init__(self, layout: Layout, kept: list[int], scores: Floats) -> None:
        self.layout = layout
        self.kept = kept
        self.scores = scores
        self.flags = [False] * len(layout.texts)
        for index in kept:
            self.flags[index] = True
        self.before = list(accumulate(self.flags, initial=0))

    def gaps(self) -> list[int]:
        """Return the unselected blocks between the one before the first kept block and the last kept one."""
        first, last = self.kept[0], self.kept[-1]
        inside = [index for index in range(max(0, first - 1), last) if not self.flags[index]]
        return inside + list(range(last + 1, self._end_of_last_list()))

    def _end_of_last_list(self) -> int:
        """Return the end of the list that the last kept text announces, 0 if it announces none."""
        last = self.kept[-1]
        if last + 1 >= len(self.flags) or not self._announces(last, SHORTEST_ANNOUNCEMENT):
            return 0
        for place in self._above(last + 1):
            if self.layout.tags[place] in ANNOUNCED and self.layout.first[place] == last + 1:
                return self.layout.end[place] if self.layout.parents[place] == self._parent(last) else 0
        return 0

    def _announces(self, index: int, shortest: int = 1) -> bool:
        text = self.layout.texts[index]
        return len(text) >= shortest and text.endswith(COLONS)

    def belongs(self, index: int) -> bool:
        """Say whether a block belongs to the kept blocks around it."""
        tag = self.layout.tags[self.layout.homes[index]]
        score = self.scores[index]
        if tag in HEADINGS:
            return self._is_heading_of_kept(index) or any(map(self._is_announced, self._above(index)))
        if tag == "p" and score > LEAST_PARAGRAPH:
            return self._is_between(index)
        if tag == "div" and score > LEAST_MEMBER and len(self.layout.texts[index]) <= LONGEST_HEADING:
            return not self._is_linked(index) and self._is_of_one_class(index) and self._is_between(index)
        return self._is_member(index)

    def _is_heading_of_kept(self, index: int) -> bool:
        """Say whether a heading stands beside its text: in a container of the kept block after it."""
        least = LEAST_LINKED_HEADING if self._is_linked(index) else LEAST_HEADING
        beside = self.flags[index + 1] and self._parent(index) in self._above(index + 1)
        return beside and bool(self.scores[index] > least)

    def _is_between(self, index: int) -> bool:
        """Say whether a block stands between two kept ones of the same container, at most one block away."""
        beside = self._beside(index)
        return len(beside) == 2 and all(self._parent(other) == self._parent(index) for other in beside)

    def _is_of_one_class(self, index: int) -> bool:
        """Say whether the containers of a block and of those beside it have a class in common, or none."""
        own, *near = (
            set(self.layout.keys[self.layout.homes[n]].split()) for n in (index, *self._beside(index))
        )
        return all(own & other or own == other for other in near)

    def _beside(self, index: int) -> list[int]:
        """Return the nearest kept block on either side, within REACH."""
        before = next((n for n in range(index - 1, max(-1, index - 1 - REACH), -1) if self.flags[n]), None)
        after = next(
            (n for n in range(index + 1, min(len(self.flags), index + 1 + REACH)) if self.flags[n]), None
        )
        return [n for n in (before, after) if n is not None]

    def _is_member(self, index: int) -> bool:
        """Say whether a block is part of a mostly kept list, or of a table or the like between paragraphs."""
        above = self._above(index)
        if any(map(self._is_announced, above)):
            return True
        for place in above:
            tag = self.layout.tags[place]
            first, end = self.layout.first[place], self.layout.end[place]
            if tag in BOXES and self._stands_between(place):
                return bool(self.scores[first:end].mean() > BOXES[tag]) and not self._is_linked(index)
            if tag in LISTS:
                most = self.before[end] - self.before[first] > LEAST_OF_LIST * (end - first)
                return most and bool(self.scores[index] > LEAST_MEMBER) and not self._is_linked(index)
        return False

    def _is_announced(self, place: int) -> bool:
        """Say whether the kept text before a list, table or box announces it: by a colon, or as its
        heading with more text after it. Links do not speak against it."""
        first, end = self.layout.first[place], self.layout.end[place]
        before = first - 1
        if before < 0 or not self.flags[before] or self._parent(before) != self.layout.parents[place]:
            return False
        mean = float(self.scores[first:end].mean())
        if self._announces(before) and self._begins_with_list(place):
            last = before == self.kept[-1]
            return mean > LEAST_ANNOUNCED and (last or self._stands_between(place))
        headed = self.layout.tags[self.layout.homes[before]] in HEADINGS
        return headed and mean > LEAST_HEADED and self._stands_between(place)

    def _begins_with_list(self, place: int) -> bool:
        """Say whether a container is a list or table, or only wraps one."""
        tags, first = self.layout.tags, self.layout.first
        wrapped = range(place, min(place + 4, len(tags)))
        return any(tags[one] in ANNOUNCED and first[one] == first[place] for one in wrapped)

    def _stands_between(self, place: int) -> bool:
        """Say whether the blocks directly before and after a container are kept and are its siblings."""
        first, end = self.layout.first[place], self.layout.end[place]
        if not first or end == len(self.flags) or not (self.flags[first - 1] and self.flags[end]):
            return False
        parent = self.layout.parents[place]
        return self._parent(first - 1) == parent == self._parent(end)

    def _is_linked(self, index: int) -> bool:
        return self.layout.linked[index] > len(self.layout.texts[index]) / 2

    def _parent(self, index: int) -> int:
        return self.layout.parents[self.layout.homes[index]]

    def _above(self, index: int) -> list[int]:
        """Return the containers of a block, the nearest first."""
        places = [self.layout.homes[index]]
        while self.layout.parents[places[-1]] >= 0:
            places.append(self.layout.parents[places[-1]])
        return places
