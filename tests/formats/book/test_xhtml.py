"""Bodies as XHTML: no word is lost, and a link leads somewhere or is none."""

import re
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from tests.formats.book.sample_articles import fill, write
from unabridged.archive import Archive, Query
from unabridged.formats.book.xhtml import to_xhtml

XHTML = "{http://www.w3.org/1999/xhtml}"


def test_no_word_of_an_article_is_lost_on_the_way_into_a_book(archive: Archive, tmp_path: Path) -> None:
    fill(archive)
    write(archive, tmp_path / "book.epub")
    with zipfile.ZipFile(tmp_path / "book.epub") as opened:
        for stored in archive.library().articles.page(Query()).articles:
            root = etree.fromstring(opened.read(f"EPUB/a{stored.id}.xhtml"))
            # The book raises a note's mark and a reading, and lists notes; the text has brackets and numbers.
            shown = " ".join(re.sub("[()]", "", "".join(root.itertext())).split())
            words = re.sub(r"\[\d+\]|(?m:^\d+\. )|[()]", "", stored.article.text).split()
            missing = [word for word in words if word not in shown]
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
