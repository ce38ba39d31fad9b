"""Compression of raw pages: exact, bounded, with dictionaries that age."""

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from unabridged.archive.raw_pages.compression import (
    Usage,
    compress_page,
    decompress_page,
    is_outdated,
    join_headers,
    split_headers,
)
from unabridged.errors import ArchiveError


@given(st.binary(max_size=4000), st.binary(max_size=2000), st.dictionaries(st.text(), st.text(), max_size=5))
def test_a_compressed_page_is_decompressed_exactly(
    body: bytes, reference: bytes, headers: dict[str, str]
) -> None:
    joined = join_headers(headers, body)
    assert split_headers(joined)[1] == body
    assert decompress_page(compress_page(joined).body, b"", size=len(body)) == joined
    assert decompress_page(compress_page(joined, base=reference).body, reference, size=len(body)) == joined
    packed = compress_page(joined, dictionary=reference)
    assert packed.encoding == "dictionary"
    assert decompress_page(packed.body, reference, size=len(body)) == joined


def test_headers_without_end_do_not_fill_the_archive() -> None:
    headers, body = split_headers(join_headers({f"x-{n}": "y" * 5000 for n in range(1000)}, b"page"))
    assert body == b"page"
    assert 0 < len(headers) < 50


def test_a_compressed_page_that_claims_to_be_huge_is_refused_before_decompression() -> None:
    bomb = zstandard.ZstdCompressor().compress(bytes(50_000_000))
    with pytest.raises(ArchiveError, match="impossible size"):
        decompress_page(bomb, b"", size=1000)


def test_a_dictionary_is_outdated_when_it_lost_a_quarter_over_enough_pages() -> None:
    fitting, poor = [(1000, 50)] * 16, [(1000, 100)] * 16
    assert not is_outdated(Usage(number=1, pages=500, first=fitting, latest=fitting))
    assert not is_outdated(Usage(number=1, pages=31, first=fitting, latest=poor))
    assert is_outdated(Usage(number=1, pages=32, first=fitting, latest=poor))
    assert not is_outdated(Usage(number=3, pages=100, first=fitting, latest=poor))
