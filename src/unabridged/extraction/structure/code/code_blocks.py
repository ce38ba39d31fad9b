"""Rewrite the blocks of code of a page into one form: a `pre` element that holds text only.

`data-language` names its language. Its classes stay: the selection reads them.
"""

import re
from collections.abc import Iterator
from itertools import islice

from unabridged.extraction.html.dom import Dom, Element, Node, Text, is_deep
from unabridged.extraction.html.media import is_hidden
from unabridged.extraction.structure.code.code_languages import language_label, language_of
from unabridged.extraction.structure.code.code_lines import BAR_LABEL, ROW_TAGS, code_text, is_line
from unabridged.extraction.structure.page_names import PageNames
from unabridged.text.patterns import lazy_regex

_TAGS = frozenset(("pre", "code", "samp", "kbd", "tt", "listing", "xmp"))
_CLASS_PARTS = (
    *("CodeMirror", "cm-line", "cm-content", "view-line", "ace_"),
    *("dp-highlighter", "yntaxhighlighter", "crayon", "geshi"),
    "blob-",
    "lines-code",
    "highlight",
    "codeblock",
    "code-block",
    "code_block",
    "codebox",
    "source-code",
    "sourcecode",
    "terminal",
    "linenos",
    "programlisting",
)
"""Tags and parts of class names of which every page with a block of code has one."""

_TABLES = frozenset(
    "lntable rouge-table highlighttable crayon-table codehilitetable hljs-ln js-file-line-container "
    "blob-table sourcecodetable code-table syntaxhighlightertable line-number-table".split()
)
_CELLS = (
    "td.gutter,td.code,td.linenos,td.blob-num,td.lines-num,td.rouge-gutter,td.hljs-ln-numbers,td.lineno,"
    "td.line_numbers"
)
_EDITORS = (
    ".CodeMirror-code,.cm-content,.view-lines,.ace_text-layer,.dp-highlighter>ol,ol.linenums,"
    ".geshi,.enlighter-code,.crayon-pre,.syntaxhighlighter .lines"
)
_BOXES = (
    "div.code,div.source,div.codebox,div.code-box,div.codeblock,div.code-block,div.code_block,div.sourcecode,"
    "div.source-code,div.programlisting,div.terminal,div.console,div.highlight,div.codehilite,div.prettyprint,"
    "div.syntaxhighlighter,div.code-snippet,div.snippet,p.code,div.listing,div.code-example,blockquote.code"
)
_EDITOR_PARTS = (
    "CodeMirror-code",
    "cm-content",
    "view-lines",
    "ace_text-layer",
    "dp-highlighter",
    "linenos",
    "geshi",
    "enlighter-code",
    "crayon-pre",
    "syntaxhighlighter",
)
_BOX_PARTS = (
    "code",
    " source ",
    "terminal",
    "console",
    " highlight ",
    "prettyprint",
    "syntaxhighlighter",
    "snippet",
    "listing",
)
"""Parts of class names, or whole ones, of which every such element has one."""
_INLINE_TAGS = ("code", "samp", "kbd", "tt")
_BLOCK_CLASSES = frozenset(
    "block hljs code-block codeblock highlight prettyprint sourceCode multiline code-multiline display "
    "blockcode block-code code_block chroma prism-code shiki".split()
)
_BLOCK_STYLE = lazy_regex(r"display\s*:\s*(?:block|grid)|white-space\s*:\s*(?:pre|break)", re.IGNORECASE)
_NO_CODE = (
    "img",
    "picture",
    "video",
    "iframe",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "figure",
    "nav",
    "form",
    "math",
)
_KEPT_ATTRIBUTES = ("class", "id", "style", "hidden", "aria-hidden")
_SAME_LINE = frozenset("span b i em strong font a code tt".split())


def _may_have_code(dom: Dom, names: PageNames) -> bool:
    """Say whether a page may have blocks of code."""
    if names.have_tag(_TAGS) or names.have_class(_CLASS_PARTS):
        return True
    if " code" in names.joined and any(name.startswith("code") for name in names.by_class):
        return True
    return names.have_tag(("textarea",)) and any(
        area.attr("name") == "code" for area in dom.elements("textarea")
    )


def rewrite_code_blocks(dom: Dom, names: PageNames) -> None:
    """Replace every block of code by a `pre` element with its lines and the language that the page names."""
    if not _may_have_code(dom, names):
        return
    done: set[Node] = set()
    looked_at = 0
    for root in _roots(dom, names):
        if root in done or root.parent is None or is_deep(root):
            continue
        block = _block(root)
        looked_at += 1
        if looked_at > MAX_BLOCKS:
            return
        if block is not None:
            done.update(root.iter_elements())
            done.update(block.iter_elements(include_self=True))
            if block != root:
                root.replace_with(block)


