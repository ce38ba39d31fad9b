"""Split a page into blocks: every run of inline content between two block boundaries.

A boundary is the start or end of an element that is not inline, or two line breaks in a row. The containers
(elements that are not inline) form a tree over the blocks. Each covers a range of blocks, so that a sum over
a subtree is a difference of two prefix sums.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from unabridged.extraction.html.dom import Dom, Element, Node, Text
from unabridged.extraction.html.media import ICON
from unabridged.extraction.html.sanitizer import MATH_TAGS

INLINE = frozenset(
    "a abbr acronym b basefont bdi bdo big cite code data del dfn em font i ins kbd label mark "
    "nobr q rb rt ruby s samp small span strike strong sub sup tt u var wbr time picture img source "
    f"semantics {ICON}".split()
).union(MATH_TAGS)
BOLD = frozenset(("b", "strong", "em", "i", "big", "mark"))
SILENT = frozenset(
    "script style template svg iframe object embed applet canvas audio video map select datalist textarea "
    "input head title meta link base param track area progress meter frame rp annotation "
    "annotation-xml".split()
)
"""Elements whose text is not part of the page's text."""

MAX_ELEMENTS = 60_000
MAX_BLOCKS = 10_000
MAX_DEPTH = 500
"""Limits of the walk; the longest real page of our corpora has 6,220 blocks."""


