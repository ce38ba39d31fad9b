"""Paragraphs, headings and lists under other names: spans with a role, a data attribute or a block's style.

Also the opposite: controls, custom elements and boxes of letters that stand inside a sentence.
"""

import re

from unabridged.extraction.html.dom import Dom, Element, Node, Text

_DISGUISED = (
    'span[data-as],div[data-as],span[role="paragraph"],div[role="paragraph"],span[role="heading"],'
    'div[role="heading"],p[role="heading"],div[role="list"],span[role="list"],div[role="blockquote"],'
    'span[style*="block" i],font[style*="block" i],em[style*="block" i],i[style*="block" i],'
    'b[style*="block" i],strong[style*="block" i],span[data-block="true"],span[data-type="paragraph"]'
)
_BLOCK_STYLE = re.compile(r"(?:^|;)display:block(?:;|!|$)")
_INLINE_STYLE = re.compile(r"(?:^|;)display:inline(?:-block)?(?:;|!|$)")
_LEVELS = ("2", "3", "4")
_NAMES = frozenset("p h1 h2 h3 h4 h5 h6 blockquote ul ol li".split())
_ROLES = {"paragraph": "p", "blockquote": "blockquote"}
_CONTROLS = ("button", "output", "label", "slot")
_STRANGERS = (
    ":is(p,div,li,dd,td,h1,h2,h3,h4,h5,h6,em,strong,b,i,a,span,blockquote) > "
    ":not(a,abbr,acronym,address,article,aside,audio,b,basefont,bdi,bdo,big,blink,blockquote,br,center,cite,code,data,"
    "dd,del,details,dfn,dialog,div,dl,dt,em,embed,fieldset,figcaption,figure,font,footer,form,h1,h2,h3,h4,h5,h6,header,"
    "hr,i,iframe,img,input,ins,kbd,label,li,link,main,map,mark,math,meta,nav,nobr,noscript,object,ol,p,picture,pre,q,"
    "rb,rp,rt,rtc,ruby,s,samp,script,section,select,small,source,span,strike,strong,style,sub,sup,svg,table,tbody,td,"
    "template,textarea,tfoot,th,thead,time,tr,tt,u,ul,var,video,wbr,canvas,track,param,area,svg *,math *)"
)
"""Elements of no kind that HTML knows as text or block, directly inside text."""
_BLOCKS = "p,div,section,ul,ol,table,pre,figure,blockquote,h1,h2,h3,h4,img,picture,video,iframe,br"
LONGEST_TERM = 200
"""Characters of a control or custom element that is part of a sentence."""


def name_disguised_blocks(dom: Dom) -> None:
    """Give blocks that are spans or roles their element, and parts of sentences that are blocks a span."""
    for element in dom.select(_DISGUISED):
        if name := _block_name(element):
            element.tag = name
    for element in dom.elements(_CONTROLS):
        _make_inline(element)
    for element in dom.select(_STRANGERS):
        if not _media(element):
            _make_inline(element)
    for element in dom.select('div[style*="inline" i]'):
        style = "".join((element.attr("style") or "")[:2000].split()).lower()
        if _INLINE_STYLE.search(style):
            _make_inline(element)


def _media(element: Element) -> bool:
    return element.tag.startswith(("amp-", "lite-", "mjx-", "m"))


def _block_name(element: Element) -> str:
    """Return the element that a disguised block stands for, "" for none."""
    if (name := element.attr("data-as")) in _NAMES:
        return name if _is_apart(element) else ""
    role = element.attr("role")
    if role in _ROLES or element.attr("data-type") == "paragraph" or element.attr("data-block") == "true":
        return _ROLES.get(role or "", "p")
    if role == "heading":
        level = element.attr("aria-level") or "2"
        return (
            f"h{level}" if level in "123456" and len(level) == 1 and len(element.text) < LONGEST_TERM else ""
        )
    if role == "list":
        return _list_name(element)
    if role == "listitem":
        return ""
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
