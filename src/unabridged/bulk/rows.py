"""An article as one row of plain values, the same in JSON lines and Parquet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unabridged.model import Article
from unabridged.warc_reader import Capture

COLUMNS: dict[str, type] = {
    "url": str,
    "canonical_url": str,
    "title": str,
    "authors": list,
    "credit": list,
    "published": str,
    "modified": str,
    "language": str,
    "site_name": str,
    "section": str,
    "kind": str,
    "lead_image": str,
    "summary": str,
    "tags": list,
    "text": str,
    "html": str,
    "body_from": str,
    "completeness": str,
    "evidence": list,
    "warnings": list,
    "captured": str,
    "source": str,
    "position": int,
    "status": int,
}
"""All columns in order, lists being lists of str; docs/reference/formats.md says what they hold."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """A page with its origin. source: the file's name.

    place: for a page out of a file of its own, the address of that file; "" for a record of a crawl. target:
    the path of its output below a folder of articles, without suffix.
    """

    capture: Capture
    source: str
    place: str = ""
    target: str = ""


def row_of(article: Article, page: SavedPage) -> Row:
    """Return the row of an article. A page out of a file of its own has no position and no HTTP status."""
    capture, crawled = page.capture, not page.place
    warnings = list(article.warnings)
    if capture.cut_off:
        warnings.append(f"truncated: the crawler kept only a part of the page ({capture.cut_off})")
    return {
        "url": capture.url if crawled else capture.url or article.canonical_url or page.place,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "authors": list(article.authors),
        "credit": list(article.credit),
        "published": _time(article.published),
        "modified": _time(article.modified),
        "language": article.language,
        "site_name": article.site_name,
        "section": article.section,
        "kind": article.kind,
        "lead_image": article.lead_image,
        "summary": article.summary,
        "tags": list(article.tags),
        "text": article.text,
        "html": article.html,
        "body_from": article.provenance.get("html", "page"),
        "completeness": article.completeness.kind,
        "evidence": list(article.completeness.evidence),
        "warnings": warnings,
        "captured": _time(capture.at),
        "source": page.source,
        "position": capture.position if crawled else None,
        "status": capture.status if crawled else None,
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
