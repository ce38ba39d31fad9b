"""Undoing Content-Encoding with a bound on what may come out.

Every step asks its decoder for at most a piece of output, so that a bomb is stopped at the cap and not
after it; one unbounded call on a 1.6 KB brotli bomb takes 15 s and a gigabyte.
"""

import re
import zlib
from collections.abc import Callable, Iterator

import brotli
import zstandard

PIECE = 65536
"""Bytes of output asked for at a time."""

RATIO_FROM = 1_000_000
"""The ratio is judged beyond this many decoded bytes: a small page may well be one repeated line. From there
on it is that of what came out to what went in so far: a bomb of 200 KB is stopped after 1 MB, not at 15."""

MAX_LAYERS = 2
MAX_ZSTD_WINDOW = 8 * 1024 * 1024
"""What RFC 8878 asks every decoder to support, and RFC 9659 allows on the web."""


MAX_MEMBERS = 10_000
"""Members of a gzip stream, or frames of zstd: each costs a decoder. BGZF has one for every 64 KB."""

INFLATE_INPUT = 16384
"""Bytes given to zlib at a time: it copies what it leaves."""

BROTLI_INPUT = 4096
"""Bytes given to the brotli decoder at a time: it does not say how much of them it has read."""

ZSTD_INPUT = 256
"""Bytes given to the zstd decoder at a time. It has no cap on its output, but a block of 4 bytes cannot
become more than 128 KB, so that one call gives 8 MB at the very most."""

_NOT_ZERO = re.compile(rb"[^\x00]")
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


class DecodeError(Exception):
    """The bytes are not what their Content-Encoding says, or stop in the middle."""


class DecodedTooLarge(Exception):
    """A cap on decoded bytes or on their ratio to the bytes on the wire was passed."""


def decode(body: bytes, encodings: str, *, max_bytes: int, max_ratio: int) -> bytes:
    """Return the body without its content encodings.

    encodings: the header's value; names that are no compression ("utf-8") are ignored, as browsers do.
    A body that was never compressed although the header says so is returned as it is.
    Raises DecodeError, DecodedTooLarge.
    """
    names = [name.strip().lower() for name in encodings.split(",")]
    layers = [name for name in names if name in _DECODERS]
    if len(layers) > MAX_LAYERS:
        raise DecodedTooLarge(f"compressed {len(layers)} times over")
    for name in reversed(layers):
        body = _decode_layer(body, name, max_bytes, max_ratio)
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
                raise DecodedTooLarge(f"more than {max_bytes:,} bytes when decompressed")
            if total > RATIO_FROM and total > max_ratio * taken:
                raise DecodedTooLarge(f"more than {max_ratio} times its size when decompressed")
    except (zlib.error, brotli.error, zstandard.ZstdError) as exc:
        raise DecodeError(f"the {name} data is damaged ({exc})") from exc
    return b"".join(parts)


Pieces = Iterator[tuple[int, bytes]]
"""(bytes of input taken so far, the next piece of output)."""


def _inflate(body: bytes, wbits: int, name: str) -> Pieces:
    """Yield the members of a gzip or zlib stream; rubbish after a whole member is ignored."""
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
            members = _one_more(members)
            decoder = zlib.decompressobj(wbits)
    while not decoder.eof:
        piece = decoder.decompress(b"", PIECE)
        if not piece and not decoder.eof:
            raise DecodeError(f"the {name} data stops in the middle")
        yield len(body), piece


def _after_zeros(body: bytes, position: int) -> int:
    """Return where a body goes on after zeros, with which some programs fill up their last block."""
    other = _NOT_ZERO.search(body, position)
    return other.start() if other else len(body)


def _one_more(members: int) -> int:
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
    """Yield the frames of a zstd stream; rubbish after a whole frame is ignored."""
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
            members = _one_more(members)
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
"""Content-Encoding -> (the bytes it begins with, decoder). deflate and br have no mark of their own."""
