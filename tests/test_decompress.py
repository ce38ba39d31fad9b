"""Content encodings undone, with a bound."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from time import process_time

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from unabridged.decompress import DecodedTooLarge, DecodeError, decode

CAPS = {"max_bytes": 10_000_000, "max_ratio": 200}
TEXT = b"The river rose a metre in the night. " * 400


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}

QUICK_PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": partial(gzip.compress, compresslevel=1),
    "br": partial(brotli.compress, quality=2),
    "zstd": zstandard.compress,
}


@pytest.mark.parametrize("name", PACKERS)
def test_every_encoding_is_undone(name: str) -> None:
    assert decode(PACKERS[name](TEXT), name, **CAPS) == TEXT
    assert decode(PACKERS[name](TEXT), f" {name.upper()} ", **CAPS) == TEXT
    assert decode(PACKERS[name](b""), name, **CAPS) == b""
    assert decode(b"", name, **CAPS) == b""


def test_deflate_without_its_header_is_undone() -> None:
    assert decode(raw_deflate(TEXT), "deflate", **CAPS) == TEXT


def test_two_layers_are_undone_in_order_and_more_are_refused() -> None:
    assert decode(brotli.compress(gzip.compress(TEXT)), "gzip, br", **CAPS) == TEXT
    with pytest.raises(DecodedTooLarge, match="3 times over"):
        decode(TEXT, "gzip, gzip, gzip", **CAPS)


@pytest.mark.parametrize("name", ["identity", "utf-8", "none", ""])
def test_what_is_no_compression_is_ignored(name: str) -> None:
    assert decode(TEXT, name, **CAPS) == TEXT


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_a_body_that_was_never_compressed_is_taken_as_it_is(name: str) -> None:
    assert decode(TEXT, name, **CAPS) == TEXT


def test_gzip_of_several_members_is_read_whole_and_padding_ignored() -> None:
    assert decode(gzip.compress(TEXT) + gzip.compress(b"end"), "gzip", **CAPS) == TEXT + b"end"
    assert decode(gzip.compress(TEXT) + b"\0" * 512, "gzip", **CAPS) == TEXT
    assert decode(gzip.compress(TEXT) + b"rubbish", "gzip", **CAPS) == TEXT


@pytest.mark.parametrize("quality", [0, 4, 11])
def test_brotli_of_any_length_is_read_whole(quality: int) -> None:
    text = bytes(range(256)) * 900
    for length in (0, 1, 17, 400, 4095, 4096, 4097, 20_000, 65_536, 65_537, 131_072, 200_000):
        assert decode(brotli.compress(text[:length], quality=quality), "br", **CAPS) == text[:length]


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
@pytest.mark.parametrize("cut", [1, 9, 40])
def test_half_a_body_is_a_failure(name: str, cut: int) -> None:
    packed = PACKERS[name](bytes(range(256)) * 40)
    with pytest.raises(DecodeError):
        decode(packed[:-cut], name, **CAPS)


@pytest.mark.parametrize("name", QUICK_PACKERS)
def test_a_bomb_costs_no_more_memory_than_its_cap(name: str) -> None:
    bomb = QUICK_PACKERS[name](b"\0" * 60_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(DecodedTooLarge):
            decode(bomb, name, max_bytes=5_000_000, max_ratio=10**9)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_the_ratio_is_judged_only_beyond_a_megabyte() -> None:
    line = b"same line\n" * 90_000
    assert len(gzip.compress(line)) * 200 < len(line)
    assert decode(gzip.compress(line), "gzip", **CAPS) == line
    with pytest.raises(DecodedTooLarge, match="200 times"):
        decode(gzip.compress(line * 2), "gzip", **CAPS)


@pytest.mark.parametrize("name", QUICK_PACKERS)
def test_a_long_bomb_is_stopped_by_its_ratio_after_a_megabyte_and_not_at_the_cap(name: str) -> None:
    bomb = QUICK_PACKERS[name](b"\0" * 60_000_000 + bytes(range(256)) * 4000)
    tracemalloc.start()
    try:
        with pytest.raises(DecodedTooLarge, match="200 times"):
            decode(bomb, name, max_bytes=50_000_000, max_ratio=200)
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(sorted(PACKERS)))
def test_rubbish_is_a_failure_of_ours_and_never_another_error(body: bytes, name: str) -> None:
    for data in (body, PACKERS[name](TEXT)[:20] + body):
        with suppress(DecodeError, DecodedTooLarge):
            decode(data, name, **CAPS)


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_a_body_of_empty_members_without_number_is_refused_soon(name: str) -> None:
    empty = PACKERS[name](b"")
    began = process_time()
    with pytest.raises(DecodedTooLarge, match="compressed parts"):
        decode(empty * (9_000_000 // len(empty)), name, **CAPS)
    assert process_time() - began < 5


def test_members_with_zeros_between_them_come_whole() -> None:
    body = (gzip.compress(TEXT) + bytes(700)) * 3
    assert decode(body, "gzip", **CAPS) == TEXT * 3
