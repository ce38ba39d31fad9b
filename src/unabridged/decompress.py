"""Decoding of Content-Encoding with a limit on the output.

Every step asks its decoder for a bounded piece of output, so that a decompression bomb is stopped at the
limit and not after it. One unbounded call on a brotli bomb of 1.6 KB takes 15 s and a gigabyte.
"""

import zlib
from collections.abc import Callable, Iterator

import brotli
import zstandard

from unabridged.text.patterns import lazy_regex

PIECE = 65536
"""Bytes of output requested per step."""

RATIO_FROM = 1_000_000
"""Decoded bytes from which on the ratio is checked: a small page may well be one repeated line. The ratio is
that of output to input so far, so a bomb of 200 KB is stopped after 1 MB, not at 15 MB."""

MAX_LAYERS = 2
MAX_ZSTD_WINDOW = 8 * 1024 * 1024
"""Window that RFC 8878 recommends decoders to support, and the largest that RFC 9659 allows on the web."""


MAX_MEMBERS = 10_000
"""Members of a gzip stream, or frames of zstd. Each needs a decoder. BGZF has one for every 64 KB."""

INFLATE_INPUT = 16384
"""Bytes given to zlib per call: it copies the input that it does not use."""

BROTLI_INPUT = 4096
"""Bytes given to the brotli decoder per call: it does not report how many it has read."""

ZSTD_INPUT = 256
"""Bytes given to the zstd decoder per call. Its output has no limit, but a block of 4 bytes decodes to
at most 128 KB, so one call returns at most 8 MB."""

_NOT_ZERO = lazy_regex(rb"[^\x00]")
GZIP_MAGIC = b"\x1f\x8b\x08"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


class DecodeError(Exception):
    """The bytes are not in the stated Content-Encoding, or are truncated."""


class DecodedTooLarge(Exception):
    """The limit on decoded bytes, or on their ratio to the bytes on the wire, was exceeded."""


class DecodedBeyondCap(DecodedTooLarge):
    """The limit on decoded bytes was exceeded."""


def decode(body: bytes, encodings: str, *, max_bytes: int, max_ratio: int) -> bytes:
    """Return the body without its content encodings.

    encodings: the header's value. Names that are not a compression ("utf-8") are ignored, as browsers do.
    A body that is not compressed although the header says so is returned unchanged.
    Raises DecodeError, DecodedTooLarge.
    """
    names = [name.strip().lower() for name in encodings.split(",")]
    layers = [name for name in names if name in _DECODERS]
    if len(layers) > MAX_LAYERS:
        raise DecodedTooLarge(f"compressed {len(layers)} times over")
    for name in reversed(layers):
        body = _decode_layer(body, name, max_bytes, max_ratio)
    return body


def is_gzip(body: bytes) -> bool:
    """Return True for a gzip file: no feed, page or picture begins like one."""
    return body.startswith(GZIP_MAGIC)


def decode_unstated(body: bytes, encodings: str, *, max_bytes: int, max_ratio: int) -> bytes:
    """Do what `decode` does, and unpack gzip that no header states, as of a file "feed.xml.gz"."""
    body = decode(body, encodings, max_bytes=max_bytes, max_ratio=max_ratio)
    for _ in range(MAX_LAYERS):
        if not is_gzip(body):
            break
        body = _decode_layer(body, "gzip", max_bytes, max_ratio)
    return body


def _decode_layer(body: bytes, name: str, max_bytes: int, max_ratio: int) -> bytes:
    magic, pieces = _DECODERS[name]
    if not body or not body.startswith(magic):
        return body
    parts: list[bytes] = []
    total = 0
    try:
        for taken, piece in pieces(body):
            parts.append(piece)
            total += len(piece)
            if total > max_bytes:
                raise DecodedBeyondCap(f"more than {max_bytes:,} bytes when decompressed")
            if total > RATIO_FROM and total > max_ratio * taken:
                raise DecodedTooLarge(f"more than {max_ratio} times its size when decompressed")
    except (zlib.error, brotli.error, zstandard.ZstdError) as exc:
        raise DecodeError(f"the {name} data is damaged ({exc})") from exc
    return b"".join(parts)


Pieces = Iterator[tuple[int, bytes]]
"""(bytes of input taken so far, the next piece of output)."""


def _inflate(body: bytes, wbits: int, name: str) -> Pieces:
    """Yield the members of a gzip or zlib stream. Garbage after a complete member is ignored."""
    decoder = zlib.decompressobj(wbits)
    position, members = 0, 1
    while position < len(body):
        given = body[position : position + INFLATE_INPUT]
        piece = decoder.decompress(given, PIECE)
        position += len(given) - len(decoder.unconsumed_tail) - len(decoder.unused_data)
        yield position, piece
        if decoder.eof:
            position = _after_zeros(body, position)
            if not body.startswith(b"\x1f\x8b", position):
                return
            members = _count_member(members)
            decoder = zlib.decompressobj(wbits)
    while not decoder.eof:
        piece = decoder.decompress(b"", PIECE)
        if not piece and not decoder.eof:
            raise DecodeError(f"the {name} data stops in the middle")
        yield len(body), piece


def _after_zeros(body: bytes, position: int) -> int:
    """Return the position after zero bytes, which some programs use to pad the last block."""
    other = _NOT_ZERO.search(body, position)
    return other.start() if other else len(body)


def _count_member(members: int) -> int:
    if members >= MAX_MEMBERS:
        raise DecodedTooLarge(f"made of more than {MAX_MEMBERS:,} compressed parts")
    return members + 1


def _gunzip(body: bytes) -> Pieces:
    return _inflate(body, 16 + zlib.MAX_WBITS, "gzip")


def _undeflate(body: bytes) -> Pieces:
    # "deflate" means zlib (RFC 9110), but some servers send the bare stream.
    with_header = len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
    return _inflate(body, zlib.MAX_WBITS if with_header else -zlib.MAX_WBITS, "deflate")


def _unbrotli(body: bytes) -> Pieces:
    decoder = brotli.Decompressor()
    taken = 0
    while not decoder.is_finished():
        given = body[taken : taken + BROTLI_INPUT] if decoder.can_accept_more_data() else b""
        taken += len(given)
        piece = decoder.process(given, output_buffer_limit=PIECE)
        if not (given or piece or decoder.is_finished()) and decoder.can_accept_more_data():
            raise DecodeError("the br data stops in the middle")
        yield taken, piece


def _unzstd(body: bytes) -> Pieces:
    """Yield the frames of a zstd stream. Garbage after a complete frame is ignored."""
    window = zstandard.ZstdDecompressor(max_window_size=MAX_ZSTD_WINDOW)
    decoder = window.decompressobj()
    position, members = 0, 1
    while position < len(body):
        piece = body[position : position + ZSTD_INPUT]
        position += len(piece)
        yield position, decoder.decompress(piece)
        if decoder.eof:
            position -= len(decoder.unused_data)
            if not body.startswith(_ZSTD_MAGIC, position):
                return
            members = _count_member(members)
            decoder = window.decompressobj()
    if not decoder.eof:
        raise DecodeError("the zstd data stops in the middle")


_DECODERS: dict[str, tuple[bytes, Callable[[bytes], Pieces]]] = {
    "gzip": (b"\x1f\x8b", _gunzip),
    "x-gzip": (b"\x1f\x8b", _gunzip),
    "deflate": (b"", _undeflate),
    "br": (b"", _unbrotli),
    "zstd": (_ZSTD_MAGIC, _unzstd),
}
"""Content-Encoding -> (magic bytes, decoder). deflate and br have no magic bytes."""
