"""Notes that the text links to: {mark, text}."""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from lxml.html import HtmlElement

from bench.structure.texts import Structure, flat, folded, text_of

NOTE = 30
"""Characters kept of a note."""

_MARK = re.compile(
    r"^[\[(（〔［]?\s*(?:note |注\s*|\*)?"
    r"(\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5}|[*†‡§¶#]{1,3}|[①-⑳]|[⁰¹²³⁴-⁹]+)\s*[\])）〕］.]?$"
)


def mark_of(text: str) -> str | None:
    """Return the mark of a note that a link's text is: a number, a letter, a sign."""
    found = _MARK.match(flat(text))
    return unicodedata.normalize("NFKC", found[1]) if found else None


_LINKS_BACK = re.compile(
    r"^(?:(?:Jump up to|跳转到|跳至)\s*[:：]?\s*)?(?:\d{1,3}\.\d{1,2}\s+)*(?:[a-z] (?=[a-z] |[A-Z\"“]))*",
)


def note_of(mark: str, text: str) -> Structure:
    """Return the fingerprint of a note; its own mark and links back are no part of its text."""
    body = re.sub(r"^[\s\[(（\^↑↩↵⏎*]*", "", flat(text))
    if folded(mark) and body.startswith(mark):
        body = re.sub(r"^[\s\])）.:：、^↑↩*]*", "", body[len(mark) :])
    body = _LINKS_BACK.sub("", body)
    return {"mark": mark, "text": body.strip(" ^↑↩\ufe0e")[:NOTE]}


def notes(root: HtmlElement) -> Iterator[tuple[HtmlElement, Structure]]:
    order = {element: number for number, element in enumerate(root.iter())}
    targets: dict[str, HtmlElement] = {}
    for element in order:
        if isinstance(element.tag, str):
            for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
                if name:
                    targets.setdefault(name, element)
    seen: set[HtmlElement] = set()
    for link in root.iter("a"):
        fragment = unquote(link.get("href", "").partition("#")[2])
        target = targets.get(fragment) if fragment else None
        mark = mark_of(link.text_content()) if target is not None else None
        if target is None or mark is None or order[target] <= order[link]:
            continue
        holder = _holder(target)
        text = text_of(holder)
        if holder not in seen and len(folded(text)) > len(folded(mark)) and link not in holder.iter("a"):
            seen.add(holder)
            yield holder, note_of(mark, text)


def _holder(target: HtmlElement) -> HtmlElement:
    """Return the block that holds a note, from the element that its link leads to."""
    for element in (target, *target.iterancestors()):
        if (
            element.tag in ("li", "p", "dd", "tr", "aside", "blockquote", "div", "td")
            and len(folded(element.text_content())) > 3
        ):
            return element
    return target
