"""Answers of Mercury (Postlight Parser) and of readability-js-server, as their clients read them. Pure."""

import re
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from unabridged import urls
from unabridged.cleaning import with_web_addresses
from unabridged.model import Article
from unabridged.text.scripts import direction
from unabridged.text.words import count_words

MERCURY_FIELDS = frozenset("url html contentType headers key hash".split())
EXCERPT_LENGTH = 200
"""Characters of an excerpt."""

_JOINED = re.compile(r"Joined from (\d{1,4}) pages\.")

NO_MERCURY_URL = (
    "The url parameter passed does not look like a valid URL. Please check your URL and try again."
)
SEND_JSON = 'Send JSON, like so: {"url": "https://url/to/whatever"}'
"""Texts of errors, which clients may show."""


def mercury(article: Article, content_type: str = "html") -> Mapping[str, Any]:
    """Return an article in the shape of Mercury. content_type: html, markdown or text, of the content.

    word_count: a Han or kana letter counts as one word. next_page_url: None, since all pages are joined. dek:
    None, as there for sites without a parser of their own; a stated summary is the excerpt.
    """
    article = with_web_addresses(article)
    bodies = {"markdown": article.markdown, "text": article.text}
    pages = _pages(article)
    return {
        "title": article.title or None,
        "author": ", ".join(article.authors) or None,
        "date_published": (
            article.published.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            if article.published
            else None
        ),
        "dek": None,
        "lead_image_url": article.lead_image,
        "content": bodies.get(content_type.lower(), f"<div>{article.html}</div>"),
        "next_page_url": None,
        "url": article.canonical_url or article.url,
        "domain": urls.host(article.url) or None,
        "excerpt": _excerpt(article),
        "word_count": count_words(article.text),
        "direction": direction(article.language, article.text),
        "total_pages": pages,
        "rendered_pages": pages,
    }


def _pages(article: Article) -> int:
    found = next(filter(None, map(_JOINED.search, article.warnings)), None)
    return int(found[1]) if found else 1


def _excerpt(article: Article) -> str:
    text = " ".join((article.summary or article.text).split())
    return text if len(text) <= EXCERPT_LENGTH else text[:EXCERPT_LENGTH].rstrip() + "…"


def mercury_error(text: str) -> Mapping[str, Any]:
    """Return a failure in the shape of Mercury."""
    return {"error": True, "message": text}


def readability(article: Article, url: str) -> Mapping[str, Any]:
    """Return an article in the shape of readability-js-server. url: as it was asked for.

    length: characters of the text.
    """
    article = with_web_addresses(article)
    return {
        "url": url,
        "title": article.title,
        "byline": ", ".join(article.authors) or None,
        "dir": direction(article.language, article.text),
        "lang": article.language,
        "content": f'<div id="readability-page-1" class="page">{article.html}</div>',
        "textContent": article.text,
        "length": len(article.text),
        "excerpt": _excerpt(article),
        "siteName": article.site_name,
        "publishedTime": article.published.isoformat(timespec="seconds") if article.published else None,
    }


def readability_error(text: str, url: str = "") -> Mapping[str, Any]:
    """Return a failure in the shape of readability-js-server."""
    return {"error": text} | ({"details": {"url": url}} if url else {})
