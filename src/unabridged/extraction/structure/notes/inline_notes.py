"""Notes that stand in the text itself, behind their mark: sidenotes, tooltips, those of LaTeXML."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from unabridged.extraction.html.dom import Element, Node, Text
from unabridged.extraction.structure.notes.note_marks import MOST_MARKS, NoteMark, label_of, text_of
from unabridged.text.patterns import lazy_regex

_INLINE_NOTE = lazy_regex(
    r"(?:^|\s)(?:ltx_note|side-?note|margin-?note|inline-?(?:foot)?note|foot-?note(?:[-_]{1,2}(?:text|content|body|"
    r"tooltip|popup|pop))?|modern-footnotes-footnote__note|(?:fn|note)-(?:text|content|body))(?:$|\s)",
    re.IGNORECASE,
)
_TAGS = frozenset("span small aside div i em cite".split())
_PARENTS = frozenset("p li td dd span h2 h3 h4 blockquote figcaption em i b strong small".split())
SHORTEST = 8
"""Minimum characters of such a note; shorter text with such a class is a mark."""


def find_inline_notes(named: Sequence[Element], linked: Sequence[NoteMark]) -> list[NoteMark]:
    """Return the notes that stand in the text itself, with their marks. named: the elements whose class says
    "note"; linked: notes that links lead to already; copies of them in the text are removed."""
    if not named:
        return []
    known = {node for mark in linked for node in (*mark.nodes, mark.whole)}
    said = {" ".join(text_of(mark.nodes).split())[-80:] for mark in linked}
    found: list[NoteMark] = []
    for element in islice(named, MOST_MARKS):
        if element in known or not _is_inline_note(element) or any(a in known for a in _above(element)):
            continue
        if " ".join(element.text.split())[-80:] in said:
            element.extract()
            continue
        found.append(_note(element, len(linked) + len(found) + 1))
        known.update((element, *element.iter_elements()))
    return found


def _above(element: Element) -> Iterator[Node]:
    return islice(element.ancestors, 6)


def _is_inline_note(element: Element) -> bool:
    """Say whether an element is a note in a sentence."""
    parent = element.parent
    if element.tag not in _TAGS or not isinstance(parent, Element) or parent.tag not in _PARENTS:
        return False
    if _INLINE_NOTE.search(element.attr("class") or "") is None:
        return False
    text = element.text.strip()
    return len(text) >= SHORTEST and not label_of(text) and _follows_text(element)


def _follows_text(element: Element) -> bool:
    return any(
        (before.data if type(before) is Text else before.text).strip()
        for before in islice(element.previous_siblings, 12)
        if isinstance(before, (Text, Element))
    )


def _note(element: Element, count: int) -> NoteMark:
    """Return the note with its mark: the label before it, its own number, else the next one."""
    content = element.select_one(".ltx_note_content,.ltx_note_outer")
    if content is not None:
        own = element.select_one(".ltx_note_mark")
        label = label_of(own.text.strip()) if own is not None else ""
        return NoteMark(whole=element, label=label or str(count), target=element, nodes=tuple(content))
    mark = _mark_before(element)
    if mark is None:
        return NoteMark(whole=element, label=str(count), target=element, nodes=tuple(element))
    return NoteMark(
        whole=mark, label=label_of(mark.text.strip()) or str(count), target=element, nodes=(element,)
    )


def _mark_before(element: Element) -> Element | None:
    """Return the element directly before a note that is its mark: a label, a number, an empty span."""
    found: Element | None = None
    for before in islice(element.previous_siblings, 6):
        if type(before) is Text and before.data.strip():
            break
        if not isinstance(before, Element) or before.tag == "input":
            continue
        if before.tag not in ("label", "sup", "a", "button", "span"):
            break
        text = before.text.strip()
        if text and not label_of(text) and text not in "⊕+*ⓘ":
            break
        found = before
        if before.tag != "span" or text:
            break
    return found
