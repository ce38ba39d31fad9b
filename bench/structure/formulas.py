"""Formulas: {tex, symbols}, from MathML, elements that hold TeX, and TeX between delimiters in the text."""

import html as html_escapes
import re
import unicodedata
from collections.abc import Iterator

from lxml.html import HtmlElement

from bench.structure.texts import Structure, flat

TEX = 40
"""Characters kept of a formula."""


def formula_of(tex: str | None, symbols: str = "") -> Structure:
    """Return the fingerprint of a formula from its TeX, or from the text of its MathML."""
    plain = normal_tex(tex) if tex else None
    return {
        "tex": plain[:TEX] if plain else None,
        "symbols": (symbols_of(tex) if tex else folded_ascii(symbols))[:TEX],
    }


def normal_tex(tex: str) -> str:
    """Return TeX without delimiters, white space, braces and the commands that change only looks."""
    text = _DELIMITERS.sub("", html_escapes.unescape(tex).strip())
    return re.sub(r"[\s{}]+|\\[,;:!> ]", "", _LOOKS.sub("", text))


def symbols_of(tex: str) -> str:
    """Return the letters and digits of TeX without its commands."""
    text = re.sub(
        r"\\(?:begin|end)\s*\{[^}]*\}(?:\{[^}]*\})?", "", _LOOKS.sub("", html_escapes.unescape(tex))
    )
    return folded_ascii(re.sub(r"\\[a-zA-Z]+", "", text))


def folded_ascii(text: str) -> str:
    """Return the ASCII letters and digits of a text, mathematical alphabets read as plain."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isascii() and c.isalnum())


_DELIMITERS = re.compile(r"^(?:\$\$?|\\\(|\\\[|\$?latex\s)|(?:\$\$?|\\\)|\\\])$")
_LOOKS = re.compile(
    r"\\(?:displaystyle|textstyle|left|right|limits|nolimits|quad|qquad|[bB]igg?[lr]?|mathrm|mathit|operatorname|text|rm)"
    r"(?![a-zA-Z])"
)
_IN_TEXT = re.compile(
    r"\$\$(?P<a>[^$]{1,2000})\$\$|\\\[(?P<b>.{1,2000}?)\\\]|\\\((?P<c>.{1,500}?)\\\)"
    r"|(?<![\\$\w])\$(?P<d>[^\s$](?:[^$\n]{0,300}[^\s$\\])?)\$(?![\d\w$])",
    re.DOTALL,
)
_TEX_SIGN = re.compile(r"\\[a-zA-Z]|[_^=]")
_TEX_COMMAND = re.compile(r"\\[a-zA-Z]{2,}|[_^]\{|\w[_^]\w")
_PROSE = re.compile(r"[a-zA-Z]{2,}\s+[a-zA-Z]{2,}\s+[a-zA-Z]{2,}")


def formulas(root: HtmlElement) -> Iterator[Structure]:
    done: set[HtmlElement] = set()
    for element in root.iter():
        if not isinstance(element.tag, str) or any(parent in done for parent in element.iterancestors()):
            continue
        found = formula_element(element)
        if found:
            done.add(element)
            yield found
            yield from in_text(element.tail)
        elif element.tag not in ("pre", "code"):
            yield from in_text(element.text)
            yield from in_text(element.tail)
        else:
            done.add(element)
            yield from in_text(element.tail)


def formula_element(element: HtmlElement) -> Structure | None:
    names = f" {element.get('class', '')} "
    if element.tag == "math":
        return mathml(element)
    if element.tag == "img":
        is_tex = re.search(r"[ -](?:latex|tex|math)[ -]|mwe-math", names) or "latex" in element.get("src", "")
        return formula_of(element.get("alt")) if is_tex and element.get("alt") else None
    if element.get("data-tex"):
        return formula_of(element.get("data-tex"))
    if (
        re.search(r" (?:math|katex|tex|latex)(?: |-inline|-display)", names)
        and next(element.iter("math"), None) is None
    ):
        text = element.text_content().strip()
        return (
            formula_of(text) if text and len(text) < 2000 and element.tag in ("span", "code", "div") else None
        )
    return None


def mathml(math: HtmlElement) -> Structure:
    notes = [a for a in math.iter("annotation") if "tex" in a.get("encoding", "").lower()]
    tex = notes[0].text_content() if notes else math.get("alttext")
    if tex is None:
        annotations = "".join(a.text_content() for a in math.iter("annotation", "annotation-xml"))
        return formula_of(
            None, math.text_content().removesuffix(annotations) if annotations else math.text_content()
        )
    return formula_of(tex)


def in_text(text: str | None) -> Iterator[Structure]:
    if text and ("$" in text or "\\" in text):
        yield from (formula_of(tex) for _, tex in _spans(text))


def _spans(text: str) -> Iterator[tuple[re.Match[str], str]]:
    for found in _IN_TEXT.finditer(text):
        tex = found["a"] or found["b"] or found["c"] or found["d"]
        if _is_tex(tex, by_brackets=found["b"] is not None, by_dollar=found["d"] is not None):
            yield found, tex


def _is_tex(tex: str, *, by_brackets: bool, by_dollar: bool) -> bool:
    """Say whether what stands between delimiters is TeX, not prose or prices."""
    if "\n\n" in tex or "](" in tex or "[^" in tex or not any(c.isalnum() for c in tex):
        return False
    if "\\" not in tex and _PROSE.search(tex):
        return False
    if by_brackets:
        return bool(_TEX_COMMAND.search(tex))
    return not (by_dollar and len(tex) > 12) or bool(_TEX_SIGN.search(tex))


def formulas_marked(source: str) -> str:
    """Return Markdown in which formulas stand as elements, so that its emphasis does not touch them."""
    parts = re.split(
        r"(^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?^ {0,3}\2[`~]*[ \t]*$|`[^`\n]+`)",
        source,
        flags=re.DOTALL | re.MULTILINE,
    )
    return "".join(
        part if number % 3 == 1 else "" if number % 3 == 2 else _marked(part)
        for number, part in enumerate(parts)
    )


def _marked(text: str) -> str:
    made, end = [], 0
    for found, tex in _spans(text):
        made += [text[end : found.start()], f'<span data-tex="{html_escapes.escape(flat(tex))}">·</span>']
        end = found.end()
    return "".join(made) + text[end:]
