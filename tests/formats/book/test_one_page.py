"""Everything on one HTML page that asks for nothing."""

import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.formats.book.sample_articles import fill, write
from unabridged.archive import Archive

CHROMIUM = shutil.which("chromium")


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
