"""Wrappers of embeds: the elements that hold nothing but an embed and what asks for consent to it."""

import re
from collections.abc import Iterator

from unabridged.extraction.html.dom import Element, Text
from unabridged.extraction.html.media import POST
from unabridged.text.patterns import lazy_regex

LONGEST_PLACEHOLDER = 700
"""Characters of a placeholder that asks for consent or names the player that it covers."""
MOST_CHILDREN = 40
"""Children from which an element is no wrapper of one embed."""
YOUTUBE = lazy_regex(
    r"(?:youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#\s\"']{0,200}&)?v=|embed/|v/|shorts/|live/)|"
    r"youtu\.be/|"
    r"(?:ytimg|img\.youtube)\.com/vi(?:_webp)?/)([\w-]{11})(?![\w-])"
)
CONSENT = lazy_regex(
    r"cookie|consent|privacy|third[- ]part|accept|datenschutz|einwillig|zustimm|akzeptier|drittanbieter|"
    r"inhalt|données|confidentialité|accepter|tiers|privacidad|aceptar|terceros|accett|tracker|toestemming|samtyck|"
    r"samtykke|load (?:the )?(?:video|content|tweet|post)|external content|cookies|согласи|同意",
    re.IGNORECASE,
)
_SILENT = frozenset("script style noscript template svg link meta br button".split())
_WRAPPERS = frozenset("div figure span p center aside section".split())


def near(element: Element, tag: str) -> Element | None:
    """Return the element of a tag that is at most twelve levels above another, or is it; None if none is."""
    found: object = element
    for _ in range(13):
        if not isinstance(found, Element):
            return None
        if found.tag == tag:
            return found
        found = found.parent
    return None


def lift(embed: Element) -> None:
    """Put an embed in the place of the wrappers that hold nothing else but what asks for consent."""
    for _ in range(6):
        parent = embed.parent
        if not isinstance(parent, Element) or parent.tag not in _WRAPPERS or parent.parent is None:
            return
        if len(parent) > MOST_CHILDREN:
            return
        others = list(_others(parent, embed))
        text = " ".join(node.text if isinstance(node, Element) else node.data for node in others).strip()
        pictures = any(
            isinstance(node, Element)
            and next(node.iter_elements(("img", "iframe", POST, "figcaption"), include_self=True), None)
            is not None
            for node in others
        )
        if text and not (len(text) < LONGEST_PLACEHOLDER and CONSENT.search(text) and not pictures):
            return
        if pictures and not _only_stills(others):
            return
        parent.replace_with(embed)


def _others(parent: Element, embed: Element) -> Iterator[Element | Text]:
    """Yield the visible nodes beside an embed."""
    for node in parent:
        if node is embed or node == embed:
            continue
        if isinstance(node, Text):
            if not node.data.isspace():
                yield node
        elif isinstance(node, Element) and node.tag not in _SILENT:
            yield node


def _only_stills(nodes: list[Element | Text]) -> bool:
    """Say whether all media of some nodes are stills of a video."""
    media = [
        m
        for n in nodes
        if isinstance(n, Element)
        for m in n.iter_elements(("img", "iframe", POST, "figcaption"), include_self=True)
    ]
    return all(m.tag == "img" and YOUTUBE.search(f"{m.attr('src')} {m.attr('data-src')}") for m in media)
