"""A page without a feed to a Feed: its repeated article links, with their titles and dates."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import turbohtml
from turbohtml import Document, Element, Text

from unabridged.dates.parse import parse_date
from unabridged.errors import FeedError, NotAFeed
from unabridged.feeds.discovery.page_links import attribute, base_of_page
from unabridged.feeds.parsing.values import one_line
from unabridged.model import Clock, Entry, Feed
from unabridged.text.scripts import WIDE_LETTER
from unabridged.urls import absolute, registrable_domain, strip_trackers

MAX_LINKS = 5_000
"""Most links of a page that are looked at."""

MAX_ITEMS = 200
"""Most items that a page gives."""

_MIN_ITEMS = 3
_SIGNATURE_DEPTH = 8
_FURNITURE = frozenset({"nav", "footer", "form", "menu", "dialog"})
_FURNITURE_WORDS = re.compile(
    r"\b(?:nav(?:bar|igation)?|menu|footer|breadcrumbs?|pagination|pager|tags?|tag-?cloud|social|share|login|cookie|sidebar"
    r"|related|comments?|archives?-list|categor(?:y|ies)|lang(?:uage)?s?)\b",
    re.IGNORECASE,
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})
_BLOCKS = frozenset(
    {"div", "p", "li", "ul", "br", "section", "article", "header", "time", "tr", "td", *_HEADINGS}
)
_ARTICLE_PATH = re.compile(
    r"/(?:19|20)\d\d[/-]?\d{1,2}|\d{5,}|/[\w%]+-[\w%]+-[\w%-]+|[/_-]\d{3,}|\.s?html?$|/(?:article|post|news|story|entry|p)/",
    re.IGNORECASE,
)
_LISTING_PATH = re.compile(
    r"/(?:tags?|categor(?:y|ies)|topics?|authors?|users?|page|search|login|about|contact)(?:/|$)", re.I
)
_DATE_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-]?(0?[1-9]|1[0-2])[/-]?(0?[1-9]|[12]\d|3[01])(?=[/_-]|\.|$)")
_DIGIT = re.compile(r"\d")
_TEASER_DEPTH = 8
_FURNITURE_WITHIN = 30
_LONGEST_TITLE = 300
_LONGEST_DATE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    """A link that may be an article's: its element, address, words and place in the page's structure."""

    element: Element
    url: str
    title: str
    signature: tuple[str, ...]
    order: int


def feed_from_page(
    html: bytes | str, url: str, *, links: str | None = None, now: datetime | None = None
) -> Feed:
    """Return the feed that a page's article links make, newest or first ones first as the page shows them.

    links: a CSS selector of the links to articles, for pages where they are not found by themselves.
    Raises NotAFeed when fewer than three links look like a list of articles, FeedError for a bad selector.
    """
    document = (
        turbohtml.parse(html, detect_encoding=True) if isinstance(html, bytes) else turbohtml.parse(html)
    )
    base = base_of_page(document, url)
    if links is None:
        chosen = _best_lists(list(_candidates(document, base, url)))
    else:
        chosen = list(_selected(document, links, base))
    if not chosen or (links is None and len(chosen) < _MIN_ITEMS):
        raise NotAFeed(
            url, "a page without a list of articles", "Name its links with a selector in the site's rules."
        )
    elements = {link.element for link in chosen}
    head = document.select_one("html")
    language = one_line(attribute(head, "lang"))[:35] or None if head is not None else None
    title = document.select_one("title")
    return Feed(
        url=url,
        format="page",
        title=one_line(title.text) if title is not None else "",
        site_url=url,
        language=language,
        entries=tuple(_entry(link, elements, base, language, now) for link in chosen[:MAX_ITEMS]),
        notes=(f"made from the page: {len(chosen)} links",),
    )


def _candidates(document: Document, base: str, page: str) -> Iterator[_Link]:
    """Yield, for each address of the page's own site, its best-titled link outside the furniture."""
    home = registrable_domain(page)
    best: dict[str, _Link] = {}
    for order, element in enumerate(document.select("a[href]")[:MAX_LINKS]):
        address = absolute(attribute(element, "href"), base)
        if address is None or registrable_domain(address) != home:
            continue
        address = strip_trackers(address.partition("#")[0])
        if address.rstrip("/") in (page.rstrip("/"), base.rstrip("/")) or _LISTING_PATH.search(
            urlsplit(address).path
        ):
            continue
        title = _title_of(element)
        known = best.get(address)
        if not title or (known and _width(known.title) >= _width(title)) or _inside_sentence(element, title):
            continue
        signature = _signature(element)
        if signature is not None:
            best[address] = _Link(element=element, url=address, title=title, signature=signature, order=order)
    yield from best.values()


def _selected(document: Document, selector: str, base: str) -> Iterator[_Link]:
    try:
        elements = document.select(selector)
    except (ValueError, turbohtml.SelectorSyntaxError) as exc:
        raise FeedError(f"{selector!r} is no CSS selector: {exc}") from exc
    seen: set[str] = set()
    for order, element in enumerate(elements[:MAX_LINKS]):
        link = element if element.tag == "a" else element.select_one("a[href]")
        address = absolute(attribute(link, "href"), base) if link is not None else None
        if (
            link is not None
            and address
            and address not in seen
            and (title := _title_of(link) or one_line(element.text))
        ):
            seen.add(address)
            yield _Link(element=link, url=address, title=title[:_LONGEST_TITLE], signature=(), order=order)


def _title_of(element: Element) -> str:
    """Return a link's words: its heading's where it wraps a whole teaser."""
    heading = next(
        (inner for inner in element.descendants if isinstance(inner, Element) and inner.tag in _HEADINGS),
        None,
    )
    text = _words(heading or element)
    if not text:
        image = element.select_one("img[alt]")
        text = one_line(attribute(image, "alt")) if image is not None else ""
    return "" if len(text) > _LONGEST_TITLE else text


