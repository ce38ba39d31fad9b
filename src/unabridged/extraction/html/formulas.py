"""Formulas: the MathML that is kept of one, its TeX, and its text on one line.

TeX of the author is in an annotation or in alttext (https://www.w3.org/TR/MathML3/chapter5.html); where a
formula has none, it is made from its MathML.
"""

import re
from collections.abc import Callable, Mapping

from unabridged.extraction.html.builders import attribute, escape
from unabridged.extraction.html.dom import Element, Text
from unabridged.extraction.html.sanitizer import MATH_ATTRIBUTES, MATH_CHECKED, MATH_TAGS
from unabridged.text.patterns import lazy_regex

MAX_DEPTH = 40
"""Maximum levels of a formula's elements; deeper ones are written as text."""
MAX_TEX = 10_000
"""Maximum characters of a formula's TeX."""

_TOKENS = frozenset(("mi", "mo", "mn", "ms", "mtext"))
_LEFT_OUT = frozenset("annotation annotation-xml script style mglyph malignmark maligngroup svg img".split())
_TEX_ENCODINGS = frozenset(
    ("application/x-tex", "application/x-latex", "text/x-tex", "text/x-latex", "tex", "latex", "llatex")
)
_TEX_ATTRIBUTES = ("alttext", "data-latex", "data-tex")
_TEX_SIGN = lazy_regex(r"[\\^_{}=<>+/()\[\]|*0-9-]")
_WORDS = lazy_regex(r"[^\W\d_]{2,}\s+[^\W\d_]{2,}")
_COMMENT = lazy_regex(r"(?<!\\)%[^\n]*(?:\n\s*|$)")
_DELIMITERS = (("$$", "$$"), ("\\[", "\\]"), ("\\(", "\\)"), ("$", "$"))
_TAG = lazy_regex(r"\s*\\tag\*?\s*\{([^{}]{1,40})\}")


def local_name(element: Element) -> str:
    """Return the name of an element without a namespace prefix ("m:mi", "mml:mi")."""
    return element.tag.rpartition(":")[2]


def is_block(element: Element) -> bool:
    """Say whether a formula stands on lines of its own."""
    return element.attr("display") == "block" or element.attr("mode") == "display"


def plain_tex(tex: str) -> str:
    """Return TeX on one line, without comments and without the delimiters around it; "" if it is too long."""
    if "%" in tex:
        tex = _COMMENT.sub("", tex)
    tex = " ".join(tex.split())
    for start, end in _DELIMITERS:
        inner = tex[len(start) : -len(end)]
        if len(tex) > len(start) + len(end) and tex.startswith(start) and tex.endswith(end):
            tex = inner.strip() if start not in inner else tex
            break
    return tex if len(tex) <= MAX_TEX else ""


def author_tex(element: Element) -> str:
    """Return the TeX that a math element holds, "" if it holds none."""
    found = ""
    for note in element.iter_elements("annotation"):
        if (note.attr("encoding") or "").strip().lower() in _TEX_ENCODINGS:
            found = note.text
            break
    bare = element.text if all(type(node) is Text for node in element) else ""
    for value in (found, *(element.attr(name) for name in _TEX_ATTRIBUTES), bare):
        if value and (tex := plain_tex(value)) and _is_tex(tex):
            return tex
    return ""


def _is_tex(text: str) -> bool:
    """Say whether text may be TeX, not a formula read aloud ("x squared plus y")."""
    return "\\" in text or _WORDS.search(text) is None or len(_TEX_SIGN.findall(text)) * 4 > len(text)


def formula_html(element: Element) -> str:
    """Return a formula as clean MathML with its TeX as alttext; "" for an empty one."""
    tex = author_tex(element)
    content = "".join(_presentation(element, 0))
    if not _visible(content):
        content = f"<mtext>{escape(tex)}</mtext>" if tex else ""
    if not content:
        return ""
    display = ' display="block"' if is_block(element) else ""
    alttext = f' alttext="{attribute(tex)}"' if tex else ""
    return f"<math{display}{alttext}>{content}</math>"


def _visible(html: str) -> bool:
    return bool(re.sub("<[^>]*>", "", html).strip())


