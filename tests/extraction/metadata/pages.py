"""Pages with metadata, and how they are read."""

import json
from datetime import UTC, datetime
from typing import Any

from unabridged.extraction.html.dom import parse
from unabridged.extraction.metadata.read import Metadata, read_metadata
from unabridged.model import Entry

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


URL = "https://herald.example/world/the-bridge"


BODY = "<p>" + "The old bridge over the river was closed to traffic on Monday, the mayor said. " * 6 + "</p>"


def page(head: str = "", body: str = "", *, lang: str = "en") -> str:
    return f'<html lang="{lang}"><head>{head}</head><body><article>{body}{BODY}</article></body></html>'


def read(html: str, *, entry: Entry | None = None, url: str | None = URL) -> Metadata:
    return read_metadata(parse(html), url=url, entry=entry, now=NOW)


def json_ld(**fields: Any) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


NEWS: dict[str, Any] = {
    "headline": "The bridge is closed",
    "datePublished": "2024-02-01T16:28:00+09:00",
    "dateModified": "2024-02-02T08:00:00+09:00",
    "author": [{"@type": "Person", "name": "Ann Lee"}, {"@type": "Person", "name": "Bo Li"}],
    "image": {"@type": "ImageObject", "url": "https://herald.example/bridge.jpg"},
    "publisher": {"@type": "Organization", "name": "The Herald"},
    "articleSection": "World",
    "keywords": ["bridges", "rivers"],
    "isAccessibleForFree": False,
}
