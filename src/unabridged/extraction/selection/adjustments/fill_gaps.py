"""Add unselected blocks inside the chosen body: sub-headings, tables, the rest of a list, one paragraph.

Short blocks have weak evidence of their own, and a selection may leave gaps. A gap is filled if the tree
shows what it is, and if no strong evidence speaks against the block. The thresholds are those at which, on
pages with full truth, the block is more often right than wrong.
"""

from itertools import accumulate

from unabridged.extraction.html.dom import Element
from unabridged.extraction.html.sanitizer import MATH_TAGS
from unabridged.extraction.selection.adjustments.data_tables import is_data_table, with_sections_of_tables
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
BOXES = {"table": -3.0, "blockquote": -2.0, "pre": -1.0, "figure": -4.0}
"""Minimum mean log-odds of such an element between kept paragraphs of one container."""
WRAPPERS = frozenset(("div", "figure", "center", "section"))
"""Elements that may stand around such an element and hold nothing else but its caption."""
LEAST_LAST_DATA = -1.5
"""Minimum mean log-odds of a table with headers right behind the last kept text."""
REACH_OF_TABLE = 16
"""Maximum blocks between such a table and the kept ones: captions and remarks, other tables not counted."""
LEVELS_OF_TABLE = 5
"""Maximum levels between such a table and the container of the kept texts around it."""
LEAST_CODE = -4.0
"""Log-odds below which a block of code or a formula inside the kept text stays out."""
REACH_OF_CODE = 8
"""Maximum distance in blocks of the kept ones around a block of code: labels and other code stand between."""
LONGEST_BESIDE_FORMULA = 20
"""Maximum characters beside a formula in a block of its own: a number, a full stop, "where"."""
LEAST_ANNOUNCED, LEAST_HEADED = -3.0, -1.5
"""Minimum mean log-odds of a list, table or box after a text with a colon, or under a kept heading."""
SHORTEST_ANNOUNCEMENT = 25
"""Minimum characters of a text with a colon that announces a last list; shorter ones are labels."""
_CELLS = frozenset(("td", "th"))
_BESIDE = frozenset(("aside", "nav", "footer", "form", "dialog"))
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
        if (not features.captions[index] or body.tag(index) == "pre" or body.is_text_of_figure(index))
        and not barred[index]
        and (index != features.titled or not features.columns["title"][index])
        and body.belongs(index)
    ]
    return with_sections_of_tables(features.arrays.layout, scores, sorted([*kept, *found]))


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
        self.data: dict[int, bool] = {}

    def tag(self, index: int) -> str:
        """Return the tag of a block's container."""
        return self.layout.tags[self.layout.homes[index]]

    def gaps(self) -> list[int]:
        """Return the unselected blocks between the one before the first kept block and the last kept one."""
        first, last = self.kept[0], self.kept[-1]
        inside = [index for index in range(max(0, first - 1), last) if not self.flags[index]]
        return inside + list(range(last + 1, self._end_of_last_list()))

    def _end_of_last_list(self) -> int:
        """Return the end of the list that the last kept text announces, 0 if it announces none."""
        last = self.kept[-1]
        if last + 1 >= len(self.flags):
            return 0
        announced = self._announces(last, SHORTEST_ANNOUNCEMENT)
        for place in self._above(last + 1):
            if self.layout.first[place] != last + 1 or self.layout.parents[place] != self._parent(last):
                continue
            if self.layout.tags[place] in ANNOUNCED and (announced or self._is_last_data(place)):
                return self.layout.end[place]
        return 0

    def _is_last_data(self, place: int) -> bool:
        """Say whether a table of data ends the text: it stands right behind the last kept block."""
        return self.layout.first[place] == self.kept[-1] + 1 and is_data_table(
            self.layout, self.scores, place, LEAST_LAST_DATA
        )

    def _is_data_of_text(self, place: int) -> bool:
        """Say whether a table of data stands in the text (asked once for each of its blocks)."""
        if place not in self.data:
            self.data[place] = self._stands_in_text(place)
        return self.data[place]

    def _stands_in_text(self, place: int) -> bool:
        """Say whether a table of data has kept blocks before and after it, not far away, or ends the text."""
        if self._is_last_data(place):
            return True
        if not is_data_table(self.layout, self.scores, place):
            return False
        layout = self.layout
        before = self._nearest_text(range(layout.first[place] - 1, -1, -1))
        after = self._nearest_text(range(layout.end[place], len(self.flags)))
        if before is None or after is None:
            return False
        around = set(self._above(before)) & set(self._above(after))
        for _ in range(LEVELS_OF_TABLE):
            place = layout.parents[place]
            if place < 0 or layout.tags[place] in _BESIDE:
                return False
            if place in around:
                return True
        return False

    def _nearest_text(self, numbers: range) -> int | None:
        """Return the first kept block of those numbers, within REACH_OF_TABLE, tables not counted."""
        passed = 0
        for number in numbers:
            if self.flags[number]:
                return number
            if self.tag(number) not in _CELLS:
                passed += 1
                if passed > REACH_OF_TABLE:
                    return None
        return None

    def _announces(self, index: int, shortest: int = 1) -> bool:
        text = self.layout.texts[index]
        return len(text) >= shortest and text.endswith(COLONS)

    def belongs(self, index: int) -> bool:
        """Say whether a block belongs to the kept blocks around it."""
        tag = self.tag(index)
        score = self.scores[index]
        if tag in HEADINGS:
            return self._is_heading_of_kept(index) or any(map(self._is_announced, self._above(index)))
        if score > LEAST_CODE and (tag == "pre" or self._is_formula(index)) and self._is_inside(index):
            return True
        if tag == "p" and score > LEAST_PARAGRAPH and self._is_between(index):
            return True
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

    def _is_formula(self, index: int) -> bool:
        """Say whether a block is a formula, but for a few characters beside it."""
        nodes = self.layout.nodes[index]
        if not any(
            type(node.parent) is Element and node.parent.tag in MATH_TAGS for node in (nodes[0], nodes[-1])
        ):
            return False
        beside = (
            node for node in nodes if not (type(node.parent) is Element and node.parent.tag in MATH_TAGS)
        )
        return sum(len(node.text.strip()) for node in beside) <= LONGEST_BESIDE_FORMULA

    def _is_inside(self, index: int) -> bool:
        """Say whether kept blocks of one container stand not far before and after a block."""
        near = [
            next((n for n in numbers if self.flags[n]), None)
            for numbers in (
                range(index - 1, max(-1, index - 1 - REACH_OF_CODE), -1),
                range(index + 1, min(len(self.flags), index + 1 + REACH_OF_CODE)),
            )
        ]
        before, after = near
        if before is None or after is None:
            return False
        return not set(self._above(before)[1:3]).isdisjoint(self._above(after)[1:3])

    def _is_of_one_class(self, index: int) -> bool:
        """Say whether the containers of a block and of those beside it have a class in common, or none."""
        own, *near = (
            set(self.layout.keys[self.layout.homes[n]].split()) for n in (index, *self._beside(index))
        )
        return all(own & other or own == other for other in near)

    def _beside(self, index: int) -> list[int]:
        """Return the nearest kept block on either side, within REACH."""
        before = self._nearest(range(index - 1, -1, -1))
        after = self._nearest(range(index + 1, len(self.flags)))
        return [n for n in (before, after) if n is not None]

    def _nearest(self, numbers: range) -> int | None:
        """Return the first kept block of those numbers, within REACH."""
        return next((number for number in numbers[:REACH] if self.flags[number]), None)

    def is_text_of_figure(self, index: int) -> bool:
        """Say whether a block inside a figure is text: of a quotation, or a paragraph beside a picture."""
        above = self._above(index)
        figure = next((place for place in above if self.layout.tags[place] == "figure"), None)
        if figure is None:
            return False
        if self._is_quotation(figure):
            return True
        if any(self.layout.tags[place] == "figcaption" for place in above):
            return False
        first, end = self.layout.first[figure], self.layout.end[figure]
        homes = [self.layout.tags[self.layout.homes[one]] for one in range(first, end)]
        return homes[index - first] == "p" and (homes.count("p") > 1 or "figcaption" in homes)

    def _is_quotation(self, figure: int) -> bool:
        element = self.layout.elements[figure]
        return element.find("blockquote") is not None and element.find("img") is None

    def _is_member(self, index: int) -> bool:
        """Say whether a block is part of a mostly kept list, or of a table or the like between paragraphs."""
        above = self._above(index)
        if any(map(self._is_announced, above)):
            return True
        listed = False
        for place in above:
            tag = self.layout.tags[place]
            if tag in BOXES and self._stands_between(place) and self._is_of_box(index, place, BOXES[tag]):
                return True
            if tag == "table" and self._is_data_of_text(place):
                return True
            if tag in LISTS and not listed:
                listed = True
                first, end = self.layout.first[place], self.layout.end[place]
                most = self.before[end] - self.before[first] > LEAST_OF_LIST * (end - first)
                if most and self.scores[index] > LEAST_MEMBER and not self._is_linked(index):
                    return True
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
            return mean > LEAST_ANNOUNCED and (last or self._has_kept_siblings(place))
        headed = self.layout.tags[self.layout.homes[before]] in HEADINGS
        return headed and mean > LEAST_HEADED and self._has_kept_siblings(place)

    def _begins_with_list(self, place: int) -> bool:
        """Say whether a container is a list or table, or only wraps one."""
        tags, first = self.layout.tags, self.layout.first
        wrapped = range(place, min(place + 4, len(tags)))
        return any(tags[one] in ANNOUNCED and first[one] == first[place] for one in wrapped)

    def _has_kept_siblings(self, place: int) -> bool:
        """Say whether the blocks directly before and after a container are kept and are its siblings."""
        first, end = self.layout.first[place], self.layout.end[place]
        if not first or end == len(self.flags) or not (self.flags[first - 1] and self.flags[end]):
            return False
        parent = self.layout.parents[place]
        return self._parent(first - 1) == parent == self._parent(end)

    def _is_of_box(self, index: int, place: int, least: float) -> bool:
        """Say whether a block belongs to a table, quotation, code block or figure of text."""
        tag = self.layout.tags[place]
        if tag == "figure" and not self.is_text_of_figure(index):
            return False
        first, end = self.layout.first[place], self.layout.end[place]
        if not self.scores[first:end].mean() > least or (tag == "table" and end - first < 2):
            return False
        return not self._is_linked(index) or (
            tag == "table" and self.layout.elements[place].find("th") is not None
        )

    def _stands_between(self, place: int) -> bool:
        """Say whether a container, with its wrappers and caption, stands between two kept blocks.

        They are at most REACH away, and stand in the container that holds it.
        """
        layout = self.layout
        while (parent := layout.parents[place]) > 0 and self._only_wraps(parent, place):
            place = parent
        before = self._nearest(range(layout.first[place] - 1, -1, -1))
        after = self._nearest(range(layout.end[place], len(self.flags)))
        return (
            before is not None
            and after is not None
            and parent in self._above(before)
            and parent in self._above(after)
        )

    def _only_wraps(self, wrapper: int, place: int) -> bool:
        """Say whether a container holds no blocks but those of one inside it, and its caption."""
        layout = self.layout
        beside = (
            *range(layout.first[wrapper], layout.first[place]),
            *range(layout.end[place], layout.end[wrapper]),
        )
        return (
            layout.tags[wrapper] in WRAPPERS
            and len(beside) <= 1
            and all(layout.tags[layout.homes[index]] == "figcaption" for index in beside)
        )

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
