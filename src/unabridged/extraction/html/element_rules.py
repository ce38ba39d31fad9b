"""Rules of the serializer: how each kind of block element is written.

A rule gets the element, the scope, the depth and the function that writes an element's children.
"""

from collections.abc import Iterator
from dataclasses import replace

from unabridged import urls
from unabridged.extraction.html.builders import (
    LONGEST_RUN,
    REL,
    HtmlPiece,
    attribute,
    escape,
    figure,
    link_card,
    split_long_text,
    to_html,
    to_item,
    with_caption,
)
from unabridged.extraction.html.dom import Element, Text
from unabridged.extraction.html.formulas import formula_html
from unabridged.extraction.html.links import anchor
from unabridged.extraction.html.media import (
    EMBED_TAGS,
    IMAGE_TAGS,
    MEDIA_TAGS,
    POST,
    embed_of,
    picture_of,
    read_link_card,
)
from unabridged.extraction.html.resolve import destination
from unabridged.extraction.html.sanitizer import CODE_CLASS
from unabridged.extraction.html.tables import table, with_table_caption
from unabridged.extraction.html.write_scope import SILENT, ElementRule, WriteChildren, WriteScope
from unabridged.text.patterns import lazy_regex

_SPACE = lazy_regex(r"[ \t\n\r\f]{2,}|[\t\n\r\f]")
_LATE_SPACE = lazy_regex(r" +((?:</\w+>)+)")
_MEDIA, _IMAGES, _EMBEDS = (tuple(sorted(tags)) for tags in (MEDIA_TAGS, IMAGE_TAGS, EMBED_TAGS))
HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h5", "h6": "h6"}


def _heading(element: Element, scope: WriteScope, depth: int, write: WriteChildren) -> list[HtmlPiece]:
    pieces = write(element, scope, depth)
    text = " ".join(piece.html for piece in pieces if piece.run)
    others = [piece for piece in pieces if not piece.run]
    if not text:
        return others
    name = HEADINGS[element.tag]
    text = _LATE_SPACE.sub(r"\1 ", text.replace("<br>", " ")) if "<br>" in text else text
    line = _SPACE.sub(" ", text).strip()
    return [HtmlPiece(f"<{name}{anchor(element, scope.anchors)}>{line}</{name}>"), *others]


def _list(element: Element, scope: WriteScope, depth: int, write: WriteChildren) -> list[HtmlPiece]:
    items: list[str] = []
    for piece in write(element, scope, depth):
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


def _list_item(element: Element, scope: WriteScope, depth: int, write: WriteChildren) -> list[HtmlPiece]:
    inner = to_item(write(element, scope, depth))
    return [HtmlPiece(f"<li{anchor(element, scope.anchors)}>{inner}</li>")] if inner else []


def _orphan_item(element: Element, scope: WriteScope, depth: int, write: WriteChildren) -> list[HtmlPiece]:
    parent = element.parent
    if isinstance(parent, Element) and parent.tag in ("ul", "ol", "menu", "dir"):
        return _list_item(element, scope, depth, write)
    return write(element, scope, depth)


def _quote(element: Element, scope: WriteScope, depth: int, write: WriteChildren) -> list[HtmlPiece]:
    inner = to_html(write(element, scope, depth))
    return [HtmlPiece(f"<blockquote{anchor(element, scope.anchors)}>{inner}</blockquote>")] if inner else []


def _preformatted(element: Element, scope: WriteScope, depth: int, write: WriteChildren) -> list[HtmlPiece]:
    parts: list[str] = []
    for node in element.descendants:
        if type(node) is Text:
            parent = node.parent
            if not (isinstance(parent, Element) and parent.tag in SILENT):
                parts.append(node.data)
        elif isinstance(node, Element) and node.tag == "br":
            parts.append("\n")
    text = "".join(parts).replace("\r\n", "\n").strip("\n").rstrip()
    code = f"<code{_language(element)}>"
    if len(text) > 5 * LONGEST_RUN:
        return [HtmlPiece(f"<pre>{code}{piece}</code></pre>") for piece in split_long_text(escape(text))]
    return [HtmlPiece(f"<pre>{code}{escape(text)}</code></pre>")] if text.strip() else []


def _language(element: Element) -> str:
    """Return the class attribute that names the language of a block of code, "" if none does."""
    name = element.attr("data-language")
    if name is None:
        code = element.find("code")
        names = code.attr("class") if code is not None else ""
        name = names.removeprefix("language-") if names and names.startswith("language-") else ""
    return f' class="language-{name}"' if CODE_CLASS.fullmatch(f"language-{name}") else ""


