"""Links of a list page: their addresses, their words, and the elements around them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import turbohtml
from turbohtml import Document, Element, Text

from unabridged.feeds.discovery.page_links import attribute, base_of_page
from unabridged.feeds.parsing.values import one_line
from unabridged.text.scripts import WIDE_LETTER
from unabridged.urls import absolute, registrable_domain, strip_trackers

MAX_LINKS = 5_000
"""Most links of a page that are looked at."""
DEPTH = 14
"""Most elements around a link that describe its place."""
LEAST_HEADED = 3
HEADLINE = 15
"""Latin letters from which a text may be a headline."""
MAX_TITLE = 300
"""Characters of a title; a longer text is none."""

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SKIPPED = frozenset({"script", "style", "noscript", "template"})
_BLOCKS = frozenset(
    {"div", "p", "li", "ul", "br", "section", "article", "header", "time", "tr", "td", "dt", "dd", *HEADINGS}
)
_FURNITURE = frozenset({"nav", "footer", "form", "menu", "dialog"})
_FURNITURE_WITHIN = 30
_FURNITURE_WORDS = re.compile(
    r"\b(?:nav(?:bar|igation)?|menu|footer|breadcrumbs?|pagination|pager|tags?|tag-?cloud|social|share|login|cookie"
    r"|sidebar|related|comments?|archives?-list|categor(?:y|ies)|lang(?:uage)?s?"
    r"|(?:most|top)-?(?:read|viewed|popular|shared)|trending|popular|ranking|sponsored?|promo(?:ted|tion)?"
    r"|ads?|advert(?:s|isement|ising|orial)?)\b",
    re.IGNORECASE,
)
_LISTING_PATH = re.compile(
    r"/(?:tags?|categor(?:y|ies)|topics?|authors?|users?|page|search|login|about|contact)(?:/|$)", re.I
)
_SPACES = re.compile(r"[\s_]+")
_STATE = re.compile(
    r"(?:is|has)-[\w-]+|first|last|odd|even|active|current|sticky|pinned|featured|new|unread|hot|row-?\d+|n\d+|clearfix",
    re.IGNORECASE,
)
_OF_ONE_ITEM = re.compile(
    r"(?:post|tag|category|cat|author|topic|status|format|entry|node|item)-[\w-]*\d[\w-]*|"
    r"(?:tag|category|cat|topic|format|status)-[\w-]+"
)
_POST = re.compile(r"(?:^|\s)(?:hentry|type-\w+|post-\d+)(?=\s|$)")
_NUMBERED = re.compile(r"\d{3,}")
_NAME = re.compile(r"-?[A-Za-z_][\w-]{0,60}")
_MODULE = re.compile(r"([A-Za-z][\w-]*?__)(?=[\w-]*(?:\d|[a-z][A-Z]))[\w-]{4,12}")
"""Class of a CSS module: its own name, and a hash of five letters or so."""
_HASHED = re.compile(
    r"(?:css|sc|jsx|emotion|svelte|styled|tw)-[\w-]{4,}|[\w-]*(?:[a-z]\d|\d[a-z]|[A-Z]\d|\d[A-Z])[\w-]{2,}"
    r"|[a-z]{1,3}[A-Z][a-z]{0,3}[A-Z][A-Za-z]{0,4}"
)
MOST_CLASSES = 8
MAX_CLASSES = 400
"""Classes of an element, and their characters, that are looked at."""

Step = tuple[str, tuple[str, ...]]
"""An element around a link: its tag, and those of its classes that stay the same, sorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a page that may be an item's.

    text: its words, or those of its heading or picture; "" for none. steps: the link itself and the elements
    around it, innermost first. own: it leads to the page's own site. furniture: it stands in navigation or
    the like. order: among the links of the page.
    """

    element: Element
    url: str
    text: str
    steps: tuple[Step, ...]
    own: bool
    furniture: bool
    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A parsed page with its links."""

    document: Document
    url: str
    base: str
    title: str
    language: str | None
    links: tuple[Link, ...]


def parse_list_page(html: bytes | str, url: str) -> ListPage:
    """Parse a page and find the links that may be items."""
    document = (
        turbohtml.parse(html, detect_encoding=True) if isinstance(html, bytes) else turbohtml.parse(html)
    )
    base = base_of_page(document, url)
    root, title = document.select_one("html"), document.select_one("title")
    return ListPage(
        document=document,
        url=url,
        base=base,
        title=one_line(title.text) if title is not None else "",
        language=(one_line(attribute(root, "lang"))[:35] or None) if root is not None else None,
        links=tuple(_links(document, base, url)),
    )


def _links(document: Document, base: str, page: str) -> Iterator[Link]:
    home = registrable_domain(page)
    here = {page.rstrip("/"), base.rstrip("/")}
    known: dict[Element, tuple[Step, bool]] = {}
    for order, element in enumerate(document.iter_elements("a")):
        if order >= MAX_LINKS:
            return
        address = absolute(attribute(element, "href"), base)
        if address is None:
            continue
        address = strip_trackers(address.partition("#")[0])
        if address.rstrip("/") in here:
            continue
        steps, furniture = _place(element, known)
        yield Link(
            element=element,
            url=address,
            text=link_text(element),
            steps=steps,
            own=registrable_domain(address) == home,
            furniture=furniture or _LISTING_PATH.search(urlsplit(address).path) is not None,
            order=order,
        )


