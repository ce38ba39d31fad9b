"""Marks of notes in a text ("1", "[2]", "*"), and the elements that hold their notes.

A mark is a link, or a button, whose text is nothing but a label; its target stands behind it in the page. A
link that looks like one may as well lead to a page, a paragraph or a formula, so something must say "note":
a superscript, a role, a name in the mark-up, or a link back.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from unabridged.extraction.html.dom import Dom, Element, Node, Text
from unabridged.text.patterns import lazy_regex

MOST_MARKS = 5_000
"""Maximum marks of a page; the longest papers of our corpora have some hundreds."""
LONGEST_MARK = 24
LONGEST_NOTE = 20_000
"""Maximum characters of a note."""
LONGEST_UNNAMED_NOTE = 3_000
"""Maximum characters of a note that no name in the mark-up calls one."""
MOST_DEPTH = 200
"""Levels above a mark within which its note may not stand."""
MOST_LEVELS = 30
"""Levels above a mark or a note that are looked at."""

_LABEL = lazy_regex(
    r"[\[({（【〔［\s]*(?:see |footnote |[*※＊](?=\d))?"
    r"(?P<label>(?:(?:n|nb|note|fn|anm\.?|註|注)\s*)?\d{1,4}|[a-z]{1,2}|[ivxl]{1,6}|[*∗†‡§¶‖#◊△]{1,4})"
    r"(?:[:.]\d{1,2})?[\])}）】〕］\s.]*",
    re.IGNORECASE,
)
_MARKS = (
    'a[href*="#"],a[class*="foot"],a[aria-describedby],button[popovertarget],button[aria-controls],'
    "button[aria-describedby]"
)
_NAMED_MARKS = f'{_MARKS},[class*="note"]>a'
"""Elements that may be marks, as CSS selectors: on any page, and where a class says "note"."""
_RAISED = str.maketrans("¹²³⁰⁴⁵⁶⁷⁸⁹⁽⁾", "1230456789()")
_NAMED = lazy_regex(
    r"foot-?_?note|end-?_?note|note-?_?ref|fn-?_?ref|side-?note|margin-?_?note|mso-?footnote|sd(?:foot|end)note"
    r"|cite_ref|ftnref|footref|(?:^|[\s_-])fn(?:$|[\s_\d-])|fn_top|(?:^|[\s_-])note(?:$|[\s_\d-])",
    re.IGNORECASE,
)
"""Names of a mark in class, id, role, rel and the like."""
_NOTE_NAMED = lazy_regex(
    r"(?:^|[^a-z])(?:fn|ftn|ftnt|edn|ref|bib|bibitem|cit|cite|sn|mn|n|src|sources?|anm|remark)s?[-_:.]{0,2}[a-z]{0,6}"
    r"[-_:.]{0,2}\d|note|footdef|footpara|(?:^|\s)fns?(?:$|\s)|citation|bibliograph",
    re.IGNORECASE,
)
"""Names of a note in class, id and role."""
_BACK_NAMED = lazy_regex(
    r"back-?_?ref|back-?_?link|foot-?_?note-?_?back|reverse-?foot-?note|to-?top|return|fn_bot|noteback",
    re.IGNORECASE,
)
_POINTERS = (
    "data-footnote-id", "data-footnote", "data-fn", "data-note", "popovertarget", "aria-describedby",
    "aria-controls", "aria-details", "data-target", "data-bs-target", "data-popover-target", "commandfor",
)  # fmt: skip
"""Attributes that name the note of a mark that is no link."""
_INLINE = frozenset(
    "a abbr b bdi bdo big cite code em font i ins label mark nobr q s small span strong sub sup u".split()
)
_CONTAINERS = frozenset("body html article main header nav form tbody thead tfoot ul ol dl".split())
_ITEMS = frozenset("li tr td dd aside".split())
_PARTS = ("p", "ul", "ol", "blockquote", "pre", "figure", "table")
MOST_NODES = 100
"""Nodes of one note."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BACK_SIGNS = " \t\n\xa0↩↵⤴⏎⮐^↑⬆⇑⇧▲←⇦🔙\ufe0e\ufe0f[]()."


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMark:
    """A mark in the text. whole: the outermost element that is nothing but the mark; target: of its link;
    nodes: the nodes of its note, siblings, in order."""

    whole: Element
    label: str
    target: Element
    nodes: tuple[Node, ...]


