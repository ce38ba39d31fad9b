"""Comparison of the text that was chosen with the text that is written: nothing is lost in silence."""

import html
from collections import Counter
from collections.abc import Mapping, Sequence

from unabridged.extraction.html.builders import INVISIBLE, HtmlPiece, strip_tags
from unabridged.extraction.html.dom import NOT_WRITTEN, Element, Node, Text
from unabridged.text.words import count_words

LEAST_LOST = 4
"""Words from which a loss is reported; fewer may be a sign or number that was written in another way."""
MOST_LOOKED_FOR = 2_000
"""Maximum texts that are searched for in the whole body, where they are not in their place."""
FIRST_WORDS = 60
"""Characters of the lost text that a warning quotes."""
_UNSEEN = tuple(mark for mark in INVISIBLE if not mark.isspace())


def unwritten(kept: Sequence[Node], pieces: Sequence[HtmlPiece]) -> tuple[str, ...]:
    """Return the texts of chosen nodes (in document order) that no piece written for them holds."""
    written = _squeezed(html.unescape(strip_tags("".join(piece.html for piece in pieces))))
    missing: dict[str, str] = {}
    place = 0
    for node in kept:
        if type(node) is not Text or not (text := _squeezed(node.data)):
            continue
        at = written.find(text, place)
        if at >= 0:
            place = at + len(text)
        elif not _is_formula(node):
            missing[text] = node.data
    return tuple(_lost(kept, written, missing)) if missing else ()


def _is_formula(node: Node) -> bool:
    """Say whether a text is a part of a formula, which is written in another notation."""
    parent = node.parent
    return isinstance(parent, Element) and parent.closest("math") is not None


def _lost(kept: Sequence[Node], written: str, missing: Mapping[str, str]) -> list[str]:
    """Return the missing texts that stand less often in the whole body than they were chosen."""
    count = Counter(_squeezed(node.data) for node in kept if type(node) is Text)
    lost: list[str] = []
    for text, said in list(missing.items())[:MOST_LOOKED_FOR]:
        lost += [said] * max(0, count[text] - written.count(text))
    return lost


def _squeezed(text: str) -> str:
    """Return a text without white space and invisible characters."""
    text = "".join(text.split())
    if not text.isprintable():  # as every invisible character is not
        for mark in _UNSEEN:
            if mark in text:
                text = text.replace(mark, "")
    return text


def loss_note(lost: Sequence[str]) -> str:
    """Return a warning about lost texts, "" if there are hardly any."""
    text = " ".join(word for word in " ".join(lost).split() if any(map(str.isalnum, word)))
    words = count_words(text)
    if words < LEAST_LOST:
        return ""
    start = text if len(text) <= FIRST_WORDS else f"{text[:FIRST_WORDS].rstrip()}…"
    return f"{words} words {NOT_WRITTEN}: “{start}”"
