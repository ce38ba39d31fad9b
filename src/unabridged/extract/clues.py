"""One pass over a page's tree that gathers every element from which metadata may be read.

Classes are read by their words ("byline", "post-date"), never as whole strings; what a class string says is
remembered for the process, since pages of a site repeat theirs.
"""

import re
from dataclasses import dataclass, field
from enum import IntFlag

from unabridged.extract.dom import Dom, Element, Node, Text

MAX_MARKS = 400
MAX_META = 400
MAX_SCRIPT = 1_500_000  # characters of one JSON-LD script
MAX_SCRIPTS = 60
MAX_CONTENT = 5_000  # characters of one meta content
_REMEMBERED = 20_000

_INTERESTING = "[class],[itemprop],[datetime],[rel~=author],[property],h1,h2,time,address,[id]"
_HEAD = "html,title,meta,link[rel],script[type*=ld],script[type*=LD],base"


class Says(IntFlag):
    """What the words of a class, id or attribute say about an element."""

    NOTHING = 0
    AUTHOR = 1
    DATE = 2
    TITLE = 4
    NOISE = 8
    MODIFIED = 16
    META = 32


_WORDS = (
    (
        Says.AUTHOR,
        re.compile(
            r"author|by-?line|\bby\b|writer|reporter|autor|auteur|redacte?ur|journalist|contributor|"
            r"signature|firma|editor\b|credit|zuozhe|laiyuan|source|created-?by|posted-?by|submitted"
        ),
    ),
    (
        Says.DATE,
        re.compile(
            r"date|time|publish|posted|pubti|datum|fecha|\bdata\b|created|release|issued|submitted|"
            r"calendar|tarih|shijian|riqi|\bday\b|meta-?info|byline"
        ),
    ),
    (Says.TITLE, re.compile(r"title|headline|heading|titre|titulo|titel|\bhed\b|biaoti")),
    (Says.META, re.compile(r"meta|info|details|dateline|by-?line")),
    (Says.MODIFIED, re.compile(r"updat|modif|edited|geaendert|aktuali")),
    (
        Says.NOISE,
        re.compile(
            r"comment|relat|recommend|side-?bar|footer|widget|\bnav|menu|promo|popular|trending|teaser|"
            r"newsletter|share|breadcrumb|latest|read-?more|more-|most-|similar|disqus|respond|advert|"
            r"\bad\b|cookie|carousel|also-|next-|prev|recent|archive|caption"
        ),
    ),
)
_READ: dict[str, Says] = {}


def says(words: str) -> Says:
    """What a raw class or id string says; remembered."""
    known = _READ.get(words)
    if known is None:
        if len(_READ) > _REMEMBERED:
            _READ.clear()
        known = Says.NOTHING
        lowered = words[:300].lower().replace("_", "-")
        for flag, pattern in _WORDS:
            if pattern.search(lowered):
                known |= flag
        _READ[words] = known
    return known


@dataclass(slots=True, frozen=True, kw_only=True)
class Mark:
    """An element of the body that may tell something. order: its place among all looked at."""

    element: Element
    order: int
    flags: Says
    prop: str = ""


@dataclass(slots=True, kw_only=True)
class Clues:
    """All that metadata is read from. metas and links: lower-case name -> contents in document order.

    headings: h1 and h2 as marks; marks: elements whose class, id or attributes tell something.
    """

    metas: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, list[Element]] = field(default_factory=dict)
    scripts: list[str] = field(default_factory=list)
    page_title: str = ""
    language: str = ""
    base: str = ""
    headings: list[Mark] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    looked_at: int = 0

    def meta(self, *names: str) -> str:
        """The first content under the first of these names that has one, "" where none has."""
        for name in names:
            for content in self.metas.get(name, ()):
                if content:
                    return content
        return ""


def gather(dom: Dom) -> Clues:
    """Read the head's declarations and mark the body's telling elements, in one pass each."""
    clues = Clues()
    for element in dom.select(_HEAD):
        _READERS[element.tag](clues, element)
    _mark_body(clues, dom)
    return clues


def _read_meta(clues: Clues, element: Element) -> None:
    content = element.attr("content")
    if content is None:
        content = element.attr("value")
    if not content or len(clues.metas) > MAX_META:
        return
    content = " ".join(content[:MAX_CONTENT].split())
    for attribute in ("property", "name", "itemprop", "http-equiv"):
        if name := element.attr(attribute):
            known = clues.metas.setdefault(name.strip().lower(), [])
            if len(known) < 30:
                known.append(content)