def _rule(element: Element, scope: WriteScope, depth: int, write: WriteChildren) -> list[HtmlPiece]:
    return [HtmlPiece("<hr>")]


def _definitions(element: Element, scope: WriteScope, depth: int, write: WriteChildren) -> list[HtmlPiece]:
    pieces = write(element, scope, depth)
    if not any(piece.html.startswith(("<dt", "<dd")) for piece in pieces):
        return pieces
    inner = "".join(
        f"<dd>{to_html([p])}</dd>" if not p.html.startswith(("<dt", "<dd")) else p.html for p in pieces
    )
    return [HtmlPiece(f"<dl>{inner}</dl>")]


def _definition(element: Element, scope: WriteScope, depth: int, write: WriteChildren) -> list[HtmlPiece]:
    parent = element.closest("dl")
    pieces = write(element, scope, depth)
    if parent is None or not pieces:
        return pieces
    inner = to_item(pieces)
    return [HtmlPiece(f"<{element.tag}{anchor(element, scope.anchors)}>{inner}</{element.tag}>")]


def _image(element: Element, scope: WriteScope, depth: int, write: WriteChildren) -> list[HtmlPiece]:
    return _picture_pieces(element, scope)


def _picture_pieces(element: Element, scope: WriteScope) -> list[HtmlPiece]:
    if next(scope.budget, None) is None:
        return []
    picture = picture_of(element, scope.base)
    if picture is None:
        return []
    sign = picture.alt.strip()
    if 0 < len(sign) <= 4 and all(ord(c) > 0x2000 and not c.isalnum() for c in sign):
        return [HtmlPiece(escape(sign), True)]  # an emoji as an image
    return [figure(picture)]


def _embed(element: Element, scope: WriteScope, depth: int, write: WriteChildren) -> list[HtmlPiece]:
    embed = embed_of(element, scope.base)
    if embed is not None:
        return [link_card(embed)]
    return write(element, scope, depth) if element.tag in ("object", "video", "audio") else []


def _post(element: Element, scope: WriteScope, depth: int, write: WriteChildren) -> list[HtmlPiece]:
    """Write an embedded post whole, as a quotation that ends with its address."""
    whole = replace(scope, kept=None, path=frozenset(), write_media=None)
    inner = to_html(write(element, whole, depth))
    address = destination(element.attr("data-url") or "", scope.base)
    if address and f'href="{attribute(address)}"' not in inner:
        inner += f'<p><a href="{attribute(address)}" {REL}>{escape(urls.host(address))}</a></p>'
    return [HtmlPiece(f"<blockquote>{inner}</blockquote>")] if inner else []


def _figure(element: Element, scope: WriteScope, depth: int, write: WriteChildren) -> list[HtmlPiece]:
    """Write a figure: its pictures and videos under one caption; a figure of text gives its content."""
    caption_of = _own_caption(element)
    whole = replace(scope, kept=None, path=frozenset(), write_media=None)
    caption = to_item(write(caption_of, whole, depth)) if caption_of is not None else ""
    if caption_of is not None and (again := _card_again(element, caption_of, whole, caption)) is not None:
        return [again]
    if next(element.iter_elements("figure"), None) is not None:
        return _figure_of_text(element, caption_of, caption, scope, depth, write)
    if next(element.iter_elements(("table", "pre", "blockquote", "ul", "ol")), None) is not None:
        return with_table_caption(write(element, scope, depth), caption)
    beside = _text_beside(element, caption_of, scope)
    chosen = scope.kept is not None and (caption_of is not None or _holds_paragraphs(element, scope))
    if len(beside) > LONGEST_CAPTION or (beside and chosen):
        return _figure_of_text(element, caption_of, caption, scope, depth, write)
    shown = list(media_pieces(element, scope, write))
    if not shown:
        text = write(element, scope, depth)
        return [] if caption_of is not None and scope.kept is None and len(text) <= 1 else text
    if caption_of is None and next(element.iter_elements(_EMBEDS), None) is None:
        caption = escape(beside)
    if len(shown) == 1 or not caption:
        return [with_caption(piece, caption) for piece in shown]
    return [*shown[:-1], with_caption(shown[-1], caption)]


def _holds_paragraphs(element: Element, scope: WriteScope) -> bool:
    """Say whether several paragraphs of a figure, or the parts of a card, were chosen as text; a single
    paragraph may be its caption, a few parts may be a caption and its credits.
    """
    if sum(paragraph in scope.path for paragraph in element.iter_elements("p")) > 1:
        return True
    kept = scope.kept or frozenset()
    parents = {node.parent for node in element.descendants if node in kept}
    return len({parent.closest(_PARTS) for parent in parents if isinstance(parent, Element)}) >= CARD_PARTS


