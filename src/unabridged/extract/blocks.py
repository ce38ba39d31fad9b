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

MAX_NODES = 400_000
MAX_DEPTH = 500


@dataclass(slots=True)
class Layout:
    """A page as blocks in document order under a tree of containers.

    Lists are parallel. Containers: elements, tags, parents (index, -1 for the root's), keys (class and id as
    written), marks (other attributes that tell: role, itemprop, style, hidden), first and end (the range of
    their blocks). Blocks: texts (white space folded), nodes (their text nodes), homes (index of the nearest
    container), openers (outermost and innermost inline element open at their first word), linked and bold
    (characters inside links, inside bold or emphasised text).
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


class _Run:
    """The block being gathered, and the inline elements open around it."""

    __slots__ = ("bold", "home", "in_bold", "in_link", "inline", "linked", "nodes", "opener", "pieces")

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.nodes: list[Node] = []
        self.inline: list[Element] = []
        self.opener = ""
        self.home = self.linked = self.bold = self.in_link = self.in_bold = 0

    def add(self, node: Text, data: str, home: int) -> None:
        if not self.nodes:
            self.home = home
            self.opener = _opener(self.inline) if self.inline else ""
        self.nodes.append(node)
        self.pieces.append(data)
        if self.in_link:
            self.linked += len(data)
        if self.in_bold:
            self.bold += len(data)

    def flush(self, layout: Layout) -> None:
        layout.texts.append(" ".join("".join(self.pieces).split()))
        layout.nodes.append(tuple(self.nodes))
        layout.homes.append(self.home)
        layout.openers.append(self.opener)
        layout.linked.append(self.linked)
        layout.bold.append(self.bold)
        self.pieces = []
        self.nodes = []
        self.linked = self.bold = 0


def _opener(inline: list[Element]) -> str:
    """Tags and classes of the outermost and innermost open inline element, as one key."""
    outer, inner = inline[0], inline[-1]
    key = f"{outer.tag} {outer.attr('class') or ''}"
    return key if inner is outer else f"{key} {inner.tag} {inner.attr('class') or ''}"


def lay_out(dom: Dom) -> Layout:
    """Walk the body once, iteratively, and cut it into blocks. Linear in the page's size."""
    layout, run = Layout(), _Run()
    _open_container(layout, dom.body, "body", -1)
    home, breaks, visited = 0, 0, 0
    walk: Iterator[Node] = iter(dom.body)
    stack: list[tuple[Iterator[Node], str]] = []
    while True:
        for node in walk:
            visited += 1
            kind = type(node)
            if kind is Text:
                data = node.data
                if data and not data.isspace():
                    run.add(node, data, home)
                    breaks = 0
                elif run.pieces:
                    run.pieces.append(" ")
            elif kind is Element:
                tag = node.tag
                if tag in SILENT:
                    continue
                if tag == "br":
                    breaks += 1
                    if breaks > 1 and run.nodes:
                        run.flush(layout)
                    run.pieces.append("\n")
                    continue
                if len(stack) > MAX_DEPTH or visited > MAX_NODES:
                    layout.cut = True
                    continue
                if tag in INLINE:
                    _open_inline(run, node, tag)
                else:
                    if run.nodes:
                        run.flush(layout)
                    home = _open_container(layout, node, tag, home)
                breaks = 0
                stack.append((walk, tag))
                walk = iter(node)
                break
        else:
            tag = stack[-1][1] if stack else "body"
            if tag in INLINE:
                _close_inline(run, tag)
            else:
                if run.nodes:
                    run.flush(layout)
                layout.end[home] = len(layout.texts)
                home = layout.parents[home]
            breaks = 0 if tag not in INLINE else breaks
            if not stack:
                return layout
            walk = stack.pop()[0]


def _open_inline(run: _Run, element: Element, tag: str) -> None:
    run.inline.append(element)
    if tag == "a":
        run.in_link += 1
    elif tag in BOLD:
        run.in_bold += 1


def _close_inline(run: _Run, tag: str) -> None:
    run.inline.pop()
    if tag == "a":
        run.in_link -= 1
    elif tag in BOLD:
        run.in_bold -= 1


def _open_container(layout: Layout, element: Element, tag: str, parent: int) -> int:
    """Note an element as a container that starts at the next block. Its index."""
    key = mark = ""
    attributes = len(element.attrs)
    if attributes:
        class_, id_ = element.attr("class"), element.attr("id")
        key = f"{class_ or ''} {id_}" if id_ else class_ or ""
        if attributes > (class_ is not None) + (id_ is not None):
            mark = _mark(element)
    layout.elements.append(element)
    layout.tags.append(tag)
    layout.parents.append(parent)
    layout.keys.append(key)
    layout.marks.append(mark)
    layout.first.append(len(layout.texts))
    layout.end.append(len(layout.texts))
    return len(layout.tags) - 1


def _mark(element: Element) -> str:
    """What attributes other than class and id tell: role, itemprop, hidden, as one key."""
    role, prop = element.attr("role"), element.attr("itemprop")
    style = element.attr("style")
    mark = f"{role or ''} {prop or ''}" if role or prop else ""
    if (
        (style and "none" in style and "display:none" in style.replace(" ", "").lower())
        or element.attr("hidden") is not None
        or element.attr("aria-hidden") == "true"
    ):
        mark += " hidden"
    return mark
