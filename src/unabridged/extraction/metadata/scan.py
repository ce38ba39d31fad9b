"""Scan a page once and collect every element from which metadata may be read.

Classes are read by their words ("byline", "post-date"), never as whole strings. The hints of a class string
are cached for the process, since the pages of a site repeat their classes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from unabridged.extraction.html.dom import Dom, Element, Node, Text
from unabridged.extraction.metadata.json_ld import unescape_entities
from unabridged.text.patterns import lazy_regex
from unabridged.text.words import fold_spaces

MAX_MARKS = 400
MAX_IMAGES = 12
MAX_META = 400
MAX_HEAD = 5_000  # elements of the head that are read
MAX_BODY = 16_000  # elements of the body that are examined; the fullest real page of the corpora has 11,000
MAX_SCRIPT = 1_500_000  # characters of one JSON-LD script
MAX_SCRIPTS = 60
MOST_NODES = 300  # nodes on either side of the headline
MOST_AFTER, MOST_BEFORE = 70, 15  # texts after and before the headline
MAX_CONTENT = 5_000  # characters of one meta content
_MAX_CACHED = 60_000

TIME_TAGS = frozenset(("time", "relative-time", "time-ago", "local-time", "faceplate-timeago"))
"""Elements that hold a time: HTML's own and the custom elements of GitHub and Reddit."""
_TELLING = f"h1,h2,{','.join(sorted(TIME_TAGS))},address,[rel~=author],[itemprop],[property],[id*=author],[id*=time],[id*=date]"  # noqa: E501
_BODY = "[class]," + _TELLING
_HEAD = "html,title,meta,link[rel],script[type*=ld],script[type*=LD],base"
_HEAD_AND_TELLING = f"{_HEAD},{_TELLING}"
"""Both in one walk: the tags of the head are no marks of the body."""


class ClassHint:
    """Bit flags: hints that the words of a class, id or attribute give about an element."""

    INVISIBLE = 0
    AUTHOR = 1
    DATE = 2
    TITLE = 4
    NOISE = 8
    MODIFIED = 16


# Beginnings of words in class names. The longest that fits counts; its length is one of _LENGTHS.
_STARTS = {
    start: bits
    for bits, starts in (
        (
            ClassHint.AUTHOR,
            "author writer reporter autor auteur redacteu redakteu journali contribu signatur firma editor "
            "editors "
            "credit credits zuozhe laiyuan source byl by person",
        ),
        (ClassHint.AUTHOR | ClassHint.DATE, "byline submitte posted dateline"),
        (
            ClassHint.DATE,
            "date time publi pubti pubda pubbli datum fecha data created release issued tarih shijian riqi "
            "day meta age ago timeago",
        ),
        (ClassHint.TITLE, "title headline heading titre titulo titel hed biaoti subject"),
        (ClassHint.DATE | ClassHint.MODIFIED, "update updated modif edited geaender aktuali"),
        (
            ClassHint.NOISE,
            "comment relat recommen sideba footer widget nav menu promo popular trending teaser newslett "
            "share sharing "
            "breadcru latest more most similar disqus respond advert ad ads cookie carousel also next prev "
            "recent "
            "archive caption copyrigh",
        ),
    )
    for start in starts.split()
}
_ENDS = {
    "date": ClassHint.DATE,
    "time": ClassHint.DATE,
    "itle": ClassHint.TITLE,
    "thor": ClassHint.AUTHOR,
    "line": 0,
}
_SHORT = frozenset(
    "by byl ad ads age ago day hed nav data more most also next prev editor editors firma person".split()
)
"""Beginnings that count only as whole words: "day" is not a start of "daylight"."""
_WORD = lazy_regex(r"[A-Z]?[a-z]+|[A-Z]{2,}(?![a-z])")
_HINTS_CACHE: dict[str, int] = {}
_TOKEN_CACHE: dict[str, int] = {}


def class_hints(words: str) -> int:
    """Return the hints of a class or id string, as bits; cached token by token."""
    known = _HINTS_CACHE.get(words)
    if known is not None:
        return known
    if len(_HINTS_CACHE) > _MAX_CACHED or len(_TOKEN_CACHE) > _MAX_CACHED:
        _HINTS_CACHE.clear()
        _TOKEN_CACHE.clear()
    known = 0
    for token in words[:300].split()[:20]:
        meaning = _TOKEN_CACHE.get(token)
        if meaning is None:
            meaning = _TOKEN_CACHE[token] = _meaning(token)
        known |= meaning
    _HINTS_CACHE[words] = known
    return known


