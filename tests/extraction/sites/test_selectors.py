"""Selectors that hold on other pages of a template."""

import pytest

from unabridged.extraction.html.dom import parse
from unabridged.extraction.sites.selectors import as_xpath, is_hashed, outermost, selectors_of


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<div class="entry-content post-12345 tag-politics">', ("div.entry-content",)),
        ('<div id="post-98765">', ()),
        ('<div id="story" class="a1 main">', ("div#story", "div.a1", "div.main")),
        ("<article>", ("article",)),
        ('<div itemprop="articleBody">', ('[itemprop="articleBody"]',)),
        ('<div class="md:flex w-1/2">', ()),
    ],
)
def test_names_of_one_page_are_no_selectors(markup: str, expected: tuple[str, ...]) -> None:
    element = parse(f"<body>{markup}text").body.children[0]
    assert selectors_of(element) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "selector", ["div.entry-content", "div#story", "article", '[itemprop="articleBody"]']
)
def test_a_selector_and_its_xpath_find_the_same(selector: str) -> None:
    dom = parse(
        "<body><article>a<div class='x entry-content'>b</div></article><div id=story>c</div>"
        "<p itemprop=articleBody>d</p>"
    )
    assert dom.document.xpath(as_xpath(selector)) == dom.select(selector) != []


def test_names_made_by_build_tools_are_known() -> None:
    assert is_hashed("div.css-1x2ab3") and is_hashed("div.Story_body__a8Kd2")
    assert not is_hashed("div.entry-content")


def test_only_the_outermost_elements_are_kept() -> None:
    dom = parse("<body><div class=a>1<div class=a>2</div></div><div class=a>3</div>")
    assert [element.text for element in outermost(dom.select(".a"))] == ["12", "3"]
