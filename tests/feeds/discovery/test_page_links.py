"""Which feeds a page offers, where they usually are, and what a page without one gives."""

from unabridged.feeds.discovery.page_links import find_feeds


def test_declared_feeds_come_first_with_absolute_addresses_and_titles() -> None:
    page = """<html><head><base href="/news/"><link rel="alternate" type="application/atom+xml" href="atom">
    <link rel="ALTERNATE" type="application/rss+xml; charset=utf-8" title="All &amp; more"
    href="//cdn.example/rss">
    <link rel="alternate" hreflang="de" href="/de/"><link rel="stylesheet" type="text/css" href="/feed.css">
    </head><body><a href="/feeds/sport.xml">RSS</a></body></html>"""
    found = find_feeds(page, "https://paper.example/start")
    assert [(feed.url, feed.title, feed.source) for feed in found] == [
        ("https://paper.example/news/atom", "", "link"),
        ("https://cdn.example/rss", "All & more", "link"),
        ("https://paper.example/feeds/sport.xml", "RSS", "anchor"),
    ]


def test_oembed_and_plain_json_alternates_are_no_feeds() -> None:
    page = """<link rel=alternate type="application/json+oembed" href="/oembed?url=x">
    <link rel=alternate type="application/json" href="/wp-json/wp/v2/posts/1">
    <link rel=alternate type="application/json" href="/feed.json">"""
    assert [feed.url for feed in find_feeds(page, "https://a.example/")] == ["https://a.example/feed.json"]


def test_anchors_count_by_address_and_not_by_chance() -> None:
    page = """<a href="/rss.xml">Subscribe</a><a href="/articles/feeding-cats.html">RSS for cats</a>
    <a href="https://other.example/rss">Theirs</a><a href="feed:https://a.example/all.rss">All</a>
    <a href="/news.xml">RSS</a><a href="javascript:alert(1)">RSS</a>"""
    found = [feed.url for feed in find_feeds(page, "https://a.example/")]
    assert found == ["https://a.example/rss.xml", "https://a.example/all.rss", "https://a.example/news.xml"]
