"""MathML read back from what MathJax 3 draws, for pages that keep neither its TeX nor MathML.

In SVG a node names its kind (`data-mml-node`) and each glyph its character (`data-c`); in CHTML the names of
elements and classes say both (`mjx-mi`, `mjx-c1D43B`).
"""

import unicodedata

from unabridged.extraction.html.dom import Element, Text
from unabridged.extraction.html.sanitizer import MATH_TAGS
from unabridged.text.patterns import lazy_regex

_GLYPH_CLASS = lazy_regex(r"(?:^|\s)mjx-c([0-9A-F]{2,6})(?:\s|$)")
_CODE = lazy_regex(r"[0-9A-Fa-f]{2,6}")
_GROUPS = {"mjx-num": "mrow", "mjx-den": "mrow", "mjx-base": "mrow", "mjx-box": "mrow"}
_TOKENS = frozenset(("mi", "mo", "mn", "mtext", "ms"))
MAX_DEPTH = 40


def from_glyphs(container: Element) -> Element | None:
    """Return a math element for a drawn formula, None if it shows no characters."""
    if container.tag != "mjx-container":
        return None
    formula = Element("math", {}, _read(container, 0))
    return formula if formula.text.strip() else None


def _read(parent: Element, depth: int) -> list[Element]:
    found: list[Element] = []
    for node in parent:
        if type(node) is not Element:
            continue
        name = _GROUPS.get(node.tag) or _name(node)
        if name in _TOKENS:
            found.append(Element(name, {}, [Text(_characters(node))]))
        elif depth < MAX_DEPTH:
            inner = _read(node, depth + 1)
            found += inner if not name or name == "math" else [Element(name, {}, _ordered(name, inner))]
    return found


def _name(element: Element) -> str:
    kind = element.attr("data-mml-node") or element.tag.removeprefix("mjx-")
    return kind if kind in MATH_TAGS else ""


def _ordered(name: str, parts: list[Element]) -> list[Element]:
    """Return the children of an element in MathML's order: MathJax draws the upper script first."""
    return [parts[0], parts[2], parts[1]] if name in ("msubsup", "munderover") and len(parts) == 3 else parts


def _characters(token: Element) -> str:
    codes = []
    for glyph in token.iter_elements():
        found = _GLYPH_CLASS.search(glyph.attr("class") or "") if glyph.tag == "mjx-c" else None
        code = found[1] if found else glyph.attr("data-c") or ""
        if _CODE.fullmatch(code) and int(code, 16) < 0x110000 and not 0xD800 <= int(code, 16) < 0xE000:
            codes.append(chr(int(code, 16)))
    return unicodedata.normalize("NFKC", "".join(codes)) or " ".join(token.text.split())
