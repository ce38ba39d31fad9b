"""Bytes of any feed to a Feed: the one door of this room for reading."""

import re
from dataclasses import replace
from datetime import datetime

from unabridged import limits
from unabridged.cleaning import clean_feed
from unabridged.errors import FeedError, NotAFeed
from unabridged.feeds.parsing.channel import read_document
from unabridged.feeds.parsing.decode import decode
from unabridged.feeds.parsing.feedparser_fallback import read_by_feedparser
from unabridged.feeds.parsing.json_feed import read_json
from unabridged.feeds.parsing.namespaces import local_name
from unabridged.feeds.parsing.sitemap import read_news_sitemap
from unabridged.feeds.parsing.xml_tree import read_tree, strip_prolog
from unabridged.model import Feed

MAX_BYTES = limits.FEED_BYTES
"""Largest body that is read unless the caller says otherwise."""

# First bytes -> what a person would call it.
_BINARY = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"ID3", "an MP3 sound"),
    (b"\x7fELF", "a program"),
)
# Root element -> what it is, and what to do about it.
_OTHERS = {
    "html": ("a web page", "Run `unabridged find {url}` to see which feeds it offers."),
    "opml": ("an OPML list of feeds", "Save it and run `unabridged add FILE` to subscribe to its feeds."),
    "urlset": ("a sitemap", "Give the address of the site instead: `unabridged find` looks for its feeds."),
    "sitemapindex": (
        "a sitemap index",
        "Give the address of the site instead: `unabridged find` looks for its feeds.",
    ),
    "opensearchdescription": ("a search description", "Run `unabridged find` with the site's address."),
}
_HTML = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|script|div|p|h1|br)\b",
    re.IGNORECASE | re.DOTALL,
)
_FEED_INSIDE = re.compile(r"<(?:[A-Za-z][\w.-]*:)?(?:rss|feed|rdf|channel)[\s>]", re.IGNORECASE)
_ITEM_TAG = re.compile(r"<(?:[A-Za-z][\w.-]*:)?(?:item|entry)[\s>]", re.IGNORECASE)
_PROMISING = re.compile(rf"{_FEED_INSIDE.pattern}|{_ITEM_TAG.pattern}", re.IGNORECASE)
_LOOK_WITHIN = 65536


def parse_feed(
    data: bytes,
    *,
    url: str,
    content_type: str | None = None,
    now: datetime | None = None,
    max_bytes: int = MAX_BYTES,
) -> Feed:
    """Read RSS, RDF, Atom or JSON Feed in any state of repair.

    url: where it was read, against which its links resolve. content_type: the HTTP header.
    now: the reader's time, past which no date is believed. max_bytes: cap on the body.
    What had to be mended is in `notes`.
    Raises NotAFeed, naming what it is instead, for anything else; FeedError for what cannot be read.
    """
    _refuse_unreadable(data, url, max_bytes)
    decoded = decode(data, content_type)
    text = decoded.text.lstrip("\ufeff\x00 \t\r\n")
    feed = read_json(text, url=url, now=now) if text.startswith("{") else _read_xml(text, url, now)
    return clean_feed(_with_notes(feed, decoded.notes))


def _refuse_unreadable(data: bytes, url: str, max_bytes: int) -> None:
    if len(data) > max_bytes:
        raise FeedError(
            f"{url} is {len(data):,} bytes long; feeds up to {max_bytes:,} bytes are read. "
            "Raise max_feed_bytes under [fetch] to read it."
        )
    if not data.strip(b" \t\r\n\x00"):
        raise NotAFeed(url, "empty", "The server sent nothing; try again later.")
    for magic, found in _BINARY:
        if data.startswith(magic):
            raise NotAFeed(url, found)


def _read_xml(text: str, url: str, now: datetime | None) -> Feed:
    body, prolog_notes = strip_prolog(text)
    if _HTML.match(body) and not _FEED_INSIDE.search(body, 0, _LOOK_WITHIN):
        raise _not_a_feed("html", url)
    feed, broken = _read_own(body, url, now)
    if _PROMISING.search(body) if feed is None else (not feed.entries and _ITEM_TAG.search(body)):
        why = broken or ("no root element of a feed" if feed is None else "its items were out of reach")
        feed = read_by_feedparser(body, url=url, now=now, why=why) or feed
    if feed is None:
        raise NotAFeed(
            url, _described(body), "Run `unabridged find` with the site's address to look for its feeds."
        )
    return _with_notes(feed, prolog_notes)


def _read_own(body: str, url: str, now: datetime | None) -> tuple[Feed | None, str]:
    """Return what our own reader makes of a text, and why it gave up where a tree was beyond lxml."""
    try:
        tree = read_tree(body)
        if tree is None:
            return None, ""
        feed = read_document(tree, url=url, now=now) or read_news_sitemap(tree, url=url, now=now)
    except ValueError as exc:  # lxml cannot show a name or a text that its lenient parser let through
        return None, f"its markup is beyond repair ({exc})"
    root = local_name(str(tree.root.tag))
    if feed is None and root in _OTHERS:
        raise _not_a_feed(root, url)
    return feed, ""


def _with_notes(feed: Feed, notes: tuple[str, ...]) -> Feed:
    return replace(feed, notes=(*notes, *feed.notes)) if notes else feed


def _not_a_feed(root: str, url: str) -> NotAFeed:
    found, advice = _OTHERS[root]
    return NotAFeed(url, found, advice.format(url=url))


def _described(text: str) -> str:
    if not text:
        return "the beginning of an XML document"
    printable = sum(1 for character in text[:1000] if character.isprintable() or character.isspace())
    if printable < 0.9 * min(len(text), 1000):
        return "binary data"
    return "XML of another kind" if text.startswith("<") else "plain text"
