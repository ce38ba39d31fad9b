"""The link to the next page of an article."""

import pytest

from tests.extraction.multipage.pages import page
from unabridged.extraction.html.dom import parse
from unabridged.extraction.multipage.next_page import find_next, page_number, page_stem

HERE = "https://paper.example/2024/bridge.html"


@pytest.mark.parametrize(
    ("here", "link"),
    [
        (HERE, '<a href="bridge-2.html">2</a>'),
        (HERE, '<a href="/2024/bridge_2.html">Next page »</a>'),
        (HERE, '<a href="/2024/bridge.html?page=2" rel=next>x</a>'),
        ("https://paper.example/bridge/", '<link rel=next href="/bridge/2/">'),
        ("https://paper.example/bridge/", '<a href="/bridge/page/2/">Continue reading</a>'),
        ("https://paper.example/bridge", '<a href="?p=2">nächste Seite</a>'),
        ("https://paper.example/1234567.shtml", '<a href="1234567_2.shtml">下一页</a>'),
        ("https://paper.example/bridge?id=9", '<a href="?id=9&page=2">Следующая страница</a>'),
        ("https://paper.example/bridge-2.html", '<a href="bridge-1.html">1</a><a href="bridge-3.html">3</a>'),
        ("https://paper.example/bridge", '<div class=pagination><a href="/bridge/2">p. 2</a></div>'),
    ],
)
def test_the_next_page_is_found(here: str, link: str) -> None:
    found = find_next(parse(page(1, link)), here)
    assert found is not None and page_number(found) == page_number(here) + 1


@pytest.mark.parametrize(
    "link",
    [
        '<a rel=next href="/2024/tunnel.html">Next article</a>',
        '<a rel=next href="/2024/bridge-collapse-2.html">Next</a>',
        '<a href="bridge-3.html">3</a>',
        '<a href="https://other.example/2024/bridge-2.html">2</a>',
        '<a href="bridge-2.html">Another story that ends in a number</a>',
        '<a href="bridge.html?comment-page=2">2</a>',
        '<a href="bridge.html#page-2">2</a>',
        '<a href="javascript:page(2)">2</a>',
        '<a href="http://[/2">2</a>',
    ],
)
def test_what_is_no_next_page_is_not_followed(link: str) -> None:
    assert find_next(parse(page(1, link)), HERE) is None


def test_pages_share_their_stem_only_with_each_other() -> None:
    assert page_stem(HERE) == page_stem("https://paper.example/2024/bridge-2.html?utm_source=x")
    assert page_stem(HERE) != page_stem("https://paper.example/2024/tunnel-2.html")