def label_of(text: str) -> str:
    """Return the label that a mark consists of, "" for other text ("[1]" -> "1")."""
    found = _LABEL.fullmatch(text.translate(_RAISED)) if 0 < len(text) <= LONGEST_MARK else None
    return found["label"] if found else ""


def find_marks(dom: Dom, named: Sequence[Element]) -> list[NoteMark]:
    """Return the marks of a page whose notes are there too, in document order. named: the elements whose
    class says "note"."""
    likely = list(islice(_likely(dom, _NAMED_MARKS if named else _MARKS), MOST_MARKS))
    pairs = list(_with_targets(dom.body, likely)) if likely else []
    if not pairs:
        return []
    shared = _shared({target for _, _, target in pairs})
    found: list[NoteMark] = []
    for link, label, target in pairs:
        whole = _whole_mark(link)
        nodes = _note_nodes(target, whole, shared)
        if nodes and _is_mark(link, whole) and _is_note_of(link, whole, label, target, nodes):
            found.append(NoteMark(whole=whole, label=label, target=target, nodes=nodes))
    return found


def _with_targets(root: Element, likely: list[tuple[Element, str]]) -> Iterator[tuple[Element, str, Element]]:
    """Yield the marks whose target stands behind them, with it."""
    targets: dict[str, Element] = {}
    order: dict[Node, int] = {}
    for place, element in enumerate(root.select("[id],a,button")):
        order[element] = place
        for name in (element.attr("id"), element.attr("name") if element.tag == "a" else None):
            if name:
                targets.setdefault(name, element)
    for link, label in likely:
        target = next((targets[name] for name in _names_of(link) if name in targets), None)
        if target is not None and order[target] > order[link]:
            yield link, label, target


def _shared(targets: set[Element]) -> dict[Node, int]:
    """Return how many of these targets stand at or below each element around them."""
    counts: dict[Node, int] = {}
    for target in targets:
        for above in (target, *islice(target.ancestors, MOST_LEVELS)):
            counts[above] = counts.get(above, 0) + 1
    return counts


def _likely(dom: Dom, marks: str) -> Iterator[tuple[Element, str]]:
    """Yield the links and buttons whose text is a label. marks: a CSS selector."""
    for link in dom.select(marks):
        text = link.text.strip()
        if not 0 < len(text) <= LONGEST_MARK or not (label := label_of(text)):
            continue
        if link.attr("href") != "#" or _is_named(link):
            yield link, label


def _names_of(link: Element) -> Iterator[str]:
    """Yield the ids that the note of a mark may have, the likeliest first."""
    href = link.attr("href") or ""
    fragment = href.partition("#")[2]
    if fragment:
        yield fragment
    for name in _POINTERS:
        if value := link.attr(name):
            yield value.lstrip("#")
    if fragment:
        return
    for element in (link, link.parent, next(iter(link.iter_elements("sup")), None)):
        own = element.attr("id") if isinstance(element, Element) else None
        if own and "ref" in own:
            yield own.replace("ref", "", 1)
        if own and "tooltip" in own:
            yield own.replace("tooltip", "reference", 1)


def names(element: Element) -> str:
    """Return everything that the mark-up calls an element: class, id, role, rel and EPUB type."""
    attrs = element.attrs
    if not len(attrs):
        return ""
    values = (element.attr(name) or "" for name in ("class", "id", "role", "rel", "epub:type", "name"))
    said = " ".join((*values, *(name for name in attrs if name.startswith("data-f"))))[:500]
    return _OWN_ID.sub("", said) if "fn-" in said else said