def _roots(dom: Dom, names: PageNames) -> Iterator[Element]:
    """Yield elements that may be a block of code, those that hold others before them."""
    yield from [table for table in dom.elements("table") if _is_code_table(table)]
    if names.have_class(_EDITOR_PARTS):
        yield from dom.select(_EDITORS)
    yield from list(dom.elements(("pre", "listing", "xmp")))
    yield from [code for code in dom.elements(_INLINE_TAGS) if _is_block_code(code)]
    yield from [area for area in dom.elements("textarea") if _is_code_area(area)]
    if names.have_class(_BOX_PARTS):
        yield from [box for box in dom.select(_BOXES)[:MOST_BOXES] if not is_deep(box) and _is_code_box(box)]


MAX_BLOCKS = 3_000
"""Maximum blocks of code of a page; further ones are read as the page writes them."""
MOST_BOXES = 1_000
"""Maximum elements without `pre` that are looked at because of their class."""
LARGEST_BOX = 5_000
"""Maximum elements of such a box."""


def _block(root: Element) -> Element | None:
    """Return the block of code in its one form (the element itself if it has it), None for none."""
    if root.tag in ("table", "textarea"):
        inner: Element | None = root.find("code")
        inner = inner if inner is not None else root.find("pre")
    else:
        if next(root.iter_elements(_NO_CODE), None) is not None:
            return None
        inner = root.find("code")
    source = _only_code(root)
    text = code_text(source, folded=_is_folded(source))
    if not text.strip():
        return None
    language = language_of(root)
    label = _strip_bars(root, text) or _label_inside(root, source)
    kept = {key: value for key in _KEPT_ATTRIBUTES if (value := root.attr(key)) is not None}
    if "EnlighterJSRAW" in (root.attr("class") or ""):  # hidden by its script, which renders a copy
        kept.pop("style", None)
    if name := language or label:
        kept["data-language"] = name
    if root.tag == "pre" and text == root.text.replace("\r\n", "\n").strip("\n").rstrip():
        if "style" not in kept:
            root.attrs.pop("style", None)
        root.attrs.update(kept)  # it has its lines already: its elements are evidence for the selection
        return root
    if root.tag == "pre" and inner is None:
        return Element("pre", kept, [Text(text)])
    names = inner.attr("class") if inner is not None else None
    return Element("pre", kept, [Element("code", {"class": names} if names else {}, [Text(text)])])


def _only_code(root: Element) -> Element:
    """Return the code element that is all of a pre element but for bars and numbers, else the element."""
    if root.tag != "pre":
        return root
    found = [code for code, _ in zip(root.iter_elements("code"), range(2), strict=False)]
    if len(found) != 1 or root.find("td") is not None:
        return root
    code = found[0]
    beside = [text for text in _texts_beside(root, code) if text]
    return code if all(_is_bar_label(text) or text.isdecimal() for text in beside) else root


def _texts_beside(root: Element, code: Element) -> Iterator[str]:
    """Yield the texts of an element outside the code element in it."""
    inside = code
    while inside != root:
        parent = inside.parent
        if not isinstance(parent, Element):
            return
        for node in parent:
            if type(node) is Text:
                yield node.data.strip()
            elif type(node) is Element and node != inside and node.tag not in _UNREAD:
                yield from node.stripped_strings
        inside = parent


_UNREAD = frozenset(("button", "svg", "style", "script", "textarea", "select"))


def _label_inside(root: Element, source: Element) -> str:
    """Return the language that a bar inside a pre element names, "" for none."""
    if source == root:
        return ""
    return next((name for text in _texts_beside(root, source) if text and (name := language_label(text))), "")


def _is_folded(source: Element) -> bool:
    """Say whether the lines of an element end at line breaks only, and its own line feeds mean nothing."""
    if (
        source.tag in ("pre", "listing", "xmp", "textarea", "table", "ol")
        or source.closest("pre") is not None
    ):
        return False
    first = next((child for child in source if type(child) is Element), None)
    if first is not None and is_line(first):
        return False
    if "pre" in (source.attr("style") or "") and _BLOCK_STYLE.search(source.attr("style") or ""):
        return False
    return next(source.iter_elements(("br", "p")), None) is not None


