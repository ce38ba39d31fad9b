"""A page's HTML to the feeds that it points at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Literal
from urllib.parse import urlsplit

import turbohtml
from turbohtml import Document, Element

from unabridged.feeds.discovery.known_services import YOUTUBE_CHANNEL, is_known_service, service_feeds
from unabridged.feeds.discovery.link_header import links_of_header
from unabridged.feeds.parsing.values import one_line
from unabridged.urls import absolute, host, registrable_domain

Source = Literal["link", "anchor", "service", "page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that a page points at; nothing has been fetched.

    source: how it was found; "page": it is the page itself, whose list of articles is read as a feed.
    """

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


def find_feeds(html: bytes | str, url: str, header: str = "") -> tuple[FoundFeed, ...]:
    """Return the feeds that a page declares or links to, each once: declared ones first, of comments last.

    url: the page's own address. header: the response's Link header. Anchors count only when the address looks
    like a feed's, or their text says so and the address is not plainly something else.
    """
    document = _parsed(html)
    base = base_of_page(document, url)
    found = [
        *_declared(document, base),
        *_of_header(header, url),
        *_by_service(document, url),
        *_in_data(html, url),
        *_anchored(document, base),
    ]
    once: dict[str, FoundFeed] = {}
    for feed in found:
        once.setdefault(feed.url, feed)
    post = url if _is_post(document) else None
    return tuple(sorted(once.values(), key=lambda feed: _is_of_comments(feed, post)))[:MAX_FOUND]


def icon_of_page(html: bytes | str, url: str) -> str | None:
    """Return the icon that a page declares: a picture of 32 pixels or more if there is one, no SVG."""
    document = _parsed(html)
    base = base_of_page(document, url)
    found: list[tuple[bool, str]] = []
    for element in document.select("link[href]"):
        relations = attribute(element, "rel").lower().split()
        if _ICONS.isdisjoint(relations):
            continue
        address = absolute(attribute(element, "href"), base)
        if (
            address
            and "svg" not in attribute(element, "type")
            and not urlsplit(address).path.endswith(".svg")
        ):
            sizes = re.findall(r"\d{1,4}", attribute(element, "sizes"))
            found.append((any(int(size) >= ICON_PIXELS for size in sizes), address))
    return max(found, key=lambda icon: icon[0])[1] if found else None


_ICONS = frozenset({"icon", "apple-touch-icon", "apple-touch-icon-precomposed"})

ICON_PIXELS = 32
"""Width from which on an icon is sharp in a list on a dense screen."""


def _parsed(html: bytes | str) -> Document:
    if isinstance(html, bytes):
        return turbohtml.parse(html, detect_encoding=True)
    return turbohtml.parse(html)


_COMMENT_WORDS = re.compile(
    r"\b(?:comments?|kommentare?|commentaires?|comentarios?|comentários?|commenti|reacties|komentarze|yorumlar)\b"
    r"|комментар|コメント|评论|評論|留言|댓글",
    re.IGNORECASE,
)
_COMMENT_PATH = re.compile(
    r"(?:^|/)comments?(?:/|[-_.](?:feed|rss|atom)|\.(?:xml|rss|atom|json)|$)|/comments/default\b"
    r"|feed=comments|comments?[-_]rss|[-_]comments?\.(?:xml|rss|atom)",
    re.IGNORECASE,
)
COMMENTS_TITLE = re.compile(
    r"(?:comments? (?:on|for)|kommentare (?:zu|für)|commentaires (?:sur|pour)|comentarios en"
    r"|comentários (?:em|sobre)|commenti (?:su|per|a)|reacties op|комментарии (?:к|на)|评论|留言)\b",
    re.IGNORECASE,
)
"""Beginning of the title that blog software gives a feed of comments."""


def _is_of_comments(feed: FoundFeed, post: str | None) -> bool:
    """Return True for a feed of comments, by its title or address. post: address of a page of one post."""
    parts = urlsplit(feed.url)
    if _COMMENT_WORDS.search(feed.title) or _COMMENT_PATH.search(f"{parts.path}?{parts.query}"):
        return not re.fullmatch(r"/r/.+|/user/.+", parts.path)
    if post is None:
        return False
    own = post.partition("?")[0].partition("#")[0].rstrip("/")
    return own.count("/") > 2 and feed.url.startswith(own + "/")


def _is_post(document: Document) -> bool:
    element = document.select_one('meta[property="og:type"]')
    return element is not None and attribute(element, "content").strip().lower() == "article"


def _of_header(header: str, url: str) -> Iterator[FoundFeed]:
    for link in links_of_header(header):
        kind = link.type.partition(";")[0].strip()
        wanted = "alternate" in link.relations and _TYPES.fullmatch(kind)
        address = absolute(link.url, url) if wanted or "feed" in link.relations else None
        if address:
            yield FoundFeed(url=address, title=one_line(link.title), type=kind or None)