_OWN_ID = lazy_regex(r"fn-[0-9a-f]{8}(?![0-9a-f])")
"""Ids of a body of ours, which say nothing."""


def _is_named(element: Element) -> bool:
    return _NAMED.search(names(element)) is not None or "mso-footnote" in (element.attr("style") or "")


def is_back_link(link: Element) -> bool:
    """Say whether a link in a note leads back to the text, by its name or its sign."""
    if _BACK_NAMED.search(names(link)):
        return True
    href = link.attr("href")
    if href is not None and "#" not in href and not href.startswith("javascript"):
        return False
    text = link.text.strip(_BACK_SIGNS)
    return not text or _BACK_WORDS.fullmatch(text) is not None


_BACK_WORDS = lazy_regex(
    r"(?:jump |go |zurück |retour |volver |torna )?(?:up|back|return|zurück|top|nach oben|hoch|oben|voltar|"
    r"volver|retour|terug|tillbaka|tilbage|tilbake|powrót|назад|返回|回到正文|戻る)"
    r"(?:\W+(?:to|zum?|au|al|ao)\W+(?:the\W+)?(?:main\W+)?"
    r"(?:text|content|article|top|reference|post|texte?|texto))?",
    re.IGNORECASE,
)
"""Words of a link back."""


def _whole_mark(link: Element) -> Element:
    """Return the outermost inline element around a mark that holds nothing else."""
    whole = link
    for _ in range(4):
        parent = whole.parent
        if not isinstance(parent, Element) or parent.tag not in _INLINE:
            break
        if not label_of(parent.text.strip()) or len(list(islice(parent.iter_elements("a"), 2))) > 1:
            break
        whole = parent
    return whole


def _is_mark(link: Element, whole: Element) -> bool:
    return has_text_beside(whole, -1) and link.closest("nav,h1") is None


def _is_note_of(link: Element, whole: Element, label: str, target: Element, nodes: tuple[Node, ...]) -> bool:
    """Say whether a link that looks like a mark is one, and these nodes its note."""
    said = text_of(nodes).strip()
    if not any(map(str.isalpha, said)) or len(said) > LONGEST_NOTE:
        return False
    named = any(_NOTE_NAMED.search(names(one)) for one in _self_and_above(target, 3))
    if not named and len(said) > LONGEST_UNNAMED_NOTE:
        return False
    raised = whole.tag == "sup" or link.closest("sup") is not None or link.find("sup") is not None
    if raised or _is_named(link) or (whole != link and _is_named(whole)):
        return True
    if _links_back(nodes, whole, link):
        return True
    if not label.isalnum():
        return said.startswith(label)
    return named and whole.text.strip()[:1] in "[("


def text_of(nodes: tuple[Node, ...]) -> str:
    return "".join(node.data if type(node) is Text else node.text for node in nodes)


def _links_back(nodes: tuple[Node, ...], whole: Element, link: Element) -> bool:
    own = {name for one in (whole, link) for name in (one.attr("id"), one.attr("name")) if name}
    return bool(own) and any(
        (back.attr("href") or "").partition("#")[2] in own
        for node in nodes
        if isinstance(node, Element)
        for back in node.iter_elements("a", include_self=True)
    )


def has_text_beside(mark: Element, direction: int) -> bool:
    """Say whether text stands before (-1) or after (1) a mark in its block; other labels are none.

    Items that are only a number are no marks, and links back stand at an end of their note.
    """
    step = "previous_sibling" if direction < 0 else "next_sibling"
    node: Node = mark
    for _ in range(MOST_LEVELS):
        beside = getattr(node, step)
        while beside is not None:
            text = beside.data if type(beside) is Text else beside.text if type(beside) is Element else ""
            if any(map(str.isalnum, text)) and (type(beside) is Text or not label_of(text.strip())):
                return True
            beside = getattr(beside, step)
        parent = node.parent
        if not isinstance(parent, Element) or parent.tag not in _INLINE:
            return False
        node = parent
    return False


