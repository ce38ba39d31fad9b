"""Byte ranges: what is asked for, and what is passed on, whatever a server knows of ranges."""

import pytest

from unabridged.serve.routes.playback.byte_ranges import ByteRange, part_of, wanted_range


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-", ByteRange(start=0)),
        (" bytes=5-9 ", ByteRange(start=5, end=9)),
        ("bytes=9-5", None),
        ("bytes=-500", None),
        ("bytes=0-1,5-6", None),
        ("bytes=0-\r\nX: y", None),
        ("bytes=٣-", None),
        ("items=0-1", None),
        (None, None),
    ],
)
def test_one_range_from_a_first_byte_is_read(header: str | None, expected: ByteRange | None) -> None:
    assert wanted_range(header) == expected
    if expected is not None:
        assert wanted_range(expected.header) == expected


SIZE = {"content-length": "1000"}


@pytest.mark.parametrize(
    ("status", "headers", "wanted", "expected"),
    [
        (200, SIZE, None, (200, None, 0, 1000)),
        (200, {}, None, (200, None, 0, None)),
        (200, {}, ByteRange(start=10), (200, None, 0, None)),
        (200, SIZE, ByteRange(start=10), (206, "bytes 10-999/1000", 10, 990)),
        (200, SIZE, ByteRange(start=10, end=19), (206, "bytes 10-19/1000", 10, 10)),
        (200, SIZE, ByteRange(start=10, end=5000), (206, "bytes 10-999/1000", 10, 990)),
        (200, SIZE, ByteRange(start=1000), (416, "bytes */1000", 0, 0)),
        (206, {"content-range": "bytes 10-19/1000"}, ByteRange(start=10), (206, "bytes 10-19/1000", 0, 10)),
        (206, {"content-range": "bytes 10-19/*"}, ByteRange(start=10), (206, "bytes 10-19/*", 0, 10)),
        (206, {"content-range": "bytes 19-10/1000"}, ByteRange(start=10), (416, "bytes */*", 0, 0)),
        (206, {"content-range": "bytes 0-1/2\r\nx: y"}, ByteRange(start=0), (416, "bytes */*", 0, 0)),
        (206, {}, ByteRange(start=0), (416, "bytes */*", 0, 0)),
        (416, {"content-range": "bytes */77"}, ByteRange(start=99), (416, "bytes */77", 0, 0)),
        (416, {"content-range": "nonsense"}, ByteRange(start=99), (416, "bytes */*", 0, 0)),
    ],
)
def test_a_part_is_passed_on_or_cut_out(
    status: int,
    headers: dict[str, str],
    wanted: ByteRange | None,
    expected: tuple[int, str | None, int, int | None],
) -> None:
    part = part_of(status, headers, wanted)
    assert (part.status, part.headers.get("content-range"), part.skip, part.length) == expected
    assert part.headers.get("content-length") == (None if part.length is None else str(part.length))
