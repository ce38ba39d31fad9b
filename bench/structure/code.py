"""Blocks of code: {lines, lang, first, last}."""

import re

from lxml import etree
from lxml.html import HtmlElement

from bench.structure.texts import Structure

LINE = 30
"""Characters kept of the first line and of the last."""


def lines_of(pre: HtmlElement) -> str:
    parts: list[str] = []
    for event, node in etree.iterwalk(pre, events=("start", "end", "comment")):
        if event == "start":
            parts.append("\n" if node.tag == "br" else node.text or "")
        if event in ("end", "comment") and node is not pre:
            parts.append(node.tail or "")
    return "".join(parts)


def code_of(text: str, language: str | None) -> Structure:
    """Return the fingerprint of a block of code."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    filled = [number for number, line in enumerate(lines) if line.strip()]
    if not filled:
        return {"lines": 0, "lang": language, "first": "", "last": ""}
    first, last = lines[filled[0]].strip(), lines[filled[-1]].strip()
    return {
        "lines": filled[-1] - filled[0] + 1,
        "lang": language,
        "first": first[:LINE],
        "last": last[-LINE:],
    }


def language_of(pre: HtmlElement) -> str | None:
    """Return the language that the classes of a `pre` or the `code` in it name."""
    code = next(pre.iter("code"), None)
    for element in (code, pre):
        found = _LANGUAGE.search(element.get("class", "")) if element is not None else None
        if found:
            return found[1].lower()
    return None


_LANGUAGE = re.compile(r"(?:^|\s)lang(?:uage)?-([\w+#.-]+)")
