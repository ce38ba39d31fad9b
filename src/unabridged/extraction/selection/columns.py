"""Names of the feature columns, and the arrays of a page that they are computed from."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from unabridged.extraction.selection.blocks import Layout

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEVELS = 5
"""Ancestors used for features, including the block's own container."""
HOLDING = (0.4, 0.6, 0.8, 0.95)
"""Shares of a page's prose for which the smallest container is determined."""

TAG_GROUPS = {
    "p": ("p",),
    "heading": ("h2", "h3", "h4", "h5", "h6"),
    "h1": ("h1",),
    "item": ("li", "dt", "dd"),
    "cell": ("td", "th", "caption"),
    "div": ("div", "section", "article", "main", "body"),
    "quote": ("blockquote", "pre"),
    "caption": ("figcaption",),
    "control": ("button", "form", "summary", "fieldset", "legend", "option"),
}
ABOVE = ("nav", "aside", "footer", "header", "figure", "article", "main", "table", "ul")
_OF_CONTAINERS = ("share", "purity", "links", "blocks", "class", "words", "title words", "description start")
NEIGHBOURLY = ("size", "linked", "stop", "words", "class sum", "is heading")
AROUND = ("prose", "linked", "size")
WIDTHS = (3, 9)

NAMES = (
    *("size", "long", "linked", "bold", "stop", "commas", "stops", "digits", "upper", "signs", "colon"),
    *("word length", "prose", "cjk", "class sum", "class least", "class most", "opener", "words", "hidden"),
    *("page hidden", "class typical", "class over typical"),
    *(f"is {name}" for name in TAG_GROUPS),
    *(f"in {name}" for name in ABOVE),
    *("title words", "description start", "title words around", "page title words"),
    *(f"{name} {level}" for level in range(LEVELS) for name in _OF_CONTAINERS),
    *(f"inside {share}" for share in HOLDING),
    *("in best parent", "before best", "after best", "best class", "best share", "beside best"),
    *("home is best", "child of best"),
    *("series", "series prose", "series links", "series words", "series size"),
    *("prose before", "place", "page blocks", "page prose", "page purity", "since prose", "until prose"),
    *("title", "has title", "after title", "before title", "described", "repeated", "repeated size"),
    "in data",
    *(f"{name} {offset:+d}" for name in NEIGHBOURLY for offset in (-2, -1, 1, 2)),
    *(f"{name} around {width}" for name in AROUND for width in WIDTHS),
    *("last marker", "last heading"),
)
"""Names of all columns, in the order in which the network learnt them."""
PLACES = {name: place for place, name in enumerate(NAMES)}


class Columns:
    """The feature columns of a page, by name. table: one row for each, in the order of NAMES."""

    __slots__ = ("table",)

    def __init__(self, count: int) -> None:
        self.table: Floats = np.empty((len(NAMES), count))

    def __getitem__(self, name: str) -> Floats:
        column: Floats = self.table[PLACES[name]]
        return column

    def __setitem__(self, name: str, values: ArrayLike) -> None:
        """Fill a column; a single value applies to the whole page."""
        self.table[PLACES[name]] = values

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def fill(self, first: str, rows: NDArray[np.generic]) -> None:
        """Fill a column and those after it."""
        place = PLACES[first]
        self.table[place : place + len(rows)] = rows


@dataclass(slots=True)
class PageArrays:
    """Per-block and per-container arrays of a page; subtree sums use prefix sums.

    Blocks: index to home. Containers: parent to evidence. sums: prefix sums of block columns. best: the
    container with most paragraphs, once known. subtrees: sums of "size" and "prose" over each container, once
    known.
    """

    layout: Layout
    index: Ints
    size: Floats
    linked: Floats
    prose: Floats
    stop: Floats
    home: Ints
    parent: Ints
    first: Ints
    end: Ints
    evidence: Floats
    sums: dict[str, Floats]
    subtrees: dict[str, Floats]
    best: int = 0

    def add(self, name: str, column: Floats) -> None:
        """Add the prefix sums of a block column."""
        self.sums[name] = prefix_sums(column)

    def within(self, name: str) -> Floats:
        """Return the sum of a block column over each container's subtree."""
        return self.subtrees[name]


def prefix_sums(column: Floats) -> Floats:
    """Return the prefix sums of a column: the sum before each place, and the total."""
    total = np.zeros(len(column) + 1)
    np.cumsum(column, out=total[1:])
    return total
