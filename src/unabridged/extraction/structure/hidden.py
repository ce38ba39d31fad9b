"""Hidden text inside paragraphs: noise against copying, and what only screen readers say a second time.

Removed are hidden spans of a sentence, words for screen readers beside the visible ones, decorative copies,
and blocks that a site builder's condition hides. Text that a control of the page reveals stays. Hidden
paragraphs of the article are decided about after its selection (selection/hidden_blocks.py).
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from unabridged.extraction.html.dom import Dom, Element, Node, Text
from unabridged.text.patterns import lazy_regex
from unabridged.text.words import letters_only

_SPOKEN = frozenset(
    "sr-only visually-hidden visuallyhidden screen-reader-text screen-reader-only show-for-sr sr-text vh "
    "assistive-text a11y-hidden u-visually-hidden u-hidden-visually hidden-visually element-invisible "
    "sr-only-focusable screenreader-only screen-reader offscreen is-visually-hidden a-offscreen "
    "accessibility-hidden visually-hidden-focusable".split()
)
"""Classes of text that is there for screen readers only."""
_HIDDEN = frozenset(
    "hidden d-none is-hidden hide u-hidden invisible displaynone display-none noshow nodisplay".split()
)
"""Classes that hide an element, unless another one shows it on some screens."""
_NEVER_SHOWN = frozenset("jammer jammers antispam copy-protect w-condition-invisible".split())
"""Noise of forum software, and Webflow's conditions: display:none !important, which no script takes back."""
_SHOWN_AGAIN = (
    ":block",
    ":flex",
    ":grid",
    ":inline",
    ":table",
    ":contents",
    ":visible",
    "-block",
    "-flex",
    "-grid",
)
_STYLE = lazy_regex(
    r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|(?:left|top|right|text-indent|margin-left):-\d{3,}"
    r"|clip:rect\((?:0|1)(?:px)?,?(?:0|1)|clip-path:inset\((?:50|100)%)"
)
_LEAF_STYLE = lazy_regex(
    r"(?:^|;)(?:font-size:0(?:\.0+)?(?:px|pt|em|rem|%)?(?:;|!|$)"
    r"|height:0(?:px)?(?:;.*)?;(?:overflow|opacity|visibility):(?:hidden|0)"
    r"|(?:overflow|opacity|visibility):(?:hidden|0)(?:;.*)?;height:0(?:px)?(?:;|$))"
)
"""Styles that hide text, but are no sign at a container: its parts may undo them, or a script."""
_CLEAR = lazy_regex(r"(?:^|;)opacity:0(?:\.0+)?(?:;|!|$)")
"""A style that hides a span; a paragraph may be faded in."""
_REVEALED = lazy_regex(
    r"accordion|collaps|expand|panel|\btab|tabs?\b|toggle|answer|\bfaq|more|\brest|spoiler|transcript|full|reveal"
    r"|unfold|slide|dropdown|drawer|detail|note|\bfn|cite|tooltip|popover|reference|lazy|hydrat|ssr|content",
    re.IGNORECASE,
)
"""Names of text that a control of the page shows, and of notes."""
_REVEALING = ("aria-labelledby", "x-show", "v-show", "data-accordion", "data-collapse")
_FORMULAS = ".katex,.MathJax,mjx-container,math,.mwe-math-element,.math,pre,code,svg"
_INLINE = frozenset(
    "span font i em b strong small big a sup sub u s label code ins del mark cite q abbr".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 th".split())
LONGEST_NOISE = 300
"""Characters of a hidden span that is noise; a longer one is the rest of a text."""
LONGEST_SPOKEN = 160
"""Characters of a remark for screen readers; longer ones may be the only form of a chart or a sound."""
_ANCHOR_SIGNS = frozenset("#¶§🔗∞")


def remove_hidden_text(dom: Dom) -> frozenset[Node]:
    """Remove the hidden text of a page that no reader is meant to see; return the text nodes removed."""
    removed: set[Node] = set()
    spoken: list[Element] = []
    noise: list[tuple[Element, str]] = []
    styled = frozenset(element for element in dom.select("[style],[hidden]") if element.tag in _INLINE)
    for element in dom.elements(_INLINE):
        kind = kind_of_classes(names) if (names := element.attr("class")) else ""
        if kind == "spoken":
            spoken.append(element)
        elif kind or (styled and element in styled):
            noise.append((element, kind))
    only = _remove_doubles(dom.select('[aria-hidden="true"]'), frozenset(spoken), removed)
    for element in spoken:
        if element not in only and _is_remark(element):
            _remove(element, removed)
    for element, kind in noise:
        if _is_noise(element, kind):
            _remove(element, removed)
    return frozenset(removed)


@lru_cache(maxsize=4096)
def kind_of_classes(names: str) -> str:
    """Say what classes make of an element: "spoken", "hidden" or "never shown"; "" if it is seen."""
    words = names[:1000].split()
    for kind, known in (("never shown", _NEVER_SHOWN), ("spoken", _SPOKEN), ("hidden", _HIDDEN)):
        if not known.isdisjoint(words):
            return "" if kind == "hidden" and any(word.endswith(_SHOWN_AGAIN) for word in words) else kind
    return ""


def hides_itself(element: Element) -> bool:
    """Say whether the attributes of an element hide it and all in it."""
    if (value := element.attr("hidden")) is not None:
        return value != "until-found"
    style = element.attr("style")
    if style is None:
        return False
    tight = _tight(style)
    return _STYLE.search(tight) is not None or (_LEAF_STYLE.search(tight) is not None and _is_leaf(element))


def is_revealed(element: Element) -> bool:
    """Say whether the names or roles of a hidden element tell that a control shows it."""
    names = f"{element.attr('class') or ''} {element.attr('id') or ''}"
    if _REVEALED.search(names[:500]) or (element.attr("id") or "").startswith(("S:", "B:", "P:")):
        return True
    return element.attr("role") in ("tabpanel", "region", "doc-footnote", "note") or any(
        name.startswith(_REVEALING) or (name.startswith("data-") and name.endswith("-target"))
        for name in element.attrs
    )


def _tight(style: str) -> str:
    return "".join(style[:2000].split()).lower()


def _is_noise(element: Element, kind: str) -> bool:
    """Say whether an element is a hidden piece of a sentence."""
    if element.parent is None:
        return False
    text = element.text
    if not text.strip() or len(text) > LONGEST_NOISE or is_revealed(element):
        return False
    if not (kind or hides_itself(element) or _CLEAR.search(_tight(element.attr("style") or ""))):
        return False
    if any(type(node) is Element and _is_control(node) for node in _neighbours(element)):
        return False
    link = element.closest("a")
    if link is not None and link.text.lstrip().startswith("http"):
        return False  # the middle of a long address that is shown short
    return element.closest(_FORMULAS) is None and element.find("math") is None


def _is_control(element: Element) -> bool:
    """Say whether an element may show what is hidden beside it."""
    return element.tag == "button" or (
        element.tag == "a" and (element.attr("href") or "#").startswith(("#", "javascript:"))
    )


def _is_leaf(element: Element) -> bool:
    return not any(child.attr("style") for child in element.iter_elements())


def _is_remark(element: Element) -> bool:
    """Say whether text for screen readers only repeats or explains what is seen."""
    parent = element.parent
    if not isinstance(parent, Element):
        return False
    text = element.text.strip()
    if (
        len(text) > LONGEST_SPOKEN
        or element.closest(_FORMULAS) is not None
        or element.select_one("table,math") is not None
    ):
        return False
    if len(letters_only(text)) <= 2 and text and _touches_word(element):
        return False  # the first letter of a word that is drawn larger
    block = parent if parent.tag in _HEADINGS else element.closest("li")
    return block is None or letters_only(block.text) != letters_only(text)


def _touches_word(element: Element) -> bool:
    after = element.next_sibling
    for _ in range(3):
        parent = element.parent
        if after is not None or not isinstance(parent, Element) or parent.tag not in _INLINE:
            break
        element, after = parent, parent.next_sibling
    return type(after) is Text and after.data[:1].isalpha()


def _remove_doubles(
    silent: list[Element], spoken: frozenset[Element], removed: set[Node]
) -> frozenset[Element]:
    """Remove what screen readers skip, where it is a mark or stands beside in words too.

    Returns the words for screen readers that are the only ones left.
    """
    only: set[Element] = set()
    for element in silent:
        text = element.text.strip()
        parent = element.parent
        if not text or len(text) > LONGEST_NOISE or not isinstance(parent, Element):
            continue
        twin = next((node for node in _neighbours(element) if _says(node, text, spoken)), None)
        if twin is not None and element.closest(_FORMULAS) is None:
            _remove(element, removed)
            if type(twin) is Element:
                only.add(twin)
        elif text in _ANCHOR_SIGNS and parent.tag in _HEADINGS:
            _remove(element, removed)
    return frozenset(only)


def _says(node: Node, text: str, spoken: frozenset[Element]) -> bool:
    """Say whether a node has the letters of a text; the end of them, where the first may be drawn."""
    letters = letters_only(text)
    if not letters:
        return False
    said = letters_only(node.data if type(node) is Text else node.text[:LONGEST_NOISE])
    if type(node) is Element and node in spoken:
        return said.endswith(letters) if len(letters) > 1 else said == letters
    return len(letters) > 2 and said == letters


def _neighbours(element: Element) -> Iterator[Node]:
    """Return the nodes right before and after an element, without white space."""
    for start, step in (
        (element.previous_sibling, "previous_sibling"),
        (element.next_sibling, "next_sibling"),
    ):
        node: Node | None = start
        for _ in range(3):
            if node is None or not (type(node) is Text and node.data.isspace()):
                break
            node = getattr(node, step)
        if node is not None:
            yield node


def _remove(element: Element, removed: set[Node]) -> None:
    """Take an element out of the tree, and note its text."""
    if element.parent is not None:
        removed.update(node for node in element.descendants if type(node) is Text)
        element.extract()
