"""Verdicts on texts and pages."""

import json
from datetime import UTC, datetime

from unabridged.extraction.completeness.facts import FeedClaims, JudgedText
from unabridged.extraction.completeness.judge import judge
from unabridged.extraction.html.dom import parse
from unabridged.extraction.metadata.read import read_metadata
from unabridged.model import Completeness

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def verdict(
    text: str, *, title: str = "The bridge is closed", head: str = "", body: str = "", feed_text: str = ""
) -> Completeness:
    start = f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1>"
    html = f"{start}<p>{text}</p>{body}</body></html>"
    dom = parse(html)
    feed = FeedClaims(content=feed_text)
    return judge(JudgedText(dom=dom, metadata=read_metadata(dom, now=NOW), text=text, feed=feed))


SENTENCE = "The old bridge over the river was closed to traffic on Monday, the mayor of the town said. "
BRIEF = SENTENCE * 3
ARTICLE = {
    "@type": "NewsArticle",
    "headline": "The bridge is closed",
    "datePublished": "2026-11-20T08:00:00Z",
}


def page(body: str, *, title: str = "The bridge is closed", **declared: object) -> str:
    node = json.dumps(ARTICLE | declared)
    head = f"<title>{title}</title><script type='application/ld+json'>{node}</script>"
    return f"<html><head>{head}</head><body><h1>{title}</h1>{body}</body></html>"


def judged(html: str, text: str, **given: object) -> Completeness:
    dom = parse(html)
    metadata = read_metadata(dom, now=NOW)
    return judge(JudgedText(dom=dom, metadata=metadata, text=text, **given))  # type: ignore[arg-type]
