"""Boxes beside an article's column: behind its end, or between its paragraphs under headings of their own.

Most articles are paragraphs of one container, the column. What a page sets in boxes around it (portraits of
authors, offers, teasers with full sentences) reads like the article, and only the tree tells it apart. A box
goes if the evidence for its words is weak, and if it is little text.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Sequence

from unabridged.extraction.selection.adjustments.asides import FORUM_TYPES
from unabridged.extraction.selection.blocks import Layout
from unabridged.extraction.selection.columns import Floats

LEAST_BLOCKS = 6
"""Kept blocks of a page with a column."""
LEAST_OF_COLUMN, LEAST_BESIDE_BOX = 0.75, 0.6
"""Minimum share of the kept text inside the column if what follows it goes; directly in it, if a box goes."""
MOST_BEHIND, MOST_IN_BOX = 0.15, 0.2
"""Maximum share of the kept text that goes behind the column, and in one box."""
MOST_EVIDENCE_BEHIND, MOST_EVIDENCE_OF_BOX = 3.0, 2.5
"""Mean log-odds above which such texts stay."""
MOST_HEADINGS_BEHIND, MOST_HEADINGS_OF_BOX = 1, 2
"""Headings from which they are sections of the article, such as questions and answers."""
MOST_BLOCKS_OF_BOX = 12
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BEGINNINGS = _HEADINGS | {"header"}
_BOXES = frozenset(("div", "aside", "section"))


def without_boxes(layout: Layout, scores: Floats, kept: list[int], types: Collection[str]) -> list[int]:
    """Return the kept blocks without the boxes beside the article's column.

    scores: log-odds of every block. types: the types of the page's structured data, lower case; pages of
    forums have no column.
    """
    if len(kept) < LEAST_BLOCKS or FORUM_TYPES.intersection(types):
        return kept
    body = _Body(layout, scores, kept)
    dropped = {*body.behind(), *body.headed()}
    return [index for index in kept if index not in dropped] if dropped else kept


class _Body:
    """The kept blocks of a page, and the container that directly holds most of their text."""

    def __init__(self, layout: Layout, scores: Floats, kept: Sequence[int]) -> None:
        self.layout, self.scores, self.kept = layout, scores, kept
        texts, homes, parents = layout.texts, layout.homes, layout.parents
        held: Counter[int] = Counter()
        for index in kept:
            held[max(parents[homes[index]], 0)] += len(texts[index])
        self.column, self.direct = held.most_common(1)[0]
        self.whole = sum(held.values())

    def behind(self) -> Sequence[int]:
        """Return the blocks behind the column, if they are few."""
        layout, end = self.layout, self.layout.end[self.column]
        found = self.kept[bisect_left(self.kept, end) :]
        if not found or self._size(found) > MOST_BEHIND * self.whole:
            return ()
        column = self._inside(self.column)
        if self._size(column) < LEAST_OF_COLUMN * self.whole:
            return ()
        tags = [layout.tags[layout.homes[index]] for index in found]
        if "pre" in tags or sum(tag in _HEADINGS for tag in tags) > MOST_HEADINGS_BEHIND:
            return ()
        return found if self._evidence(found) <= MOST_EVIDENCE_BEHIND else ()

    def headed(self) -> list[int]:
        """Return the blocks of boxes between the paragraphs of the column that begin with a heading."""
        if self.direct < LEAST_BESIDE_BOX * self.whole:
            return []
        layout, column = self.layout, self.column
        own = [index for index in self.kept if layout.parents[layout.homes[index]] == column]
        return [
            index
            for place in range(column + 1, len(layout.tags))
            if layout.parents[place] == column and layout.tags[place] in _BOXES
            if own[0] < layout.first[place] and layout.end[place] <= own[-1]
            for index in self._box(place)
        ]

    def _box(self, place: int) -> Sequence[int]:
        """Return the kept blocks of a box, none if it may belong to the article."""
        layout, inside = self.layout, self._inside(place)
        if len(inside) < 2 or layout.end[place] - layout.first[place] > MOST_BLOCKS_OF_BOX:
            return ()
        tags = [layout.tags[layout.homes[index]] for index in inside]
        if tags[0] not in _BEGINNINGS or sum(tag in _HEADINGS for tag in tags) > MOST_HEADINGS_OF_BOX:
            return ()
        if self._is_plain_list(inside, tags):
            return ()
        weak = self._evidence(inside) < MOST_EVIDENCE_OF_BOX
        return inside if weak and self._size(inside) < MOST_IN_BOX * self.whole else ()

    def _is_plain_list(self, inside: Sequence[int], tags: Sequence[str]) -> bool:
        """Say whether blocks are a list without links, such as the pros and cons of a review."""
        items = [index for index, tag in zip(inside, tags, strict=True) if tag == "li"]
        return 2 * len(items) >= len(inside) and not any(self.layout.linked[index] for index in items)

    def _inside(self, place: int) -> Sequence[int]:
        first, end = self.layout.first[place], self.layout.end[place]
        return self.kept[bisect_left(self.kept, first) : bisect_left(self.kept, end)]

    def _size(self, indices: Sequence[int]) -> int:
        return sum(len(self.layout.texts[index]) for index in indices)

    def _evidence(self, indices: Sequence[int]) -> float:
        """Return the mean log-odds of blocks by their sizes."""
        texts, scores = self.layout.texts, self.scores
        return sum(float(scores[index]) * len(texts[index]) for index in indices) / self._size(indices)
