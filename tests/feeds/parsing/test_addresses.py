"""Addresses in feeds: relative ones, and those of redirectors."""

import pytest

from tests.feeds.parsing.documents import URL, read
from unabridged.model import Entry

FEEDBURNER = "xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'"


def item(inside: str, head: str = "<link>https://site.example/blog/</link>", root: str = "") -> Entry:
    return read(f"<rss {root}><channel>{head}<item><title>x</title>{inside}</item></channel></rss>").entries[
        0
    ]


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/p/1", "https://site.example/p/1"),
        ("p/1", "https://site.example/blog/p/1"),
        ("?p=1", "https://site.example/blog/?p=1"),
        ("//other.example/1", "https://other.example/1"),
    ],
)
def test_a_relative_link_of_an_item_is_read_against_the_site(link: str, url: str) -> None:
    assert item(f"<link>{link}</link>").url == url


def test_content_is_read_against_the_address_of_its_entry() -> None:
    assert item("<link>/p/2026/1.html</link>").base == "https://site.example/p/2026/1.html"


def test_a_stated_base_comes_before_the_site_and_the_entry() -> None:
    entry = item("<link>p/1</link>", root="xml:base='https://base.example/x/'")
    assert (entry.url, entry.base) == ("https://base.example/x/p/1", "https://base.example/x/")


@pytest.mark.parametrize(
    "head", ["", "<link>http://localhost:4000/</link>", "<link>http://127.0.0.1/</link>"]
)
def test_without_a_site_or_with_one_of_the_publishers_machine_the_feed_is_the_base(head: str) -> None:
    assert item("<link>p/1</link>", head).url == "https://paper.example/feeds/p/1"
    assert item("", head).base == URL


def test_items_of_a_json_feed_are_read_against_its_page() -> None:
    feed = read(
        '{"version": "https://jsonfeed.org/version/1.1", "title": "T", "home_page_url": "https://site.example/b/",'
        '"items": [{"id": "1", "url": "1.html"}]}'
    )
    assert (feed.entries[0].url, feed.entries[0].base) == ("https://site.example/b/1.html",) * 2


def test_the_address_that_feedburner_replaced_is_the_entrys() -> None:
    inside = (
        "<link>http://feedproxy.google.com/~r/A/~3/x/</link>"
        "<feedburner:origLink>https://site.example/%E2%84%96-29/</feedburner:origLink>"
    )
    entry = item(inside, root=FEEDBURNER)
    assert (entry.url, entry.base) == ("https://site.example/%E2%84%96-29/",) * 2


def test_content_behind_a_redirector_is_read_against_the_site() -> None:
    assert item("<link>http://feedproxy.google.com/~r/A/~3/x/</link>").base == "https://site.example/blog/"


@pytest.mark.parametrize(
    "link",
    [
        "https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://site.example/a%3Fb%3D1%26c%3D2&amp;ct=ga",
        "https://www.google.com/url?rct=j&amp;amp;sa=t&amp;amp;url=https://site.example/a%3Fb%3D1%26c%3D2&amp;amp;ct=ga",
        "https://www.google.co.uk/url?q=https://site.example/a%3Fb%3D1%26c%3D2",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fsite.example%2Fa%3Fb%3D1%26c%3D2&amp;h=x",
    ],
)
def test_a_wrapped_link_is_opened(link: str) -> None:
    assert item(f"<link>{link}</link>").url == "https://site.example/a?b=1&c=2"


def test_ampersands_escaped_twice_are_ampersands() -> None:
    assert item("<link>https://x.example/?a=1&amp;amp;b=2</link>").url == "https://x.example/?a=1&b=2"
