"""The HTTP header Link."""

import pytest

from unabridged.feeds.discovery.link_header import HeaderLink, links_of_header
from unabridged.feeds.discovery.page_links import find_feeds


def test_links_of_a_header_have_relations_types_and_titles() -> None:
    header = '</feed>; rel="alternate feed"; type="application/rss+xml"; title="A, B; C", <https://hub.example>;REL=hub'
    assert list(links_of_header(header)) == [
        HeaderLink(url="/feed", relations=("alternate", "feed"), type="application/rss+xml", title="A, B; C"),
        HeaderLink(url="https://hub.example", relations=("hub",)),
    ]


@pytest.mark.parametrize("header", ["", "<>", "</feed>", "</feed>; title=x", "nonsense, <", '<a>; rel="'])
def test_a_header_without_relations_names_no_feed(header: str) -> None:
    assert find_feeds("", "https://a.example/", header) == ()


def test_feeds_of_the_header_are_found_beside_those_of_the_page() -> None:
    header = (
        '</myfeed>; rel="alternate"; type="application/rss+xml"; title="T", '
        '</de>; rel=alternate; hreflang=de, </wp-json/>; rel="https://api.w.org/", '
        '</wp-json/1>; rel="alternate"; title="JSON"; type="application/json"'
    )
    page = '<link rel=alternate type="application/atom+xml" href="/atom">'
    found = find_feeds(page, "https://a.example/x/", header)
    assert [(feed.url, feed.title) for feed in found] == [
        ("https://a.example/atom", ""),
        ("https://a.example/myfeed", "T"),
    ]
