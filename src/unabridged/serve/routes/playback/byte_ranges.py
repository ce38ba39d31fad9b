"""Byte ranges of HTTP (RFC 9110, 14): the part of a file that is asked for, and the one given. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_WANTED = re.compile(r"bytes=([0-9]{1,15})-([0-9]{1,15})?")
_GIVEN = re.compile(r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15}|\*)")
_NO_PART = re.compile(r"bytes \*/[0-9]{1,15}")
_NUMBER = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteRange:
    """A part of a file. end: its last byte, None for the rest."""

    start: int
    end: int | None = None

    @property
    def header(self) -> str:
        """Return the value of a Range header."""
        return f"bytes={self.start}-{'' if self.end is None else self.end}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An answer to pass on: status, and its headers of size and place.

    skip: bytes of the body that come before it. length: bytes of it, None for all that come.
    """

    status: int
    headers: Mapping[str, str]
    skip: int = 0
    length: int | None = None


def wanted_range(header: str | None) -> ByteRange | None:
    """Read a Range header; None for the whole file, and for several parts or the last bytes of one."""
    found = _WANTED.fullmatch((header or "").strip())
    if found is None:
        return None
    start, end = int(found[1]), int(found[2]) if found[2] else None
    return None if end is not None and end < start else ByteRange(start=start, end=end)


def part_of(status: int, headers: Mapping[str, str], wanted: ByteRange | None) -> Part:
    """Return what to pass on of a server's answer (status 200, 206 or 416) to a request for a part.

    Of a server that does not know ranges, the part is cut out of the whole file, if its size is known.
    """
    if status == 206:
        return _stated_part(headers)
    size = _size_of(headers)
    if status == 416:
        total = headers.get("content-range", "")
        return _none(total if _NO_PART.fullmatch(total) else "bytes */*")
    if size is None:
        return Part(status=200, headers={"accept-ranges": "none"})
    if wanted is None:
        return Part(status=200, headers={"accept-ranges": "bytes", "content-length": str(size)}, length=size)
    if wanted.start >= size:
        return _none(f"bytes */{size}")
    last = size - 1 if wanted.end is None else min(wanted.end, size - 1)
    return _cut(wanted.start, last, str(size), skip=wanted.start)


def _stated_part(headers: Mapping[str, str]) -> Part:
    found = _GIVEN.fullmatch(headers.get("content-range", "").strip())
    if found is None or int(found[2]) < int(found[1]):
        return _none("bytes */*")
    return _cut(int(found[1]), int(found[2]), found[3], skip=0)


def _cut(start: int, last: int, size: str, *, skip: int) -> Part:
    length = last - start + 1
    headers = {
        "accept-ranges": "bytes",
        "content-range": f"bytes {start}-{last}/{size}",
        "content-length": str(length),
    }
    return Part(status=206, headers=headers, skip=skip, length=length)


def _none(content_range: str) -> Part:
    headers = {"content-range": content_range, "content-length": "0"}
    return Part(status=416, headers=headers, length=0)


def _size_of(headers: Mapping[str, str]) -> int | None:
    stated = headers.get("content-length", "")
    return int(stated) if _NUMBER.fullmatch(stated) else None
