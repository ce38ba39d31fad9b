"""Take the publisher's box of key points ("In brief", "Key takeaways") out of a page, for its summary.

Only a box above the article's text is one: a heading and a list, or an element that is named so. A section of
the same name further down is the article's own and stays.
"""

import re

from unabridged.extraction.html.dom import Dom, Element, Node, Text, text_start
from unabridged.extraction.structure.service_labels import KEY_POINTS_MARK
from unabridged.text.labels import KEY_POINTS
from unabridged.text.patterns import lazy_regex
from unabridged.text.words import fold_spaces

MOST_HEADINGS = 60
"""Headings from the top of a page among which the box is looked for."""
LONGEST_POINT = 500
LONGEST_BOX = 2_500
"""Maximum characters of a point, and of all of them."""
PARAGRAPH = 100
"""Characters of a paragraph of the text."""
MOST_PARAGRAPHS_ABOVE = 1
"""Maximum paragraphs above the box: a standfirst."""
LEAST_PARAGRAPHS_BELOW = 3
MOST_WALKED = 3_000
"""Nodes between the headline and the box that are walked over."""

_HEADINGS = ("h2", "h3", "h4", "h5", "h6", "strong", "b", "summary")
_START = lazy_regex(r"^[\W_]+")
_ENDS = " :：.!–—-"
"""Signs that may stand around such a label."""
_BOXES = frozenset(("div", "section", "aside", "details", "figure", "blockquote", "header", "ul", "ol"))
_WHOLE = frozenset(("body", "main", "article", "html"))


def take_key_points(dom: Dom) -> tuple[str, ...]:
    """Remove the box of key points from a page and return its points; () if there is none.

    The page's labels have been removed before, and boxes marked by their names.
    """
    body = dom.body
    named = body.select(f"[{KEY_POINTS_MARK}]")[:20]
    for box in named:
        if box.tag in _BOXES and (points := _points_of(box)) and _is_above_text(dom, box):
            _drop(box)
            return points
    for count, heading in enumerate(body.iter_elements(_HEADINGS)):
        if count >= MOST_HEADINGS:
            break
        if not is_key_points_label(text_start(heading, 80)[:80]):
            continue
        found = _box_of(heading)
        if found is not None and (points := _points_of(found)) and _is_above_text(dom, heading):
            _drop(found)
            if found.parent is None:
                _drop_label(heading)
            return points
    return ()


def is_key_points_label(text: str) -> bool:
    """Say whether a text is the heading of a box of key points."""
    label = fold_spaces(text).rstrip(_ENDS)
    if not label[:1].isalnum():
        label = _START.sub("", label)
    return label.casefold() in _LABELS


_LABELS = frozenset(KEY_POINTS)


def _box_of(heading: Element) -> Element | None:
    """Return the box around a heading and its list, or the list beside it; None if there is neither."""
    node: Node | None = heading.parent
    for _ in range(4):
        if not isinstance(node, Element) or node.tag in _WHOLE:
            break
        lists = list(node.iter_elements(("ul", "ol")))
        if lists:
            rest = len(fold_spaces(node.text)) - sum(len(fold_spaces(one.text)) for one in lists)
            if len(lists) == 1 and rest <= len(fold_spaces(heading.text)) + 40:
                return node
            break
        node = node.parent
    return _list_after(heading)


def _list_after(heading: Element) -> Element | None:
    """Return the list directly after a heading, or after the paragraph that holds nothing else."""
    place: Element = heading
    parent = heading.parent
    while isinstance(parent, Element) and parent.tag in ("p", "div", "span", "strong", "b"):
        if fold_spaces(parent.text) != fold_spaces(heading.text):
            break
        place, parent = parent, parent.parent
    for node in place.next_siblings:
        if isinstance(node, Element):
            return node if node.tag in ("ul", "ol") else None
        if isinstance(node, Text) and node.data.strip():
            return None
    return None


def _points_of(box: Element) -> tuple[str, ...]:
    """Return the points of a box: the items of its list, else its paragraphs; () if it is too long for "
    "one."""
    lists = [box] if box.tag in ("ul", "ol") else list(box.iter_elements(("ul", "ol")))[:3]
    items = [item for one in lists for item in one.iter_elements("li")][:40]
    texts = [fold_spaces(item.text) for item in items]
    if not texts and len(box.text) <= LONGEST_BOX:
        texts = [fold_spaces(p.text) for p in list(box.iter_elements("p"))[:10]]
    points = tuple(text for text in texts if text and not is_key_points_label(text))
    if not points or len(box.text) > 2 * LONGEST_BOX or any(len(point) > LONGEST_POINT for point in points):
        return ()
    linked = sum(len(link.text) for link in box.iter_elements("a"))
    if linked > 0.6 * sum(map(len, points)) or max(map(len, points)) < 20:
        return ()  # a list of links, or labels
    return points if sum(map(len, points)) <= LONGEST_BOX else ()


def _is_above_text(dom: Dom, box: Element) -> bool:
    """Say whether a box stands at the head of an article: hardly a paragraph between the headline and it."""
    if box.closest("nav,footer") is not None or _is_live(box) or not _has_text_below(box):
        return False
    above = 0
    for count, node in enumerate(box.preceding):
        if count > MOST_WALKED:
            return False
        if not isinstance(node, Element):
            continue
        if node.tag == "h1":
            return True
        if node.tag == "p" and len(text_start(node, PARAGRAPH)) >= PARAGRAPH:
            above += 1
            if above > MOST_PARAGRAPHS_ABOVE:
                return False
    return box.closest("article,main") is not None


def _is_live(box: Element) -> bool:
    """Say whether a box stands in a live blog, whose summary is a part of it."""
    return any(
        isinstance(node, Element)
        and _LIVE.search(f"{node.attr('class') or ''} {node.attr('id') or ''}"[:300])
        for node, _ in zip((box, *box.ancestors), range(6), strict=False)
    )


_LIVE = lazy_regex(r"(?:^|[\s_-])live(?:$|[\s_-]|-?blog)", re.IGNORECASE)


def _has_text_below(box: Element) -> bool:
    """Say whether an article's text follows a box."""
    below = 0
    for count, node in enumerate(box.following):
        if count > MOST_WALKED:
            return False
        if isinstance(node, Element) and node.tag == "p" and len(text_start(node, PARAGRAPH)) >= PARAGRAPH:
            below += 1
            if below == LEAST_PARAGRAPHS_BELOW:
                return True
    return False


def _drop(box: Element) -> None:
    box.extract()


def _drop_label(heading: Element) -> None:
    """Remove the heading of a list that was taken, with the paragraph that holds nothing else."""
    node: Element = heading
    while isinstance(parent := node.parent, Element) and parent.tag in ("p", "span", "strong", "b", "div"):
        if fold_spaces(parent.text) != fold_spaces(heading.text):
            break
        node = parent
    node.extract()
