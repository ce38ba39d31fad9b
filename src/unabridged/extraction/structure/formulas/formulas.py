"""Rewrite the formulas of a page: each becomes one `math` element, whatever rendered it.

A renderer writes a formula several times: for the eye, for screen readers, as the source that it was made of.
The source (TeX, else MathML) is kept. `html/formulas.py` says what is written of the element.
"""

import json
from collections.abc import Callable, Iterable, Iterator

from unabridged.extraction.html.dom import Dom, Element, Node, Text, is_deep, parse_body
from unabridged.extraction.html.formulas import author_tex, is_block, plain_tex
from unabridged.extraction.structure.formulas.formula_glyphs import from_glyphs
from unabridged.extraction.structure.formulas.formula_pictures import draws_formulas, picture_tex
from unabridged.extraction.structure.page_names import PageNames

_TAGS = frozenset(
    "math m:math mml:math mjx-container math-renderer d-math dt-math math-field tex-math la-tex".split()
)
_CLASS_PARTS = (
    "math",
    "Math",
    " tex ",
    "latex",
    "tex2jax",
    "texrender",
    "equation",
    "mjx",
    "MJX",
    "mwe-",
    "ltx_",
    "stemblock",
    "ql-img",
    "ormula",
)
"""Tags and parts of class names of which a page with a formula has one, if its formulas are no bare pictures
or scripts."""
_SOURCES = 'script[type^="math/"],[data-mathml]'
"""Elements that hold the source of a formula, as a CSS selector."""

_RENDERED = (
    ".katex-display,.katex,mjx-container,.MathJax_Display,.MathJax_SVG_Display,.MJXc-display,.MathJax,"
    ".MathJax_SVG,.MathJax_CHTML,.mjx-chtml,.mwe-math-element,.ztext-math,.latex-rendered,math-renderer,"
    "[data-mathml],.notion-text-equation-token"
)
_DISPLAYED = ("display", "block", "Display", "centered")
_SCRIPT_OUTPUT = ("MathJax", "MJX", "mjx-", "katex")
_TEX_TEXTS = (
    ".math,.math-container,.mathjax-tex,.math-tex,.stemblock,.js-render-math,.latexmath,.math-inline,"
    ".math-display,.math-block,.tex-math,.texmath,.MathJax_Preview,math-renderer,d-math,dt-math,math-field,tex-math,la-tex,"
    ".katex-inline,.katex-block,.arithmatex,.tex2jax_process,.inline-math,.display-math,.c-article-equation__content"
)
_TEX_TAGS = frozenset(("d-math", "dt-math", "math-field", "tex-math", "la-tex"))
_BARE = frozenset("inline display math-inline math-display js-render-math latexmath math-block".split())
_DELIMITED = (("\\(", "\\)"), ("\\[", "\\]"), ("$$", "$$"), ("$", "$"), ("\\begin{", "}"))
_BLOCK_STARTS = ("\\[", "$$", "\\begin{")
_EQUATIONS = "table.ltx_equation,table.ltx_equationgroup,table.ltx_eqn_table,table.ltx_eqnarray"
MOST_NODES = 60
"""Maximum nodes of an element whose text is TeX."""
LONGEST_BARE = 400
"""Maximum characters of a formula that only its element's class tells from text."""


def _may_have_formulas(dom: Dom, names: PageNames) -> bool:
    """Say whether a page may have formulas."""
    return (
        names.have_tag(_TAGS)
        or names.have_class(_CLASS_PARTS)
        or bool(dom.select(_SOURCES))
        or draws_formulas(dom.elements(("img", "amp-img")))
    )


def rewrite_formulas(dom: Dom, names: PageNames) -> None:
    """Replace all renderings of a formula by one `math` element, with its TeX as alttext if there is any."""
    if not _may_have_formulas(dom, names):
        return
    _rewrite_scripts(list(dom.elements("script")))
    _rewrite_all(dom.select(_RENDERED), _rendered)
    _rewrite_all(dom.select(_EQUATIONS), _equation_table)
    _rewrite_all(dom.select(_TEX_TEXTS), _tex_text)
    _rewrite_all(list(dom.elements(("img", "amp-img"))), _picture)
    _rewrite_all(list(dom.elements(("math", "m:math", "mml:math"))), _plain)


