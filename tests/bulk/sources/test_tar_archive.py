"""Pages in tar archives, good and bad."""

import gzip
import lzma
import tarfile
from pathlib import Path

import pytest
import zstandard

from tests.bulk.sources.members import PAGE, input_file, told, write_tar
from unabridged.bulk.sources import tar_archive
from unabridged.bulk.sources.source import Member
from unabridged.bulk.sources.tar_archive import TarMembers

FILES = {"d/b.html": PAGE, "a.htm": PAGE * 400, "plain": PAGE, "x.css": b"p {}"}
PAGES = [("d/b.html", PAGE), ("a.htm", PAGE * 400), ("plain", PAGE)]


def source(path: Path) -> TarMembers:
    return TarMembers(file=input_file(path, "tar"))


def pages(path: Path) -> list[tuple[str, bytes]]:
    return [(f"{path.name}/{name}", content) for name, content in PAGES]


@pytest.mark.parametrize("suffix", ["", ".gz", ".xz", ".bz2", ".zst"])
def test_pages_are_read_whatever_compresses_the_archive(tmp_path: Path, suffix: str) -> None:
    path = write_tar(tmp_path / f"a.tar{suffix}", FILES)
    if suffix == ".zst":
        path.write_bytes(zstandard.compress(path.read_bytes()))
    assert told(source(path)) == [*pages(path), ("", "not a page")]


def test_links_devices_and_paths_out_of_the_archive_are_not_read(tmp_path: Path) -> None:
    link, hard, pipe, out = (tarfile.TarInfo(name) for name in ("l.html", "h.html", "p.html", "../o.html"))
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    hard.type, hard.linkname = tarfile.LNKTYPE, "d/b.html"
    pipe.type = tarfile.FIFOTYPE
    path = write_tar(tmp_path / "a.tar", {}, link, hard, pipe, out)
    whys = [why for _, why in told(source(path))]
    assert whys == ["link", "link", "not a page", "the path '../o.html' leads out of the archive"]


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, zstandard.compress])
def test_a_bomb_is_stopped_while_it_unpacks(
    tmp_path: Path, pack: type[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tar_archive, "RATIO_FROM", 1_000_000)
    path = write_tar(tmp_path / "a.tar", {"a.html": PAGE, "zeros": bytes(30_000_000), "b.html": PAGE})
    path.write_bytes(pack(path.read_bytes()))
    first, other, last = told(source(path))
    assert first == ("a.tar/a.html", PAGE)
    assert other == ("", "not a page")
    assert last == ("", "it cannot be read from here on: it unpacks to more than 500 times its size")


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_an_archive_that_breaks_off_gives_what_came_before(tmp_path: Path, suffix: str) -> None:
    noise = b"".join(n.to_bytes(4, "big") for n in range(100_000))
    path = write_tar(tmp_path / f"a.tar{suffix}", FILES | {"noise": noise})
    path.write_bytes(path.read_bytes()[:-150_000])
    found = told(source(path))
    assert found[:3] == pages(path)
    assert "it cannot be read from here on" in str(found[-1][1])


def test_a_damaged_header_is_named_and_not_taken_for_the_end(tmp_path: Path) -> None:
    path = write_tar(tmp_path / "a.tar", FILES)
    data = bytearray(path.read_bytes())
    data[data.index(b"plain\0")] = 0xFF
    path.write_bytes(bytes(data))
    assert told(source(path)) == [
        *pages(path)[:2],
        ("", "it cannot be read from here on: a header is damaged"),
    ]


def test_a_file_that_is_no_tar_is_named(tmp_path: Path) -> None:
    for content in (b"", b"nothing of the kind" * 90, gzip.compress(b"short")):
        (tmp_path / "a.tar").write_bytes(content)
        ((_, why),) = told(source(tmp_path / "a.tar"))
        assert "it cannot be read from here on" in str(why)


def test_one_name_twice_gives_two_outputs(tmp_path: Path) -> None:
    one, two = (
        write_tar(tmp_path / "a.tar", {"x.html": PAGE}),
        write_tar(tmp_path / "b.tar", {"x.html": PAGE}),
    )
    one.write_bytes(one.read_bytes()[:1024] + two.read_bytes())
    found = [member.target for member in source(one).found() if isinstance(member, Member)]
    assert found == ["a.tar/x", "a.tar/x.html"]
