"""Cutting a page into blocks: every run of inline content between two block boundaries.

A boundary is the start or end of any element that is not inline, and two line breaks in a row. Over the
blocks stand the containers (the elements that are not inline) as a tree: each covers a range of blocks, so
that a sum over a subtree is a difference of two cumulative sums.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from unabridged.extract.dom import Dom, Element, Node, Text

INLINE = frozenset(
    "a abbr acronym b basefont bdi bdo big cite code data del dfn em font i ins kbd label mark math mi mo mn "
    "mrow msub msup nobr q rb rt ruby s samp small span strike strong sub sup tt u var wbr time picture "
    "img source".split()
)
BOLD = frozenset(("b", "strong", "em", "i", "big", "mark"))
SILENT = frozenset(
    "script style template svg iframe object embed applet canvas audio video map select datalist textarea "
    "input head title meta link base param track area progress meter frame rp".split()
)
"""Elements whose text is no text of the page."""

MAX_ELEMENTS = 60_000
MAX_BLOCKS = 10_000
MAX_DEPTH = 500
"""Beyond these a page is not walked further; the longest real page of our corpora has 6,220 blocks."""


@dataclass(slots=True)
class Layout:
    """A page as blocks in document order under a tree of containers.

    Lists are parallel. Containers: elements, tags, parents (index, -1 for the root's), keys (class and id as
    written), marks (other attributes that tell: role, itemprop, style, hidden), first and end (the range of
    their blocks); none is without blocks but the first, the body.
    Blocks: texts (white space folded), nodes (their text nodes), homes (index of the nearest container),
    openers (outermost and innermost inline element open at their first word), linked and bold (characters
    inside links, inside bold or emphasised text).
    cut: the page was too big to be walked whole.
    """

    elements: list[Element] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    nodes: list[tuple[Node, ...]] = field(default_factory=list)
    homes: list[int] = field(default_factory=list)
    openers: list[str] = field(default_factory=list)
    linked: list[int] = field(default_factory=list)
    bold: list[int] = field(default_factory=list)
    cut: bool = False


class _Gatherer:
    """The layout under construction, the block being gathered, and the elements open around it.

    A container is noted when its first word comes: the noted ones are the outer of the open ones.
    """

    __slots__ = (
        "bold",
        "containers",
        "full",
        "in_bold",
        "in_link",
        "inline",
        "layout",
        "line_breaks",
        "linked",
        "nodes",
        "noted",
        "opened",
        "opener",
        "pieces",
    )

    def __init__(self, body: Element) -> None:
        self.layout = Layout()
        self.pieces: list[str] = []
        self.nodes: list[Node] = []
        self.inline: list[Element] = []
        self.containers: list[tuple[Element, str]] = [(body, "body")]
        self.noted: list[int] = []
        self.opener = ""
        self.full = False
        self.line_breaks = self.opened = 0
        self.linked = self.bold = self.in_link = self.in_bold = 0
        self._note_containers()

    def text(self, node: Text, data: str) -> None:
        """Take up a text that is not blank."""
        if not self.nodes:
            if self.full:
                return
            if len(self.noted) < len(self.containers):
                self._note_containers()
            self.opener = _opener(self.inline) if self.inline else ""
        self.nodes.append(node)
        self.pieces.append(data)
        self.line_breaks = 0
        if self.in_link:
            self.linked += len(data)
        if self.in_bold:
            self.bold += len(data)

    def line_break(self) -> None:
        self.opened += 1
        self.line_breaks += 1
        if self.nodes:
            if self.line_breaks > 1:
                self.flush()
            else:
                self.pieces.append(" ")

    def open(self, element: Element, tag: str) -> None:
        self.opened += 1
        if tag not in INLINE:
            if self.nodes:
                self.flush()
            self.line_breaks = 0
            self.containers.append((element, tag))
            return
        self.inline.append(element)
        if tag == "a":
            self.in_link += 1
        elif tag in BOLD:
            self.in_bold += 1

    def close(self, tag: str) -> None:
        if tag not in INLINE:
            if self.nodes:
                self.flush()
            self.line_breaks = 0
            if len(self.noted) == len(self.containers):
                self.layout.end[self.noted.pop()] = len(self.layout.texts)
            self.containers.pop()
            return
        self.inline.pop()
        if tag == "a":
            self.in_link -= 1
        elif tag in BOLD:
            self.in_bold -= 1

    def flush(self) -> None:
        """End the block being gathered."""
        layout = self.layout
        layout.texts.append(" ".join("".join(self.pieces).split()))
        layout.nodes.append(tuple(self.nodes))
        layout.homes.append(self.noted[-1])
        layout.openers.append(self.opener)
        layout.linked.append(self.linked)
        layout.bold.append(self.bold)
        self.full = len(layout.texts) >= MAX_BLOCKS
        layout.cut |= self.full
        self.pieces = []
        self.nodes = []
        self.linked = self.bold = 0

    def _note_containers(self) -> None:
        """Note the open containers that are not yet: they start at the next block."""
        layout, noted = self.layout, self.noted
        for element, tag in self.containers[len(noted) :]:
            layout.parents.append(noted[-1] if noted else -1)
            noted.append(len(layout.tags))
            layout.elements.append(element)
            layout.tags.append(tag)
            layout.first.append(len(layout.texts))
            layout.end.append(0)


def lay_out(dom: Dom) -> Layout:
    """Walk the body once, with a stack, and cut it into blocks. Linear in the page's size."""
    gatherer = _Gatherer(dom.body)
    layout = gatherer.layout
    nodes: Iterator[Node] = iter(dom.body)
    stack: list[tuple[Iterator[Node], str]] = []
    while True:
        for node in nodes:
            kind = type(node)
            if kind is Text:
                data = node.data  # type: ignore[attr-defined]
                if data and not data.isspace():
                    gatherer.text(node, data)  # type: ignore[arg-type]
                elif gatherer.nodes:
                    gatherer.pieces.append(" ")
            elif kind is Element and (tag := node.tag) not in SILENT:  # type: ignore[attr-defined]
                if tag == "br":
                    gatherer.line_break()
                elif len(stack) > MAX_DEPTH or gatherer.opened > MAX_ELEMENTS or gatherer.full:
                    layout.cut = True
                else:
                    gatherer.open(node, tag)  # type: ignore[arg-type]
                    stack.append((nodes, tag))
                    nodes = iter(node)
                    break
        else:
            if not stack:
                gatherer.close("body")
                _read_attributes(layout, dom)
                return layout
            nodes, tag = stack.pop()
            gatherer.close(tag)