def _rewrite_all(found: Iterable[Element], rewrite: Callable[[Element], Element | None]) -> None:
    """Replace elements by what `rewrite` makes of them, outermost first; None leaves one as it is."""
    done: set[Node] = set()
    for element in found:
        if element in done or element.parent is None or is_deep(element):
            continue
        formula = rewrite(element)
        if formula is not None and formula != element:
            done.update(element.iter_elements())
            if formula.parent is not None:
                formula.extract()
            element.replace_with(formula)


def new_formula(tex: str, *, block: bool) -> Element:
    """Return a `math` element for TeX."""
    display = "block" if block else "inline"
    return Element("math", {"alttext": tex, "display": display}, [Element("mtext", {}, [Text(tex)])])


def _of_math(math: Element, *, block: bool, tex: str = "") -> Element | None:
    """Return a math element of the page with its TeX as alttext and text inside; None for an empty one."""
    tex = author_tex(math) or tex
    if not math.text.strip():
        return new_formula(tex, block=block) if tex else None
    if ":" in math.tag:
        math = _without_prefix(math)
    if tex:
        math.attrs["alttext"] = tex
    if block:
        math.attrs["display"] = "block"
    return math


def _without_prefix(math: Element) -> Element:
    """Return a copy of a math element of an XHTML page ("m:math") with the names that HTML knows."""
    prefix = math.tag.partition(":")[0]
    html = math.html.replace(f"<{prefix}:", "<").replace(f"</{prefix}:", "</")
    copy = parse_body(html).find("math")
    return math if copy is None else copy


def _classes(element: Element) -> str:
    return element.attr("class") or ""


def _rewrite_scripts(scripts: list[Element]) -> None:
    """Replace the scripts in which MathJax 2 keeps its source, and what it rendered before each."""
    for script in scripts:
        kind = (script.attr("type") or "").lower()
        if not kind.startswith("math/") or script.parent is None:
            continue
        block = "display" in kind
        math = parse_body(script.text).find("math") if kind.startswith("math/mml") else None
        tex = plain_tex(script.text)
        formula = _of_math(math, block=block) if math is not None else None
        if formula is None and tex and math is None:
            formula = new_formula(tex, block=block)
        for output in _outputs_before(script):
            output.extract()
        if formula is not None:
            if formula.parent is not None:
                formula.extract()
            script.replace_with(formula)


def _outputs_before(script: Element) -> list[Element]:
    """Return the preview and the rendering that stand before the source of a formula."""
    found: list[Element] = []
    node = script.previous_sibling
    while node is not None and len(found) < 3:
        if type(node) is Element and any(sign in _classes(node) for sign in _SCRIPT_OUTPUT):
            found.append(node)
        elif type(node) is not Text or not node.data.isspace():
            break
        node = node.previous_sibling
    return found


def _rendered(element: Element) -> Element | None:
    """Return the formula of an element that a renderer wrote."""
    names = _classes(element)
    block = (
        element.attr("display") in ("true", "block")
        or element.tag == "div"
        or any(sign in names for sign in _DISPLAYED)
        or element.select_one(".katex-display,[display=true],.MathJax_Display") is not None
    )
    math = element.find("math")
    if math is None:
        math = _encoded_math(element)
    tex = _attribute_tex(element)
    if math is not None:
        return _of_math(math, block=block or is_block(math), tex=tex)
    if tex:
        return new_formula(tex, block=block)
    glyphs = from_glyphs(element)
    return _of_math(glyphs, block=block) if glyphs is not None else None


def _encoded_math(element: Element) -> Element | None:
    """Return the MathML that a renderer keeps in an attribute."""
    code = element.attr("data-mathml") or ""
    if not code and (inner := element.select_one("[data-mathml]")) is not None:
        code = inner.attr("data-mathml") or ""
    if "«" in code:  # as WIRIS editors write it
        code = code.translate({ord("«"): "<", ord("»"): ">", ord("¨"): '"', ord("§"): "&"})
    return parse_body(code).find("math") if "<math" in code else None


_TEX_SOURCES = ("data-tex", "data-latex", "data-expr", "data-formula", "data-equation-content")


def _attribute_tex(element: Element) -> str:
    """Return the TeX that a renderer keeps in an attribute of the element or of one inside, "" for none."""
    for name in _TEX_SOURCES:
        inner = element if element.attr(name) else element.select_one(f"[{name}]")
        if inner is not None and (tex := plain_tex(inner.attr(name) or "")):
            return tex
    state = element.attr("data-attrs")
    if state and "persistentExpression" in state and len(state) < 50_000:
        try:
            value = json.loads(state)
        except (ValueError, RecursionError):
            return ""
        kept = value.get("persistentExpression") if isinstance(value, dict) else ""
        return plain_tex(kept) if isinstance(kept, str) else ""
    return ""