def _self_and_above(element: Element, levels: int) -> Iterator[Element]:
    yield element
    for above in islice(element.ancestors, levels):
        if isinstance(above, Element) and above.tag not in ("body", "html"):
            yield above


def _note_nodes(target: Element, mark: Element, shared: Mapping[Node, int]) -> tuple[Node, ...]:
    """Return the nodes of a note: its block, or in a block of several notes those up to the next note."""
    block: Node = target
    start: Node = target
    for _ in range(MOST_LEVELS):
        if not isinstance(block, Element) or block.tag not in _INLINE or _is_long(block):
            break
        parent = block.parent
        if parent is None:
            break
        start, block = block, parent
    if not isinstance(block, Element) or block.tag in _HEADINGS:
        return ()
    if block.tag in _CONTAINERS or shared.get(block, 2) > 1 or _holds(block, mark):
        if start == block:
            return ()
        return (target,) if block.tag == "p" and _holds(block, mark) else _up_to_next(start, shared)
    return () if _holds_heading(block) else _widened(block, mark, shared)


def _holds(block: Element, mark: Element) -> bool:
    """Say whether a mark stands inside a block, or too deep to tell."""
    above = list(islice(mark.ancestors, MOST_DEPTH))
    return block in above or len(above) == MOST_DEPTH


def _is_long(element: Element) -> bool:
    """Say whether an inline element holds the whole note itself."""
    return len(element.text.strip()) > LONGEST_MARK


def _holds_heading(element: Element) -> bool:
    return next(iter(element.iter_elements(_HEADINGS)), None) is not None


def _up_to_next(start: Node, shared: Mapping[Node, int]) -> tuple[Node, ...]:
    """Return a node and its siblings up to the next note, a block, or two line breaks in a row."""
    nodes: list[Node] = []
    breaks = 0
    node: Node | None = start
    while node is not None and len(nodes) < MOST_NODES:
        if isinstance(node, Element):
            if node != start and (node in shared or node.tag not in _INLINE | {"br"}):
                break
            breaks = breaks + 1 if node.tag == "br" else 0
        elif type(node) is Text and node.data.strip():
            breaks = 0
        if breaks > 1:
            break
        nodes.append(node)
        node = node.next_sibling
    return tuple(nodes)


def _widened(block: Element, mark: Element, shared: Mapping[Node, int]) -> tuple[Node, ...]:
    """Return the whole note: the item, row or named box around its first paragraph, or the paragraph with
    those after it that belong to no other note."""
    while isinstance(parent := block.parent, Element) and shared.get(parent, 2) == 1:
        boxed = parent.tag == "div" and _NOTE_NAMED.search(names(parent)) and not _holds_heading(parent)
        if not (parent.tag in _ITEMS or boxed) or _stands_before(block) or _holds(parent, mark):
            break
        block = parent
    if block.tag == "dt":
        return tuple(islice(_run_of(block.next_sibling, ("dd",), shared), MOST_NODES))
    if block.tag != "p":
        return (block,)
    more = list(islice(_run_of(block.next_sibling, _PARTS, shared), MOST_NODES))
    after = more[-1].next_sibling if more else None
    while after is not None and not isinstance(after, Element):
        after = after.next_sibling
    return (block, *more) if more and after in shared else (block,)


def _stands_before(block: Element) -> bool:
    """Say whether other text than a label stands before a block in its parent."""
    return any(
        (text := before.data if type(before) is Text else before.text).strip() and not label_of(text.strip())
        for before in islice(block.previous_siblings, MOST_LEVELS)
        if isinstance(before, (Text, Element))
    )


def _run_of(node: Node | None, tags: tuple[str, ...], shared: Mapping[Node, int]) -> Iterator[Node]:
    """Yield the elements from here on that have one of these tags and hold no note."""
    while node is not None:
        if isinstance(node, Element):
            if node.tag not in tags or node in shared:
                return
            yield node
        node = node.next_sibling
