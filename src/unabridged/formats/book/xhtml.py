"""Conversion of a clean body to valid XHTML for EPUB 3: well-formed, and every element where it is allowed.

EPUB 3 needs the XML syntax of HTML (https://www.w3.org/TR/epub-33/#sec-xhtml), and reading systems, unlike
browsers, reject invalid files. Bodies are clean already; this module repairs clean but misplaced markup: a
paragraph inside bold text, two heads of a table, a list item without its list, a URL with a space.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote, urlsplit

from unabridged.extraction.html.dom import Element, Node, Text, parse_body

MAX_DEPTH = 100
"""Deeper elements are written as plain text; articles have a tenth of this depth."""

_FLOW = frozenset(
    "aside blockquote details div dl figure h1 h2 h3 h4 h5 h6 hr ol p pre section table ul "
    "article header footer main address center hgroup li dt dd figcaption summary caption "
    "tbody thead tfoot tr td th".split()
)
_HOLDS_FLOW = frozenset("aside blockquote div dd figure figcaption li section td th".split())
_HOLDS_WORDS = frozenset("h1 h2 h3 h4 h5 h6 p pre summary dt caption".split())
_PLAIN = frozenset(
    "abbr b bdi cite code del dfn em i ins kbd mark q s samp small span strong sub sup u var".split()
)
_RENAMED = {
    "address": "div",
    "article": "div",
    "center": "div",
    "details": "div",
    "footer": "div",
    "header": "div",
    "hgroup": "div",
    "main": "div",
    "bdo": "span",
    "time": "span",
    "summary": "p",
}
_KEPT = {
    "abbr": ("title",),
    "li": ("value",),
    "ol": ("start", "reversed"),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan", "scope"),
}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?")
_NUMBER = re.compile(r"[1-9]\d{0,3}")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOOSE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]")
_MAIL = re.compile(r"mailto:[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+")

Picture = Callable[[str], str | None]
"""Returns the path of a picture in the book by its URL; None if it is not in the book."""


def xml_text(value: str) -> str:
    """Remove characters that XML forbids."""
    return _NOT_XML.sub("", value)


def text(value: str) -> str:
    """Escape text for XML, without forbidden characters."""
    return escape(xml_text(value), quote=True)


def language_tag(value: str | None) -> str | None:
    """Return a language tag if it has a valid BCP 47 form, else None."""
    return value if value and _LANGUAGE.fullmatch(value) else None


def address(url: str) -> str | None:
    """Return a URL in valid RFC 3986 syntax; None if it cannot be repaired."""
    if _MAIL.fullmatch(url):
        return url
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        host = (
            (parts.hostname or "").encode("idna").decode()
            if not (parts.hostname or "").isascii()
            else parts.hostname
        )
    except (ValueError, UnicodeError):
        return None
    if (
        parts.scheme not in ("http", "https")
        or not host
        or not _HOST.fullmatch(f"[{host}]" if ":" in host else host)
    ):
        return None
    place = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    path = _quoted(parts.path, "/:@!$&'()*+,;=~%")
    query = f"?{_quoted(parts.query, '/?:@!$&()*+,;=~%')}" if parts.query else ""
    fragment = f"#{_quoted(parts.fragment, '/?:@!$&()*+,;=~%')}" if parts.fragment else ""
    return f"{parts.scheme}://{place}{path}{query}{fragment}"


def _quoted(part: str, safe: str) -> str:
    return _LOOSE_PERCENT.sub("%25", quote(_NOT_XML.sub("", part), safe=safe, errors="replace"))


@dataclass(slots=True)
class _Page:
    """State of one conversion. ids: of the body, to drop links to others; used: ids written so far."""

    picture: Picture
    ids: frozenset[str]
    used: set[str] = field(default_factory=set)


def to_xhtml(body: str, picture: Picture) -> str:
    """Convert a clean body to the content of a section. Pictures that are not in the book become links."""
    root = parse_body(body)
    ids = frozenset(one for element in root.iter_elements() if (one := element.attr("id")))
    page = _Page(picture, ids)
    written = "".join(_children(root, page, "flow", 0))
    if ids <= page.used:
        return written
    # Ids of dropped elements (bold around paragraphs, a cell without a table) are lost: drop links to them.
    return "".join(_children(root, _Page(picture, frozenset(page.used)), "flow", 0))


def _children(element: Iterable[Node], page: _Page, context: str, depth: int) -> Iterator[str]:
    """Write nodes where the context ("flow", "words" or "link": words inside a link) allows them."""
    for node in element:
        if type(node) is Text:
            yield text(node.data)
        elif type(node) is Element:
            yield _element(node, page, context, depth + 1)


def _element(element: Element, page: _Page, context: str, depth: int) -> str:
    tag = _RENAMED.get(element.tag, element.tag)
    if depth > MAX_DEPTH:
        return text(element.text)
    if tag == "br":
        return "<br/>"
    if tag == "wbr":
        return "<wbr/>"
    if tag == "hr":
        return "<hr/>" if context == "flow" else "<br/>"
    if tag == "img":
        return _picture(element, page, context)
    if element.tag in _FLOW and context != "flow":
        return f"<br/>{''.join(_children(element, page, context, depth))}"
    return _WRITERS.get(tag, _common)(element, tag, page, context, depth)


Writer = Callable[[Element, str, _Page, str, int], str]


def _common(element: Element, tag: str, page: _Page, context: str, depth: int) -> str:
    if tag in _PLAIN:
        if context == "flow" and _has_blocks(element):
            return "".join(_children(element, page, context, depth))  # bold around whole paragraphs
        inner = "".join(_children(element, page, "link" if context == "link" else "words", depth))
        return f"<{tag}{_attributes(element, page)}>{inner}</{tag}>"
    if tag in _HOLDS_WORDS:
        return (
            f"<{tag}{_attributes(element, page)}>{''.join(_children(element, page, 'words', depth))}</{tag}>"
        )
    inner = "".join(_children(element, page, "flow" if context == "flow" else context, depth))
    # An element outside of its required parent (a list item, a table cell) becomes a div.
    named = tag if tag in _HOLDS_FLOW - {"dd", "figcaption", "li", "td", "th"} else "div"
    return f"<{named}{_attributes(element, page)}>{inner}</{named}>" if context == "flow" else inner


def _link(element: Element, _tag: str, page: _Page, context: str, depth: int) -> str:
    href = element.attr("href") or ""
    local = href[1:] in page.ids if href.startswith("#") else None
    target = (href if local else None) if local is not None else address(href)
    if context == "link" or (context == "flow" and _has_blocks(element)):
        return "".join(_children(element, page, context, depth))
    inner = "".join(_children(element, page, "link", depth))
    if target is None:
        mark = _attributes(element, page)
        return f"<span{mark}>{inner}</span>" if mark else inner  # the target of a link
    return f'<a href="{text(target)}"{_attributes(element, page)}>{inner}</a>'


def _list(element: Element, tag: str, page: _Page, _context: str, depth: int) -> str:
    """Write a list; other content becomes items."""
    items: list[str] = []
    for node in element:
        if type(node) is Element and node.tag == "li":
            items.append(
                f"<li{_attributes(node, page)}>{''.join(_children(node, page, 'flow', depth + 1))}</li>"
            )
        elif loose := "".join(_children([node], page, "flow", depth)).strip():
            items.append(f"<li>{loose}</li>")
    return f"<{tag}{_attributes(element, page)}>{''.join(items)}</{tag}>" if items else ""


def _terms(element: Element, _tag: str, page: _Page, _context: str, depth: int) -> str:
    """Write a definition list if each group has terms, then meanings; else divs in the same order."""
    parts = [node for node in element if type(node) is Element and node.tag in ("dt", "dd")]
    order = "".join("t" if node.tag == "dt" else "d" for node in parts)
    loose = any(
        (type(node) is Text and node.data.strip()) or (type(node) is Element and node.tag not in ("dt", "dd"))
        for node in element
    )
    if loose or not re.fullmatch(r"(?:t+d+)+", order):
        return f"<div>{''.join(_children(element, page, 'flow', depth))}</div>"
    written = []
    for node in parts:
        inner = "".join(_children(node, page, "words" if node.tag == "dt" else "flow", depth + 1))
        written.append(f"<{node.tag}{_attributes(node, page)}>{inner}</{node.tag}>")
    return f"<dl>{''.join(written)}</dl>"


def _table(element: Element, _tag: str, page: _Page, _context: str, depth: int) -> str:
    """Write a table as caption, head and one body, without empty rows."""
    captions = [node for node in element if type(node) is Element and node.tag == "caption"]
    heads: list[str] = []
    rows: list[str] = []
    for node in element:
        if type(node) is not Element or node.tag == "caption":
            continue
        into = heads if node.tag == "thead" and not rows else rows
        lines = (
            [node] if node.tag == "tr" else [one for one in node if type(one) is Element and one.tag == "tr"]
        )
        into += [row for line in lines if (row := _table_row(line, page, depth + 2))]
    if not heads and not rows:
        return f"<div>{''.join(_children(element, page, 'flow', depth))}</div>"
    caption = "".join(_children(captions[0], page, "words", depth)) if captions else ""
    parts = [f"<caption>{caption}</caption>" if caption.strip() else ""]
    parts += [f"<thead>{''.join(heads)}</thead>" if heads and rows else ""]
    parts += [f"<tbody>{''.join(rows or heads)}</tbody>"]
    return f'<div class="wide"><table{_attributes(element, page)}>{"".join(parts)}</table></div>'


def _table_row(line: Element, page: _Page, depth: int) -> str:
    cells = [
        f"<{node.tag}{_attributes(node, page)}>{''.join(_children(node, page, 'flow', depth))}</{node.tag}>"
        for node in line
        if type(node) is Element and node.tag in ("td", "th")
    ]
    return f"<tr>{''.join(cells)}</tr>" if cells else ""


def _figure(element: Element, _tag: str, page: _Page, _context: str, depth: int) -> str:
    """Write a figure with its caption last."""
    captions = [node for node in element if type(node) is Element and node.tag == "figcaption"]
    shown = "".join(_children([node for node in element if node not in captions], page, "flow", depth))
    words = "<br/>".join("".join(_children(node, page, "flow", depth)) for node in captions)
    if not captions:
        return f"<figure>{shown}</figure>"
    return f"<figure>{shown}<figcaption>{words}</figcaption></figure>"


def _ruby(element: Element, _tag: str, page: _Page, context: str, depth: int) -> str:
    """Write ruby text; a reading before its base becomes text."""
    written, base = [], False
    for node in element:
        if type(node) is Element and node.tag in ("rt", "rp"):
            inner = text(node.text)
            written.append(f"<{node.tag}>{inner}</{node.tag}>" if base else inner)
        else:
            words = "".join(_children([node], page, "link" if context == "link" else "words", depth))
            base = base or bool(words.strip())
            written.append(words)
    readings = any(part.startswith("<rt>") for part in written)
    return f"<ruby>{''.join(written)}</ruby>" if readings else "".join(written)


def _inner(element: Element, _tag: str, page: _Page, context: str, depth: int) -> str:
    return "".join(_children(element, page, context, depth))


_WRITERS: Mapping[str, Writer] = {
    "a": _link,
    "ul": _list,
    "ol": _list,
    "dl": _terms,
    "table": _table,
    "figure": _figure,
    "ruby": _ruby,
    "rb": _inner,
    "rt": _inner,
    "rp": _inner,
    "rtc": _inner,
}
"""Writers of elements with rules for their children."""


def _has_blocks(element: Element) -> bool:
    return next(element.iter_elements(tuple(_FLOW)), None) is not None


def _picture(element: Element, page: _Page, context: str) -> str:
    """Write a picture of the book, else a link to its URL with its alternative text."""
    source = element.attr("src") or ""
    words = text(element.attr("alt") or "")
    place = page.picture(source)
    if place is not None:
        sizes = "".join(
            f' {name}="{value}"'
            for name in ("width", "height")
            if _NUMBER.fullmatch(value := element.attr(name) or "")
        )
        return f'<img src="{text(place)}" alt="{words}"{sizes}/>'
    target = address(source)
    if context == "link" or target is None:
        return words
    label = f'<a class="absent" href="{text(target)}">[{words or "▣"}]</a>'
    return f"<p>{label}</p>" if context == "flow" else label


def _attributes(element: Element, page: _Page) -> str:
    found: dict[str, str] = {}
    identity = element.attr("id")
    if identity and identity not in page.used:
        page.used.add(identity)
        found["id"] = identity
    language = language_tag(element.attr("lang"))
    if language:
        found |= {"lang": language, "xml:lang": language}
    if (direction := (element.attr("dir") or "").lower()) in ("ltr", "rtl"):
        found["dir"] = direction
    for name in _KEPT.get(element.tag, ()):
        value = element.attr(name)
        if value is None:
            continue
        if name == "reversed":
            found[name] = "reversed"
        elif name in ("title", "scope") or _NUMBER.fullmatch(value):
            found[name] = value
    return "".join(f' {name}="{text(value)}"' for name, value in found.items())
