"""Compression of raw pages against a reference, and decompression.

Pages of one site repeat its template, and a page fetched again repeats itself. So a page is compressed
with zstd against a *reference*: the previous version of the page, or three pages of its site (RFC 8878
calls that a raw content dictionary). Everything here is pure.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import orjson
import zstandard

from unabridged.archive.records.encoding import storable
from unabridged.archive.storage.codec import MAX_BYTES, PAGE_LEVEL
from unabridged.errors import ArchiveError

Encoding = Literal["zstd", "page", "dictionary", "base"]
"""Encoding of a snapshot. zstd: the body alone, headers in a column (before schema 0002); page: headers and
body, without a reference; dictionary: against pages of the site; base: against the previous version."""

PAGES_IN_DICTIONARY = 3
"""On 412 pages of 86 sites, three other pages of the site as the reference made pages 17.2 times smaller
(gzip: 4.5). Only the content that two of the three share, as the reference, made them 11.8 times smaller."""

DICTIONARY_PAGE_BYTES = 256_000
"""Bytes of a page in a dictionary; of a larger page it holds the beginning."""

MAX_DEPTH = 8
"""Longest chain of previous versions that must be read to decompress a page."""

MAX_HEADER_BYTES = 200_000

GOOD_AGAINST_BASE = 20
"""Compression ratio against the previous version below which the site's dictionary is tried too."""

RENEWAL_SAMPLE = 16
"""Number of a dictionary's first and latest pages whose compression ratios are compared."""

RENEWAL_LOSS = 0.75
"""Share of its first compression ratio at which a dictionary is outdated, as after a redesign of the site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompressedPage:
    """A compressed page."""

    encoding: Encoding
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Use of a dictionary: number of pages; (size, stored size) of the first and the latest of them."""

    number: int
    pages: int
    first: Sequence[tuple[int, int]]
    latest: Sequence[tuple[int, int]]


def page_hash(body: bytes) -> bytes:
    """Return the key of a snapshot: SHA-256 of the page's bytes."""
    return hashlib.sha256(body).digest()


def join_headers(headers: Mapping[str, str], body: bytes) -> bytes:
    """Join headers and body: a line of JSON, then the body."""
    included: dict[str, str] = {}
    bytes_left = MAX_HEADER_BYTES
    for name, value in headers.items():
        bytes_left -= 6 * (len(name) + len(value)) + 8  # a JSON escape has up to six characters
        if bytes_left < 0:
            break
        included[storable(name)] = storable(value)
    return orjson.dumps(included) + b"\n" + body


def split_headers(joined: bytes) -> tuple[dict[str, str], bytes]:
    """Undo `join_headers`. Raises ArchiveError."""
    line, newline, body = joined.partition(b"\n")
    try:
        headers = orjson.loads(line)
    except orjson.JSONDecodeError as exc:
        raise ArchiveError("the headers in front of the page are no JSON") from exc
    if not newline or not isinstance(headers, dict):
        raise ArchiveError("the page has no headers in front of it")
    return {str(name): str(value) for name, value in headers.items()}, body


def make_dictionary(pages: Sequence[bytes]) -> bytes:
    """Return the reference made of joined pages of one site, ordered by age, the latest last."""
    return b"".join(page[:DICTIONARY_PAGE_BYTES] for page in pages[:PAGES_IN_DICTIONARY])


def compress_page(
    joined: bytes, *, base: bytes | None = None, dictionary: bytes | None = None
) -> CompressedPage:
    """Compress a page: against its previous version, else its site's dictionary, else without a reference."""
    best: CompressedPage | None = None
    if base is not None:
        best = CompressedPage(encoding="base", body=_compress(joined, base))
        if len(best.body) * GOOD_AGAINST_BASE <= len(joined):
            return best
    if dictionary is not None:
        other = CompressedPage(encoding="dictionary", body=_compress(joined, dictionary))
        best = other if best is None or len(other.body) < len(best.body) else best
    return best or CompressedPage(encoding="page", body=_compress(joined, b""))


def decompress_page(body: bytes, reference: bytes, *, size: int) -> bytes:
    """Undo `compress_page`. size: of the page in bytes, a limit for damaged data. Raises ArchiveError."""
    most = min(size + MAX_HEADER_BYTES, MAX_BYTES)
    try:
        if not 0 <= zstandard.frame_content_size(body) <= most:
            raise ArchiveError("its compressed form claims an impossible size")
        plain: bytes = zstandard.ZstdDecompressor(dict_data=_raw(reference)).decompress(body)
    except zstandard.ZstdError as exc:
        raise ArchiveError(f"its compressed form cannot be read ({exc})") from exc
    return plain


def _raw(reference: bytes) -> zstandard.ZstdCompressionDict | None:
    if len(reference) < 8:  # zstd accepts no shorter one
        return None
    return zstandard.ZstdCompressionDict(reference, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


def _compress(joined: bytes, reference: bytes) -> bytes:
    """Compress with zstd and a checksum; the window reaches the beginning of the reference."""
    reach = len(joined) + len(reference)
    parameters = zstandard.ZstdCompressionParameters.from_level(
        PAGE_LEVEL,
        source_size=len(joined),
        dict_size=len(reference),
        window_log=max(19, min(27, reach.bit_length())),
        write_checksum=True,
        write_content_size=True,
    )
    context = zstandard.ZstdCompressor(compression_params=parameters, dict_data=_raw(reference))
    packed: bytes = context.compress(joined)
    return packed


def is_outdated(usage: Usage) -> bool:
    """Say whether a dictionary no longer fits its site, so that a new one is worth its bytes.

    Each dictionary must have compressed twice as many pages as the previous one: a site whose pages do not
    resemble each other cannot fill the archive with dictionaries.
    """
    if usage.pages < RENEWAL_SAMPLE * 2 ** min(usage.number, 20):
        return False
    return _ratio(usage.latest) <= RENEWAL_LOSS * _ratio(usage.first)


def _ratio(pages: Sequence[tuple[int, int]]) -> float:
    return sum(size for size, _ in pages) / max(1, sum(stored for _, stored in pages))
