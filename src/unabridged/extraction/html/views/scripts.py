"""Sub- and superscripts as plain text: an exponent does not become part of the number before it."""

from unabridged.extraction.html.dom import Element, Node, Text
from unabridged.text.patterns import lazy_regex

_EXPONENT = lazy_regex(r"[+−-]?(?:\d{1,4}|[nkmx](?:[+−-]\d)?)")
_BASE = lazy_regex(r"(?:[\d)\]]|(?:^|[^\w])(?:[^\W\d_]|[kcdmµ]m|ft|in|sec))$")
"""Text before an exponent: a number, a bracket, a letter or a unit that stands alone. A mark after a word is
that of a note."""
_INDEX = lazy_regex(r"\d{1,4}")
_RAISED = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def script_text(element: Element) -> str | None:
    """Return an exponent raised ("23²", "2^k") or an index between digits lowered ("10₂"); None for any other
    sub or sup element: its text is written as it is."""
    script = element.text.strip()
    if not script or len(script) > 5 or next(element.iter_elements("a"), None) is not None:
        return None
    before = _neighbour(element.previous_sibling)[-4:]
    if element.tag == "sub":
        between = before[-1:].isdecimal() or _neighbour(element.next_sibling)[:1].isdecimal()
        return script.translate(_LOWERED) if between and _INDEX.fullmatch(script) else None
    if not _EXPONENT.fullmatch(script) or not _BASE.search(before):
        return None
    raised = script.translate(_RAISED)
    return raised if not raised[-1].isascii() else f"^{script}" if len(script) == 1 else f"^({script})"


def _neighbour(node: Node | None) -> str:
    """Return the text of a sibling, "" for a line break or a formula."""
    if type(node) is Text:
        return node.data
    return node.text if type(node) is Element and node.tag not in ("br", "math") else ""
