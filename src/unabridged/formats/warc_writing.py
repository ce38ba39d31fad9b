"""Raw pages as WARC 1.1, compressed record by record.

A `response` record holds the page as it was answered, but without the codings of its way here: the
archive keeps decoded bytes. So, as crawlers do, `Content-Encoding` and `Transfer-Encoding` are written
with `X-Archive-Orig-` before their names. A `metadata` record says which article it belongs to. There are no
`request` records: what was sent was not kept, and nothing is made up.
"""

import io
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import BinaryIO
from uuid import NAMESPACE_URL, uuid5

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from unabridged.archive.records.core import RevisionLine, Snapshot, StoredArticle

OURS = b"software: Unabridged/"
"""What the first record of our own files says."""

ORIGINAL = "X-Archive-Orig-"
"""Before the names of headers that were true on the way here alone: codings and length."""

_MOVED = frozenset(("content-encoding", "transfer-encoding", "content-length"))
_REASONS = {200: "OK", 404: "Not Found", 410: "Gone"}
_LINE = str.maketrans("\r\n", "  ")


def write_warcinfo(out: BinaryIO, *, now: datetime, selection: str) -> None:
    """Write the record that heads a file."""
    fields = {
        "software": f"Unabridged/{version('unabridged')}",
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "description": f"Raw pages of kept articles: {selection}",
    }
    record = _record(WarcRecordType.warcinfo, f"warcinfo {now.isoformat()} {selection}", now)
    record.headers["Content-Type"] = "application/warc-fields"
    _write(out, record, _fields(fields))


def write_page(out: BinaryIO, snapshot: Snapshot, stored: StoredArticle, line: RevisionLine) -> None:
    """Write a raw page, and which version of which article was made of it."""
    name = f"{snapshot.hash} {snapshot.url} {snapshot.fetched.isoformat()}"
    response = _record(WarcRecordType.response, name, snapshot.fetched)
    response.headers["WARC-Target-URI"] = snapshot.url
    response.headers["WARC-Identified-Payload-Type"] = _kind(snapshot.headers)
    response.is_http = True
    _write(out, response, _answer(snapshot), payload=True)
    metadata = _record(WarcRecordType.metadata, f"metadata {name} {stored.id}", snapshot.fetched)
    metadata.headers["WARC-Target-URI"] = snapshot.url
    metadata.headers["WARC-Concurrent-To"] = (
        f"<{response.record_id.strip('<>')}>" if response.record_id else ""
    )
    metadata.headers["Content-Type"] = "application/warc-fields"
    facts = {
        "article": stored.article.url,
        "title": line.title,
        "version": str(line.number),
        "content-hash": f"sha256:{line.content_hash}",
        "page-hash": f"sha256:{snapshot.hash}",
        "saved": line.saved.isoformat(),
    }
    _write(out, metadata, _fields(facts))


def _record(kind: WarcRecordType, name: str, at: datetime) -> WarcRecord:
    record = WarcRecord()
    record.init_headers(kind, f"uuid:{uuid5(NAMESPACE_URL, name)}".encode())
    # To the microsecond, as WARC 1.1 allows: import knows a capture again by its time.
    record.headers["WARC-Date"] = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return record


def _write(out: BinaryIO, record: WarcRecord, content: bytes, *, payload: bool = False) -> None:
    record.set_bytes_content(content)
    if payload:
        record.parse_http()
    packed = io.BytesIO()  # a gzip member a record, so that a reader can begin at any
    member = GzipWriter(packed)
    record.write(member, checksum_data=True)
    member.close()
    out.write(packed.getvalue())


def _fields(facts: Mapping[str, str]) -> bytes:
    lines: Iterable[str] = (f"{name}: {value.translate(_LINE)}\r\n" for name, value in facts.items())
    return "".join(lines).encode("utf-8", "replace")


def _answer(snapshot: Snapshot) -> bytes:
    """The answer's head and body; header values are written so that no value ends its line."""
    head = [f"HTTP/1.1 {snapshot.status} {_REASONS.get(snapshot.status, 'Answered')}"]
    for name, value in snapshot.headers.items():
        shown = f"{ORIGINAL}{name}" if name.lower() in _MOVED else name
        head.append(f"{shown}: {value}".translate(_LINE))
    head.append(f"Content-Length: {len(snapshot.body)}")
    return "\r\n".join(head).encode("utf-8", "replace") + b"\r\n\r\n" + snapshot.body


def _kind(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "text/html").partition(";")[0].strip().translate(_LINE) or "text/html"
