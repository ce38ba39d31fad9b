"""Raw pages as WARC 1.1: import and export.

Export compresses record by record. A `response` record holds the page as it was received, but decoded: the
archive stores decoded bytes. So, as crawlers do, `Content-Encoding` and `Transfer-Encoding` are written
with `X-Archive-Orig-` before their names. A `metadata` record names the article of the page. There are no
`request` records, because the archive does not store requests.
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO
from uuid import NAMESPACE_URL, uuid5

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from unabridged.archive.records.core import RevisionLine, Snapshot, StoredArticle
from unabridged.errors import DocumentError, InvalidURL, NotAWarc
from unabridged.model import Page
from unabridged.urls import normalise
from unabridged.warc_reader import Capture, Damage, captures

OURS = b"software: Unabridged/"
"""Marks our own files, in their first record."""

ORIGINAL = "X-Archive-Orig-"
"""Prefix of transfer headers that do not describe the stored bytes: codings and length."""

_MOVED = frozenset(("content-encoding", "transfer-encoding", "content-length"))
_REASONS = {200: "OK", 404: "Not Found", 410: "Gone"}
_LINE = str.maketrans("\r\n", "  ")
_INFO = 4096


# Import


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcPage:
    """A captured page. where: file and byte, for messages; ours: Unabridged wrote the file."""

    page: Page
    where: str
    ours: bool = False


def read_warc(path: Path) -> Iterator[WarcPage | DocumentError]:
    """Yield the HTML pages of a file in order; for damage, an error with its position.

    Reading continues after the damage. Memory holds one page at a time.
    """
    ours = _is_ours(path)
    try:
        for one in captures(path):
            where = f"{path}: record at byte {one.position}"
            if isinstance(one, Damage):
                yield DocumentError(f"{where}: {one.why}.")
            else:
                yield _page(one, where, ours)
    except NotAWarc as exc:
        yield DocumentError(str(exc))


def _page(one: Capture, where: str, ours: bool) -> WarcPage | DocumentError:
    try:
        url = normalise(one.url)
    except InvalidURL as exc:
        return DocumentError(f"{where}: {exc}")
    if one.at is None:
        return DocumentError(f"{where}: {url} has no readable WARC-Date.")
    if one.cut_off is not None:
        return DocumentError(f"{where}: {url} was cut off when it was captured ({one.cut_off}).")
    headers = _restored(one.headers) if ours else dict(one.headers)
    page = Page(url=url, final_url=url, status=one.status, headers=headers, body=one.body, fetched=one.at)
    return WarcPage(page=page, where=where, ours=ours)


def _restored(headers: Mapping[str, str]) -> dict[str, str]:
    """Restore the response headers as they were before export."""
    kept = {name: value for name, value in headers.items() if name != "content-length"}
    return {name.removeprefix(ORIGINAL.lower()): value for name, value in kept.items()}


def _is_ours(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, WarcRecordType.any_type, parse_http=False):
                info = record.record_type == WarcRecordType.warcinfo
                return info and OURS in record.reader.read(_INFO)
    except OSError:
        pass
    return False


# Export


def write_warcinfo(out: BinaryIO, *, now: datetime, selection: str) -> None:
    """Write the first record of a file."""
    fields = {
        "software": f"Unabridged/{version('unabridged')}",
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "description": f"Raw pages of saved articles: {selection}",
    }
    record = _record(WarcRecordType.warcinfo, f"warcinfo {now.isoformat()} {selection}", now)
    record.headers["Content-Type"] = "application/warc-fields"
    _write(out, record, _fields(fields))


def write_page(out: BinaryIO, snapshot: Snapshot, stored: StoredArticle, line: RevisionLine) -> None:
    """Write a raw page, and a metadata record that names the article and version."""
    name = f"{snapshot.hash} {snapshot.url} {snapshot.fetched.isoformat()}"
    response = _record(WarcRecordType.response, name, snapshot.fetched)
    response.headers["WARC-Target-URI"] = snapshot.url
    response.headers["WARC-Identified-Payload-Type"] = _media_type(snapshot.headers)
    response.is_http = True
    _write(out, response, _http_response(snapshot), payload=True)
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
    # With microseconds, as WARC 1.1 allows: import recognises a capture by its time.
    record.headers["WARC-Date"] = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return record


def _write(out: BinaryIO, record: WarcRecord, content: bytes, *, payload: bool = False) -> None:
    record.set_bytes_content(content)
    if payload:
        record.parse_http()
    packed = io.BytesIO()  # one gzip member per record, for random access
    member = GzipWriter(packed)
    record.write(member, checksum_data=True)
    member.close()
    out.write(packed.getvalue())


def _fields(facts: Mapping[str, str]) -> bytes:
    lines: Iterable[str] = (f"{name}: {value.translate(_LINE)}\r\n" for name, value in facts.items())
    return "".join(lines).encode("utf-8", "replace")


def _http_response(snapshot: Snapshot) -> bytes:
    """Return the HTTP response; line breaks in header values become spaces."""
    head = [f"HTTP/1.1 {snapshot.status} {_REASONS.get(snapshot.status, 'Answered')}"]
    for name, value in snapshot.headers.items():
        shown = f"{ORIGINAL}{name}" if name.lower() in _MOVED else name
        head.append(f"{shown}: {value}".translate(_LINE))
    head.append(f"Content-Length: {len(snapshot.body)}")
    return "\r\n".join(head).encode("utf-8", "replace") + b"\r\n\r\n" + snapshot.body


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "text/html").partition(";")[0].strip().translate(_LINE) or "text/html"
