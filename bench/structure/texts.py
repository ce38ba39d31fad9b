"""Text of elements, and its folded forms that comparisons use."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

Structure = dict[str, Any]


def flat(text: str) -> str:
    """Return text with its white space collapsed."""
    return " ".join(text.split())


def folded(text: str) -> str:
    """Return the letters and digits of a text, in one case and one width."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def folded_code(text: str) -> str:
    """Return code without white space and with plain quotes."""
    return re.sub(r"[\s\u200b\ufeff]+", "", text.translate(_QUOTES))


_QUOTES = str.maketrans("“”„«»‘’‚′″", "\"\"\"\"\"'''''")


def text_of(element: HtmlElement) -> str:
    """Return an element's text, blocks parted by spaces."""
    return flat(_in_order(element))


def _in_order(element: HtmlElement) -> str:
    parts: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end", "comment")):
        if event == "start":
            parts += (" " if node.tag in _BLOCKS else "", node.text or "")
        if event in ("end", "comment") and node is not element:
            parts += (" " if node.tag in _BLOCKS else "", node.tail or "")
    return "".join(parts)


_BLOCKS = frozenset("p div li ul ol dl dd dt table tr td th br h1 h2 h3 h4 h5 h6 blockquote section".split())


def outermost(root: HtmlElement, tag: str) -> Iterator[HtmlElement]:
    return (e for e in root.iter(tag) if next(e.iterancestors(tag), None) is None)
