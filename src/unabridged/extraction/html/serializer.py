"""Serialize any part of a page's tree as clean semantic HTML, in pieces.

A page's own elements are never passed through: each kind of element has a rule here, and elements without a
rule lose their tag and keep their text. Bare text in a container becomes a paragraph; two line breaks end a
paragraph. The result is well-formed and shallow, however deep the page nests.
"""

from collections.abc import Iterator

from unabridged.extraction.html.builders import (
    INVISIBLE,
    LONGEST_FORMULAS,
    LONGEST_RUN,
    MOST_REFERENCES,
    REL,
    HtmlPiece,
    attribute,
    escape,
    has_visible_text,
    image,
    split_long_text,
    strip_tags,
    trimmed,
)
from unabridged.extraction.html.dom import Element, Node, Text
from unabridged.extraction.html.element_rules import RULES
from unabridged.extraction.html.formulas import formula_html, is_block
from unabridged.extraction.html.links import anchor, link_tags
from unabridged.extraction.html.media import (
    ICON,
    MEDIA_TAGS,
    is_hidden,
    picture_of,
)
from unabridged.extraction.html.write_scope import SILENT, WriteScope
from unabridged.text.patterns import lazy_regex

MAX_NESTING = 60
"""Maximum levels of source elements; deeper content is written as plain paragraphs."""

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
    **dict.fromkeys(("slot", "output", "math", ICON), ""),
    "strike": "s",
    "tt": "code",
    "acronym": "abbr",
}
_BLOCKS = (
    "p div section article ul ol li dl table blockquote pre figure h1 h2 h3 h4 h5 h6 hr main header footer "
    "aside center details form fieldset address tr td noscript " + " ".join(sorted(MEDIA_TAGS))
).split()
_BLANKS = " \t\n\r\f"
_SPACE = lazy_regex(r"[ \t\n\r\f]{2,}|[\t\n\r\f]")
_BREAKS = lazy_regex(r"(?: ?<br> ?){2,}")


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
            if (run or data.strip(_BLANKS)) and (kept is None or node in kept or data.isspace()):
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
                run.append(_gap(node, scope))
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
        longest = LONGEST_RUN if "<math" not in text else LONGEST_FORMULAS
        if len(text) > longest or (len(text) > MOST_REFERENCES and text.count("&") > MOST_REFERENCES):
            pieces += [
                HtmlPiece(wrap[0] + piece + wrap[1], True) for piece in split_long_text(strip_tags(text))
            ]
        elif text and (text[0].isalnum() or has_visible_text(text)):  # most begin with a letter
            pieces.append(HtmlPiece(wrap[0] + text + wrap[1], True))


def _holds_blocks(element: Element) -> bool:
    """Say whether an inline element wraps blocks, pictures, or paragraphs separated by line breaks.

    Of formulas it says whether they stand on lines of their own.
    """
    if element.tag == "math":
        return is_block(element)
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
    if tag == ICON:
        return _icon(element, scope)
    if tag == "math":
        return formula_html(element)
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
            elif node in path if kept is not None else tag not in SILENT:
                parts.append(_inline(node, tag, scope, depth + 1))
            elif kept is not None and tag in INLINE:
                parts.append(_gap(node, scope))
    return "".join(parts)


def _icon(element: Element, scope: WriteScope) -> str:
    """Write a small picture inside a sentence."""
    picture = picture_of(element, scope.base) if next(scope.budget, None) is not None else None
    return image(picture) if picture is not None else escape((element.attr("alt") or "")[:100])


def _gap(element: Element, scope: WriteScope) -> str:
    """Return what an inline element without kept text leaves in its place: a space, a line break, its small
    picture."""
    for left in element.iter_elements(("br", ICON), include_self=True):
        return "<br>" if left.tag == "br" else _icon(left, scope)
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
    rule = RULES.get(tag)
    if rule is not None:
        return rule(element, scope, depth, write_children)
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


def write_children(parent: Node, scope: WriteScope, depth: int) -> list[HtmlPiece]:
    return write(parent, scope, ("", ""), depth)
