"""Recognition of pages by name and by content."""

import gzip
from pathlib import Path

import pytest

from unabridged.bulk.sources.source import (
    Unreadable,
    WarcRecords,
    begins_html,
    is_html_name,
    unpacked,
    without_suffix,
)
from unabridged.errors import NotAWarc
from unabridged.warc_reader import Damage


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("a.html", "a"),
        ("a.HTM", "a"),
        ("a.b.xhtml.gz", "a.b"),
        (".html", ".html"),
        ("index.php", "index.php"),
        ("a.tar.gz", "a.tar"),
        (".gz", ".gz"),
    ],
)
def test_a_page_loses_the_suffixes_of_pages_and_of_gzip(name: str, short: str) -> None:
    assert without_suffix(name) == short


def test_names_of_pages_are_known_and_others_are_not() -> None:
    assert all(map(is_html_name, ("a.html", "A.HTM.GZ", "b.shtml")))
    assert not any(map(is_html_name, ("a.txt", "html", "a.html.bak", "a.gz")))


@pytest.mark.parametrize(
    "head",
    [
        b"<!DOCTYPE html><p>",
        b"\xef\xbb\xbf \n<html lang=en>",
        b"<?xml version='1.0'?>\n<!-- saved -->\n<html>",
        "\ufeff<!doctype html>".encode("utf-16-le"),
        "\ufeff<html>".encode("utf-16-be"),
    ],
)
def test_html_is_known_by_its_beginning(head: bytes) -> None:
    assert begins_html(head)


@pytest.mark.parametrize("head", [b"", b"plain text about <html>", b"<?xml?><rss>", b"\x89PNG", b"<htmlx>"])
def test_other_content_is_not_html(head: bytes) -> None:
    assert not begins_html(head)


def test_gzip_is_unpacked_and_a_bomb_is_refused() -> None:
    assert unpacked(gzip.compress(b"<p>Ebb")) == b"<p>Ebb"
    assert unpacked(b"<p>Ebb") == b"<p>Ebb"
    with pytest.raises(Unreadable, match="200 times its size"):
        unpacked(gzip.compress(b" " * 5_000_000))
    with pytest.raises(Unreadable, match="stops in the middle"):
        unpacked(gzip.compress(b"<p>Ebb and flow at the quay")[:-12])


def test_a_file_that_is_no_warc_is_damage_or_an_error(tmp_path: Path) -> None:
    path = tmp_path / "none.warc"
    path.write_bytes(b"nothing of the kind")
    (found,) = WarcRecords(path=path, not_a_warc_is_damage=True).found()
    assert isinstance(found, Damage) and "is not a WARC file" in found.why
    with pytest.raises(NotAWarc):
        list(WarcRecords(path=path).found())
