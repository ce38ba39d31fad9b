"""Pages of a list of files."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bulk.sources.members import PAGE, input_file, told
from unabridged.bulk.sources import files as files_module
from unabridged.bulk.sources.files import PageFiles
from unabridged.bulk.sources.source import Member


def test_each_file_is_a_page_with_a_place_of_its_own(tmp_path: Path) -> None:
    for name, content in (("a.html", PAGE), ("b.html", b""), ("c.html", b"")):
        (tmp_path / name).write_bytes(content)
    files = PageFiles(files=tuple(input_file(path, "page") for path in sorted(tmp_path.iterdir())))
    assert told(files) == [("a.html", PAGE), ("b.html", b""), ("c.html", b"")]
    positions = [one.position for one in files.found() if isinstance(one, Member)]
    assert positions == [0, len(PAGE) + 1, len(PAGE) + 2]
    assert files.size == len(PAGE) + 3


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE)
    file = input_file(tmp_path / "a.html", "page")
    gone = replace(file, name="gone.html", path=tmp_path / "gone.html")
    found = told(PageFiles(files=(gone, file)))
    assert found == [("gone.html", "it cannot be read: No such file or directory"), ("a.html", PAGE)]


def test_no_more_is_read_than_the_extractor_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files_module, "MAX_PAGE", 10)
    (tmp_path / "a.html").write_bytes(PAGE)
    assert told(PageFiles(files=(input_file(tmp_path / "a.html", "page"),))) == [("a.html", PAGE[:11])]
