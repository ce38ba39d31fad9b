"""Hidden blocks of a selection: traps for copying programs go, text that is shown later stays.

A page may hide its whole article until a script runs, or a part of it until a reader asks for it. So a hidden
block goes only if it is short, is a small part of what was chosen, and no control of the page shows it.
"""

from bisect import bisect_left
from collections.abc import Iterator

from unabridged.extraction.html.dom import Dom, Element, Text
from unabridged.extraction.selection.blocks import Layout
from unabridged.extraction.structure.hidden import (
    hides_itself,
    is_revealed,
    kind_of_classes,
)

MOST_HIDDEN = 0.4
"""Share of the chosen text from which hidden text is the article, that a script will show."""
MOST_STATIC = 0.7
"""The same on a page without scripts, which shows nothing later (a copy of a page may have lost them)."""
MOST_BLOCKS = 3
"""Blocks of a hidden container from which it is a section of the text, whatever it is called."""
LONGEST_REMARK = 160
"""Characters of a line for screen readers."""
_DATA = frozenset("pre table math figure".split())
_CONTROLS = frozenset("button summary label a".split())
_CONTROLLED = "[aria-controls],[data-target],[data-bs-target],[href^='#'],[onclick],[for],[data-toggle]"


def without_hidden(dom: Dom, layout: Layout, kept: list[int]) -> list[int]:
    """Return the kept blocks without those that the page hides from its readers."""
    hidden: set[int] = set()
    controlled: frozenset[str] | None = None
    for home in sorted(_containers(layout, kept)):
        how = _how_hidden(layout, home)
        if not how:
            continue
        first, end = bisect_left(kept, layout.first[home]), bisect_left(kept, layout.end[home])
        inside = kept[first:end]
        if how == "spoken":
            if sum(len(layout.texts[index]) for index in inside) <= LONGEST_REMARK:
                hidden.update(inside)
        elif how == "never shown":
            hidden.update(inside)
        elif not hidden.issuperset(inside) and (len(inside) < MOST_BLOCKS or not _may_reveal(dom)):
            element = layout.elements[home]
            controlled = _controlled_ids(dom) if controlled is None else controlled
            if not _is_shown_later(element) and (element.attr("id") or "") not in controlled:
                hidden.update(inside)
    return _without(layout, kept, hidden, MOST_HIDDEN if not hidden or _may_reveal(dom) else MOST_STATIC)


def _containers(layout: Layout, kept: list[int]) -> set[int]:
    """Return the containers of kept blocks and all above them."""
    found: set[int] = set()
    for index in kept:
        home = layout.homes[index]
        while home > 0 and home not in found:
            found.add(home)
            home = layout.parents[home]
    return found


def _how_hidden(layout: Layout, home: int) -> str:
    """Say how a container is hidden: "never shown", "spoken" by screen readers only, "hidden" or ""."""
    tag = layout.tags[home]
    if tag == "noscript":
        return "never shown"
    element, kind = layout.elements[home], kind_of_classes(layout.keys[home])
    if kind in ("never shown", "spoken"):
        return kind
    hides = kind == "hidden" or hides_itself(element)
    return "hidden" if hides and tag not in _DATA and element.select_one("math,table,pre") is None else ""


def _is_shown_later(element: Element) -> bool:
    return is_revealed(element) or _is_behind_control(element)


def _may_reveal(dom: Dom) -> bool:
    """Say whether the page has a script, or a box whose tick may show what a style hides."""
    return next(iter(dom.elements(("script", "input"))), None) is not None


def _without(layout: Layout, kept: list[int], hidden: set[int], most: float) -> list[int]:
    if not hidden:
        return kept
    whole = sum(len(layout.texts[index]) for index in kept)
    if sum(len(layout.texts[index]) for index in hidden) >= most * whole:
        return kept
    return [index for index in kept if index not in hidden]


def _is_behind_control(element: Element) -> bool:
    """Say whether a control or a heading of its own stands right beside a hidden element."""
    before = _beside(element, "previous_sibling")
    if before is None:
        return False
    if before.tag in _CONTROLS or before.attr("aria-expanded") is not None or before.attr("role") == "button":
        return True
    if before.tag in ("dt", "h2", "h3", "h4", "h5", "h6"):
        after, earlier = _beside(element, "next_sibling"), _beside(before, "previous_sibling")
        return after is None or after.tag == before.tag or (earlier is not None and hides_itself(earlier))
    after = _beside(element, "next_sibling")
    return after is not None and (after.tag == "button" or after.attr("aria-expanded") is not None)


def _beside(element: Element, step: str) -> Element | None:
    """Return the element next to one, None if text stands between them."""
    node = getattr(element, step)
    while type(node) is Text and node.data.isspace():
        node = getattr(node, step)
    return node if type(node) is Element else None


def _controlled_ids(dom: Dom) -> frozenset[str]:
    """Return the ids that controls and links of the page name."""
    return frozenset(name for element in dom.select(_CONTROLLED) for name in _named(element))


def _named(element: Element) -> Iterator[str]:
    for name in ("aria-controls", "data-target", "data-bs-target", "href", "for", "data-toggle"):
        value = element.attr(name)
        if value and len(value) < 200:
            yield from value.replace("#", " ").split()
    action = element.attr("onclick")
    if action:
        yield from action[:500].replace('"', "'").split("'")[1::2]
