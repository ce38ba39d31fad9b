"""Drop caps: the large first letter of a text, joined to the rest of its word.

The letter may stand in an element of its own (with white space or as another block), be a picture with the
letter as its text, a drawing with a label, or an attribute that a style sheet writes.
"""

import re

from unabridged.extraction.html.dom import Dom, Element, Text, text_start
from unabridged.extraction.structure.page_names import PageNames
from unabridged.text.patterns import lazy_regex

_CLASS_PARTS = ("cap", "lett", "initial")
_CLASSES = ",".join(f'[class*="{part}" i]' for part in _CLASS_PARTS)
_OTHERS = (
    "p[data-first-letter],p[data-dropcap],"
    "span[data-letter],span[data-first-letter],span[data-dropcap],span[data-initial],big,"
    'span[class*="drop" i],span[style*="float" i],font[style*="float" i]'
)
_DRAWN = "svg"
_LETTER = lazy_regex(r"[\"'“”„«»‘’「『(¿¡—–-]{0,2}[^\W\d_][.]?")
_WORDS_OF_ONE = frozenset("aàáâiíoóòôyeéèêuúwzивскоуаяіїйжβηοό")
"""Letters that are words of their own in some language: white space after them is left."""
_ATTRIBUTES = ("data-letter", "data-first-letter", "data-dropcap", "data-drop-cap", "data-initial")
_CAP_FILE = lazy_regex(
    r"drop|cap|initial|letter|lettrine|/[a-z][-_.\d]*\.(?:gif|png|jpe?g|svg|webp)", re.IGNORECASE
)
_BLOCKS = frozenset("div p figure table h1 h2 h3 h4 h5 h6 section".split())
_WRAPPERS = frozenset("a span b strong em i font".split())
MOST_NAMED = 1_000
"""Elements with such a class that are tested one by one."""
LONGEST_CAP = 200
"""Characters of a drop cap, with the white space around it."""
MOST_CAPS = 200
"""Elements of each kind that are looked at; a page has a few."""


def join_drop_caps(dom: Dom, names: PageNames) -> None:
    """Join every drop cap of a page to its word."""
    for element in dom.select(f"{_CLASSES},{_OTHERS}" if _has_named(names) else _OTHERS)[:MOST_CAPS]:
        _join_named(element)
    for picture in dom.elements("img"):
        alt = picture.attr("alt")
        if alt and len(alt) < 4 and _LETTER.fullmatch(alt.strip()):
            _join_picture(picture, alt.strip())
    for drawing in [svg for svg in dom.select(_DRAWN)[: 5 * MOST_CAPS] if _follows_letter(svg)]:
        if label := _label_of(drawing):
            _put_text(drawing, label)


def _has_named(names: PageNames) -> bool:
    """Say whether an element whose class may call it a drop cap is one letter, or carries one."""
    if not any(map(names.folded.__contains__, _CLASS_PARTS)):
        return False
    one, other, third = _CLASS_PARTS
    named = [name for name in names.by_class if one in (low := name.lower()) or other in low or third in low]
    elements = [element for name in named for element in names.by_class[name]]
    return len(elements) > MOST_NAMED or any(
        any(map(element.attr, _ATTRIBUTES))
        or _LETTER.fullmatch(text_start(element, LONGEST_CAP).strip()) is not None
        for element in elements
    )


def _join_named(element: Element) -> None:
    """Join an element that is called a drop cap, or that carries its letter as an attribute."""
    text = element.text
    if not text.strip():
        letter = next((value for name in _ATTRIBUTES if (value := element.attr(name))), "").strip()
        if _LETTER.fullmatch(letter) and _follows_letter(element):
            element.append(Text(letter))
        return
    if not _LETTER.fullmatch(text.strip()):
        _complete(element)
        return
    if not _begins(element):
        return
    after = element.next_sibling
    space = text[-1:].isspace()
    while type(after) is Text and after.data.isspace() and after.next_sibling is not None:
        space, after = True, after.next_sibling
    if type(after) is Text:
        rest = after.data
        if (space or rest[:1].isspace()) and _continues(text, rest):
            _strip_end(element)
            _strip_blank_between(element, after)
            after.data = rest.lstrip()
    elif type(after) is Element and (element.tag in _BLOCKS or element.tag == "span"):
        _move_into(element, text.strip(), after)


