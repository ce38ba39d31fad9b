"""Reader of the pages in a WARC file, also if the file is damaged.

FastWARC (https://resiliparse.chatnoir.eu) reads the records. This module adds what it lacks. FastWARC stops
at the first damage: here reading continues at the next valid record. It returns the beginning of a truncated
record: here the end of the file is checked. It decompresses without a limit: here bodies are read raw and
decompressed with a limit.
"""

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from fastwarc.warc import ArchiveIterator, WarcRecordType

from unabridged.cleaning import sane_instant
from unabridged.decompress import DecodedTooLarge, DecodeError, decode
from unabridged.errors import NotAWarc

MAX_PAGE = 10_000_000
"""Largest page in bytes, compressed and decompressed; equal to the limit for fetched pages."""

MAX_RATIO = 200
READ_SIZE = 1 << 20

HTML = frozenset({"", "text/html", "application/xhtml+xml"})
"""Content types of pages; archives from before 1996 may state none."""

_WANTED = WarcRecordType.response | WarcRecordType.resource
_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_LZ4 = b"\x04\x22\x4d\x18"
_LENGTH = re.compile(rb"(?i)\ncontent-length:[ \t]*(\d{1,15})\r?$", re.MULTILINE)
_RECORD_END = b"\r\n\r\n"
"""Separator after a record."""
MAX_HEAD = 65_536
"""Largest header of a record in bytes."""

_START = re.compile(rb"\x1f\x8b\x08|(?<=\n)WARC/[01]\.\d+\r?\n")
"""Possible start of a record: a gzip member, or the first line in an uncompressed file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A page as captured by a crawler.

    position: byte offset of its record in the file. at: time of the capture (UTC), None if not stated.
    headers: names in lower case. body: decompressed. cut_off: the reason if the crawler saved only a part
    ("length", "time"), None for a complete page.
    """

    position: int
    url: str
    body: bytes
    at: datetime | None = None
    status: int = 200
    headers: Mapping[str, str]
    cut_off: str | None = None

    @property
    def content_type(self) -> str | None:
        """The Content-Type header, which may state a charset."""
        return self.headers.get("content-type")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHead:
    """The place of a page in a WARC file. position: byte offset of its record."""

    position: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A part of the file that could not be read. position: its byte offset. why: a message."""

    position: int
    why: str


def captures(path: Path) -> Iterator[Capture | Damage]:
    """Yield the pages of a WARC file (plain, or compressed record by record with gzip, zstd or lz4).

    Pages are HTML responses with a status of success. Damage is yielded at its place, and reading continues
    at the next valid record. One page at a time is in memory.
    Raises NotAWarc if the file cannot be opened, is empty, or is not a WARC file.
    """
    try:
        with path.open("rb") as file:
            _check(file, path)
            yield from _resumed(file)
    except OSError as exc:
        raise NotAWarc(f"{path} cannot be read: {exc.strerror or exc}.") from exc


def page_heads(path: Path) -> Iterator[PageHead]:
    """Yield the place of each page that `captures` yields, without its content.

    Damage is passed over, and a page yielded here may turn out to be damaged. Raises NotAWarc as `captures`.
    """
    try:
        with path.open("rb") as file:
            _check(file, path)
            start: int | None = 0
            while start is not None:
                last = start
                try:
                    for head in _records_from(file, start, _head):
                        last = head.position
                        yield head
                    return
                except _Broken as broken:
                    start = _next_record(file, max(last, broken.position) + 1)
    except OSError as exc:
        raise NotAWarc(f"{path} cannot be read: {exc.strerror or exc}.") from exc


def capture_at(file: BinaryIO, position: int) -> Capture | None:
    """Return the page of the record at a position that `page_heads` gave.

    None if it is damaged, or cannot be found by its position: several records share one compressed member.
    """
    try:
        file.seek(position)
        for record in ArchiveIterator(file, auto_decode="transfer"):
            if record.stream_pos != position or not _is_page(record):
                return None
            found = _capture(record, position)
            return found if isinstance(found, Capture) else None
    except (OSError, ValueError):
        return None
    return None


def _check(file: BinaryIO, path: Path) -> None:
    head = file.read(4096)
    if not head:
        raise NotAWarc(f"{path} is empty. A WARC file begins with a record.")
    if not head.startswith((_ZSTD, _LZ4)) and not _begins_record(head):
        raise NotAWarc(f"{path} is not a WARC file: it does not begin with a WARC record.")


def _begins_record(head: bytes) -> bool:
    if head.startswith(_GZIP):
        try:
            head = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, 16)
        except zlib.error:
            return False
    return head.startswith(b"WARC/")


def _resumed(file: BinaryIO) -> Iterator[Capture | Damage]:
    """Read from the start of the file, and resume after each damaged part."""
    start: int | None = 0
    while start is not None:
        last = start
        waiting: Capture | Damage | None = None  # the last record may be truncated, which _end checks
        try:
            for found in _records_from(file, start, _capture):
                if waiting is not None:
                    yield waiting
                waiting, last = found, found.position
        except _Broken as broken:
            if waiting is not None:
                yield waiting
            last = max(last, broken.position)
            yield Damage(position=last, why=broken.why)
            start = _next_record(file, last + 1)
            continue
        yield from _end(file, last, waiting)
        return


class _Broken(Exception):
    """Reading failed in, or after, the record at `position`."""

    def __init__(self, position: int, why: str) -> None:
        super().__init__(why)
        self.position = position
        self.why = why


_Found = TypeVar("_Found")


def _records_from(file: BinaryIO, start: int, read: Callable[[Any, int], _Found]) -> Iterator[_Found]:
    """Yield what `read` makes of the records with a page. Raises _Broken."""
    file.seek(start)
    position = start
    try:
        for record in ArchiveIterator(file, record_types=_WANTED, auto_decode="transfer"):
            position = record.stream_pos
            if _is_page(record):
                yield read(record, position)
    except (OSError, ValueError) as exc:
        raise _Broken(position, f"the record cannot be read ({exc})") from exc


def _is_page(record: Any) -> bool:
    http = record.http_headers
    if not 200 <= _status(http) < 300 or _kind(record).partition(";")[0].strip().lower() not in HTML:
        return False
    return http is not None or record.record_type != WarcRecordType.response  # a response that is not HTTP


def _status(http: Any) -> int:
    return 200 if http is None else http.status_code or 0


def _kind(record: Any) -> str:
    http = record.http_headers
    return (record.http_content_type if http is not None else record.headers.get("Content-Type")) or ""


def _address(record: Any) -> str:
    return (record.headers.get("WARC-Target-URI") or "").strip("<>")


def _head(record: Any, position: int) -> PageHead:
    return PageHead(position=position, url=_address(record))


def _capture(record: Any, position: int) -> Capture | Damage:
    """Return the page of a record. Raises OSError if the file is damaged."""
    url, http, kind = _address(record), record.http_headers, _kind(record)
    expected = record.content_length
    body = record.reader.read(MAX_PAGE + 1)
    if len(body) < min(expected, MAX_PAGE) and not _is_chunked(http):
        why = f"{url} is truncated: it has {len(body):,} of {expected:,} bytes"
        return Damage(position=position, why=why)
    if len(body) > MAX_PAGE:
        return Damage(position=position, why=f"{url} is larger than {MAX_PAGE:,} bytes and was left out")
    headers = {} if http is None else {name.lower(): value for name, value in http.astuples()}
    if http is None and kind:
        headers["content-type"] = kind
    try:
        body = _decompressed(body, headers.get("content-encoding", ""))
    except DecodedTooLarge as exc:
        return Damage(position=position, why=f"{url} was left out: {exc}")
    return Capture(
        position=position,
        url=url,
        body=body,
        at=_utc(record.record_date),
        status=_status(http),
        headers=headers,
        cut_off=record.headers.get("WARC-Truncated"),
    )


def _is_chunked(http: Any) -> bool:
    """Return True for a response with chunked encoding, whose record is longer than its body."""
    return http is not None and any(
        name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in http.astuples()
    )


def _decompressed(body: bytes, encodings: str) -> bytes:
    if not encodings:
        return body
    try:
        return decode(body, encodings, max_bytes=MAX_PAGE, max_ratio=MAX_RATIO)
    except DecodeError:
        return body  # the crawler decompressed it and kept the header


def _utc(at: datetime | None) -> datetime | None:
    """Return a record's date in UTC; None if it is missing or impossible."""
    fit = sane_instant(at)
    return None if fit is None else fit.astimezone(UTC)


