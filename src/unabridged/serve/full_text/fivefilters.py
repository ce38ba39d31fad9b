"""Full-Text RSS 3 of FiveFilters: the parameters of makefulltextfeed.php and extract.php, and their answers.

Pure. Written from observed behaviour: parameters, texts and shapes are those that its clients know.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any

from unabridged import urls
from unabridged.cleaning import with_web_addresses
from unabridged.config import FullTextSettings
from unabridged.extraction.metadata.language import script_languages
from unabridged.model import Article, Entry
from unabridged.poll.one_off import lacks_page
from unabridged.poll.reports import FullTextFeed
from unabridged.serve.full_text.links import LINKS
from unabridged.serve.full_text.request_fields import Fields
from unabridged.serve.full_text.rss import Node, node
from unabridged.text.scripts import UNSPACED

NO_URL = "No URL supplied"
BAD_URL = "Invalid URL supplied"
BLOCKED = "URL blocked"
NO_FEED = "Sorry, couldn't parse as feed"
NO_ITEMS = "Sorry, no feed items found"
"""Texts of errors, which clients may look for."""

UNABLE = "[unable to retrieve full-text content]"
EXCERPT_WORDS = 55

FEED_FIELDS = frozenset(
    "url format callback accept html max links exc content summary l lang xss use_extracted_title parser "
    "proxy debug key hash key_redirect siteconfig images pubsub".split()
)
EXTRACT_FIELDS = FEED_FIELDS | {"inputhtml"}
"""Parameters of the two addresses; any other belongs to an address that was sent without escapes."""

_WORD = re.compile(f"(?P<letter>[{UNSPACED}])|[^\\s{UNSPACED}]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Options of a request. callback: of JSONP, "" without. language: 0 none, 1 stated, 2 stated or
    guessed, 3 guessed. keep_failed: items without full text stay. page_titles: of the pages, not the feed."""

    format: str = "rss"
    callback: str = ""
    accept: str = "auto"
    most: int = 20
    links: str = "preserve"
    keep_failed: bool = True
    body: bool = True
    summary: bool = False
    language: int = 1
    page_titles: bool = False
    site_rules: str = ""


def read_options(fields: Fields, settings: FullTextSettings) -> Options:
    """Read the parameters of a request; a value that is none means the default."""
    accept = fields.get("accept", "auto").lower()
    legacy = fields.get("html").lower() in ("1", "true")
    most = _number(fields.get("max"))
    language = _number(fields.get("lang") or fields.get("l"))
    return Options(
        format="json" if fields.get("format").lower() == "json" else "rss",
        callback=fields.get("callback"),
        accept="html" if legacy else accept if accept in ("feed", "html") else "auto",
        most=min(most or settings.max_items, settings.max_items),
        links=fields.get("links") if fields.get("links") in LINKS else "preserve",
        keep_failed=not fields.is_on("exc"),
        body=fields.get("content", "1") != "0",
        summary=fields.is_on("summary"),
        language=1 if language is None or language > 3 else language,
        page_titles=fields.has("use_extracted_title"),
        site_rules=fields.get("siteconfig")[:20_000] if settings.site_config else "",
    )


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def feed_items(made: FullTextFeed, options: Options) -> list[list[Node]]:
    """Return the items of a feed; those without full text are left out if the options say so."""
    found = []
    for entry, item in zip(made.feed.entries, made.items, strict=True):
        article = with_web_addresses(item.article)
        failed = lacks_page(article) or not article.text
        if options.keep_failed or not failed:
            language = language_of(article, made.feed.language, options.language)
            found.append(_item(entry, article, options, failed=failed, language=language))
    return found


def _item(
    entry: Entry, article: Article, options: Options, *, failed: bool, language: str | None
) -> list[Node]:
    link = urls.web_address(entry.url) or article.url
    guid = entry.guid or link
    title = article.title if options.page_titles or not entry.title else entry.title
    return [
        node("title", title),
        node("link", link),
        node("guid", guid, isPermaLink="true" if guid == link else "false"),
        *_texts(article, options, failed=failed),
        node("pubDate", _rfc_822(article.published)),
        *(node("dc:creator", name) for name in article.authors),
        *_open_graph(article),
        node("dc:language", language),
        Node(name="dc:format", text="text/html"),
        node("dc:identifier", urls.strip_trackers(article.url)),
        *(node("category", tag) for tag in article.tags),
        *_media(article),
    ]


def _rfc_822(at: datetime | None) -> str | None:
    return format_datetime(at) if at else None


def _texts(article: Article, options: Options, *, failed: bool) -> list[Node]:
    body = LINKS[options.links](article.html)
    body = f"<p>{UNABLE}</p>{body}" if failed else body
    if options.summary:
        text = escape(excerpt(article), quote=False)
        return [node("description", text), *([node("content:encoded", body)] if options.body else [])]
    return [node("description", body)] if options.body else []


def _open_graph(article: Article) -> list[Node]:
    return [node(name.replace("_", ":"), value) for name, value in open_graph(article).items()]


def open_graph(article: Article) -> dict[str, str | None]:
    """Return the fields that clients expect from OpenGraph, out of what is known about an article."""
    return {
        "og_url": article.canonical_url or article.url or None,
        "og_title": article.title or None,
        "og_description": article.summary or None,
        "og_image": article.lead_image,
        "og_type": article.kind or "article",
    }


def _media(article: Article) -> list[Node]:
    files = [
        node(
            "media:content",
            url=one.url,
            type=one.type,
            fileSize=str(one.length) if one.length else None,
        )
        for one in article.enclosures
    ]
    return [*files, node("media:thumbnail", url=article.lead_image)] if article.lead_image else files


def language_of(article: Article, feed_language: str | None, way: int) -> str | None:
    """Return an article's language as stated, or as its letters show. way: as in `Options.language`."""
    stated = article.language or feed_language
    guessed: Sequence[str] = script_languages(article.text) if way in (2, 3) else ()
    if way == 0:
        return None
    if way == 3 and guessed:
        return stated if stated and stated.partition("-")[0] in guessed else guessed[0]
    return stated or next(iter(guessed), None)


def excerpt(article: Article) -> str:
    """Return the first words of an article; a letter of a language without spaces counts half a word."""
    text = " ".join(article.text.split())
    left = float(EXCERPT_WORDS)
    for word in _WORD.finditer(text):
        left -= 0.5 if word["letter"] else 1
        if left < 0:
            return text[: word.start()].rstrip() + " …"
    return text


def extracted(article: Article, url: str, options: Options) -> Mapping[str, Any]:
    """Return the fields of extract.php, in its order. url: as it was asked for."""
    article = with_web_addresses(article)
    return {
        "title": article.title,
        "excerpt": excerpt(article),
        "date": article.published.isoformat(timespec="seconds") if article.published else None,
        "author": ", ".join(article.authors) or None,
        "language": language_of(article, None, options.language),
        "url": url,
        "effective_url": article.url,
        **open_graph(article),
        **({"content": LINKS[options.links](article.html)} if options.body else {}),
    }
