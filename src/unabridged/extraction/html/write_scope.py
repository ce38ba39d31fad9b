"""The part of a tree that is written, and limits that every rule of the serializer shares."""

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field

from unabridged.extraction.html.builders import HtmlPiece
from unabridged.extraction.html.dom import Element, Node

MOST_ADDRESSES = 8_000
"""Maximum links and pictures of a body that are resolved; the longest real pages have a few thousand."""
SILENT = frozenset(
    "script style template svg canvas map select option optgroup datalist textarea input button head title "
    "meta link base param track area progress meter frame frameset noframes noembed dialog applet nav".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteScope:
    """The part of a tree to write, and the URL against which its links resolve.

    kept: text nodes to write, None for all; path: the elements above them. dropped: elements to skip.
    anchors: id in the page -> id in the output (only ids that a link in the text points to). write_media:
    writes the media of an element without kept text. budget: runs out after MOST_ADDRESSES links and
    pictures; later ones keep only their text.
    """

    base: str | None = None
    kept: Set[Node] | None = None
    path: Set[Node] = frozenset()
    dropped: Set[Node] = frozenset()
    anchors: Mapping[str, str] = field(default_factory=dict)
    write_media: Callable[[Element], list[HtmlPiece]] | None = None
    budget: Iterator[int] = field(default_factory=lambda: iter(range(MOST_ADDRESSES)))


WriteChildren = Callable[[Node, WriteScope, int], list[HtmlPiece]]
"""Writes the children of an element at a depth."""
ElementRule = Callable[[Element, WriteScope, int, WriteChildren], list[HtmlPiece]]
"""Writes one element at a depth, its children by the function given."""