def _presentation(parent: Element, depth: int) -> list[str]:
    """Write the presentation MathML below an element: allowed elements, each with its checked attributes."""
    parts: list[str] = []
    for node in parent:
        if type(node) is Text:
            if text := " ".join(node.data.split()):
                parts.append(f"<mtext>{escape(text)}</mtext>")
            continue
        if type(node) is not Element or (name := local_name(node)) in _LEFT_OUT:
            continue
        if name in _TOKENS:
            parts.append(f"<{name}{_attributes(node, name)}>{escape(_token(node))}</{name}>")
        elif depth >= MAX_DEPTH:
            parts.append(f"<mtext>{escape(_token(node))}</mtext>")
        elif name in ("semantics", "maction"):
            parts += _presentation(node, depth + 1)[:1]
        elif name == "mfenced":
            parts += ["<mrow>", *_fenced(node, _presentation(node, depth + 1)), "</mrow>"]
        else:
            name = _RENAMED.get(name, name if name in MATH_TAGS else "mrow")
            inner = "".join(_presentation(node, depth + 1))
            parts.append(f"<{name}{_attributes(node, name)}>{inner}</{name}>")
    return parts


_RENAMED = {"mlabeledtr": "mtr", "none": "mrow", "math": "mrow"}


def _fenced(element: Element, parts: list[str]) -> list[str]:
    """Return the content of an mfenced element (not in MathML Core) with its fences and separators."""
    start, end = element.attr("open"), element.attr("close")
    marks = "".join((element.attr("separators") or ",").split())[:20] or ","
    found = [f"<mo>{escape('(' if start is None else start[:9])}</mo>"]
    for place, part in enumerate(parts):
        found += [f"<mo>{escape(marks[min(place, len(marks)) - 1])}</mo>"] if place else []
        found.append(part)
    return [*found, f"<mo>{escape(')' if end is None else end[:9])}</mo>"]


def _token(element: Element) -> str:
    if next(element.iter_elements(tuple(_LEFT_OUT)), None) is None:
        return " ".join(element.text.split())
    hidden = [text for part in element.iter_elements(tuple(_LEFT_OUT)) for text in part.strings]
    return " ".join(" ".join(text for text in element.strings if text not in hidden).split())


def _attributes(element: Element, name: str) -> str:
    written = ""
    for key in sorted(MATH_ATTRIBUTES.get(name, ())):
        value = element.attr(key)
        if value is not None and MATH_CHECKED[key].fullmatch(value):
            written += f' {key}="{attribute(value)}"'
    return written


def formula_tex(element: Element) -> str:
    """Return the TeX of a formula: the author's, else made from its MathML."""
    return author_tex(element) or _join_tex(_convert(element, _TEX, 0))


def formula_text(element: Element) -> str:
    """Return a formula as plain text: the author's TeX, else its MathML on one line ("23/10", "x^2")."""
    tex = author_tex(element)
    if tex:
        return _TAG.sub(r" (\1)", tex) if "\\tag" in tex else tex
    return _join(_convert(element, _LINEAR, 0)).strip()


_Form = Callable[[list[str]], str]
_Forms = Mapping[str, _Form]


def _convert(parent: Element, forms: _Forms, depth: int) -> list[str]:
    """Return the parts of a formula, each converted by the form for its element."""
    parts: list[str] = []
    for node in parent:
        if type(node) is Text:
            if text := " ".join(node.data.split()):
                parts.append(text)
        elif type(node) is Element and (name := local_name(node)) not in _LEFT_OUT:
            if name in _TOKENS or depth >= MAX_DEPTH:
                parts.append(forms.get(name, forms["mtext"])([_token(node)]))
            elif name in ("semantics", "maction"):
                parts += _convert(node, forms, depth + 1)[:1]
            elif name == "mfrac" and (node.attr("linethickness") or "")[:1] == "0":
                parts.append(forms["matop"](_convert(node, forms, depth + 1)))
            elif name in ("mover", "munder", "munderover", "mmultiscripts", "mfenced"):
                parts.append(_SPECIAL[name](node, _convert(node, forms, depth + 1), forms))
            else:
                form = forms.get(name, forms["mrow"])
                parts.append(form(_convert(node, forms, depth + 1)))
    return parts


