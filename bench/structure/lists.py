"""Lists: {items, ordered, first, last}."""

from lxml.html import HtmlElement

from bench.structure.texts import Structure, folded, text_of

ITEM = 20
"""Characters kept of the first item and of the last."""


def list_element(element: HtmlElement, notes: set[int]) -> Structure | None:
    if any(parent.tag == "table" for parent in element.iterancestors()):
        return None
    items = [item for item in element if item.tag == "li" and folded(text_of(item))]
    noted = sum(1 for item in items if any(id(e) in notes for e in item.iter()))
    return (
        list_of([text_of(item) for item in items], element.tag == "ol") if noted * 2 <= len(items) else None
    )


def list_of(items: list[str], ordered: bool) -> Structure | None:
    """Return the fingerprint of a list; None below two items."""
    if len(items) < 2:
        return None
    return {"items": len(items), "ordered": ordered, "first": items[0][:ITEM], "last": items[-1][:ITEM]}
