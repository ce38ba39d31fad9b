"""Compression and hashing of stored records: zstd with a checksum, SHA-256."""

import hashlib
import threading

import zstandard

from unabridged.errors import DamagedRecord

TEXT_LEVEL = 2
"""zstd level of texts. On 3,000 articles of shuffled real texts the output is 2 % larger than at level 3 in
three fifths of the time, and 5 % larger than at level 6 in a fifth: texts are a small part of an archive
compared with raw pages, but compressing them is a large part of the time of saving them."""

PAGE_LEVEL = 6
"""zstd level of raw pages and their dictionaries: on 40 whole news pages 8 % smaller than level 3."""

MAX_BYTES = 256_000_000
"""A stored body larger than this is damaged."""

_local = threading.local()


def compress(data: bytes, level: int = TEXT_LEVEL) -> bytes:
    """Compress with zstd, with a checksum. Contexts are cached per thread: they are costly to create."""
    contexts, name = _local.__dict__, f"level {level}"
    if name not in contexts:
        contexts[name] = zstandard.ZstdCompressor(level=level, write_checksum=True)
    packed: bytes = contexts[name].compress(data)
    return packed


def decompress(data: bytes) -> bytes:
    """Undo `compress`. Raises DamagedRecord for damaged bytes."""
    if not hasattr(_local, "decompressor"):
        _local.decompressor = zstandard.ZstdDecompressor()
    try:
        if zstandard.frame_content_size(data) > MAX_BYTES:
            raise DamagedRecord("A stored text claims an impossible size: the archive is damaged there.")
        plain: bytes = _local.decompressor.decompress(data, max_output_size=MAX_BYTES)
    except zstandard.ZstdError as exc:
        raise DamagedRecord(
            f"A stored text cannot be decompressed ({exc}): the archive is damaged there."
        ) from exc
    return plain


def content_hash(encoded: bytes) -> bytes:
    """Return the permanent hash of a version: SHA-256 of its encoded record."""
    return hashlib.sha256(encoded).digest()
