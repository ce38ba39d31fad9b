"""Which feeds a page offers, where they usually are, and what a page without one gives."""

from datetime import UTC, datetime

import pytest

from unabridged.errors import FeedError, NotAFeed
from unabridged.feeds.discovery.known_services import MAX_CANDIDATES, candidate_addresses
from unabridged.feeds.discovery.page_as_feed import feed_from_page
from unabridged.feeds.discovery.page_links import find_feeds
from unabridged.feeds.parsing.parse import parse_feed

NOW = datetime(2026, 1, 1, tzinfo=UTC)


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


@pytest.mark.parametrize(
    ("url", "feed"),
    [
        (
            "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv",
        ),
        (
            "https://www.youtube.com/playlist?list=PLxyz",
            "https://www.youtube.com/feeds/videos.xml?playlist_id=PLxyz",
        ),
        ("https://github.com/rust-lang/rust", "https://github.com/rust-lang/rust/releases.atom"),
        ("https://github.com/torvalds", "https://github.com/torvalds.atom"),
        ("https://old.reddit.com/r/python/", "https://www.reddit.com/r/python/.rss"),
        ("https://mastodon.example/@ana", "https://mastodon.example/@ana.rss"),
        ("https://letters.substack.com/p/one", "https://letters.substack.com/feed"),
        ("https://substack.com/@letters", "https://letters.substack.com/feed"),
        ("https://medium.com/@ana/a-story-1", "https://medium.com/feed/@ana"),
        ("https://ana.blogspot.com/2020/01/x.html", "https://ana.blogspot.com/feeds/posts/default"),
        ("https://bsky.app/profile/ana.example", "https://bsky.app/profile/ana.example/rss"),
    ],
)
def test_well_known_services_are_known_by_their_addresses(url: str, feed: str) -> None:
    assert candidate_addresses(url)[0] == feed


def test_a_site_of_its_own_is_guessed_beside_the_page_then_at_the_root_then_as_a_news_sitemap() -> None:
    found = candidate_addresses("https://paper.example/blog/2020/post.html")
    assert found[0] == "https://paper.example/blog/2020/feed"
    assert found.index("https://paper.example/feed") < found.index("https://paper.example/news-sitemap.xml")
    assert len(found) == len(set(found)) <= MAX_CANDIDATES


def test_a_guess_by_software_does_not_stop_the_well_known_names() -> None:
    found = candidate_addresses("https://site.example/@ana")
    assert found[0] == "https://site.example/@ana.rss"
    assert "https://site.example/feed" in found


@pytest.mark.parametrize("url", ["ftp://a.example/", "mailto:a@b.example", "", "https://", "http://[::1"])
def test_what_is_no_web_address_has_no_candidates(url: str) -> None:
    assert candidate_addresses(url) == ()


LISTING = """<html lang="en"><head><title>Harbour News</title></head><body>
<nav class="main-nav"><a href="/politics-and-society">Politics and society</a>
<a href="/economy-and-work">Economy</a></nav>
<main><div class="list">{teasers}</div></main>
<div class="sidebar"><h3>
<a href="/most-read/ferry-timetable-changes-again">Most read: ferry timetable again</a></h3></div>
<footer><a href="/imprint-and-privacy-policy">Imprint and privacy policy</a></footer></body></html>"""
TEASER = """<div class="teaser"><a href="/{n}/img"><img src="/i/{n}.jpg" alt=""></a>
<h2><a href="/2025/03/0{n}/harbour-story-number-{n}?utm_source=home">Harbour story number {n} & more</a></h2>
<span class="when">{n} March 2025</span>
<p>The ferry left at dawn with forty passengers aboard, story {n}.</p></div>"""


def test_a_page_without_a_feed_becomes_one() -> None:
    page = LISTING.format(teasers="".join(TEASER.format(n=n) for n in range(9, 3, -1)))
    feed = feed_from_page(page, "https://harbour.example/", now=NOW)
    assert (feed.title, feed.format, feed.language) == ("Harbour News", "page", "en")
    assert [entry.title for entry in feed.entries] == [
        f"Harbour story number {n} & more" for n in range(9, 3, -1)
    ]
    first = feed.entries[0]
    assert first.url == first.guid == "https://harbour.example/2025/03/09/harbour-story-number-9"
    assert first.published is not None and first.published.at.date().isoformat() == "2025-03-09"
    assert first.published.origin == "page"
    assert first.summary_html.startswith("The ferry left at dawn")
    assert first.lead_image == "https://harbour.example/i/9.jpg"


def test_a_chinese_list_of_plain_links_becomes_a_feed() -> None:
    items = "".join(
        f'<li><span>2025-03-0{n}</span><a href="/n/{n}0305.html">港口新闻第{n}条：渡轮时刻表再次调整</a></li>'
        for n in range(1, 6)
    )
    feed = feed_from_page(f"<div class=box><ul>{items}</ul></div>", "https://gang.example/", now=NOW)
    assert len(feed.entries) == 5
    assert feed.entries[4].published is not None
    assert feed.entries[4].published.at.date().isoformat() == "2025-03-05"


def test_links_inside_sentences_are_no_list() -> None:
    text = "".join(
        f'<p>We wrote about <a href="/2025/03/0{n}/a-long-story-{n}">this long story of the sea</a> '
        "before and will come back to it when there is more to be told about its people.</p>"
        for n in range(1, 7)
    )
    with pytest.raises(NotAFeed, match="without a list of articles"):
        feed_from_page(text, "https://harbour.example/", now=NOW)


def test_a_selector_names_the_links_where_they_are_not_found() -> None:
    page = '<div class="x"><a href="/a">A</a></div><div class="y"><a href="/b">B</a><a href="/c">C</a></div>'
    feed = feed_from_page(page, "https://harbour.example/", links=".y a")
    assert [(entry.title, entry.url) for entry in feed.entries] == [
        ("B", "https://harbour.example/b"),
        ("C", "https://harbour.example/c"),
    ]
    with pytest.raises(FeedError, match="is no CSS selector"):
        feed_from_page(page, "https://harbour.example/", links="..y >")


def test_a_news_sitemap_is_read_as_a_feed_and_another_sitemap_is_not() -> None:
    news = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://p.example/a?x=1&amp;y=2</loc>
    <n:news><n:publication><n:name>Paper</n:name><n:language>fr</n:language></n:publication>
    <n:publication_date>2025-01-02T03:04:05+01:00</n:publication_date><n:title>Titre</n:title>
    <n:keywords>mer, port</n:keywords></n:news></url></urlset>"""
    feed = parse_feed(news, url="https://p.example/news.xml", now=NOW)
    entry = feed.entries[0]
    assert (feed.format, feed.title, feed.language) == ("sitemap", "Paper", "fr")
    assert (entry.url, entry.title, entry.tags) == ("https://p.example/a?x=1&y=2", "Titre", ("mer", "port"))
    assert entry.published is not None and entry.published.at.isoformat() == "2025-01-02T03:04:05+01:00"
    plain = b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://p.example/a</loc></url></urlset>'
    with pytest.raises(NotAFeed, match="a sitemap"):
        parse_feed(plain, url="https://p.example/sitemap.xml")


def test_a_page_of_thousands_of_links_is_read_in_bounded_time() -> None:
    nested = "<div>" * 500 + "".join(
        f'<a href="/2025/01/01/story-of-{n}">A story of number {n}</a>' for n in range(6_000)
    )
    feed = feed_from_page(nested, "https://harbour.example/", now=NOW)
    assert len(feed.entries) == 200