def _over(element: Element, parts: list[str], forms: _Forms) -> str:
    """Convert a base with an accent or with limits."""
    base, *marks = [*parts, "", ""][:3] if local_name(element) == "munderover" else [*parts, ""][:2]
    if local_name(element) == "mover":
        above = [child for child in element if type(child) is Element][1:]
        accent = _ACCENTS.get(above[0].text.strip()) if above else None
        if accent and forms is _TEX:
            return f"\\{accent[1]}{{{base}}}"
        if accent and len(base) == 1:
            return base + accent[0]
        return forms["msup"]([base, marks[0]])
    return forms["msub" if local_name(element) == "munder" else "msubsup"]([base, *marks])


_ACCENTS = {
    # mark above a letter -> combining character, TeX command
    **dict.fromkeys(("^", "\u02c6"), ("\u0302", "hat")),
    **dict.fromkeys(("~", "\u02dc"), ("\u0303", "tilde")),
    **dict.fromkeys(("\u00af", "\u203e", "\u2015", "_"), ("\u0304", "overline")),
    **dict.fromkeys(("\u2192", "\u20d7"), ("\u20d7", "vec")),
    **dict.fromkeys((".", "\u02d9"), ("\u0307", "dot")),
    **dict.fromkeys(("..", "\u00a8"), ("\u0308", "ddot")),
}


def _scripts(element: Element, parts: list[str], forms: _Forms) -> str:
    """Convert a base with several scripts: pairs of sub and superscript, after `mprescripts` before it."""
    names = [local_name(child) for child in element if type(child) is Element]
    cut = names.index("mprescripts") if "mprescripts" in names else len(parts)
    before, after = parts[cut + 1 :], parts[1:cut]
    base = parts[0] if parts else ""
    for place in range(0, len(after), 2):
        base = forms["msubsup"]([base, *after[place : place + 2]])
    empty = "{}" if forms is _TEX else ""
    ahead = [forms["msubsup"]([empty, *before[at : at + 2]]) for at in range(0, len(before), 2)]
    return "".join([*ahead, base])


def _in_fences(element: Element, parts: list[str], forms: _Forms) -> str:
    marks = [re.sub("<[^>]*>", "", part) for part in _fenced(element, ["" for _ in parts]) if part]
    start, *separators, end = marks
    inner = "".join(part + (separators[at] if at < len(separators) else "") for at, part in enumerate(parts))
    return forms["mrow"]([start, inner, end])


_SPECIAL = {
    **dict.fromkeys(("mover", "munder", "munderover"), _over),
    "mmultiscripts": _scripts,
    "mfenced": _in_fences,
}

_SPACED = frozenset("=≠<>≤≥≈≡∼≃∝∈∉⊂⊆∪∩→⇒⇔↦∧∨:+±") | {"≔", "-", "\u2212", "\u00d7", "\u22c5", "\u00f7"}
_INVISIBLE = {"\u2061": "", "\u2062": "", "\u2063": "", "\u2064": "+"}


def _join(parts: list[str]) -> str:
    """Join the parts of a row on one line, with spaces around operators and between words and numbers."""
    found = last = ""
    for place, part in enumerate(parts):
        text = _INVISIBLE.get(part, part)
        if not text:
            continue
        if text in _SPACED and found and place + 1 < len(parts) and found[-1] not in "([{,=<>|":
            found = f"{found.rstrip()} {text} "
        elif text == ",":
            found = f"{found}, "
        else:
            found += f" {text}" if _is_glued(last, text) else text
        last = text
    return found


def _is_glued(before: str, after: str) -> bool:
    """Say whether two parts would read as one number or one word if no space stood between them."""
    if not before or not (before[-1].isalnum() and after[0].isalnum()):
        return False
    if not before.isalnum():
        return True
    if before[-1].isdigit() or after[0].isdigit():
        return before[-1].isdigit() and after[0].isdigit()
    return (len(before) > 1 and before[-2:].isalpha()) or (len(after) > 1 and after[:2].isalpha())


def _group(text: str) -> str:
    """Return an operand, in brackets if it has several parts."""
    text = text.strip()
    if (
        text.isalpha()
        or (text.isalnum() and text[0].isalpha())
        or text.replace(".", "", 1).isdecimal()
        or len(text) <= 1
    ):
        return text
    if text[0] == "(" and text.find(")") == len(text) - 1:
        return text
    return f"({text})"


def _subscript(base: str, script: str) -> str:
    simple = base.strip().isalpha() and script.strip().isalnum()
    return base + script.strip() if simple or not script.strip() else f"{base}_{_group(script)}"


