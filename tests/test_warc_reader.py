"""WARC files as they are found: whole, cut off, damaged, hostile."""

import gzip
import resource
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard

from tests.bulk.warc_pages import story, write_pages
from unabridged.errors import NotAWarc
from unabridged.warc_reader import MAX_PAGE, Capture, Damage, capture_at, captures, page_heads

PAGE = "<html><body><p>Ebb, flow, 潮汐 and slack.</p></body></html>".encode()


def record(
    url: str,
    body: bytes = PAGE,
    *,
    kind: str = "response",
    status: str = "200 OK",
    headers: str = "Content-Type: text/html; charset=utf-8\r\n",
    warc: str = "",
) -> bytes:
    content = body
    content_type = "text/html"
    if kind == "response":
        content = f"HTTP/1.1 {status}\r\n{headers}\r\n".encode() + body
        content_type = "application/http; msgtype=response"
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\n"
        f"WARC-Record-ID: <urn:uuid:0f1c0c9e-8d1a-4a6e-9a53-7a41d5e4b001>\r\n"
        f"WARC-Target-URI: {url}\r\nWARC-Date: 2024-03-05T06:07:08Z\r\nContent-Type: {content_type}\r\n"
        f"{warc}Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


def written(path: Path, *records: bytes, packed: bool = True) -> Path:
    path.write_bytes(b"".join(gzip.compress(one, mtime=0) if packed else one for one in records))
    return path


def three() -> list[bytes]:
    return [record(f"https://quay.example/{name}", PAGE + name.encode()) for name in ("a", "b", "c")]


def urls(found: list[Capture | Damage]) -> list[str]:
    return [one.url.rpartition("/")[2] if isinstance(one, Capture) else "!" for one in found]


@pytest.mark.parametrize("packed", [True, False])
def test_every_page_comes_with_its_address_time_headers_and_bytes(tmp_path: Path, packed: bool) -> None:
    found = list(captures(written(tmp_path / "quay.warc.gz", *three(), packed=packed)))
    assert urls(found) == ["a", "b", "c"]
    first = found[0]
    assert isinstance(first, Capture)
    assert (first.body, first.status) == (PAGE + b"a", 200)
    assert first.at == datetime(2024, 3, 5, 6, 7, 8, tzinfo=UTC)
    assert first.content_type == "text/html; charset=utf-8"
    assert [one.position for one in found] == sorted({one.position for one in found})


def test_zstd_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "quay.warc.zst"
    path.write_bytes(b"".join(zstandard.compress(one) for one in three()))
    assert urls(list(captures(path))) == ["a", "b", "c"]


def test_only_pages_that_were_answered_with_success_are_given(tmp_path: Path) -> None:
    records = [
        record("https://quay.example/gone", status="404 Not Found"),
        record("https://quay.example/picture", headers="Content-Type: image/png\r\n"),
        record("https://quay.example/moved", status="301 Moved"),
        record("https://quay.example/request", kind="request"),
        record("https://quay.example/resource", kind="resource"),
        record("https://quay.example/unnamed", headers=""),
    ]
    assert urls(list(captures(written(tmp_path / "a.warc.gz", *records)))) == ["resource", "unnamed"]


def test_bodies_are_unpacked_and_left_alone_where_the_crawler_did_so(tmp_path: Path) -> None:
    gzipped = "Content-Type: text/html\r\nContent-Encoding: gzip\r\n"
    chunked = "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n"
    records = [
        record("https://quay.example/1", gzip.compress(PAGE), headers=gzipped),
        record("https://quay.example/2", PAGE, headers=gzipped),
        record("https://quay.example/3", PAGE, headers=gzipped.replace("gzip", "br")),
        record("https://quay.example/4", b"%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE), headers=chunked),
    ]
    found = list(captures(written(tmp_path / "a.warc.gz", *records)))
    assert [one.body for one in found if isinstance(one, Capture)] == [PAGE] * 4


def test_what_the_crawler_cut_off_says_so(tmp_path: Path) -> None:
    cut = record("https://quay.example/long", warc="WARC-Truncated: length\r\n")
    found = list(captures(written(tmp_path / "a.warc.gz", cut)))
    assert [one.cut_off for one in found if isinstance(one, Capture)] == ["length"]


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("cut", [1, 20, 60, 150])
def test_a_file_that_breaks_off_gives_its_whole_pages_and_says_where(
    tmp_path: Path, packed: bool, cut: int
) -> None:
    path = written(tmp_path / "a.warc.gz", *three(), packed=packed)
    whole = list(captures(path))
    path.write_bytes(path.read_bytes()[:-cut])
    found = list(captures(path))
    assert urls(found) == ["a", "b", "!"]
    assert isinstance(found[-1], Damage)
    assert (found[-1].position, "is truncated" in found[-1].why) == (whole[-1].position, True)


@pytest.mark.parametrize("place", [0, 3, 15, 60, -9])
def test_reading_goes_on_behind_a_damaged_record(tmp_path: Path, place: int) -> None:
    packed = [gzip.compress(one, mtime=0) for one in three()]
    broken = bytearray(packed[1])
    broken[place] ^= 0xFF
    path = tmp_path / "a.warc.gz"
    path.write_bytes(packed[0] + bytes(broken) + packed[2])
    found = list(captures(path))
    assert [name for name in urls(found) if name != "!"] in (["a", "c"], ["a", "b", "c"])
    assert "!" in urls(found) or place in (3, -9)  # flags of a header, a checksum


def test_reading_goes_on_behind_rubbish_in_a_file_that_is_not_compressed(tmp_path: Path) -> None:
    a, b, c = three()
    path = tmp_path / "a.warc"
    path.write_bytes(a + b"\x00rubbish\n" * 400 + b + c)
    assert [name for name in urls(list(captures(path))) if name != "!"] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "is empty"), (b"<html>", "not a WARC"), (gzip.compress(b"tar", mtime=0), "not a WARC")],
    ids=["empty", "a page", "an archive of another kind"],
)
def test_what_is_no_warc_file_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(content)
    with pytest.raises(NotAWarc, match=words):
        list(captures(path))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotAWarc, match="No such file"):
        list(captures(tmp_path / "none.warc.gz"))