def _meaning(token: str) -> int:
    """Return the hints of one class name, by its words, however they are joined (post-date, postDate,
    post_date)."""
    bits = 0
    for word in _WORD.findall(token[:60])[:8]:
        word = word.lower()
        if word[:2] not in _PAIRS:
            bits |= _ENDS.get(word[-4:], 0)
            continue
        for length in _LENGTHS:
            start = word[:length]
            if (meaning := _STARTS.get(start)) and (start not in _SHORT or start == word):
                bits |= meaning
                break
        else:
            bits |= _ENDS.get(word[-4:], 0)
    return bits


_PAIRS = frozenset(start[:2] for start in _STARTS)
_LENGTHS = (8, 7, 6, 5, 4, 3, 2)


class MarkedElement(NamedTuple):
    """An element of the body with hints. order: its position among all examined."""

    element: Element
    order: int
    flags: int
    prop: str = ""


@dataclass(slots=True, kw_only=True)
class PageScan:
    """Everything that metadata is read from. metas, links: lower-case name -> contents in document order.

    headings: h1 and h2; marks: elements whose class, id or attributes give hints. images: the first ones
    after the headline (`images_after` of them), then those before it (found by `near_headline`).
    """

    metas: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, list[Element]] = field(default_factory=dict)
    scripts: list[str] = field(default_factory=list)
    page_title: str = ""
    language: str = ""
    base: str = ""
    headings: list[MarkedElement] = field(default_factory=list)
    marks: list[MarkedElement] = field(default_factory=list)
    images: list[Element] = field(default_factory=list)
    images_after: int = 0

    def meta(self, *names: str) -> str:
        """Return the first content under the first of these names that has one, "" if none has."""
        for name in names:
            for content in self.metas.get(name, ()):
                if content:
                    return content
        return ""


def scan_page(dom: Dom) -> PageScan:
    """Read the declarations and collect the body's elements with hints."""
    scan = PageScan()
    telling = dom.select(_HEAD_AND_TELLING)
    declaring = (element for element in telling if element.tag in _READERS)
    for element in islice(declaring, MAX_HEAD):
        _READERS[element.tag](scan, element)
    mark_body(scan, dom, set(telling))
    return scan


def scan_head(dom: Dom) -> PageScan:
    """Read only the declarations: title, meta, link, JSON-LD, language and base."""
    scan = PageScan()
    for element in dom.select(_HEAD)[:MAX_HEAD]:
        _READERS[element.tag](scan, element)
    return scan


def _read_meta(scan: PageScan, element: Element) -> None:
    content = element.attr("content")
    if content is None:
        content = element.attr("value")
    if not content or len(scan.metas) > MAX_META:
        return
    content = " ".join(unescape_entities(content[:MAX_CONTENT]).split())
    for attribute in ("property", "name", "itemprop", "http-equiv"):
        if name := element.attr(attribute):
            known = scan.metas.setdefault(name.strip().lower(), [])
            if len(known) < 30:
                known.append(content)


def _read_link(scan: PageScan, element: Element) -> None:
    for rel in (element.attr("rel") or "").lower().split()[:5]:
        scan.links.setdefault(rel, []).append(element)


def _read_script(scan: PageScan, element: Element) -> None:
    kind = (element.attr("type") or "").lower()
    if len(scan.scripts) < MAX_SCRIPTS and "json" in kind and "ld" in kind:
        scan.scripts.append(element.text[:MAX_SCRIPT])


def _read_title(scan: PageScan, element: Element) -> None:
    parent = element.parent
    if not scan.page_title and not (isinstance(parent, Element) and parent.tag == "svg"):
        scan.page_title = fold_spaces(unescape_entities(element.text[:2000]))


def _read_html(scan: PageScan, element: Element) -> None:
    scan.language = element.attr("lang") or element.attr("xml:lang") or ""


def _read_base(scan: PageScan, element: Element) -> None:
    scan.base = scan.base or element.attr("href") or ""


_READERS = {
    "meta": _read_meta,
    "link": _read_link,
    "script": _read_script,
    "title": _read_title,
    "html": _read_html,
    "base": _read_base,
}


def mark_body(scan: PageScan, dom: Dom, telling: set[Element] | None = None) -> None:
    """Collect the body's elements with hints into a scan. telling: those that count without a class, if they
    were selected already."""
    if telling is None:
        telling = set(dom.select(_TELLING))
    read, cached_hints = class_hints, _HINTS_CACHE
    wanted = ClassHint.AUTHOR | ClassHint.DATE | ClassHint.TITLE
    for order, element in enumerate(dom.select(_BODY)[:MAX_BODY]):
        words = element.attr("class")
        flags = 0
        if words:
            known = cached_hints.get(words)
            flags = read(words) if known is None else known
        if flags & wanted or element in telling:
            _mark(scan, element, order, flags)