def _read_link(clues: Clues, element: Element) -> None:
    for rel in (element.attr("rel") or "").lower().split()[:5]:
        clues.links.setdefault(rel, []).append(element)


def _read_script(clues: Clues, element: Element) -> None:
    if len(clues.scripts) < MAX_SCRIPTS and "json" in (element.attr("type") or "").lower():
        clues.scripts.append(element.text[:MAX_SCRIPT])


def _read_title(clues: Clues, element: Element) -> None:
    parent = element.parent
    if not clues.page_title and not (isinstance(parent, Element) and parent.tag == "svg"):
        clues.page_title = fold(element.text[:2000])


def _read_html(clues: Clues, element: Element) -> None:
    clues.language = element.attr("lang") or element.attr("xml:lang") or ""


def _read_base(clues: Clues, element: Element) -> None:
    clues.base = clues.base or element.attr("href") or ""


_READERS = {
    "meta": _read_meta,
    "link": _read_link,
    "script": _read_script,
    "title": _read_title,
    "html": _read_html,
    "base": _read_base,
}


def _mark_body(clues: Clues, dom: Dom) -> None:
    read, known_words = says, _READ
    wanted = Says.AUTHOR | Says.DATE | Says.TITLE
    order = -1
    for order, element in enumerate(dom.select(_INTERESTING)):
        words = element.attr("class")
        flags = Says.NOTHING
        if words:
            known = known_words.get(words)
            flags = read(words) if known is None else known
        tag = element.tag
        if tag in _SPECIAL:
            prop = element.attr("itemprop") or ""
            if tag in ("h1", "h2"):
                if len(clues.headings) < 60:
                    clues.headings.append(Mark(element=element, order=order, flags=flags, prop=prop))
                continue
        elif not flags & wanted:
            prop = _other_words(element)
            if not prop:
                continue
        else:
            prop = element.attr("itemprop") or element.attr("rel") or ""
        if len(clues.marks) < MAX_MARKS and tag not in _HEAD_TAGS:
            clues.marks.append(Mark(element=element, order=order, flags=flags, prop=prop.lower()))
    clues.looked_at = order + 1


_SPECIAL = frozenset(("h1", "h2", "time", "address"))
_HEAD_TAGS = frozenset(("meta", "link", "script", "title", "html", "body", "style", "input", "button", "svg"))
_PROPS = frozenset(
    "author datepublished datemodified datecreated headline name creator dc:creator article:author".split()
)


def _other_words(element: Element) -> str:
    """itemprop, property, rel or id where they tell something, as lower-case words."""
    for attribute in ("itemprop", "property", "rel"):
        value = element.attr(attribute)
        if value and not _PROPS.isdisjoint(value.lower().split()):
            return value
    identifier = element.attr("id")
    if identifier and says(identifier) & (Says.AUTHOR | Says.DATE | Says.TITLE):
        return "id:" + identifier
    return ""


# ---- text --------------------------------------------------------------------------------------


def fold(text: str) -> str:
    """White space folded."""
    return " ".join(text.split())


def text_of(element: Element, limit: int = 400) -> str:
    """An element's visible text, folded; "" where it is longer than `limit` characters."""
    pieces: list[str] = []
    room = limit * 4
    for node in element.descendants:
        if isinstance(node, Text):
            parent = node.parent
            if isinstance(parent, Element) and parent.tag in _SILENT:
                continue
            pieces.append(node.data)
            room -= len(node.data)
            if room < 0:
                return ""
        elif isinstance(node, Element) and node.tag in _BREAKS:
            pieces.append(" ")
    text = fold("".join(pieces))
    return text if len(text) <= limit else ""


_SILENT = frozenset("script style template noscript svg button".split())
_BREAKS = frozenset("br p div li span td h1 h2 h3 ul time".split())


def ancestors_say(element: Element, depth: int = 12) -> Says:
    """What the classes of the elements around say together; NOISE also for aside, footer and nav."""
    flags = Says.NOTHING
    node: Node | None = element.parent
    while depth and isinstance(node, Element):
        tag = node.tag
        if tag == "body":
            break
        if tag in ("aside", "footer", "nav"):
            flags |= Says.NOISE
        elif tag != "article" and (words := node.attr("class")):
            flags |= says(words)
        node = node.parent
        depth -= 1
    return flags