_TELLING = "[role],[itemprop],[style],[hidden],[aria-hidden]"
"""Elements whose attributes beside class and id may tell something."""


def _read_attributes(layout: Layout, dom: Dom) -> None:
    """Note what the attributes of all containers tell."""
    telling = set(dom.select(_TELLING))
    layout.keys = [
        f"{element.attr('class') or ''} {id_}" if (id_ := element.attr("id")) else element.attr("class") or ""
        for element in layout.elements
    ]
    layout.marks = [_mark(element) if element in telling else "" for element in layout.elements]


def _opener(inline: list[Element]) -> str:
    """Tags and classes of the outermost and innermost open inline element, as one key."""
    outer, inner = inline[0], inline[-1]
    key = f"{outer.tag} {outer.attr('class') or ''}"
    return key if inner is outer else f"{key} {inner.tag} {inner.attr('class') or ''}"


def _mark(element: Element) -> str:
    """What attributes other than class and id tell: role, itemprop, hidden, as one key."""
    role, prop = element.attr("role"), element.attr("itemprop")
    mark = f"{role or ''} {prop or ''}" if role or prop else ""
    return f"{mark} hidden" if _is_hidden(element) else mark


def _is_hidden(element: Element) -> bool:
    style = element.attr("style")
    if style and "display:none" in style.replace(" ", "").lower():
        return True
    return element.attr("hidden") is not None or element.attr("aria-hidden") == "true"
