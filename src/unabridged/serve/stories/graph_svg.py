"""Picture of a graph of credits: places of its boxes and lines, for a template to draw as SVG. Pure.

The first sources stand at the left in every language, as in a family tree: lines lead from a source to those
who name it. The same is said in words beside the picture, for those who do not see it.
"""

from dataclasses import dataclass

from unabridged.stories.graph import CreditGraph, Edge, Node
from unabridged.text.scripts import WIDE_LETTER, direction

BOX_WIDTH, BOX_HEIGHT = 164, 40
GAP_ACROSS, GAP_DOWN = 56, 16
MARGIN = 6
BACK = 34
"""Depth below the boxes of a line that leads back."""
NAME = 21.0
"""Latin letters of a name that a box has room for."""
WIDE = 1.7
"""Latin letters that a Han, kana or hangul letter is as wide as."""
THICKEST = 4
"""Sentences from which a line grows no thicker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """An outlet. x, y: of its upper left corner. label: its name, cut to fit; full: the whole name."""

    x: int
    y: int
    label: str
    full: str
    rtl: bool
    """Its name is written from right to left."""
    tells: bool
    """It has articles in the story; an outlet that is only named has none."""

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + BOX_WIDTH // 2, self.y + BOX_HEIGHT // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line from a source to who names it. path: in SVG's notation; width: in pixels, by the sentences."""

    path: str
    width: float
    back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Boxes and lines with the size of the whole."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT


def picture(graph: CreditGraph) -> Picture:
    """Return where boxes and lines stand. Layers are columns, centred on each other."""
    tallest = max(
        (sum(one.layer == layer for one in graph.nodes) for layer in range(graph.layers)), default=0
    )
    boxes = tuple(_box(one, graph, tallest) for one in graph.nodes)
    lines = tuple(_line(one, boxes) for one in graph.edges)
    height = tallest * (BOX_HEIGHT + GAP_DOWN) - GAP_DOWN + 2 * MARGIN
    return Picture(
        width=graph.layers * (BOX_WIDTH + GAP_ACROSS) - GAP_ACROSS + 2 * MARGIN,
        height=height + BACK * any(one.back for one in graph.edges),
        boxes=boxes,
        lines=lines,
    )


def _box(node: Node, graph: CreditGraph, tallest: int) -> Box:
    beside = sum(one.layer == node.layer for one in graph.nodes)
    down = (tallest - beside) * (BOX_HEIGHT + GAP_DOWN) // 2 + node.place * (BOX_HEIGHT + GAP_DOWN)
    return Box(
        x=MARGIN + node.layer * (BOX_WIDTH + GAP_ACROSS),
        y=MARGIN + down,
        label=_cut(node.name),
        full=node.name,
        rtl=direction(None, node.name) == "rtl",
        tells=bool(node.articles),
    )


def _cut(name: str) -> str:
    room = NAME
    for place, letter in enumerate(name):
        room -= WIDE if WIDE_LETTER.match(letter) else 1.0
        if room < 0:
            return name[: max(place - 1, 1)].rstrip() + "…"
    return name


def _line(edge: Edge, boxes: tuple[Box, ...]) -> Line:
    source, by = boxes[edge.source], boxes[edge.by]
    return Line(
        path=_path_back(source, by) if edge.back else _path(source, by),
        width=1.0 + 0.5 * min(edge.sentences, THICKEST),
        back=edge.back,
    )


def _path(source: Box, by: Box) -> str:
    """Return a curve from the right side of a source to the left side of who names it."""
    x1, y1 = source.x + BOX_WIDTH, source.middle[1]
    x2, y2 = by.x - MARGIN, by.middle[1]
    bend = (x2 - x1) // 2
    return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"


def _path_back(source: Box, by: Box) -> str:
    """Return a curve below the boxes, from a source to an outlet at its left that names it."""
    (x1, _), (x2, _) = source.middle, by.middle
    y1, y2 = source.y + BOX_HEIGHT, by.y + BOX_HEIGHT + MARGIN
    lowest = max(y1, y2) + BACK
    return f"M{x1} {y1}C{x1} {lowest} {x2} {lowest} {x2} {y2}"
