"""Pages in ZIP archives, good and bad."""

import zipfile
from pathlib import Path

import pytest

from tests.bulk.sources.members import PAGE, input_file, told, write_zip
from unabridged.bulk.sources.source import Found, Member
from unabridged.bulk.sources.zip_archive import ZipMembers


def source(path: Path, part: int = 0, parts: int = 1) -> ZipMembers:
    return ZipMembers(file=input_file(path, "zip"), part=part, parts=parts)


def test_pages_are_read_in_order_and_other_files_counted(tmp_path: Path) -> None:
    files = {"d/b.html": PAGE, "a.htm": PAGE, "plain": PAGE, "x.css": b"p {}", "__MACOSX/._a.htm": b"<html>"}
    found = told(source(write_zip(tmp_path / "a.zip", files)))
    others = [("", "not a page")] * 2
    assert found == [("a.zip/d/b.html", PAGE), ("a.zip/a.htm", PAGE), ("a.zip/plain", PAGE), *others]


def test_parts_cover_every_page_once_and_agree_on_the_outputs(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {f"{n // 2}.htm{'l' * (n % 2)}": PAGE for n in range(14)})
    parts = [one for part in range(4) for one in source(path, part, 4).found()]
    whole = list(source(path).found())
    assert outputs_of(parts) == outputs_of(whole)
    assert len({target for _, target in outputs_of(whole)}) == 14


def outputs_of(found: list[Found]) -> list[tuple[str, str]]:
    return [(one.name, one.target) for one in found if isinstance(one, Member)]


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bomb_is_named_and_the_others_are_read(tmp_path: Path, method: int) -> None:
    files = {"bomb.html": b" " * 50_000_000, "good.html": PAGE}
    found = told(source(write_zip(tmp_path / "a.zip", files, method)))
    assert found == [
        ("a.zip/bomb.html", "it would unpack to more than 200 times its size"),
        ("a.zip/good.html", PAGE),
    ]


def test_members_that_overlap_are_refused_as_a_whole(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {f"{n}.html": PAGE * 500 for n in range(3)}, zipfile.ZIP_STORED)
    with zipfile.ZipFile(path) as archive:
        first, size = archive.infolist()[0], archive.start_dir
    data = path.read_bytes()
    directory = data[size:]
    entry = directory[: 46 + len(first.filename)]
    end = bytearray(directory[-22:])
    end[8:12] = (9).to_bytes(2, "little") * 2
    end[12:16] = (len(entry) * 9).to_bytes(4, "little")
    path.write_bytes(data[:size] + entry * 9 + bytes(end))
    assert told(source(path)) == [("", "its members overlap: it is a bomb")]
    assert told(source(path, 1, 2)) == []


def test_paths_out_of_the_archive_are_named(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"../../evil.html": PAGE, "/abs.html": PAGE, "good.html": PAGE})
    found = told(source(path))
    assert [why for _, why in found[:2]] == [
        "the path '../../evil.html' leads out of the archive",
        "the path '/abs.html' leads out of the archive",
    ]
    assert found[2:] == [("a.zip/good.html", PAGE)]


def test_utf_8_that_is_not_stated_is_read(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"xxx.html": PAGE})
    path.write_bytes(path.read_bytes().replace(b"xxx.html", "潮.html".encode()))
    assert told(source(path)) == [("a.zip/潮.html", PAGE)]


def test_damage_is_named(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.html": PAGE, "b.html": PAGE}, zipfile.ZIP_STORED)
    data = path.read_bytes()
    path.write_bytes(data.replace(b"The tide", b"The bite", 1))
    found = told(source(path))
    assert "Bad CRC-32" in str(found[0][1])
    assert found[1] == ("a.zip/b.html", PAGE)
    path.write_bytes(data[:-10])
    assert told(source(path)) == [("", "it cannot be read: File is not a zip file")]


def test_an_encrypted_member_is_named(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.html": PAGE}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    path.write_bytes(bytes(data))
    assert "is encrypted" in str(told(source(path))[0][1])
