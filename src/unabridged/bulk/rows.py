"""An article of a WARC file as one row of plain values, the same in JSON lines and Parquet."""

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


def row_of(article: Article, capture: Capture, source: str) -> Row:
    """Return the row of an article. source: the name of its WARC file."""
    warnings = list(article.warnings)
    if capture.cut_off:
        warnings.append(f"truncated: the crawler kept only a part of the page ({capture.cut_off})")
    return {
        "url": capture.url,
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
        "completeness": article.completeness.kind,
        "evidence": list(article.completeness.evidence),
        "warnings": warnings,
        "captured": _time(capture.at),
        "source": source,
        "position": capture.position,
        "status": capture.status,
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
