"""Proof bundle of one version of an article, made from an archive."""

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import orjson

from unabridged.archive.facade.library.library import Library
from unabridged.archive.records.core import RevisionLine, Snapshot, StoredRevision
from unabridged.archive.records.encoding import encode
from unabridged.formats.proof import layout

PROGRAM = f"unabridged {version('unabridged')}"


def proof_bundle(library: Library, article_id: int, number: int | None = None) -> bytes:
    """Return the zip of a version's proof bundle. number: the version, None for the newest.

    The same archive and the same program make the same bytes. Raises NotFound; ArchiveError if the record or
    the raw page fails its hash.
    """
    lines = library.articles.revisions(article_id)
    found = library.articles.revision(article_id, lines[-1].number if number is None else number)
    page = None if found.line.snapshot is None else library.articles.snapshot(found.line.snapshot)
    files = _files(found, page)
    earlier = [line for line in lines if line.number < found.line.number]
    manifest = _manifest(found, page, earlier) | {"files": layout.listed_files(files)}
    return layout.zip_bytes({layout.MANIFEST: layout.json_bytes(manifest)} | files)


def bundle_name(article_id: int, number: int) -> str:
    """Return the file name of a bundle."""
    return f"article-{article_id}-version-{number}-proof.zip"


def _files(found: StoredRevision, page: Snapshot | None) -> dict[str, bytes]:
    files = {layout.README: layout.README_TEXT.encode(), layout.RECORD: found.record}
    files |= layout.text_files(orjson.loads(found.record))
    if found.entry is not None:
        files[layout.ENTRY] = encode(found.entry)
    if page is not None:
        files |= {layout.PAGE: page.body, layout.HEADERS: layout.json_bytes(dict(page.headers))}
    return files


def _manifest(
    found: StoredRevision, page: Snapshot | None, earlier: Sequence[RevisionLine]
) -> dict[str, Any]:
    record, line = orjson.loads(found.record), found.line
    return {
        "kind": layout.KIND,
        "format": layout.FORMAT,
        "program": PROGRAM,
        "article": found.article_id,
        "version": line.number,
        "title": record.get("title", ""),
        "url": record.get("url", ""),
        "sha256": line.content_hash,
        "source": line.source,
        "edit": line.edit,
        "reason": line.reason,
        "completeness": layout.completeness_of(record),
        "page_fetched": _time(line.fetched),
        "saved": _time(line.saved),
        "raw_page": None if page is None else _raw_page(page),
        "earlier_versions": [_earlier(one) for one in earlier],
    }


def _raw_page(page: Snapshot) -> dict[str, Any]:
    return {
        "final_url": page.url,
        "status": page.status,
        "sha256": page.hash,
        "first_received": _time(page.fetched),
    }


def _earlier(line: RevisionLine) -> dict[str, Any]:
    return {
        "version": line.number,
        "sha256": line.content_hash,
        "raw_page_sha256": line.snapshot,
        "source": line.source,
        "edit": line.edit,
        "saved": _time(line.saved),
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()
