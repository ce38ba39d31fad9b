"""Raw pages as few bytes: what a page is packed against, and how it is unpacked and checked.

Pages of one site repeat its frame, and a page fetched again repeats itself. So a page is packed with
zstd against a *reference*: the page as we had it before, or three pages of its site, whose bytes the
packed form points into (RFC 8878 calls that a raw content dictionary). Everything here is pure.
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
"""How a snapshot is stored. zstd: the body alone, headers beside it (before schema 0002); page: headers
and body, by themselves; dictionary: against pages of the site; base: against the page as it was before."""

PAGES_IN_DICTIONARY = 3
"""On 412 pages of 86 sites, three other pages of the site as the reference gave 17.2 times less than the
plain bytes (gzip: 4.5). What only two of the three share, as the reference, gave 11.8."""

DICTIONARY_PAGE_BYTES = 256_000
"""Of a larger page, the dictionary holds the beginning."""

MAX_DEPTH = 8
"""A page is read through so many former versions at most."""

MAX_HEADER_BYTES = 200_000

GOOD_AGAINST_BASE = 20
"""A page that shrinks less than so many times against its former version is tried against the site too."""

RENEWAL_SAMPLE = 16
"""How many pages a dictionary packed first, and last, are compared when its age is judged."""

RENEWAL_LOSS = 0.75
"""A dictionary is old when it packs pages to this share of its first ratio, or less: a site redesigned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A page as it is stored."""

    encoding: Encoding
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a dictionary did: pages packed with it; (size, stored) of the first and the latest of them."""

    number: int
    pages: int
    first: Sequence[tuple[int, int]]
    latest: Sequence[tuple[int, int]]


def page_hash(body: bytes) -> bytes:
    """The name of a snapshot: SHA-256 of the page's bytes."""
    return hashlib.sha256(body).digest()


def join(headers: Mapping[str, str], body: bytes) -> bytes:
    """Headers and body as one run of bytes: a line of JSON, then the body."""
    kept: dict[str, str] = {}
    room = MAX_HEADER_BYTES
    for name, value in headers.items():
        room -= 6 * (len(name) + len(value)) + 8  # JSON's escapes make six characters of one at worst
        if room < 0:
            break
        kept[storable(name)] = storable(value)
    return orjson.dumps(kept) + b"\n" + body


def part(joined: bytes) -> tuple[dict[str, str], bytes]:
    """Undo `join`. Raises ArchiveError."""
    line, newline, body = joined.partition(b"\n")
    try:
        headers = orjson.loads(line)
    except orjson.JSONDecodeError as exc:
        raise ArchiveError("the headers in front of the page are no JSON") from exc
    if not newline or not isinstance(headers, dict):
        raise ArchiveError("the page has no headers in front of it")
    return {str(name): str(value) for name, value in headers.items()}, body


def make_dictionary(pages: Sequence[bytes]) -> bytes:
    """The reference made of joined pages of one site; the last one stands nearest to what is packed."""
    return b"".join(page[:DICTIONARY_PAGE_BYTES] for page in pages[:PAGES_IN_DICTIONARY])


def pack(joined: bytes, *, base: bytes | None = None, dictionary: bytes | None = None) -> Packed:
    """The page in few bytes: against the page as it was, else against its site, else by itself."""
    best: Packed | None = None
    if base is not None:
        best = Packed(encoding="base", body=_compress(joined, base))
        if len(best.body) * GOOD_AGAINST_BASE <= len(joined):
            return best
    if dictionary is not None:
        other = Packed(encoding="dictionary", body=_compress(joined, dictionary))
        best = other if best is None or len(other.body) < len(best.body) else best
    return best or Packed(encoding="page", body=_compress(joined, b""))


def unpack(body: bytes, reference: bytes, *, size: int) -> bytes:
    """Undo `pack`; size: of the page in bytes, so that damage cannot fill the memory. Raises ArchiveError."""
    most = min(size + MAX_HEADER_BYTES, MAX_BYTES)
    try:
        if not 0 <= zstandard.frame_content_size(body) <= most:
            raise ArchiveError("its packed form claims an impossible size")
        plain: bytes = zstandard.ZstdDecompressor(dict_data=_raw(reference)).decompress(body)
    except zstandard.ZstdError as exc:
        raise ArchiveError(f"its packed form cannot be read ({exc})") from exc
    return plain


def _raw(reference: bytes) -> zstandard.ZstdCompressionDict | None:
    if len(reference) < 8:  # zstd takes no shorter one
        return None
    return zstandard.ZstdCompressionDict(reference, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


def _compress(joined: bytes, reference: bytes) -> bytes:
    """zstd with a checksum, its window wide enough to reach the reference's beginning."""
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


def is_old(usage: Usage) -> bool:
    """Whether a dictionary no longer fits its site, so that a new one is worth its bytes.

    Each version must have packed twice as many pages as the one before: a site whose pages never
    resemble each other does not fill the archive with dictionaries.
    """
    if usage.pages < RENEWAL_SAMPLE * 2 ** min(usage.number, 20):
        return False
    return _ratio(usage.latest) <= RENEWAL_LOSS * _ratio(usage.first)


def _ratio(pages: Sequence[tuple[int, int]]) -> float:
    return sum(size for size, _ in pages) / max(1, sum(stored for _, stored in pages))