def _words(element: Element) -> str:
    """Return an element's text, with spaces between its blocks and without scripts and styles."""
    inner = [node.tag for node in element.descendants if isinstance(node, Element)]
    if not inner:
        return one_line(element.text)
    texts = [n.data for n in element.descendants if isinstance(n, Text) and not _hidden(n)]
    return one_line((" " if _BLOCKS.intersection(inner) else "").join(texts))


def _hidden(node: Text) -> bool:
    return isinstance(node.parent, Element) and node.parent.tag in ("script", "style", "noscript", "template")


def _inside_sentence(element: Element, title: str) -> bool:
    """Say whether a link is a few words of a running text, not an item."""
    block = element.closest("p, dd, blockquote")
    return block is not None and len(block.text) > 2 * len(title) + 20


def _width(text: str) -> int:
    """Return the length of a title in Latin letters; a Chinese, Japanese or Korean one counts three."""
    return len(text) + 2 * len(WIDE_LETTER.findall(text))


def _signature(element: Element) -> tuple[str, ...] | None:
    """Return the names around a link, innermost first; None inside navigation and other furniture."""
    names = [element.tag]
    for ancestor, _ in zip(element.ancestors, range(_FURNITURE_WITHIN), strict=False):
        if not isinstance(ancestor, Element) or ancestor.tag in ("body", "html"):
            break
        words = attribute(ancestor, "class")
        marks = f"{words} {attribute(ancestor, 'id')} {attribute(ancestor, 'role')}"
        if ancestor.tag in _FURNITURE or _FURNITURE_WORDS.search(marks.replace("_", "-")):
            return None
        if len(names) < _SIGNATURE_DEPTH:
            names.append(f"{ancestor.tag}.{words.partition(' ')[0]}" if len(names) < 4 else ancestor.tag)
    return tuple(names)


def _best_lists(candidates: Sequence[_Link]) -> list[_Link]:
    """Return the links of the list that looks most like articles, and of lists nearly as good."""
    groups: dict[tuple[str, ...], list[_Link]] = defaultdict(list)
    for link in candidates:
        groups[link.signature].append(link)
    scored = [(score, group) for group in groups.values() if (score := _score(group)) > 0]
    if not scored:
        return []
    best = max(score for score, _ in scored)
    kept = [link for score, group in scored if score >= best * 0.4 for link in group]
    return sorted(kept, key=lambda link: link.order)


def _score(group: Sequence[_Link]) -> float:
    """Say how much a group of links of one structure looks like a list of articles: 0 for not at all."""
    count = len(group)
    widths = sorted(_width(link.title) for link in group)
    median = widths[count // 2]
    if count < 2 or median < 15:
        return 0.0
    paths = sum(1 for link in group if _ARTICLE_PATH.search(urlsplit(link.url).path)) / count
    headed = 1.5 if any(name.partition(".")[0] in _HEADINGS for name in group[0].signature) else 1.0
    return min(count, 30) * min(median, 60) * (0.3 + paths) * headed


def _entry(
    link: _Link, elements: set[Element], base: str, language: str | None, now: datetime | None
) -> Entry:
    around = _teaser(link.element, elements)
    return Entry(
        guid=link.url,
        url=link.url,
        title=link.title,
        published=_date(around, link, language, now),
        summary_html=_summary(around, link.title),
        language=language,
        lead_image=_image(around, base),
        base=base,
    )


def _teaser(element: Element, elements: set[Element]) -> Element:
    """Return the largest element around a link that holds no other article's link."""
    around = element
    for ancestor, _ in zip(element.ancestors, range(_TEASER_DEPTH), strict=False):
        if not isinstance(ancestor, Element) or ancestor.tag in ("body", "html", "main"):
            break
        others = (inner for inner in ancestor.descendants if isinstance(inner, Element) and inner.tag == "a")
        if any(inner in elements and inner != element for inner in others):
            break
        around = ancestor
    return around


def _date(around: Element, link: _Link, language: str | None, now: datetime | None) -> Clock | None:
    for raw in _date_texts(around, link.title):
        found = parse_date(raw, kind="published", origin="page", language=language, now=now)
        if found:
            return found
    in_path = _DATE_IN_PATH.search(urlsplit(link.url).path)
    if in_path is None:
        return None
    year, month, day = in_path.groups()
    return parse_date(f"{year}-{month:0>2}-{day:0>2}", kind="published", origin="url", now=now)


def _date_texts(around: Element, title: str) -> Iterator[str]:
    """Yield what may be a teaser's date: marked up as one, then short texts with digits."""
    for element in around.select("time"):
        yield from filter(None, (attribute(element, "datetime"), one_line(element.text)))
    for node in around.descendants:
        if isinstance(node, Text) and _DIGIT.search(node.data):
            text = one_line(node.data).strip("()[]|·•-—–/,，：: ")
            if 5 < len(text) <= _LONGEST_DATE and text not in title:
                yield text


def _summary(around: Element, title: str) -> str:
    """Return the longest paragraph of a teaser beside its title, as escaped text."""
    texts = (one_line(element.text) for element in around.select("p, .summary, .excerpt, .desc, .intro"))
    longest = max((text for text in texts if text not in title and title not in text), key=len, default="")
    return "" if _width(longest) < 30 else longest.replace("&", "&amp;").replace("<", "&lt;")


def _image(around: Element, base: str) -> str | None:
    return next(_addresses(around.select("img"), base), None)


def _addresses(images: Iterable[Element], base: str) -> Iterator[str]:
    for image in images:
        for name in ("data-src", "data-original", "src"):
            if found := absolute(attribute(image, name), base):
                yield found
                break