def _is_code_table(table: Element) -> bool:
    """Say whether a table lays out code beside its line numbers."""
    names = set((table.attr("class") or "").split())
    if not _TABLES.isdisjoint(names):
        return True
    row = table.find("tr")
    if row is None or table.find("table") is not None:
        return False
    if (
        row.select_one(_CELLS) is not None
        and table.select_one("pre,code,.line,.blob-code,.lines-code,td.code") is not None
    ):
        return True
    cells = [cell for cell in row if type(cell) is Element]
    if len(cells) != 2 or cells[1].find("pre") is None:
        return False
    return all(number.isdecimal() for number in cells[0].text.split()) and bool(cells[0].text.strip())


def _is_block_code(code: Element) -> bool:
    """Say whether a code element outside `pre` is a block: by its class, its style, or its lines."""
    if code.closest("pre") is not None:
        return False
    names, style = code.attr("class"), code.attr("style")
    if (names and not _BLOCK_CLASSES.isdisjoint(names.split())) or (style and _BLOCK_STYLE.search(style)):
        return _has_lines(code) or (code.text.strip() != "" and _is_alone(code) and not _in_sentence(code))
    return (
        next(code.iter_elements(("br", "div", "p")), None) is not None and _is_alone(code) and _is_full(code)
    )


def _has_lines(element: Element) -> bool:
    return "\n" in element.text.strip() or next(element.iter_elements(("br", "div", "p")), None) is not None


def _is_full(code: Element) -> bool:
    """Say whether a code element has more than one line with text."""
    return "\n" in code_text(code, folded=True)


def _is_alone(code: Element) -> bool:
    """Say whether a code element is all that its parent holds, or stands between blocks."""
    parent = code.parent
    if not isinstance(parent, Element) or parent.tag in _SAME_LINE:
        return False
    return all(
        (type(node) is Text and node.data.isspace())
        or (type(node) is Element and (node.tag in ROW_TAGS or node.tag in _BETWEEN_BLOCKS))
        for node in _beside(code, NEAR)
    )


_BETWEEN_BLOCKS = frozenset(("br", "button", "code", "ul", "ol", "h2", "h3"))
NEAR = 4
"""Nodes on either side that tell whether code stands in a sentence."""


def _beside(node: Node, most: int) -> list[Node]:
    """Return the siblings of a node, at most so many on either side."""
    found: list[Node] = []
    before, after = node.previous_sibling, node.next_sibling
    for _ in range(most):
        if before is not None:
            found.append(before)
            before = before.previous_sibling
        if after is not None:
            found.append(after)
            after = after.next_sibling
    return found


def _in_sentence(code: Element) -> bool:
    parent = code.parent
    return isinstance(parent, Element) and parent.tag in (
        "li",
        "td",
        "th",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "a",
        "p",
    )


_CODE_AREA = lazy_regex(r"(?:^|[\s_-])(?:code|crayon-plain|source|snippet|brush)(?=$|[\s:_-])", re.IGNORECASE)


def _is_code_area(area: Element) -> bool:
    """Say whether a text area shows code (and nothing else on the page shows the same)."""
    named = area.attr("name") == "code" or _CODE_AREA.search(area.attr("class") or "") is not None
    return named and "\n" in area.text.strip() and (area.parent is None or not _is_shown_beside(area))


def _is_shown_beside(area: Element) -> bool:
    box = area.parent
    for _ in range(3):
        if not isinstance(box, Element) or box.tag in ("article", "main", "body"):
            return False
        if next(box.iter_elements(("pre", "table")), None) is not None:
            return True
        box = box.parent
    return False


def _is_code_box(box: Element) -> bool:
    """Say whether a box that is called code holds lines of code, not paragraphs or other blocks."""
    if (
        next(box.iter_elements((*_NO_CODE, "pre", "table", "ul", "blockquote", "button", "section")), None)
        is not None
    ):
        return False
    if next(islice(box.iter_elements(), LARGEST_BOX, None), None) is not None:
        return False
    text = box.text.strip()
    if not text or not _has_lines(box):
        return False
    lines = [line for line in code_text(box, folded=_is_folded(box)).split("\n") if line.strip()]
    longest = max(map(len, lines), default=0)
    return len(lines) > 1 and longest < 200 and not _reads_as_prose(lines)


_SENTENCE = lazy_regex(r"[^\W\d_]{2,} [^\W\d_]{2,} [^\W\d_]{2,} [^\W\d_]{2,}.*[.!?…]$")


def _reads_as_prose(lines: list[str]) -> bool:
    return sum(_SENTENCE.search(line) is not None for line in lines) * 2 > len(lines)


def _strip_bars(root: Element, code: str) -> str:
    """Remove toolbars, numbers and copies around a block of code; return the language that a label names."""
    label = ""
    inner = root
    for _ in range(LEVELS):
        parent = inner.parent
        if not isinstance(parent, Element) or parent.tag in _NOT_A_BOX:
            label = label or _strip_adjacent(inner, code)
            break
        beside = _beside(inner, MOST_BESIDE + 1)
        if len(beside) > MOST_BESIDE or any(_is_content(node, code) for node in beside):
            label = label or _strip_adjacent(inner, code)
            break
        for node in beside:
            label = _strip_bar(node, code) or label
        inner = parent
    return label