def _superscript(base: str, script: str) -> str:
    if not script.strip() or set(script) <= set("′″‴'*†°"):
        return base + script
    return f"{base}^{_group(script)}"


def _at(parts: list[str], place: int) -> str:
    return parts[place] if place < len(parts) else ""


def _braced(text: str) -> str:
    return text if len(text) == 1 else f"{{{text}}}"


def _join_tex(parts: list[str]) -> str:
    return " ".join(text for part in parts if (text := _INVISIBLE.get(part, part)))


_TEX_ESCAPES = {sign: f"\\{sign}" for sign in "{}$%#&_"} | {
    "\\": "\\backslash ",
    "~": "\\sim ",
    "^": "\\hat{}",
}


def _tex_symbol(parts: list[str]) -> str:
    return "".join(_TEX_ESCAPES.get(sign, sign) for sign in parts[0])


def _tex_word(parts: list[str]) -> str:
    text = _tex_symbol(parts)
    return f"\\mathrm{{{text}}}" if len(text) > 1 and text.isalpha() else text


def _tex_text(parts: list[str]) -> str:
    return f"\\text{{{_tex_symbol(parts)}}}" if parts[0].strip() else ""


def _tex_script(mark: str) -> _Form:
    def convert(parts: list[str]) -> str:
        script = _at(parts, 1)
        return f"{_braced(_at(parts, 0))}{mark}{{{script}}}" if script else _at(parts, 0)

    return convert


def _tex_scripts(parts: list[str]) -> str:
    scripts = "".join(f"{mark}{{{text}}}" for mark, text in zip("_^", parts[1:3], strict=False) if text)
    return _braced(_at(parts, 0)) + scripts if _at(parts, 0) != "{}" else "{}" + scripts


def _row(cells: list[str]) -> str:
    """Join the cells of a row; one that begins with an operator goes on with the equation before it."""
    row = ""
    for cell in (cell.strip() for cell in cells if cell.strip()):
        row += f" {cell}" if row and cell[0] in _SPACED else f", {cell}" if row else cell
    return row


_LINEAR: dict[str, _Form] = {
    **dict.fromkeys(("mi", "mo", "mn", "ms"), lambda parts: parts[0]),
    "mtext": lambda parts: f" {parts[0]} " if len(parts[0]) > 1 else parts[0],
    "mspace": lambda _: " ",
    "mphantom": lambda _: "",
    "mrow": _join,
    "mfrac": lambda parts: f"{_group(_at(parts, 0))}/{_group(_at(parts, 1))}",
    "matop": lambda parts: f"{_at(parts, 0)}; {_at(parts, 1)}",
    "msqrt": lambda parts: f"√{_group(_join(parts))}",
    "mroot": lambda parts: f"{_group(_at(parts, 0))}^(1/{_at(parts, 1)})",
    "msub": lambda parts: _subscript(_at(parts, 0), _at(parts, 1)),
    "msup": lambda parts: _superscript(_at(parts, 0), _at(parts, 1)),
    "msubsup": lambda parts: _superscript(_subscript(_at(parts, 0), _at(parts, 1)), _at(parts, 2)),
    "mtable": lambda parts: "; ".join(part for part in parts if part.strip()),
    **dict.fromkeys(("mtr", "mlabeledtr"), _row),
}
_TEX: dict[str, _Form] = {
    **dict.fromkeys(("mo", "mn", "ms"), _tex_symbol),
    "mi": _tex_word,
    "mtext": _tex_text,
    "mspace": lambda _: "\\;",
    "mphantom": lambda _: "",
    "mrow": _join_tex,
    "mfrac": lambda parts: f"\\frac{{{_at(parts, 0)}}}{{{_at(parts, 1)}}}",
    "matop": lambda parts: f"{{{_at(parts, 0)} \\atop {_at(parts, 1)}}}",
    "msqrt": lambda parts: f"\\sqrt{{{_join_tex(parts)}}}",
    "mroot": lambda parts: f"\\sqrt[{_at(parts, 1)}]{{{_at(parts, 0)}}}",
    "msub": _tex_script("_"),
    "msup": _tex_script("^"),
    "msubsup": _tex_scripts,
    "mtable": lambda parts: " ".join(("\\begin{matrix}", " \\\\ ".join(parts), "\\end{matrix}")),
    **dict.fromkeys(("mtr", "mlabeledtr"), " & ".join),
}