def _equation_table(table: Element) -> Element | None:
    """Return the equations of a table that only lays them out, each with its number."""
    rows = [row for row in table.iter_elements("tr") if row.find("math") is not None]
    formulas = [formula for row in rows if (formula := _equation_row(row)) is not None]
    if not formulas:
        return None
    if len(formulas) == 1:
        return formulas[0]
    return Element("div", {}, [Element("p", {}, [formula]) for formula in formulas])


def _equation_row(row: Element) -> Element | None:
    parts = list(row.iter_elements("math"))
    tex = " ".join(text for part in parts if (text := author_tex(part)))
    number = next((tag for tag in row.iter_elements() if "ltx_tag_equation" in _classes(tag)), None)
    mark = " ".join(number.text.split()).strip("()") if number is not None else ""
    if not tex:
        return None
    tagged = f"{tex}\\tag{{{mark}}}" if mark and "\\tag" not in tex else tex
    if len(parts) > 1 or mark:
        return _composed(parts, tagged, mark)
    return _of_math(parts[0], block=True)


def _composed(parts: list[Element], tex: str, number: str) -> Element:
    """Return one block formula made of the parts of an equation and its number."""
    formula = Element("math", {"alttext": tex, "display": "block"})
    for part in parts:
        group = Element("mrow")
        for child in list(part):
            group.append(child)
        formula.append(group)
    for note in list(formula.iter_elements(("annotation", "annotation-xml"))):
        note.extract()
    if number:
        formula.append(Element("mspace"))
        formula.append(Element("mtext", {}, [Text(f"({number})")]))
    return formula


def _tex_text(element: Element) -> Element | None:
    """Return the formula of an element whose text is TeX."""
    number = ""
    parts: list[str] = []
    for count, node in enumerate(element.descendants):
        if count > MOST_NODES:
            return None
        if type(node) is not Text:
            if node.tag not in _IN_TEX if type(node) is Element else False:
                return None
            continue
        above = [above for above in _between(node, element) if isinstance(above, Element)]
        if any("eqno" in _classes(part) for part in above):
            number += node.data
        else:
            parts.append(node.data)
    return _delimited(element, "".join(parts).strip(), number.strip(" ()¶#\n"))


_IN_TEX = frozenset("div span br a code wbr p".split())


def _between(node: Node, stop: Element) -> Iterator[Node]:
    """Yield the elements above a node, up to `stop`."""
    for above in node.ancestors:
        if above == stop:
            return
        yield above


def _delimited(element: Element, text: str, number: str) -> Element | None:
    names = _classes(element)
    tex = plain_tex(text)
    if not tex:
        return None
    marked = any(text.startswith(start) and text.endswith(end) for start, end in _DELIMITED)
    bare = element.tag in _TEX_TAGS or not _BARE.isdisjoint(names.split())
    if not marked and not (bare and len(text) <= LONGEST_BARE):
        return None
    if marked and any(start in tex for start in ("\\(", "\\[", "$")):
        return None  # several formulas with text between them
    block = (
        text.startswith(_BLOCK_STARTS)
        or any(sign in names for sign in _DISPLAYED)
        or element.attr("block") is not None
        or element.attr("data-math-style") == "display"
    )
    tagged = f"{tex}\\tag{{{number}}}" if number and "\\tag" not in tex else tex
    return new_formula(tagged, block=block)


def _picture(image: Element) -> Element | None:
    tex = picture_tex(image)
    return new_formula(tex, block=_stands_alone(image)) if tex else None


def _stands_alone(image: Element) -> bool:
    """Say whether a picture is all that its paragraph holds."""
    if "display" in _classes(image):
        return True
    parent = image.parent
    while isinstance(parent, Element) and parent.tag in ("a", "span", "em", "i", "strong", "b"):
        parent = parent.parent
    if not isinstance(parent, Element) or parent.tag not in ("p", "div", "center", "figure"):
        return False
    pictures = iter(parent.iter_elements(("img", "amp-img")))
    return not parent.text.strip() and next(pictures, None) is not None and next(pictures, None) is None


def _plain(math: Element) -> Element | None:
    return _of_math(math, block=is_block(math))
