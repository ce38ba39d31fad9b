"""A page's HTML to the feeds that it points at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import turbohtml
from turbohtml import Document, Element

from unabridged.feeds.discovery.known_services import service_feeds
from unabridged.feeds.parsing.values import one_line
from unabridged.urls import absolute, registrable_domain

Source = Literal["link", "anchor", "service"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that a page points at; nothing has been fetched. source: how it was found."""

    url: str
    title: str = ""
    type: str | None = None
    source: Source = "link"


MAX_FOUND = 100
"""Most feeds listed of one page (a blog's page may carry one for the comments of each post)."""

_TYPES = re.compile(
    r"application/(?:(?:rss|atom|rdf)\+xml|feed\+json|rss|atom|x-rss\+xml|x-atom\+xml)|text/(?:rss|atom)(?:\+xml)?",
    re.IGNORECASE,
)
_MAYBE_TYPES = re.compile(r"application/(?:json|xml)|text/xml", re.IGNORECASE)
_FEED_PATH = re.compile(
    r"(?:^|[/_.-])(?:feeds?|rss2?|atom|rdf)(?:$|[/_.-])|\.(?:rss|atom|rdf)$|/(?:index|feed|rss|atom)\.(?:xml|json)$"
    r"|feed=rss2?|format=(?:rss|atom)|alt=rss",
    re.IGNORECASE,
)
_FEED_WORDS = re.compile(
    r"\b(?:rss|atom|xml feed|news ?feed|json feed)\b|订阅|訂閱|フィード|피드", re.IGNORECASE
)
_NO_FEED = re.compile(r"\.(?:html?|php|png|jpe?g|gif|svg|pdf|js|css)$", re.IGNORECASE)


def find_feeds(html: bytes | str, url: str) -> tuple[FoundFeed, ...]:
    """Return the feeds that a page declares or links to, declared ones first, each once.

    url: the page's own address. Anchors count only when the address looks like a feed's, or their
    text says so and the address is not plainly something else.
    """
    document = (
        turbohtml.parse(html, detect_encoding=True) if isinstance(html, bytes) else turbohtml.parse(html)
    )
    base = base_of_page(document, url)
    found = [*_declared(document, base), *_by_service(url), *_anchored(document, base)]
    once: dict[str, FoundFeed] = {}
    for feed in found:
        once.setdefault(feed.url, feed)
    return tuple(once.values())[:MAX_FOUND]


def base_of_page(document: Document, url: str) -> str:
    """Return the address against which a page's links resolve."""
    element = document.select_one("base[href]")
    return (absolute(attribute(element, "href"), url) if element is not None else None) or url


def attribute(element: Element, name: str) -> str:
    """Return an attribute as text, "" where it is absent; a list of words is joined."""
    value = element.attrs.get(name)
    return " ".join(value) if isinstance(value, list) else value or ""


def _declared(document: Document, base: str) -> Iterator[FoundFeed]:
    for element in document.select("link[href]"):
        relations = attribute(element, "rel").lower().split()
        kind = attribute(element, "type").partition(";")[0].strip()
        plainly = bool(_TYPES.fullmatch(kind))
        maybe = bool(_MAYBE_TYPES.fullmatch(kind)) and bool(_FEED_PATH.search(attribute(element, "href")))
        if not ("feed" in relations or ("alternate" in relations and (plainly or maybe))):
            continue
        if "oembed" in attribute(element, "href") or "oembed" in kind:
            continue
        if address := absolute(attribute(element, "href"), base):
            yield FoundFeed(url=address, title=one_line(attribute(element, "title")), type=kind or None)


def _by_service(url: str) -> Iterator[FoundFeed]:
    return (FoundFeed(url=feed, source="service") for feed in service_feeds(url))


def _anchored(document: Document, base: str) -> Iterator[FoundFeed]:
    home = registrable_domain(base)
    for element in document.select("a[href]"):
        address = absolute(attribute(element, "href").removeprefix("feed:"), base)
        if address is None:
            continue
        parts = urlsplit(address)
        text = one_line(element.text)[:200] or one_line(
            attribute(element, "title") or attribute(element, "aria-label")
        )
        by_path = bool(_FEED_PATH.search(parts.path) or _FEED_PATH.search(parts.query))
        by_text = bool(_FEED_WORDS.search(text)) and len(text) < 40
        if _NO_FEED.search(parts.path) or not (by_path or by_text):
            continue
        near = registrable_domain(address) == home or "feed" in parts.netloc
        if near and (by_path or parts.path.endswith((".xml", ".json"))):
            yield FoundFeed(url=address, title=text, source="anchor")