_PARTS = "div,p,li,dt,dd,h1,h2,h3,h4,h5,h6,figure"
CARD_PARTS = 4
"""Parts of a figure that are chosen as text: a caption has a line, its credit and the agency at most."""


LONGEST_CAPTION = 400
"""Maximum characters of a figure's text that may be its caption; longer text is part of the article."""


def _own_caption(element: Element) -> Element | None:
    """Return the caption of a figure, not that of a figure inside it."""
    for caption in element.iter_elements("figcaption"):
        if caption.closest("figure") == element:
            return caption
    return None


def _text_beside(element: Element, caption_of: Element | None, scope: WriteScope) -> str:
    """Return the text of a figure outside its caption, on one line; "" if it is mostly links, unless kept."""
    inside = set(caption_of.descendants) if caption_of is not None else set()
    parts: list[str] = []
    linked = 0
    for node in element.descendants:
        if type(node) is not Text or node in inside or node.data.isspace():
            continue
        if scope.kept is not None and node not in scope.kept:
            continue
        above = node.parent
        if isinstance(above, Element) and above.closest(_CONTROLS) is None:
            parts.append(node.data)
            linked += len(node.data) if scope.kept is None and above.closest("a") is not None else 0
    text = " ".join(" ".join(parts).split())
    return text if linked <= len(text) / 2 else ""


_CONTROLS = "script,style,svg,button,noscript,video,audio,object,select"


def _figure_of_text(
    element: Element,
    caption_of: Element | None,
    caption: str,
    scope: WriteScope,
    depth: int,
    write: WriteChildren,
) -> list[HtmlPiece]:
    """Write a figure that wraps paragraphs of the article: the caption stays with the first picture."""
    if caption_of is None:
        return write(element, scope, depth)
    pieces = write(element, replace(scope, dropped=scope.dropped | {caption_of}), depth)
    figures = [place for place, piece in enumerate(pieces) if piece.html.startswith("<figure")]
    if not figures or not caption:
        return [*pieces, *write(caption_of, scope, depth)]
    bare = (place for place in figures if "<figcaption>" not in pieces[place].html)
    place = figures[-1] if len(figures) == len(pieces) else next(bare, figures[-1])
    pieces[place] = with_caption(pieces[place], caption)
    return pieces


def _card_again(element: Element, caption_of: Element, scope: WriteScope, caption: str) -> HtmlPiece | None:
    """Write one of our link cards that is cleaned again, unchanged. caption: its caption as written."""
    embed = read_link_card(caption_of, scope.base)
    if embed is None:
        return None
    poster = next((p.url for i in element.iter_elements("img") if (p := picture_of(i, scope.base))), None)
    return link_card(replace(embed, poster=poster), caption.partition("<br>")[2])


def media_pieces(element: Element, scope: WriteScope, write: WriteChildren) -> Iterator[HtmlPiece]:
    """Return pictures and embeds below an element, each once, as figures without captions."""
    seen: set[str] = set()
    for found in element.iter_elements(_MEDIA, include_self=True):
        parent = found.parent
        if isinstance(parent, Element) and parent.tag in ("picture", "object", "video", "amp-img"):
            continue
        if found.tag in IMAGE_TAGS:
            pieces = _picture_pieces(found, scope)
        else:
            pieces = _post(found, scope, 1, write) if found.tag == POST else _media_card(found, scope)
        for piece in pieces:
            if piece.html not in seen and not piece.run:
                seen.add(piece.html)
                yield piece


def _media_card(element: Element, scope: WriteScope) -> list[HtmlPiece]:
    embed = embed_of(element, scope.base)
    return [link_card(embed)] if embed is not None else []


def _noscript(element: Element, scope: WriteScope, depth: int, write: WriteChildren) -> list[HtmlPiece]:
    """Write a noscript's picture if the scripted one beside it could not be resolved; its text if chosen."""
    if scope.kept is not None and element in scope.path:
        return write(element, scope, depth)
    before = element.previous_sibling
    while before is not None and not isinstance(before, Element):
        before = before.previous_sibling
    if before is not None:
        for shown in before.iter_elements(_IMAGES, include_self=True):
            if picture_of(shown, scope.base) is not None:
                return []
    return list(media_pieces(element, scope, write))


def _math(element: Element, scope: WriteScope, depth: int, write: WriteChildren) -> list[HtmlPiece]:
    formula = formula_html(element)
    return [HtmlPiece(formula, True)] if formula else []


RULES: dict[str, ElementRule] = {
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
    "table": table,
    "figure": _figure,
    "noscript": _noscript,
    "math": _math,
    POST: _post,
}
