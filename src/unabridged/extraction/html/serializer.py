"""Serialize any part of a page's tree as clean semantic HTML, in pieces.

A page's own elements are never passed through: each kind of element has a rule here, and elements without a
rule lose their tag and keep their text. Bare text in a container becomes a paragraph; two line breaks end a
paragraph. The result is well-formed and shallow, however deep the page nests.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace

from unabridged.extraction.html.builders import (
    INVISIBLE,
    LONGEST_RUN,
    MOST_REFERENCES,
    REL,
    HtmlPiece,
    attribute,
    escape,
    figure,
    has_visible_text,
    link_card,
    split_long_text,
    strip_tags,
    to_html,
    to_item,
    trimmed,
    with_caption,
)
from unabridged.extraction.html.dom import Element, Node, Text
from unabridged.extraction.html.links import anchor, link_tags
from unabridged.extraction.html.media import (
    EMBED_TAGS,
    IMAGE_TAGS,
    MEDIA_TAGS,
    embed_of,
    is_hidden,
    picture_of,
    read_link_card,
)

MAX_NESTING = 60
"""Maximum levels of source elements; deeper content is written as plain paragraphs."""

MOST_ADDRESSES = 8_000
"""Maximum links and pictures of a body that are resolved; the longest real pages have a few thousand."""
INLINE = {
    # element -> the element it is written as, "" for its text alone
    **dict.fromkeys(
        ("a", "b", "strong", "i", "em", "code", "sub", "sup", "s", "del", "ins", "mark", "q"), "="
    ),
    **dict.fromkeys(
        ("cite", "abbr", "dfn", "kbd", "samp", "var", "small", "u", "ruby", "rb", "rt", "rp"), "="
    ),
    **dict.fromkeys(("bdi", "bdo"), "="),
    **dict.fromkeys(("span", "font", "big", "label", "nobr", "basefont", "data", "time", "rtc", "blink"), ""),
    **dict.fromkeys(("slot", "output"), ""),
    "strike": "s",
    "tt": "code",
    "acronym": "abbr",
}
SILENT = frozenset(
    "script style template svg canvas map select option optgroup datalist textarea input button head title "
    "meta link base param track area progress meter frame frameset noframes noembed dialog applet nav".split()
)
HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h5", "h6": "h6"}
_BLOCKS = (
    "p div section article ul ol li dl table blockquote pre figure h1 h2 h3 h4 h5 h6 hr main header footer "
    "aside center details form fieldset address tr td noscript " + " ".join(sorted(MEDIA_TAGS))
).split()
_MEDIA, _IMAGES = tuple(sorted(MEDIA_TAGS)), tuple(sorted(IMAGE_TAGS))
_SPACE = re.compile(r"[ \t\n\r\f]{2,}|[\t\n\r\f]")
_LATE_SPACE = re.compile(r" +((?:</\w+>)+)")
_BREAKS = re.compile(r"(?: ?<br> ?){2,}")


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


def write(
    parent: Node, scope: WriteScope, wrap: tuple[str, str] = ("", ""), depth: int = 0
) -> list[HtmlPiece]:
    """Write the children of an element. wrap: inline tags that are open around them."""
    pieces: list[HtmlPiece] = []
    run: list[str] = []
    kept, path, dropped = scope.kept, scope.path, scope.dropped
    for node in parent:
        if type(node) is Text:
            data = node.data
            if kept is None or node in kept or data.isspace():
                run.append(escape(data))
            continue
        if type(node) is not Element or (dropped and node in dropped):
            continue
        tag = node.tag
        if tag == "br":
            run.append("<br>")
        elif tag in INLINE and not _holds_blocks(node):
            if kept is None or node in path:
                run.append(_inline(node, tag, scope, depth + 1))
            else:
                run.append(_gap(node))
        elif tag != "wbr":
            block = _block(node, tag, scope, wrap, depth + 1)
            if block:
                _flush(run, pieces, wrap)
                pieces += block
    _flush(run, pieces, wrap)
    return pieces


def _flush(run: list[str], pieces: list[HtmlPiece], wrap: tuple[str, str]) -> None:
    """End a run: fold white space, split at double line breaks, drop parts without text."""
    if not run:
        return
    html = "".join(run)
    run.clear()
    if "\n" in html or "  " in html or "\t" in html or "\r" in html:
        html = _SPACE.sub(" ", html)
    for part in _BREAKS.split(html) if "<br>" in html else (html,):
        text = trimmed(part)
        if len(text) > LONGEST_RUN or (len(text) > MOST_REFERENCES and text.count("&") > MOST_REFERENCES):
            pieces += [
                HtmlPiece(wrap[0] + piece + wrap[1], True) for piece in split_long_text(strip_tags(text))
            ]
        elif text and (text[0].isalnum() or has_visible_text(text)):  # most begin with a letter
            pieces.append(HtmlPiece(wrap[0] + text + wrap[1], True))


def _holds_blocks(element: Element) -> bool:
    """Say whether an inline element wraps blocks, pictures, or paragraphs separated by line breaks."""
    for child in element:
        if type(child) is not Text:
            break
    else:
        return False
    if next(element.iter_elements(_BLOCKS), None) is not None:
        return True
    breaks = iter(element.iter_elements("br"))
    return next(breaks, None) is not None and next(breaks, None) is not None


def _inline(element: Element, tag: str, scope: WriteScope, depth: int) -> str:
    inner = _inline_children(element, scope, depth)
    if not inner:
        mark = anchor(element, scope.anchors) if tag == "a" else ""
        return f"<a{mark} {REL}></a>" if mark else ""
    start, end = _inline_tags(element, tag, scope)
    if not start or not (inner[0].isalnum() or strip_tags(inner).strip(INVISIBLE)):
        return inner
    if not (inner[0].isspace() or inner[-1].isspace()):
        return start + inner + end
    # Space must stand outside the mark: it breaks Markdown's emphasis.
    lead = " " if inner[0].isspace() else ""
    return lead + start + inner.strip() + end + (" " if inner[-1].isspace() else "")


def _inline_children(element: Element, scope: WriteScope, depth: int) -> str:
    if depth > MAX_NESTING:
        return "".join(escape(text) for text in _plain_texts(element, scope))
    parts: list[str] = []
    kept, path, dropped = scope.kept, scope.path, scope.dropped
    for node in element:
        if type(node) is Text:
            data = node.data
            if kept is None or node in kept or data.isspace():
                parts.append(escape(data))
        elif type(node) is Element and not (dropped and node in dropped):
            tag = node.tag
            if tag == "br":
                parts.append("<br>")
            elif tag == "math":
                parts.append(escape(_formula(node)))
            elif node in path if kept is not None else tag not in SILENT:
                parts.append(_inline(node, tag, scope, depth + 1))
            elif kept is not None and tag in INLINE:
                parts.append(_gap(node))
    return "".join(parts)


def _gap(element: Element) -> str:
    """Return the space or line break that an inline element without kept text leaves in its place."""
    if next(element.iter_elements("br"), None) is not None:
        return "<br>"
    return " " if element.text.isspace() else ""


def _inline_tags(element: Element, tag: str, scope: WriteScope) -> tuple[str, str]:
    """Return the start and end tags that an inline element is written with, ("", "") for none."""
    if tag == "a":
        return (
            link_tags(element, scope.base, scope.anchors)
            if next(scope.budget, None) is not None
            else ("", "")
        )
    name = INLINE.get(tag, "")
    if not name:
        return "", ""
    if name == "=":
        name = tag
    extra = ""
    if tag == "abbr" and (title := element.attr("title")):
        extra = f' title="{attribute(title[:300])}"'
    elif tag == "sup":
        extra = anchor(element, scope.anchors)
    return f"<{name}{extra}>", f"</{name}>"


def _formula(element: Element) -> str:
    """Return a formula as the text that its author gave: alttext or TeX annotation, else its symbols."""
    note = element.find("annotation")
    return (
        element.attr("alttext") or (note.text if note is not None else "") or " ".join(element.text.split())
    )


def _plain_texts(element: Element, scope: WriteScope) -> Iterator[str]:
    """Yield the kept text below an element that is too deep to follow."""
    for node in element.descendants:
        if type(node) is Text:
            parent = node.parent
            hidden = isinstance(parent, Element) and parent.tag in SILENT
            if not hidden and (scope.kept is None or node in scope.kept):
                yield node.data


def _block(
    element: Element, tag: str, scope: WriteScope, wrap: tuple[str, str], depth: int
) -> list[HtmlPiece]:
    """Write one element outside an inline run: by its rule, else its content."""
    if tag in SILENT and (scope.kept is None or element not in scope.path):
        return []
    if scope.kept is not None and element not in scope.path:
        if tag == "hr":
            return [HtmlPiece("<hr>")]
        return scope.write_media(element) if scope.write_media else []
    if scope.kept is None and is_hidden(element):
        return []
    if depth > MAX_NESTING:
        return [HtmlPiece(escape(text), True) for text in _plain_texts(element, scope) if text.strip()]
    rule = _RULES.get(tag)
    if rule is not None:
        return rule(element, scope, depth)
    if INLINE.get(tag):
        start, end = _inline_tags(element, tag, scope)
        return write(element, scope, (wrap[0] + start, end + wrap[1]), depth)
    pieces = write(element, scope, wrap, depth)
    if pieces and (mark := anchor(element, scope.anchors)):
        pieces[0] = HtmlPiece(
            f"<a{mark} {REL}></a>{pieces[0].html}" if pieces[0].run else pieces[0].html, pieces[0].run
        )
    return pieces


def write_element(element: Element, scope: WriteScope) -> list[HtmlPiece]:
    """Write one element by the rule for its kind."""
    return _block(element, element.tag, scope, ("", ""), 1)


def _heading(element: Element, scope: WriteScope, depth: int) -> list[HtmlPiece]:
    pieces = write(element, scope, ("", ""), depth)
    text = " ".join(piece.html for piece in pieces if piece.run)
    others = [piece for piece in pieces if not piece.run]
    if not text:
        return others
    name = HEADINGS[element.tag]
    text = _LATE_SPACE.sub(r"\1 ", text.replace("<br>", " ")) if "<br>" in text else text
    line = _SPACE.sub(" ", text).strip()
    return [HtmlPiece(f"<{name}{anchor(element, scope.anchors)}>{line}</{name}>"), *others]


def _list(element: Element, scope: WriteScope, depth: int) -> list[HtmlPiece]:
    items: list[str] = []
    for piece in write(element, scope, ("", ""), depth):
        if piece.html.startswith("<li") and not piece.run:
            items.append(piece.html)
        elif items and not piece.run:
            items[-1] = items[-1].removesuffix("</li>") + piece.html + "</li>"
        else:
            items.append(f"<li>{piece.html}</li>")
    if not items:
        return []
    name = "ol" if element.tag == "ol" else "ul"
    start = (element.attr("start") or "").strip() if name == "ol" else ""
    extra = f' start="{int(start)}"' if start.isdecimal() and len(start) < 6 and start != "1" else ""
    return [HtmlPiece(f"<{name}{extra}>{''.join(items)}</{name}>")]


def _list_item(element: Element, scope: WriteScope, depth: int) -> list[HtmlPiece]:
    inner = to_item(write(element, scope, ("", ""), depth))
    return [HtmlPiece(f"<li{anchor(element, scope.anchors)}>{inner}</li>")] if inner else []


def _orphan_item(element: Element, scope: WriteScope, depth: int) -> list[HtmlPiece]:
    parent = element.parent
    if isinstance(parent, Element) and parent.tag in ("ul", "ol", "menu", "dir"):
        return _list_item(element, scope, depth)
    return write(element, scope, ("", ""), depth)


def _quote(element: Element, scope: WriteScope, depth: int) -> list[HtmlPiece]:
    inner = to_html(write(element, scope, ("", ""), depth))
    return [HtmlPiece(f"<blockquote{anchor(element, scope.anchors)}>{inner}</blockquote>")] if inner else []


def _preformatted(element: Element, scope: WriteScope, depth: int) -> list[HtmlPiece]:
    parts: list[str] = []
    for node in element.descendants:
        if type(node) is Text:
            parent = node.parent
            if not (isinstance(parent, Element) and parent.tag in SILENT):
                parts.append(node.data)
        elif isinstance(node, Element) and node.tag == "br":
            parts.append("\n")
    text = "".join(parts).replace("\r\n", "\n").strip("\n").rstrip()
    if len(text) > 5 * LONGEST_RUN:
        return [HtmlPiece(f"<pre><code>{piece}</code></pre>") for piece in split_long_text(escape(text))]
    return [HtmlPiece(f"<pre><code>{escape(text)}</code></pre>")] if text.strip() else []


def _rule(element: Element, scope: WriteScope, depth: int) -> list[HtmlPiece]:
    return [HtmlPiece("<hr>")]


def _definitions(element: Element, scope: WriteScope, depth: int) -> list[HtmlPiece]:
    pieces = write(element, scope, ("", ""), depth)
    if not any(piece.html.startswith(("<dt", "<dd")) for piece in pieces):
        return pieces
    inner = "".join(
        f"<dd>{to_html([p])}</dd>" if not p.html.startswith(("<dt", "<dd")) else p.html for p in pieces
    )
    return [HtmlPiece(f"<dl>{inner}</dl>")]


def _definition(element: Element, scope: WriteScope, depth: int) -> list[HtmlPiece]:
    parent = element.closest("dl")
    pieces = write(element, scope, ("", ""), depth)
    if parent is None or not pieces:
        return pieces
    inner = to_item(pieces)
    return [HtmlPiece(f"<{element.tag}{anchor(element, scope.anchors)}>{inner}</{element.tag}>")]


def _table(element: Element, scope: WriteScope, depth: int) -> list[HtmlPiece]:
    """Write a table of data; of a layout table only the content of its cells, in order."""
    if element.attr("role") in ("presentation", "none") or element.find("table") is not None:
        return write(element, scope, ("", ""), depth)
    rows = [_row(row, scope, depth + 1) for row in element.iter_elements("tr")]
    rows = [row for row in rows if row]
    if not rows or max(len(row) for row in rows) < 2:
        return write(element, scope, ("", ""), depth)
    caption = element.find("caption")
    title = to_item(write(caption, scope, ("", ""), depth)) if caption is not None else ""
    head = f"<caption>{title}</caption>" if title else ""
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return [HtmlPiece(f"<table>{head}<tbody>{body}</tbody></table>")]


def _row(row: Element, scope: WriteScope, depth: int) -> list[str]:
    cells: list[str] = []
    words_in_row = False
    for cell in row:
        if isinstance(cell, Element) and cell.tag in ("td", "th"):
            inner = to_item(write(cell, scope, ("", ""), depth))
            words_in_row = words_in_row or bool(inner)
            cells.append(f"<{cell.tag}{_spans(cell)}>{inner}</{cell.tag}>")
    return cells if words_in_row else []


def _spans(cell: Element) -> str:
    extra = ""
    for name in ("colspan", "rowspan"):
        value = (cell.attr(name) or "").strip()
        if value.isdecimal() and len(value) < 4 and value.isascii() and int(value) > 1:
            extra += f' {name}="{int(value)}"'
    return extra


def _image(element: Element, scope: WriteScope, depth: int) -> list[HtmlPiece]:
    if next(scope.budget, None) is None:
        return []
    picture = picture_of(element, scope.base)
    if picture is None:
        return []
    sign = picture.alt.strip()
    if 0 < len(sign) <= 4 and all(ord(c) > 0x2000 and not c.isalnum() for c in sign):
        return [HtmlPiece(escape(sign), True)]  # an emoji as an image
    return [figure(picture)]


def _embed(element: Element, scope: WriteScope, depth: int) -> list[HtmlPiece]:
    embed = embed_of(element, scope.base)
    if embed is not None:
        return [link_card(embed)]
    return write(element, scope, ("", ""), depth) if element.tag in ("object", "video", "audio") else []


def _figure(element: Element, scope: WriteScope, depth: int) -> list[HtmlPiece]:
    """Write a figure: its pictures and videos under one caption; a figure of text gives its content."""
    caption_of = next(iter(element.iter_elements("figcaption")), None)
    whole = replace(scope, kept=None, path=frozenset(), write_media=None)
    if caption_of is not None and (again := _card_again(element, caption_of, whole, depth)) is not None:
        return [again]
    caption = to_item(write(caption_of, whole, ("", ""), depth)) if caption_of is not None else ""
    if next(element.iter_elements(("table", "pre", "blockquote", "ul", "ol")), None) is not None:
        return write(element, scope, ("", ""), depth)
    shown = list(media_pieces(element, scope))
    if not shown:
        text = write(element, scope, ("", ""), depth)
        return [] if caption_of is not None and scope.kept is None and len(text) <= 1 else text
    if len(shown) == 1 or not caption:
        return [with_caption(piece, caption) for piece in shown]
    return [*shown[:-1], with_caption(shown[-1], caption)]


def _card_again(element: Element, caption_of: Element, scope: WriteScope, depth: int) -> HtmlPiece | None:
    """Write one of our link cards that is cleaned again, unchanged."""
    embed = read_link_card(caption_of, scope.base)
    if embed is None:
        return None
    poster = next((p.url for i in element.iter_elements("img") if (p := picture_of(i, scope.base))), None)
    caption = to_item(write(caption_of, scope, ("", ""), depth)).partition("<br>")[2]
    return link_card(replace(embed, poster=poster), caption)


def media_pieces(element: Element, scope: WriteScope) -> Iterator[HtmlPiece]:
    """Return pictures and embeds below an element, each once, as figures without captions."""
    seen: set[str] = set()
    for found in element.iter_elements(_MEDIA, include_self=True):
        parent = found.parent
        if isinstance(parent, Element) and parent.tag in ("picture", "object", "video", "amp-img"):
            continue
        for piece in _image(found, scope, 0) if found.tag in IMAGE_TAGS else _media_card(found, scope):
            if piece.html not in seen and not piece.run:
                seen.add(piece.html)
                yield piece


def _media_card(element: Element, scope: WriteScope) -> list[HtmlPiece]:
    embed = embed_of(element, scope.base)
    return [link_card(embed)] if embed is not None else []


def _noscript(element: Element, scope: WriteScope, depth: int) -> list[HtmlPiece]:
    """Write a noscript's picture if the scripted one beside it could not be resolved."""
    before = element.previous_sibling
    while before is not None and not isinstance(before, Element):
        before = before.previous_sibling
    if before is not None:
        for shown in before.iter_elements(_IMAGES, include_self=True):
            if picture_of(shown, scope.base) is not None:
                return []
    return list(media_pieces(element, scope))


def _math(element: Element, scope: WriteScope, depth: int) -> list[HtmlPiece]:
    formula = _formula(element)
    return [HtmlPiece(f"<code>{escape(formula)}</code>", True)] if formula.strip() else []


_RULES: dict[str, Callable[[Element, WriteScope, int], list[HtmlPiece]]] = {
    **dict.fromkeys(HEADINGS, _heading),
    **dict.fromkeys(("ul", "ol", "menu", "dir"), _list),
    **dict.fromkeys(("dt", "dd"), _definition),
    **dict.fromkeys(sorted(IMAGE_TAGS), _image),
    **dict.fromkeys(sorted(EMBED_TAGS), _embed),
    "li": _orphan_item,
    "blockquote": _quote,
    "pre": _preformatted,
    "listing": _preformatted,
    "xmp": _preformatted,
    "hr": _rule,
    "dl": _definitions,
    "table": _table,
    "figure": _figure,
    "noscript": _noscript,
    "math": _math,
}