@dataclass(slots=True)
class Layout:
    """A page as blocks in document order under a tree of containers.

    The lists are parallel. Containers: elements, tags, parents (index, -1 for the root), keys (class and id
    as written), marks (role, itemprop, hidden), first and end (the range of their blocks); none is empty
    except the first, the body. Blocks: texts (white space folded), nodes (their text nodes), homes (index of
    the nearest container), openers (outermost and innermost inline element open at their first word), linked
    and bold (characters inside links, inside bold or emphasised text). cut: the page was too big to be walked
    whole.
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


_CONTAINER, _PLAIN, _LINK, _BOLD, _SILENT, _BREAK = range(6)
_KINDS = {
    **dict.fromkeys(INLINE, _PLAIN),
    **dict.fromkeys(BOLD, _BOLD),
    "a": _LINK,
    **dict.fromkeys(SILENT, _SILENT),
    "br": _BREAK,
}
"""Treatment of an element by the walk; all others are containers."""


class _LayoutBuilder:
    """The layout under construction, the current block, and the elements open around it.

    A container is added with its first word: `noted` are the open containers that have been added, `waiting`
    those inside them that have no word yet.
    """

    __slots__ = (
        "bold",
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
        "waiting",
    )

    def __init__(self, body: Element) -> None:
        self.layout = Layout(elements=[body], tags=["body"], parents=[-1], first=[0], end=[0])
        self.pieces: list[str] = []
        self.nodes: list[Node] = []
        self.inline: list[Element] = []
        self.noted = [0]
        self.waiting: list[tuple[Element, str]] = []
        self.opener = ""
        self.full = False
        self.line_breaks = self.opened = 0
        self.linked = self.bold = self.in_link = self.in_bold = 0

    def text(self, node: Text, data: str) -> None:
        """Add a text that is not blank."""
        if not self.nodes:
            if self.full:
                return
            if self.waiting:
                self._note_containers()
            self.opener = _opener(self.inline) if self.inline else ""
        self.nodes.append(node)
        self.pieces.append(data)
        self.line_breaks = 0
        if self.in_link:
            self.linked += len(data)
        if self.in_bold:
            self.bold += len(data)

    def _note_containers(self) -> None:
        """Add the open containers that have been waiting: they start at the next block."""
        layout, noted = self.layout, self.noted
        start = len(layout.texts)
        for element, tag in self.waiting:
            layout.parents.append(noted[-1])
            noted.append(len(layout.tags))
            layout.elements.append(element)
            layout.tags.append(tag)
            layout.first.append(start)
            layout.end.append(0)
        self.waiting.clear()

    def line_break(self) -> None:
        self.opened += 1
        self.line_breaks += 1
        if self.nodes:
            if self.line_breaks > 1:
                self.flush()
            else:
                self.pieces.append(" ")

    def open(self, element: Element, tag: str, kind: int) -> None:
        self.opened += 1
        if kind == _CONTAINER:
            if self.nodes:
                self.flush()
            self.line_breaks = 0
            self.waiting.append((element, tag))
            return
        self.inline.append(element)
        if kind == _LINK:
            self.in_link += 1
        elif kind == _BOLD:
            self.in_bold += 1

    def close(self, kind: int) -> None:
        """Close the innermost element."""
        if kind == _CONTAINER:
            if self.nodes:
                self.flush()
            self.line_breaks = 0
            if self.waiting:
                self.waiting.pop()
            else:
                self.layout.end[self.noted.pop()] = len(self.layout.texts)
            return
        self.inline.pop()
        if kind == _LINK:
            self.in_link -= 1
        elif kind == _BOLD:
            self.in_bold -= 1

    def flush(self) -> None:
        """End the current block."""
        layout, pieces = self.layout, self.pieces
        text = pieces[0] if len(pieces) == 1 else "".join(pieces)
        layout.texts.append(" ".join(text.split()))
        layout.nodes.append(tuple(self.nodes))
        layout.homes.append(self.noted[-1])
        layout.openers.append(self.opener)
        layout.linked.append(self.linked)
        layout.bold.append(self.bold)
        if len(layout.texts) >= MAX_BLOCKS:
            self.full = layout.cut = True
        pieces.clear()
        self.nodes.clear()
        self.linked = self.bold = 0


def lay_out(dom: Dom) -> Layout:
    """Split a page's body into blocks. Linear in the page's size."""
    layout = split_blocks(dom.body)
    _read_attributes(layout, dom)
    return layout


def split_blocks(body: Element) -> Layout:
    """Walk an element once, with a stack, and split it into blocks; without `keys` and `marks`."""
    builder = _LayoutBuilder(body)
    layout, block = builder.layout, builder.nodes
    nodes, kind = iter(body), _CONTAINER
    stack: list[tuple[Iterator[Node], int]] = []
    while True:
        for node in nodes:
            if type(node) is Text:
                data = node.data
                if data and not data.isspace():
                    builder.text(node, data)
                elif block:
                    builder.pieces.append(" ")
            elif type(node) is Element and (sort := _KINDS.get(tag := node.tag, _CONTAINER)) != _SILENT:
                if sort == _BREAK:
                    builder.line_break()
                elif len(stack) > MAX_DEPTH or builder.opened > MAX_ELEMENTS or builder.full:
                    layout.cut = True
                else:
                    builder.open(node, tag, sort)
                    stack.append((nodes, kind))
                    nodes, kind = iter(node), sort
                    break
        else:
            builder.close(kind)
            if not stack:
                return layout
            nodes, kind = stack.pop()


_TELLING = "[role],[itemprop],[style],[hidden],[aria-hidden]"
"""Elements with informative attributes beside class and id."""


def _read_attributes(layout: Layout, dom: Dom) -> None:
    """Read the attributes of all containers."""
    telling = set(dom.select(_TELLING))
    layout.keys = [
        f"{element.attr('class') or ''} {id_}" if (id_ := element.attr("id")) else element.attr("class") or ""
        for element in layout.elements
    ]
    layout.marks = [_mark(element) if element in telling else "" for element in layout.elements]


def _opener(inline: list[Element]) -> str:
    """Return tags and classes of the outermost and innermost open inline element, as one key."""
    outer, inner = inline[0], inline[-1]
    key = f"{outer.tag} {outer.attr('class') or ''}"
    return key if inner is outer else f"{key} {inner.tag} {inner.attr('class') or ''}"


def _mark(element: Element) -> str:
    """Return role, itemprop and hidden of an element, as one key."""
    role, prop = element.attr("role"), element.attr("itemprop")
    mark = f"{role or ''} {prop or ''}" if role or prop else ""
    return f"{mark} hidden" if _is_hidden(element) else mark


def _is_hidden(element: Element) -> bool:
    style = element.attr("style")
    if style and "display:none" in style.replace(" ", "").lower():
        return True
    return element.attr("hidden") is not None or element.attr("aria-hidden") == "true"
