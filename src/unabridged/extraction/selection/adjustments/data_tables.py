"""Tables of data that a selection left out: sections behind the text that hold nothing but tables."""

from unabridged.extraction.html.tables import is_layout
from unabridged.extraction.selection.blocks import Layout
from unabridged.extraction.selection.columns import Floats

LEAST_DATA = -4.5
"""Minimum mean log-odds of a table with headers in the text: numbers and names have little evidence."""
LEAST_CELLS = 4
"""Blocks of a table of data: a label and its value are none."""
LEAST_PARAGRAPH = -1.0
"""Log-odds from which a paragraph between the text and its tables stays."""
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))


def is_data_table(layout: Layout, scores: Floats, place: int, least: float = LEAST_DATA) -> bool:
    """Say whether a container is a table with headers that is no list of links."""
    first, end = layout.first[place], layout.end[place]
    if layout.tags[place] != "table" or end - first < LEAST_CELLS or not scores[first:end].mean() > least:
        return False
    element = layout.elements[place]
    if next(iter(element.iter_elements(("th", "thead"))), None) is None or is_layout(element):
        return False
    said = sum(len(layout.texts[index]) for index in range(first, end))
    return bool(sum(layout.linked[index] for index in range(first, end)) <= said / 2)


def with_sections_of_tables(layout: Layout, scores: Floats, kept: list[int]) -> list[int]:
    """Return the kept blocks and the sections right behind them that are a heading and tables of data.

    The first heading must be one of those that the text has, in the same container.
    """
    if not kept or "table" not in layout.tags:
        return kept
    parent = layout.parents[layout.homes[kept[-1]]]
    headings = {
        tag
        for index in kept
        if (tag := layout.tags[layout.homes[index]]) in _HEADINGS
        and layout.parents[layout.homes[index]] == parent
    }
    if not headings:
        return kept
    found: list[int] = []
    pending: list[int] = []
    index = kept[-1] + 1
    while index < layout.end[parent]:
        place = _child(layout, parent, index)
        blocks = list(range(index, layout.end[place]))
        tag = layout.tags[layout.homes[index]]
        is_heading = tag in _HEADINGS and (tag in headings or bool(found or pending))
        if len(blocks) == 1 and (is_heading or (tag == "p" and scores[index] > LEAST_PARAGRAPH)):
            pending += blocks
        elif (found or _ends_with_heading(layout, pending)) and is_data_table(layout, scores, place):
            found += pending + blocks
            pending = []
        else:
            break
        index = layout.end[place]
    return [*kept, *found]


def _ends_with_heading(layout: Layout, blocks: list[int]) -> bool:
    return bool(blocks) and layout.tags[layout.homes[blocks[-1]]] in _HEADINGS


def _child(layout: Layout, parent: int, index: int) -> int:
    """Return the container of a block that is a child of another container above it."""
    place = layout.homes[index]
    while layout.parents[place] not in (parent, -1):
        place = layout.parents[place]
    return place
