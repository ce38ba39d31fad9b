"""Lines of a block of code, whatever they are built of: text, line breaks, rows of elements, table rows.

What stands beside the code is left out: line numbers, copy buttons, toolbars.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from unabridged.extraction.html.dom import Element, Node, Text
from unabridged.text.patterns import lazy_regex

ROW_TAGS = frozenset("div p li tr pre dd dt section article blockquote figure".split())
_ROW_CLASSES = frozenset(
    "line token-line code-line view-line cm-line codeline ec-line CodeMirror-line ace_line hljs-line "
    "code__line code-block-line cl diff-line react-code-text".split()
)
_SPLIT_TAGS = frozenset(("td", "th", "code", "span", "a", "font"))
_GUTTER_CLASS = lazy_regex(
    r"(?:^|[\s_-])(?:gutters?\w*|line-?_?(?:no|nos|nums?|numbers?|index|count)(?:div)?s?|ln|lnt|lnr|lno|blob-num|"
    r"ln-num|row-?num(?:ber)?|hljs-ln-(?:n|numbers)|crayon-nums?\w*|ace_gutter\S*|rowno|lnlinks|linenums|"
    r"diff-line-num)(?=$|[\s_-])",
    re.IGNORECASE,
)
_NUMBERS = lazy_regex(r"[\s\d.:|+\u2212-]*")
_DIGITS = lazy_regex(r"[\s\d]*\d[\s\d]*")
_LEFT_OUT = frozenset(
    "button script style svg template input select option textarea noscript img label".split()
)
_BAR_CLASS = lazy_regex(
    r"(?:^|[\s_-])(?:copy\w*|clipboard\w*|copybtn|toolbar\w*|btn|code-?header|lang(?:uage)?-?(?:name|label)?|"
    r"headerlink|anchorjs-link|tooltip\w*|action\w*|zeroclipboard\w*)(?=$|[\s_-])",
    re.IGNORECASE,
)
BAR_LABEL = lazy_regex(
    r"(?:copy(?: (?:code|snippet|to clipboard|text|link|this code|permalink|command|page))?|copied!?|"
    r"click to copy|view (?:raw|plain|code)|raw|print|download|run(?: code)?|try it(?: yourself)?(?: »)?|"
    r"(?:un)?wrap(?: lines?| text)?|toggle (?:word ?wrap|line numbers|plain code)|expand(?: code)?|"
    r"collapse(?: code)?|show (?:more|less|all|line numbers)|open in .{1,25}|edit|explain(?: code)?|ask ai|"
    r"enter fullscreen mode|exit fullscreen mode|full ?screen|code language:|coding:|line numbers|hide|"
    r"kopieren|code kopieren|copier(?: le code)?|copiar(?: código)?|copia|kopiuj|копировать|复制(?:代码)?|"
    r"複製(?:程式碼)?|コピー(?:する)?|복사|[?¶#×⧉📋…]|text copied!?)",
    re.IGNORECASE,
)
"""Words in the bar of a block of code, besides its language."""
_UNSEEN = {ord("\u00a0"): " ", ord("\u200b"): None, ord("\ufeff"): None, ord("\u00ad"): None}
_BLOCK_STYLE = lazy_regex(r"display\s*:\s*(?:block|flex|grid|table-row)", re.IGNORECASE)
_TOP = lazy_regex(r"top\s*:\s*(\d{1,7})(?:\.\d+)?px")


def code_text(root: Element, *, folded: bool = False) -> str:
    """Return the code of an element, with its lines and indentation.

    folded: white space of the source means nothing (only line breaks and no-break spaces do).
    """
    writer = _LineWriter(folded=folded)
    rows_of_code = sum(1 for child in root if type(child) is Element and child.tag == "code") > 1
    stack: list[tuple[Iterator[Node], int]] = [(iter(_in_order(root)), -1)]
    while stack:
        nodes, start = stack[-1]
        node = next(nodes, None)
        if node is None:
            stack.pop()
            if start >= 0:
                writer.end_row(start)
        elif type(node) is Text:
            if not (node.data.isspace() and _is_frame(node.parent)):
                writer.text(node.data)
        elif type(node) is Element:
            tag = node.tag
            if tag == "br":
                writer.line_break()
            elif not (tag in _LEFT_OUT or is_beside_code(node)):
                row = is_row(node, tag) or (rows_of_code and tag == "code")
                stack.append((iter(node), writer.start_row() if row else -1))
    return writer.code()


def _is_frame(element: Node | None) -> bool:
    """Say whether white space directly in an element is never shown."""
    return type(element) is Element and element.tag in _FRAMES


_FRAMES = frozenset(("table", "thead", "tbody", "tr", "ol", "ul", "colgroup"))


def _in_order(root: Element) -> list[Node]:
    """Return the children of an element; lines that a style places, in the order of their places."""
    nodes = list(root)
    if "view-lines" not in (root.attr("class") or ""):
        return nodes
    lines = [node for node in nodes if type(node) is Element]
    tops = [_TOP.search(line.attr("style") or "") for line in lines]
    if not lines or not all(tops):
        return nodes
    places = [int(top[1]) if top else 0 for top in tops]
    return [lines[at] for at in sorted(range(len(lines)), key=places.__getitem__)]


def is_row(element: Element, tag: str) -> bool:
    """Say whether an element is a line of its own."""
    if tag in ROW_TAGS:
        return True
    if tag not in ("span", "code", "a", "font"):
        return False
    if is_line(element):
        return True
    style = element.attr("style")
    if style and _BLOCK_STYLE.search(style):
        return True
    return element.attr("data-line") is not None and tag == "span" and not element.text.strip().isdecimal()


def is_line(element: Element) -> bool:
    """Say whether an element's class calls it a line of code."""
    return not _ROW_CLASSES.isdisjoint((element.attr("class") or "").split())