_NOT_A_BOX = frozenset("article main body html li td th section blockquote p dd".split())
_CAPTION = lazy_regex(r"title|caption|file-?name|filename|path|header|label", re.IGNORECASE)
_BAR = lazy_regex(r"copy|clipboard|toolbar|lang|header|\bbar\b|action|btn|button|code|meta", re.IGNORECASE)
LEVELS = 8
"""Elements around a block of code that may be its frame."""
MOST_BESIDE = 30
"""Maximum nodes beside a block of code in its frame."""
LONGEST_LABEL = 60


def _is_content(node: Node, code: str) -> bool:
    """Say whether a node beside a block of code belongs to the article, not to the block's frame."""
    if type(node) is Text:
        text = node.data.strip()
        return bool(text) and not _is_bar_label(text)
    if type(node) is not Element or node.tag in ("button", "textarea", "script", "style", "svg", "select"):
        return False
    if node.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "table", "pre", "ul", "ol", "img", "blockquote"):
        return not _is_copy(node, code)
    texts = list(node.stripped_strings) if len(node.text) < 2_000 else []
    if not texts:
        return bool(node.text.strip()) and not _is_copy(node, code)
    if _is_footer(node) or _is_numbers(texts) or _is_copy(node, code):
        return False
    if node.tag == "p" and not _BAR.search(node.attr("class") or ""):
        return True
    if all(_is_bar_label(text) for text in texts):
        return False
    if node.tag in ("p", "a"):
        return True
    named = node.tag == "figcaption" or _CAPTION.search(node.attr("class") or "") is not None
    rest = sum(len(text) for text in texts if not _is_bar_label(text))
    return not (named and rest <= LONGEST_LABEL)


def _is_bar_label(text: str) -> bool:
    return BAR_LABEL.fullmatch(" ".join(text.split())) is not None or language_label(text) is not None


def _is_numbers(texts: list[str]) -> bool:
    return all(number.isdecimal() for text in texts for number in text.split())


def _is_footer(node: Element) -> bool:
    """Say whether an element is the line with which a host of snippets signs them."""
    return (node.attr("class") or "") == "gist-meta"


def _is_copy(node: Element, code: str) -> bool:
    """Say whether an element holds the same code again, rendered or raw."""
    if not (node.attr("class") or is_hidden(node)):
        return False
    return "".join(node.text.split()) == "".join(code.split())


def _strip_bar(node: Node, code: str) -> str:
    """Remove what a frame says besides a title; return the language that it names."""
    if type(node) is Text:
        label = language_label(node.data) if node.data.strip() else None
        if node.data.strip():
            node.replace_with(Text(" "))
        return label or ""
    if type(node) is not Element:
        return ""
    texts = list(node.stripped_strings)
    label = next((name for text in texts if (name := language_label(text))), "")
    if not texts or node.tag in ("script", "style"):
        return ""
    if _is_copy(node, code):
        label = language_of(node)
    if (
        _is_copy(node, code)
        or _is_footer(node)
        or _is_numbers(texts)
        or all(_is_bar_label(text) for text in texts)
    ):
        node.extract()
        return label
    for part in [part for part in node.descendants if type(part) is Text and part.data.strip()]:
        if _is_bar_label(part.data):
            part.replace_with(Text(" "))
    return label


def _strip_adjacent(inner: Element, code: str) -> str:
    """Remove a toolbar or a copy that stands directly before or after a block of code among paragraphs."""
    label = ""
    for node in (_next_element(inner, -1), _next_element(inner, 1)):
        if node is None or node.tag not in _BESIDE_TAGS:
            continue
        if _is_copy(node, code):
            label = language_of(node) or label
            node.extract()
            continue
        texts = list(node.stripped_strings) if len(node.text) < 200 else []
        if texts and _BAR.search(node.attr("class") or "") and all(_is_bar_label(text) for text in texts):
            label = next((name for text in texts if (name := language_label(text))), label)
            node.extract()
    return label


_BESIDE_TAGS = frozenset(("div", "span", "button", "p", "figcaption", "header", "pre"))


def _next_element(node: Node, direction: int) -> Element | None:
    found = node.previous_sibling if direction < 0 else node.next_sibling
    while found is not None and (type(found) is not Element):
        if type(found) is Text and found.data.strip():
            return None
        found = found.previous_sibling if direction < 0 else found.next_sibling
    return found