def bomb(size: int) -> bytes:
    """A member of a few hundred kilobytes that holds a page of `size` bytes, made without holding it."""
    packer = zlib.compressobj(wbits=31)
    head = record("https://quay.example/bomb").partition(b"<html>")[0]
    length = size + len(head.partition(b"\r\n\r\n")[2])
    lines = [
        b"Content-Length: %d" % length if b"Content-Length" in line else line for line in head.split(b"\r\n")
    ]
    out = packer.compress(b"\r\n".join(lines))
    for _ in range(size // 1_000_000):
        out += packer.compress(b" " * 1_000_000)
    return out + packer.compress(b"\r\n\r\n") + packer.flush()


def test_bombs_are_left_out_within_a_bounded_memory_and_named(tmp_path: Path) -> None:
    inner = zlib.compressobj(wbits=31)
    packed = b"".join(inner.compress(b" " * 1_000_000) for _ in range(200)) + inner.flush()
    layered = record("https://quay.example/layers", packed, headers="Content-Encoding: gzip\r\n")
    path = tmp_path / "a.warc.gz"
    path.write_bytes(bomb(300_000_000) + gzip.compress(layered) + gzip.compress(three()[2]))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = list(captures(path))
    assert urls(found) == ["!", "!", "c"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 12 * MAX_PAGE // 1024


def page(name: str) -> bytes:
    return (
        b"<html><body>"
        + b"".join(b"<p>%d</p>" % (n * n * len(name)) for n in range(6000))
        + b"</body></html>"
    )


CUTS = (1, 9, 100, 5_000, 20_000, 40_000)


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("chunked", [False, True])
def test_one_member_of_many_records_that_is_cut_short_is_never_silent(
    tmp_path: Path, cut: int, chunked: bool
) -> None:
    headers = "Content-Type: text/html\r\n" + ("Transfer-Encoding: chunked\r\n" if chunked else "")
    names = ("a", "bb", "ccc")
    bodies = {name: page(name) for name in names}
    sent = {name: b"%x\r\n%s\r\n0\r\n\r\n" % (len(b), b) if chunked else b for name, b in bodies.items()}
    records = b"".join(record(f"https://quay.example/{name}", sent[name], headers=headers) for name in names)
    path = tmp_path / "quay.warc.gz"
    whole = gzip.compress(records, mtime=0)
    path.write_bytes(whole)
    assert urls(list(captures(path))) == [*names]
    path.write_bytes(whole[:-cut])
    found = list(captures(path))
    assert any(isinstance(one, Damage) for one in found)
    for one in found:
        if isinstance(one, Capture):
            assert one.body == bodies[one.url.rpartition("/")[2]]


def test_places_of_pages_lead_to_the_same_pages(tmp_path: Path) -> None:
    """Plain and compressed by record; other records, errors and pictures have no place."""
    packed = write_pages(
        tmp_path / "a.warc.gz", [(f"https://quay.example/{n}", story(f"Ebb {n}", "en")) for n in range(4)]
    )
    plain = tmp_path / "a.warc"
    plain.write_bytes(gzip.decompress(packed.read_bytes()))
    for path in (packed, plain):
        whole = [found for found in captures(path) if isinstance(found, Capture)]
        heads = list(page_heads(path))
        assert [(head.position, head.url) for head in heads] == [(page.position, page.url) for page in whole]
        with path.open("rb") as file:
            assert [capture_at(file, head.position) for head in reversed(heads)] == whole[::-1]
            assert capture_at(file, heads[1].position + 7) is None
            assert capture_at(file, 10**9) is None


def test_places_go_on_behind_damage(tmp_path: Path) -> None:
    path = write_pages(
        tmp_path / "a.warc.gz", [(f"https://quay.example/{n}", story(f"Ebb {n}", "en")) for n in range(4)]
    )
    places = [head.position for head in page_heads(path)]
    data = bytearray(path.read_bytes())
    data[places[1] : places[1] + 4] = b"junk"
    path.write_bytes(data)
    assert [head.position for head in page_heads(path)] == [places[0], *places[2:]]
    path.write_bytes(data[: places[3] + 40])
    assert places[2] in [head.position for head in page_heads(path)]
