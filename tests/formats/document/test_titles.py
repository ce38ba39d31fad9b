"""Titles of documents: without the site's name, with their own dashes."""

import pytest

from tests.formats.document.documents import FIRST, SECOND, read

TEXT = f"<p>{FIRST}</p><p>{SECOND}</p>"


def test_an_escaped_title_is_read_as_text() -> None:
    assert read(TEXT, title="他说：&quot;是&quot; &amp; 走了").article.title == '他说："是" & 走了'


def test_a_title_loses_the_sites_name() -> None:
    document = read(TEXT, title="大选开始 – 法国国际广播电台 - RFI", link="https://www.rfi.fr/cn/a")
    assert document.article.title == "大选开始"
    assert document.article.site_name == "法国国际广播电台"


@pytest.mark.parametrize(
    "title", ["法国 – 大选 – 开始", "Rock - Paper - Scissors", "RFI - the story of a radio"]
)
def test_a_title_with_dashes_of_its_own_stays_whole(title: str) -> None:
    assert read(TEXT, title=title, link="https://www.rfi.fr/cn/a").article.title == title
