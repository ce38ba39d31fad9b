"""TeX between delimiters in a page's text, which MathJax or KaTeX would draw, as formulas.

A dollar may as well be a price and brackets with backslashes a regular expression. So a page must load one of
the two, or hold commands that only TeX has, and what stands between single dollars must look like a formula.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from unabridged.extraction.html.dom import Dom, Element, Node, Text
from unabridged.extraction.structure.formulas.formulas import new_formula
from unabridged.text.patterns import lazy_regex

MOST_FORMULAS = 2_000
"""Maximum formulas that are rewritten in one page."""
MOST_TEXTS = 50_000
"""Maximum texts of a page that are looked at."""
LONGEST_TEXT = 200_000
LEAST_COMMANDS = 2
"""Formulas with a command of TeX from which a page needs no sign of MathJax or KaTeX."""
_LOADERS = ("athJax", "mathjax", "katex", "KaTeX")
_COMMAND = lazy_regex(
    r"\\(?:d?frac|sqrt|sum|prod|int|lim|log|sin|cos|infty|partial|nabla|math(?:bb|cal|rm|bf|frak|scr)|text|left|"
    r"right|cdots?|ldots|times|leq?|geq?|neq?|approx|equiv|sim|pm|in|notin|subset(?:eq)?|cup|cap|land|lor|forall|"
    r"exists|to|rightarrow|Rightarrow|implies|iff|mapsto|alpha|beta|gamma|delta|Delta|epsilon|varepsilon|theta|"
    r"lambda|Lambda|mu|nu|pi|rho|sigma|Sigma|tau|phi|varphi|psi|omega|Omega|hat|bar|vec|dot|overline|operatorname|"
    r"begin\{(?:equation|align|cases|[pb]?matrix|array|gather)\*?\})(?![a-z])"
)
"""Commands that stand in TeX and nowhere else."""
_SPAN = lazy_regex(
    r"\$\$(?P<two>[^$]{1,2000})\$\$"
    r"|\\\[(?P<square>(?:[^\\]|\\(?![\[\]])){1,2000})\\\]"
    r"|\\\((?P<round>(?:[^\\]|\\(?![()])){1,1000})\\\)"
    r"|(?<![\\$\w])\$(?P<one>[^\s$](?:[^$]{0,300}[^\s$\\])?)\$(?![\w$])"
)
_PROSE = lazy_regex(r"\b[^\W\d_]{2,}\s+[^\W\d_]{2,}\s+[^\W\d_]{2,}")
_RELATION = lazy_regex(r"[_^=<>+*/|]|[^\W\d_]\(|\d!")
_VARIABLE = lazy_regex(r"-?(?:[^\W\d_]{1,2}|\d+[^\W\d_])'*|-?[\d.]+")
_SOURCES = ("script", "style")
_SILENT = "pre,code,kbd,samp,script,style,textarea,math,noscript,template,svg,button,select,option,title"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """TeX in a text. start, end: with the delimiters. certain: it has a command of TeX."""

    start: int
    end: int
    tex: str
    delimiter: str
    certain: bool


def rewrite_tex_in_text(dom: Dom) -> None:
    """Put formulas in the place of TeX between delimiters."""
    if not _may_have_tex(dom.body):
        return
    found = [(node, spans) for node in _texts(dom) if (spans := list(_spans(node.data)))]
    if not found:
        return
    certain = sum(span.certain for _, spans in found for span in spans)
    if certain < LEAST_COMMANDS and not any(name in dom.source for name in _LOADERS):
        return
    left = MOST_FORMULAS
    for node, spans in found:
        kept = [span for span in spans if certain or span.delimiter != "one"][:left]
        left -= len(kept)
        if kept:
            _replace(node, kept)


def _may_have_tex(body: Element) -> bool:
    """Say whether a text outside scripts and styles holds what encloses a formula. A quick test."""
    parts = [node for node in body if not (type(node) is Element and node.tag in _SOURCES)]
    shown = "".join([part.text for part in parts])
    if "\\" not in shown and shown.count("$") < 2:
        return False
    elements = [part for part in parts if type(part) is Element]
    silent = {source.text for element in elements for source in element.iter_elements(_SOURCES)}
    texts = [part.data for part in parts if type(part) is Text]
    return any(
        ("\\" in text or ("$" in text and text.count("$") > 1))
        and len(text) <= LONGEST_TEXT
        and text not in silent
        and _SPAN.search(text) is not None
        for text in chain(texts, *(element.strings for element in elements))
    )


def _texts(dom: Dom) -> Iterator[Text]:
    """Yield the texts that may hold a delimiter, outside code and formulas."""
    texts = (node for node in dom.body.descendants if type(node) is Text)
    for node in islice(texts, MOST_TEXTS):
        data = node.data
        if ("$" in data or "\\" in data) and len(data) <= LONGEST_TEXT:
            parent = node.parent
            if isinstance(parent, Element) and parent.closest(_SILENT) is None:
                yield node


def _spans(text: str) -> Iterator[_Span]:
    """Yield what may be TeX in a text."""
    for match in _SPAN.finditer(text):
        delimiter = match.lastgroup or ""
        tex = " ".join(match[delimiter].split())
        certain = _COMMAND.search(tex) is not None
        if certain or _may_be_tex(tex, delimiter):
            yield _Span(start=match.start(), end=match.end(), tex=tex, delimiter=delimiter, certain=certain)


def _may_be_tex(tex: str, delimiter: str) -> bool:
    """Say whether a text without a known command may be TeX between such delimiters."""
    if not any(map(str.isalnum, tex)) or ("\\" not in tex and _PROSE.search(tex)):
        return False
    if delimiter != "one":
        return True
    if tex.count("(") != tex.count(")"):
        return False
    return _VARIABLE.fullmatch(tex) is not None or _RELATION.search(tex) is not None or "\\" in tex


def _replace(node: Text, spans: list[_Span]) -> None:
    """Split a text at its formulas."""
    data, start = node.data, 0
    parts: list[Node] = []
    for span in spans:
        if span.start > start:
            parts.append(Text(data[start : span.start]))
        parts.append(new_formula(span.tex, block=span.delimiter in ("two", "square")))
        start = span.end
    if start < len(data):
        parts.append(Text(data[start:]))
    for part in parts:
        node.insert_before(part)
    node.extract()
