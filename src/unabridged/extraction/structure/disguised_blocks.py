"""Paragraphs, headings and lists under other names: spans with a role, a data attribute or a block's style.

Also the opposite: controls, custom elements and boxes of letters that stand inside a sentence.
"""

from collections.abc import Sequence

from unabridged.extraction.html.dom import Dom, Element, Node, Text
from unabridged.extraction.structure.page_names import PageNames
from unabridged.text.patterns import lazy_regex

_DISGUISED = (
    '[data-as],[role="paragraph"],[role="heading"],div[role="list"],span[style*="block" i],'
    'font[style*="block" i],strong[style*="block" i],em[style*="block" i]'
)
_BLOCK_STYLE = lazy_regex(r"(?:^|;)display:block(?:;|!|$)")
_INLINE_STYLE = lazy_regex(r"(?:^|;)display:inline(?:-block)?(?:;|!|$)")
_DISGUISES = frozenset("span div p font strong em".split())
_LEVELS = ("2", "3", "4")
_NAMES = frozenset("p h1 h2 h3 h4 h5 h6 blockquote ul ol li".split())
_CONTROLS = ("button", "output", "label", "slot")
_BLOCKS = "p,div,section,ul,ol,table,pre,figure,blockquote,h1,h2,h3,h4,img,picture,video,iframe,br"
LONGEST_TERM = 200
"""Characters of a control or custom element that is part of a sentence."""


def name_disguised_blocks(dom: Dom, names: PageNames) -> None:
    """Give blocks that are spans or roles their element, and parts of sentences that are blocks a span."""
    for element in dom.select(_DISGUISED):
        if name := _block_name(element):
            element.tag = name
    if names.have_tag(_CONTROLS):
        for element in dom.elements(_CONTROLS):
            _make_inline(element)
    for element in dom.select('div[style*="inline" i]'):
        style = "".join((element.attr("style") or "")[:2000].split()).lower()
        if _INLINE_STYLE.search(style):
            _make_inline(element)


def join_strangers(tags: Sequence[str], elements: Sequence[Element]) -> bool:
    """Make custom elements inside sentences spans; say whether there were any. tags: of the elements."""
    found = False
    if "-" not in "".join(tags):
        return False
    for tag, element in zip(tags, elements, strict=True):
        if "-" in tag and not tag.startswith(("amp-", "lite-", "mjx-")):
            _make_inline(element)
            found = found or element.tag == "span"
    return found


def _block_name(element: Element) -> str:
    """Return the element that a disguised block stands for, "" for none."""
    if element.tag not in _DISGUISES:
        return ""
    if (name := element.attr("data-as")) in _NAMES:
        return name if _is_apart(element) else ""
    role = element.attr("role")
    if role == "paragraph":
        return "p"
    if role == "heading":
        level = element.attr("aria-level") or "2"
        return f"h{level}" if level in _LEVELS and len(element.text) < LONGEST_TERM else ""
    if role == "list":
        return _list_name(element)
    style = "".join((element.attr("style") or "")[:2000].split()).lower()
    return "div" if _BLOCK_STYLE.search(style) and _holds_words(element) else ""


def _list_name(element: Element) -> str:
    """Return "ul" for a list of short texts, with its items named too; "" for a list of cards or menus."""
    items = [child for child in element if type(child) is Element]
    if len(items) < 2 or any(item.attr("role") != "listitem" for item in items):
        return ""
    if any(item.tag not in ("div", "span", "p") for item in items):
        return ""
    if element.select_one("img,picture,h1,h2,h3,h4,video,article") is not None:
        return ""
    for item in items:
        item.tag = "li"
    return "ul"


def _is_apart(element: Element) -> bool:
    """Say whether no text stands right beside an element in its container."""
    return not (_is_words(element.previous_sibling) or _is_words(element.next_sibling))


def _holds_words(element: Element) -> bool:
    """Say whether an element holds more than a letter or a number, and stands in no code."""
    return len(element.text.strip()) > 3 and element.closest("pre,code,.katex,math,svg,button,a") is None


def _make_inline(element: Element) -> None:
    """Make an element a span if it is a part of a sentence."""
    before, after = element.previous_sibling, element.next_sibling
    if not (_is_words(before) or _is_words(after)):
        return
    text = element.text
    if 0 < len(text.strip()) <= LONGEST_TERM and element.select_one(_BLOCKS) is None:
        element.tag = "span"


def _is_words(node: Node | None) -> bool:
    """Say whether a sibling is text of a sentence."""
    return type(node) is Text and any(map(str.isalnum, node.data))