def _place(element: Element, known: dict[Element, tuple[Step, bool]]) -> tuple[tuple[Step, ...], bool]:
    """Return the steps outward from a link, and whether it stands in navigation or the like."""
    steps = [step_of(element)]
    furniture = "sponsored" in attribute(element, "rel").lower()
    for ancestor, _ in zip(element.ancestors, range(_FURNITURE_WITHIN), strict=False):
        if not isinstance(ancestor, Element) or ancestor.tag in ("body", "html"):
            break
        found = known.get(ancestor)
        if found is None:
            found = known[ancestor] = (step_of(ancestor), _is_furniture(ancestor))
        furniture = furniture or found[1]
        if len(steps) < DEPTH:
            steps.append(found[0])
    return tuple(steps), furniture


def _is_furniture(element: Element) -> bool:
    if element.tag in _FURNITURE:
        return True
    if element.tag == "article" or _POST.search(classes_of(element)):
        return False  # WordPress names an article's categories and tags here
    marks = f"{classes_of(element)} {attribute(element, 'id')} {attribute(element, 'role')}"
    return len(marks) > 2 and _FURNITURE_WORDS.search(_SPACES.sub(" ", marks.replace("_", "-"))) is not None


def classes_of(element: Element) -> str:
    """Return an element's classes as written, cut after MAX_CLASSES characters."""
    return attribute(element, "class")[:MAX_CLASSES]


def step_of(element: Element) -> Step:
    """Return an element's tag with the classes that are the same in every item and at every visit."""
    return element.tag, stable_classes(classes_of(element))


@lru_cache(maxsize=10_000)
def stable_classes(text: str) -> tuple[str, ...]:
    """Return the classes that name a kind of element, sorted: no states, numbers and hashes.

    Of a class that a build tool made ("Card_title__x7Fq2") the part before the hash is returned.
    """
    found = set()
    for name in text.split()[:MOST_CLASSES]:
        if not _NAME.fullmatch(name) or _STATE.fullmatch(name) or _OF_ONE_ITEM.fullmatch(name):
            continue
        module = _MODULE.fullmatch(name)
        if module is not None:
            found.add(module[1])
        elif not _HASHED.fullmatch(name) and not _NUMBERED.search(name):
            found.add(name)
    return tuple(sorted(found))


def link_text(element: Element) -> str:
    """Return a link's words: its heading's where it wraps a whole item; "" for too many."""
    heading = next(
        (inner for inner in element.descendants if isinstance(inner, Element) and inner.tag in HEADINGS), None
    )
    text = words_of(heading if heading is not None else element)
    if text.endswith(("…", "...")):
        whole = one_line(attribute(element, "title"))
        return whole if whole.startswith(text.rstrip(".… ")) else text
    if not text:
        image = element.select_one("img[alt]")
        text = one_line(attribute(image, "alt")) if image is not None else ""
    return "" if len(text) > 4 * MAX_TITLE else text


def words_of(element: Element) -> str:
    """Return an element's text, with spaces between its blocks and without scripts and styles."""
    inner = [node.tag for node in element.descendants if isinstance(node, Element)]
    if not inner:
        return one_line(element.text)
    texts = [node.data for node in element.descendants if isinstance(node, Text) and not is_hidden(node)]
    return one_line((" " if _BLOCKS.intersection(inner) else "").join(texts))


def is_hidden(node: Text) -> bool:
    """Say whether a text stands in a script or the like."""
    return isinstance(node.parent, Element) and node.parent.tag in _SKIPPED


def of_one_site(links: Sequence[Link]) -> Sequence[Link]:
    """Return the links to the page's own site if half of those with a headline lead there; else all."""
    long = [link for link in links if width(link.text) >= HEADLINE] or links
    return [link for link in links if link.own] if 2 * sum(link.own for link in long) >= len(long) else links


def headline_links(links: Sequence[Link]) -> Sequence[Link]:
    """Return links without the short ones that stand beside a headline: of comments, authors, tags.

    Links count as such if most elements that hold several of them hold one headline.
    """
    beside: dict[object, list[Link]] = defaultdict(list)
    for link in links:
        beside[link.element.parent].append(link)
    several = [some for some in beside.values() if len(some) > 1]
    headed = [some for some in several if sum(width(one.text) >= HEADLINE for one in some) == 1]
    if len(headed) < LEAST_HEADED or 10 * len(headed) < 9 * len(several):
        return links
    short = {id(one) for some in headed for one in some if width(one.text) < HEADLINE}
    return [link for link in links if id(link) not in short]


def width(text: str) -> int:
    """Return the length of a text in Latin letters; a Chinese, Japanese or Korean one counts three."""
    return len(text) + 2 * len(WIDE_LETTER.findall(text))