def is_beside_code(element: Element) -> bool:
    """Say whether an element inside a block of code holds line numbers or a part of its toolbar."""
    names = element.attr("class")
    if names:
        if _GUTTER_CLASS.search(names) and _NUMBERS.fullmatch(element.text):
            return True
        if _BAR_CLASS.search(names) and _is_bar_text(element):
            return True
    if element.attr("hidden") is not None or element.attr("role") == "button":
        return _is_bar_text(element)
    if element.attr("aria-hidden") == "true" or "user-select" in (element.attr("style") or ""):
        return _DIGITS.fullmatch(element.text) is not None
    if element.tag in _SPLIT_TAGS and element.attr("style"):
        return _is_unnamed_gutter(element)
    return element.tag in ("td", "th") and _is_unnamed_gutter(element)


def _is_bar_text(element: Element) -> bool:
    text = " ".join(element.text.split())
    return not text or BAR_LABEL.fullmatch(text) is not None


def _is_unnamed_gutter(element: Element) -> bool:
    """Say whether a cell or column without a class holds nothing but the numbers of lines, from its first."""
    numbers = element.text.split()
    if not numbers or not all(number.isdecimal() and len(number) < 6 for number in numbers):
        return False
    after = element.next_sibling
    while after is not None and type(after) is not Element:
        after = after.next_sibling
    if after is None or after.tag != element.tag:
        return False
    consecutive = all(int(after) == int(before) + 1 for before, after in pairwise(numbers))
    return consecutive and (element.tag in ("td", "th") or len(numbers) > 1)


class _LineWriter:
    """Code under construction. ended: a row has ended and the next text begins a line; broken: with its line
    feed already written."""

    __slots__ = ("broken", "ended", "folded", "parts")

    def __init__(self, *, folded: bool) -> None:
        self.parts: list[str] = []
        self.folded = folded
        self.ended = self.broken = False

    def _at_line_start(self) -> bool:
        return not self.parts or self.parts[-1].endswith("\n")

    def start_row(self) -> int:
        """Begin a line; return where it begins."""
        if (self.ended and not self.broken) or (not self._at_line_start() and not self._is_blank_line()):
            self.parts.append("\n")
        self.ended = self.broken = False
        return len(self.parts)

    def _is_blank_line(self) -> bool:
        """Say whether the line so far is white space between rows; it is removed."""
        while self.parts and self.parts[-1].isspace() and "\n" not in self.parts[-1]:
            self.parts.pop()
        return self._at_line_start()

    def end_row(self, start: int) -> None:
        if not self.ended:
            self.ended = True
            self.broken = self._at_line_start() and len(self.parts) > start

    def line_break(self) -> None:
        if self.ended and not self.broken:
            self.broken = True
            self.parts.append("\n")
            self.ended = False
            return
        self.ended = False
        self.parts.append("\n")

    def text(self, data: str) -> None:
        data = data.replace("\r\n", "\n").replace("\r", "\n") if "\r" in data else data
        if self.folded:
            data = _FOLDED.sub(" ", data)
            if self._at_line_start():
                data = data.lstrip(" ")
        if not data:
            return
        if self.ended:
            if data.isspace():
                self._between_rows(data)
                return
            if not self.broken:
                data = data if data[0] == "\n" else f"\n{data}"
            self.ended = self.broken = False
        self.parts.append(data)

    def _between_rows(self, data: str) -> None:
        """Take white space between rows: its first line feed ends the row, others are empty lines."""
        feeds = data.count("\n") if data.strip("\n") == "" else min(1, data.count("\n"))
        if feeds and not self.broken:
            self.parts.append("\n")
            self.broken = True
            feeds -= 1
        elif feeds:
            feeds -= 1
        self.parts += ["\n"] * feeds

    def code(self) -> str:
        lines = "".join(self.parts).split("\n")
        lines = [line.rstrip() if line.endswith("\u00a0") or line.isspace() else line for line in lines]
        return "\n".join(lines).translate(_UNSEEN).strip("\n").rstrip()


_FOLDED = lazy_regex(r"[ \t\n\r\f]+")