def _next_record(file: BinaryIO, start: int) -> int | None:
    """Return the offset of the first valid record at or after `start`, or None."""
    file.seek(start)
    position, kept = start, b""
    while piece := file.read(READ_SIZE):
        chunk = kept + piece
        for match in _START.finditer(chunk):
            place = position - len(kept) + match.start()
            file.seek(place)
            if _begins_record(file.read(4096)):
                return place
        position += len(piece)
        kept = chunk[-16:]
        file.seek(position)
    return None


def _end(file: BinaryIO, last: int, waiting: Capture | Damage | None) -> Iterator[Capture | Damage]:
    """Yield the last page, and damage if the file is truncated."""
    broken = _broken_member(file, last)
    if broken is None:
        if waiting is not None:
            yield waiting
    elif broken < last:  # a member of many records, of which the last may be complete
        if waiting is not None and not _may_be_partial(waiting):
            yield waiting
        yield Damage(position=broken, why="the file is truncated: records at its end are missing or cut")
    else:
        if waiting is not None and broken != waiting.position:
            yield waiting
        yield Damage(position=broken, why="the file is truncated in this record")


def _may_be_partial(found: Capture | Damage) -> bool:
    """Return True for a page with chunked encoding, whose length is unknown in a truncated file."""
    return isinstance(found, Capture) and "chunked" in found.headers.get("transfer-encoding", "").lower()


def _broken_member(file: BinaryIO, start: int) -> int | None:
    """Return the offset of the record in which the file is truncated; None for a complete file.

    start: offset of a record, from which the search begins. zstd and lz4 files are not checked.
    """
    file.seek(start)
    head = file.read(len(_GZIP))
    if head == _GZIP:
        return _broken_gzip(file, start)
    file.seek(0)
    if file.read(len(_GZIP)) == _GZIP:  # FastWARC gave an offset inside a gzip member
        return _broken_gzip(file, 0)
    file.seek(start)
    return _broken_plain(file, start) if head.startswith(b"WAR") else None


def _broken_plain(file: BinaryIO, start: int) -> int | None:
    size = file.seek(0, 2)
    begin = start
    while begin < size:
        file.seek(begin)
        head, blank, _ = file.read(MAX_HEAD).partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not blank or length is None:
            return begin
        end = begin + len(head) + len(blank) + int(length[1]) + len(_RECORD_END)
        if end > size:
            return begin
        begin = end
    return None


def _broken_gzip(file: BinaryIO, start: int) -> int | None:
    file.seek(start)
    begin, position = start, start
    decoder = zlib.decompressobj(16 + zlib.MAX_WBITS)
    while piece := file.read(READ_SIZE):
        while piece:
            try:
                decoder.decompress(piece, READ_SIZE)
            except zlib.error:
                return begin
            rest = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
            position += len(piece) - len(rest)
            piece = rest
            if decoder.eof:
                begin, decoder = position, zlib.decompressobj(16 + zlib.MAX_WBITS)
    return begin if begin < position else None