_QUOTE = r"(?:[\"']|&quot;)"
_IN_DATA = re.compile(
    rf"{_QUOTE}(?:feed_?url|rss_?(?:feed_?)?url|podcast_?feed_?url|xml_?url){_QUOTE}\s*:\s*"
    rf"{_QUOTE}(https?:[^\"'\s<>]{{5,1000}}?){_QUOTE}"
    r"|data-(?:feed|rss)(?:-url)?=[\"'](https?:[^\"'\s<>]{5,1000})[\"']",
    re.IGNORECASE,
)
_CHANNEL_IDS = (
    re.compile(r"itemprop=[\"'](?:identifier|channelId)[\"']\s+content=[\"'](UC[\w-]{22})[\"']"),
    re.compile(r"[\"'](?:externalId|externalChannelId)[\"']\s*:\s*[\"'](UC[\w-]{22})[\"']"),
    re.compile(r"[\"'](?:channelId|browseId)[\"']\s*:\s*[\"'](UC[\w-]{22})[\"']"),
)
_SOUNDCLOUD_USER = re.compile(r"soundcloud:users:(\d{1,15})")
SEARCHED = 5_000_000
"""Characters of a page in which addresses inside scripts are looked for."""


def _in_data(html: bytes | str, url: str) -> Iterator[FoundFeed]:
    """Yield feeds that only the data inside a page's scripts names: of podcasts, and of channels."""
    text = (html.decode("latin-1") if isinstance(html, bytes) else html)[:SEARCHED]
    name = host(url)
    if name == "youtube.com" or name.endswith(".youtube.com"):
        found = next((match for pattern in _CHANNEL_IDS if (match := pattern.search(text))), None)
        if found:
            yield FoundFeed(url=YOUTUBE_CHANNEL.format(found[1]), source="service")
        return
    if name.removeprefix("www.").removeprefix("m.") == "soundcloud.com" and (
        user := _SOUNDCLOUD_USER.search(text)
    ):
        yield FoundFeed(
            url=f"https://feeds.soundcloud.com/users/soundcloud:users:{user[1]}/sounds.rss", source="service"
        )
    for match in islice(_IN_DATA.finditer(text), 5):
        written = (match[1] or match[2]).replace("\\/", "/").replace("\\u002F", "/").replace("\\u0026", "&")
        if address := absolute(unescape(written), None):
            yield FoundFeed(url=address, source="service")


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


def _by_service(document: Document, url: str) -> Iterator[FoundFeed]:
    """Yield what a service has for the page's address, and for the one that the page calls its own."""
    yield from (FoundFeed(url=feed, source="service") for feed in service_feeds(url))
    for selector, name in (('link[rel="canonical"]', "href"), ('meta[property="og:url"]', "content")):
        element = document.select_one(selector)
        own = absolute(attribute(element, name), url) if element is not None else None
        if own and is_known_service(own):
            yield from (FoundFeed(url=feed, source="service") for feed in service_feeds(own))


def _anchored(document: Document, base: str) -> Iterator[FoundFeed]:
    home = registrable_domain(base)
    for element in document.select("a[href]"):
        href = attribute(element, "href").strip()
        plainly = _FEED_SCHEME.match(href) is not None
        address = absolute(_FEED_SCHEME.sub(_web_scheme, href), base)
        if address is None:
            continue
        parts = urlsplit(address)
        text = one_line(element.text)[:200] or one_line(
            attribute(element, "title") or attribute(element, "aria-label")
        )
        by_path = bool(_FEED_PATH.search(parts.path) or _FEED_PATH.search(parts.query))
        by_text = bool(_FEED_WORDS.search(text)) and len(text) < 40
        if _NO_FEED.search(parts.path) or not (plainly or by_path or by_text):
            continue
        near = registrable_domain(address) == home or "feed" in parts.netloc or "rss" in parts.netloc
        stated = bool(_RSS_LABEL.fullmatch(text)) and by_path
        if plainly or ((near or stated) and (by_path or parts.path.endswith((".xml", ".json", ".rss")))):
            yield FoundFeed(url=address, title=text, source="anchor")


_FEED_SCHEME = re.compile(r"^(feed|pcast|itpc|podcast|rss):(?://)?(https?:)?", re.IGNORECASE)
_RSS_LABEL = re.compile(
    r"(?:subscribe |podcast )?(?:via |with |by |to )?(?:rss|atom)(?:[ -]?feed)?", re.IGNORECASE
)


def _web_scheme(match: re.Match[str]) -> str:
    """Return the scheme of the web for one of feeds: "feed:https:" is https, "pcast://" is http."""
    return match[2] or "http://"