def _complete(element: Element) -> None:
    """Write the letter of an attribute before a paragraph that begins in the middle of a word."""
    letter = next((value for name in _ATTRIBUTES if (value := element.attr(name))), "").strip()
    first = _first_text(element)
    if (
        first is not None
        and letter.isupper()
        and _LETTER.fullmatch(letter)
        and first.data.lstrip()[:1].islower()
    ):
        first.data = letter + first.data.lstrip()


def _continues(letter: str, rest: str) -> bool:
    """Say whether a text after white space goes on with the word of a letter."""
    return rest.lstrip()[:1].islower() and letter.strip()[-1:].casefold() not in _WORDS_OF_ONE


def _move_into(element: Element, letter: str, after: Element) -> None:
    """Move a letter that is a block of its own, or parted by white space, into the element behind it."""
    first = _first_text(after)
    if first is None or not first.data.lstrip()[:1].isalpha():
        return
    rest = first.data.lstrip()
    own_word = letter[-1:].casefold() in _WORDS_OF_ONE and _is_word(rest, after)
    if element.tag == "span" and after.tag not in ("p", "div") and not rest[:1].islower():
        return
    first.data = f"{letter} {rest}" if own_word else letter + rest
    element.extract()


def _is_word(rest: str, after: Element) -> bool:
    """Say whether the first word of a text stands elsewhere in its paragraph as a word of its own."""
    word = rest.split(None, 1)[0].casefold()
    return len(word) > 3 and f" {word} " in after.text[len(word) :].casefold()


def _first_text(element: Element) -> Text | None:
    for node in element.descendants:
        if type(node) is Text and not node.data.isspace():
            return node
    return None


def _strip_end(element: Element) -> None:
    last = next((node for node in reversed(list(element.descendants)) if type(node) is Text), None)
    if type(last) is Text:
        last.data = last.data.rstrip()


def _strip_blank_between(element: Element, after: Text) -> None:
    node = element.next_sibling
    while node is not None and node != after:
        following = node.next_sibling
        node.extract()
        node = following


def _follows_letter(element: Element) -> bool:
    """Say whether a small letter stands right behind an element, that begins its paragraph."""
    after = element.next_sibling
    if type(after) is Element and after.tag in ("span", "em", "strong", "b", "i"):
        after = _first_text(after)
    if type(after) is not Text or not after.data[:1].isalpha():
        return False
    return _begins(element)


def _begins(element: Element) -> bool:
    """Say whether an element begins its paragraph, or is a block of its own."""
    if element.tag in _BLOCKS:
        return True
    for _ in range(4):
        before = element.previous_sibling
        while type(before) is Text and before.data.isspace():
            before = before.previous_sibling
        if before is not None:
            return type(before) is Element and before.tag in ("br", "h1", "h2", "h3", "h4", "figure", "img")
        parent = element.parent
        if not isinstance(parent, Element) or parent.tag not in _WRAPPERS:
            return True
        element = parent
    return True


def _join_picture(picture: Element, letter: str) -> None:
    """Write a picture of a letter as the letter, where a word goes on behind it."""
    outer = _wrapper(picture)
    after = outer.next_sibling
    goes_on = _follows_letter(outer)
    named = f"{picture.attr('class') or ''} {picture.attr('src') or ''}"
    if (
        not goes_on
        and type(after) is Text
        and _CAP_FILE.search(named[:500])
        and _continues(letter, after.data)
    ):
        after.data = after.data.lstrip()
        goes_on = True
    if goes_on:
        _put_text(outer, letter)


def _wrapper(picture: Element) -> Element:
    """Return the largest inline element that holds nothing but a picture."""
    for _ in range(3):
        parent = picture.parent
        if not isinstance(parent, Element) or parent.tag not in _WRAPPERS or len(parent) > 1:
            break
        picture = parent
    return picture


def _label_of(drawing: Element) -> str:
    """Return the letter that a drawing is labelled with, "" for any other drawing."""
    title = drawing.find("title")
    written = drawing.find("text")
    for label in (
        drawing.attr("aria-label"),
        title.text if title is not None else "",
        written.text if written is not None else "",
    ):
        if label and _LETTER.fullmatch(label.strip()):
            return label.strip()
    return ""


def _put_text(element: Element, text: str) -> None:
    element.replace_with(Text(text))
