"""The pages in a WARC file, whatever state it is in, each with its place and its own fetch time.

https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/
"""

import io
import re
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from fastwarc.stream_io import BrotliReader, ChunkedReader, GzipReader, ZstdReader
from fastwarc.warc import ArchiveIterator, WarcRecordType

from unabridged.errors import DocumentError, InvalidURL
from unabridged.model import Page
from unabridged.urls import normalise

MAX_PAGE = 10_000_000
"""Bytes of a page, as for pages that are fetched."""

MAX_SKIPPED = 200_000_000
"""A larger record is not unpacked even to pass over it: the file is searched for the next one instead."""

OURS = "Unabridged/"
"""How the software of our own files begins, in their first record."""

ORIGINAL = "X-Archive-Orig-"
"""Before the names of headers that were true on the way here alone: codings and length."""

_MAX_HEADERS = 65_536
_SCANNED = 1 << 20
_GZIP = b"\x1f\x8b\x08"
_PLAIN = re.compile(rb"WARC/1\.[01]\r?\n")
_HTML = frozenset(("text/html", "application/xhtml+xml"))
_LOOKS_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_KINDS = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.warcinfo
_READERS: dict[str, Any] = {
    "gzip": GzipReader,
    "x-gzip": GzipReader,
    "deflate": lambda data: GzipReader(data, zlib=True),
    "br": BrotliReader,
    "zstd": ZstdReader,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcPage:
    """A captured page. where: file and byte, for messages; ours: Unabridged wrote the file."""

    page: Page
    where: str
    ours: bool = False


@dataclass(slots=True)
class _State:
    """How far a file is read. position: of the last record that could be read."""

    path: Path
    position: int = -1
    ours: bool = False
    others: int = field(default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Records of a file that are no pages: pictures, redirects, requests, answers with an error."""

    records: int


def looks_like_warc(head: bytes) -> bool:
    """Whether a file begins like a WARC, plain or with gzip."""
    return _PLAIN.match(head) is not None or _unpacks_to_warc(head)


def read_warc(path: Path) -> Iterator[WarcPage | DocumentError | Passed]:
    """The HTML pages of a file in their order; where it is damaged, the error with its place.

    What follows the damage is read, too; at the end it says how many records were no pages. Memory holds
    one page at a time.
    """
    state = _State(path)
    try:
        with path.open("rb") as file:
            packed = file.read(3) == _GZIP
            start: int | None = 0
            while start is not None:
                file.seek(start)
                trouble = yield from _read_from(file, state)
                if trouble is None:
                    break
                start = _next_record(file, max(start, state.position) + 1, packed=packed)
                yield _damage(state, trouble, start)
    except OSError as exc:
        yield DocumentError(f"{path} cannot be read: {exc.strerror or exc}.")
    yield Passed(records=state.others)


def _damage(state: _State, trouble: str, onwards: int | None) -> DocumentError:
    after = "at its beginning" if state.position < 0 else f"after the record at byte {state.position}"
    rest = "nothing readable follows" if onwards is None else f"going on at byte {onwards}"
    return DocumentError(f"{state.path}: damaged {after} ({trouble}); {rest}.")


def _read_from(file: BinaryIO, state: _State) -> Generator[WarcPage | DocumentError, None, str | None]:
    """Read records from where the file stands. Returns what broke off the reading, None at the file's end."""
    whole = True
    try:
        for record in ArchiveIterator(file, WarcRecordType.any_type, parse_http=False):
            state.position = record.stream_pos
            if record.content_length > MAX_SKIPPED:
                return f"a record of {record.content_length:,} bytes is not unpacked"
            found = _take(record, state)
            if found is None:
                state.others += 1
            else:
                yield found
            whole = not isinstance(found, DocumentError)
        if state.position >= 0 and whole and _breaks_off(file, state.position):
            yield DocumentError(
                f"{state.path}: the file ends in the middle of the record at byte {state.position}."
            )
    except OSError as exc:
        return str(exc)
    return None


def _breaks_off(file: BinaryIO, position: int) -> bool:
    """Whether a file's last record is shorter than it claims, which the iterator does not say."""
    file.seek(position)
    for record in ArchiveIterator(file, WarcRecordType.any_type, parse_http=False):
        left = record.content_length
        while left > 0 and (block := record.reader.read(min(left, _SCANNED))):
            left -= len(block)
        return bool(left > 0)
    return True


def _take(record: Any, state: _State) -> WarcPage | DocumentError | None:
    """A record's page, None for a record that is none, the error that keeps it from being one."""
    where = f"{state.path}: record at byte {state.position}"
    if record.record_type == WarcRecordType.warcinfo:
        state.ours = OURS.encode() in record.reader.read(_MAX_HEADERS)
        return None
    if not record.record_type & _KINDS:
        return None
    try:
        url = normalise((record.headers.get("WARC-Target-URI") or "").strip("<>"))
    except InvalidURL:
        return None
    status, headers = _head(record, ours=state.ours)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if status != 200 or (kind and kind not in _HTML):
        return None
    claimed = record.content_length
    raw = record.reader.read(MAX_PAGE + 1)
    if len(raw) > MAX_PAGE:
        return DocumentError(f"{where}: {url} has {claimed:,} bytes; a page may have {MAX_PAGE:,}.")
    if len(raw) < claimed:
        return DocumentError(f"{where}: {url} is cut off after {len(raw):,} of {claimed:,} bytes.")
    body = raw if state.ours else _decoded(raw, headers)
    if body is None or len(body) > MAX_PAGE:
        trouble = "cannot be unpacked" if body is None else f"unpacks to more than {MAX_PAGE:,} bytes"
        return DocumentError(f"{where}: {url} {trouble}.")
    if not kind and not _LOOKS_HTML.match(body[:2000]):
        return None
    fetched = _fetched(record)
    if fetched is None:
        return DocumentError(f"{where}: {url} has no readable WARC-Date.")
    page = Page(url=url, final_url=url, status=200, headers=headers, body=body, fetched=fetched)
    return WarcPage(page=page, where=where, ours=state.ours)


def _head(record: Any, *, ours: bool) -> tuple[int, dict[str, str]]:
    """Status and headers of a record; a resource has no answer's head, and says its type itself."""
    if not record.is_http:
        return 200, {"content-type": record.headers.get("Content-Type") or ""}
    record.parse_http(auto_decode="none", max_header_len=_MAX_HEADERS, quirks_mode=True)
    headers: dict[str, str] = {}
    for name, value in record.http_headers.to_tuples():
        headers.setdefault(name.lower(), value)
    if ours:
        headers.pop("content-length", None)
        headers = {name.removeprefix(ORIGINAL.lower()): value for name, value in headers.items()}
    return record.http_headers.status_code or 0, headers


def _fetched(record: Any) -> datetime | None:
    try:
        date: datetime | None = record.record_date
    except ValueError:
        return None
    return None if date is None else date.astimezone(UTC)


def _decoded(raw: bytes, headers: dict[str, str]) -> bytes | None:
    """A body without its codings, up to one byte more than a page may have; None where they are damaged.

    Many crawlers store bodies unpacked and leave the headers as they were, so what does not begin like its
    coding is taken as it is.
    """
    body: bytes = raw
    codings = [name.strip().lower() for name in headers.get("content-encoding", "").split(",")]
    wanted = [
        *(["chunked"] if "chunked" in headers.get("transfer-encoding", "").lower() else []),
        *codings[::-1],
    ]
    for coding in wanted:
        reader = ChunkedReader if coding == "chunked" else _READERS.get(coding)
        if reader is None or not body:
            continue
        try:
            body = reader(io.BytesIO(body)).read(MAX_PAGE + 1)
        except OSError:
            if not _LOOKS_HTML.match(body[:2000]):
                return None
    return body


# Finding the next record of a damaged file


def _next_record(file: BinaryIO, start: int, *, packed: bool) -> int | None:
    """Where the next record begins, at `start` or later; None where there is none."""
    file.seek(start)
    tail, place = b"", start
    while block := file.read(_SCANNED):
        window = tail + block
        for found in _candidates(window, packed=packed):
            file.seek(place - len(tail) + found)
            head = file.read(512)
            if _unpacks_to_warc(head) if packed else _PLAIN.match(head):
                return place - len(tail) + found
        tail, place = window[-16:], place + len(block)
        file.seek(place)
    return None


def _candidates(window: bytes, *, packed: bool) -> Iterator[int]:
    found = window.find(_GZIP if packed else b"WARC/1.")
    while found >= 0:
        yield found
        found = window.find(_GZIP if packed else b"WARC/1.", found + 1)


def _unpacks_to_warc(head: bytes) -> bool:
    if not head.startswith(_GZIP):
        return False
    try:
        return _PLAIN.match(zlib.decompressobj(31).decompress(head, 64)) is not None
    except zlib.error:
        return False
