"""Tables built of divs whose roles say what they are, rewritten as table elements."""

from itertools import islice

from unabridged.extraction.html.dom import Dom, Element
from unabridged.extraction.structure.page_names import PageNames

_TAGS = {
    "row": "tr",
    "cell": "td",
    "gridcell": "td",
    "columnheader": "th",
    "rowheader": "th",
    "rowgroup": "tbody",
}
_INSIDE = ",".join(f'[role="{role}"]' for role in _TAGS)
MOST_TABLES = 200
MOST_PARTS = 20_000
"""Rows and cells of such a table; the rest keeps its elements."""


def rewrite_role_tables(dom: Dom, names: PageNames) -> None:
    """Rewrite the tables of a page that are built of divs."""
    name_tables(dom.body)


def name_tables(root: Element) -> None:
    """Rewrite the tables below an element that are built of divs (`role="table"`)."""
    for table in islice(root.select('[role="table"]'), MOST_TABLES):
        if table.tag == "table" or table.parent is None or table.find("table") is not None:
            continue
        parts = table.select(_INSIDE)
        if len(parts) > MOST_PARTS or not any(part.attr("role") == "row" for part in parts):
            continue
        for part in reversed(parts):
            tag = _TAGS[part.attr("role") or ""]
            if part.tag != tag:
                _rename(part, tag)
        _rename(table, "table")


def _rename(element: Element, tag: str) -> None:
    """Put an element of another kind in the place of one, with its content and what it spans."""
    kept = {
        name: value
        for name in ("colspan", "rowspan", "class", "id")
        if (value := element.attr(name) or element.attr(f"aria-{name}"))
    }
    renamed = Element(tag, kept)
    for child in tuple(element):
        renamed.append(child)
    element.replace_with(renamed)