def _mark(scan: PageScan, element: Element, order: int, flags: int) -> None:
    """Collect an element whose class or attributes give hints."""
    tag = element.tag
    prop = (element.attr("itemprop") or element.attr("property") or element.attr("rel") or "").lower()
    if tag in ("h1", "h2"):
        if len(scan.headings) < 60:
            scan.headings.append(MarkedElement(element=element, order=order, flags=flags, prop=prop))
        return
    if tag in _HEAD_TAGS or len(scan.marks) >= MAX_MARKS:
        return
    told = flags & (ClassHint.AUTHOR | ClassHint.DATE | ClassHint.TITLE) or tag in _MARKED_TAGS
    if not told and _PROPS.isdisjoint(prop.split()):
        identifier = element.attr("id")
        if not identifier or not class_hints(identifier) & (ClassHint.AUTHOR | ClassHint.DATE):
            return
        prop = "id:" + identifier.lower()
    scan.marks.append(MarkedElement(element=element, order=order, flags=flags, prop=prop))


_MARKED_TAGS = TIME_TAGS | {"address"}
_HEAD_TAGS = frozenset(("meta", "link", "script", "title", "html", "body", "style", "input", "button", "svg"))
_PROPS = frozenset(
    "author datepublished datemodified datecreated headline name creator dc:creator article:author".split()
)


# ---- text --------------------------------------------------------------------------------------


def visible_text(element: Element, limit: int = 400) -> str:
    """Return the visible text of an element on one line; "" if it is longer than `limit` characters."""
    children = element.children
    if len(children) == 1 and type(children[0]) is Text:
        text = " ".join(children[0].data[: limit * 4].split())
        return text if len(text) <= limit else ""
    pieces: list[str] = []
    remaining = limit * 4
    for looked, node in enumerate(element.descendants):
        if type(node) is Text:
            parent = node.parent
            if type(parent) is Element and parent.tag in _SILENT:
                continue
            pieces.append(node.data)
            remaining -= len(pieces[-1])
            if remaining < 0:
                return ""
        elif type(node) is Element and node.tag in _BREAKS:
            pieces.append(" ")
        if looked > 200:
            return ""
    text = " ".join("".join(pieces).split())
    return text if len(text) <= limit else ""


_SILENT = frozenset("script style template noscript svg button".split())
_BREAKS = frozenset("br p div li span td h1 h2 h3 h4 ul time a small".split())


def ancestor_hints(element: Element, depth: int = 12) -> int:
    """Return the combined hints of the elements around; NOISE also for aside, footer and nav."""
    flags = 0
    node: Node | None = element.parent
    while depth and isinstance(node, Element):
        tag = node.tag
        if tag == "body":
            break
        if tag in ("aside", "footer", "nav"):
            flags |= ClassHint.NOISE
        elif tag != "article" and (words := node.attr("class")):
            known = _HINTS_CACHE.get(words)
            flags |= class_hints(words) if known is None else known
        node = node.parent
        depth -= 1
    return flags


class NearbyText(NamedTuple):
    """A text near the headline. after: it follows the headline; place: texts between the two.

    holder: the element around the text.
    """

    text: str
    after: bool
    place: int
    holder: Element | None = None


def near_headline(scan: PageScan, longest: int = 320) -> list[NearbyText]:
    """Return the texts around the headline, the following ones first; without scripts.

    longest: characters of a text that is returned. Collects the pictures on the way into `scan.images`.
    """
    head = _headline(scan)
    if head is None:
        return []
    after = _texts_beside(scan, head.element.following, True, MOST_AFTER, longest)
    scan.images_after = len(scan.images)
    return after + _texts_beside(scan, head.element.preceding, False, MOST_BEFORE, longest)


def _headline(scan: PageScan) -> MarkedElement | None:
    """Return the first h1 (h2 if there is none) outside noise, else the first of all."""
    heads = [mark for mark in scan.headings if mark.element.tag == "h1"] or scan.headings
    quiet = (mark for mark in heads[:5] if not ancestor_hints(mark.element) & ClassHint.NOISE)
    return next(quiet, None) or next(iter(heads), None)


def _texts_beside(
    scan: PageScan, nodes: Iterable[Node], after: bool, most: int, longest: int
) -> list[NearbyText]:
    found: list[NearbyText] = []
    seen = 0
    for node in islice(nodes, MOST_NODES + 1):
        if seen > most:
            break
        if type(node) is not Text:
            if type(node) is Element and node.tag == "img" and len(scan.images) < MAX_IMAGES:
                scan.images.append(node)
            continue
        text = node.data
        if len(text) < 2 or text.isspace():
            continue
        if len(text) <= longest:
            parent = node.parent
            holder = parent if type(parent) is Element else None
            if holder is not None and holder.tag in _SILENT:
                continue
            found.append(NearbyText(" ".join(text.split()), after, seen, holder))
        seen += 1
    return found
