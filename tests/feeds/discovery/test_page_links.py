"""Which feeds a page offers, where they usually are, and what a page without one gives."""

import pytest

from unabridged.feeds.discovery.page_links import find_feeds, icon_of_page


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


def declared(title: str, href: str) -> str:
    return f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'


@pytest.mark.parametrize(
    ("title", "href"),
    [
        ("Site &raquo; Comments Feed", "/comments/feed/"),
        ("", "/comments/feed"),
        ("", "/feeds/comments/default"),
        ("", "/?feed=comments-rss2"),
        ("", "/comments.xml"),
        ("Kommentare zu: Text", "/k.xml"),
        ("Commentaires", "/c.xml"),
        ("コメント", "/x.xml"),
    ],
)
def test_feeds_of_comments_come_last(title: str, href: str) -> None:
    page = declared(title, href) + declared("Site", "/site.xml") + '<a href="/rss/other.xml">RSS</a>'
    found = [feed.url for feed in find_feeds(page, "https://a.example/")]
    assert found[:2] == ["https://a.example/site.xml", "https://a.example/rss/other.xml"]
    assert len(found) == 3


def test_the_feed_below_a_post_is_of_its_comments() -> None:
    page = (
        '<meta property="og:type" content="article">'
        + declared("", "/my-post/feed/")
        + declared("", "/feed/")
    )
    found = [feed.url for feed in find_feeds(page, "https://a.example/my-post/?utm_source=x")]
    assert found == ["https://a.example/feed/", "https://a.example/my-post/feed/"]


def test_the_feed_below_a_section_is_of_the_section() -> None:
    page = declared("", "/category/boats/feed/") + declared("", "/feed/")
    found = [feed.url for feed in find_feeds(page, "https://a.example/category/boats/")]
    assert found[0] == "https://a.example/category/boats/feed/"


CHANNEL = "UCabcdefghijklmnopqrstuv"
CHANNEL_FEED = f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}"


@pytest.mark.parametrize(
    "page",
    [
        f'<link rel="canonical" href="https://www.youtube.com/channel/{CHANNEL}">',
        f'<meta property="og:url" content="https://www.youtube.com/channel/{CHANNEL}">',
        f'<meta itemprop="identifier" content="{CHANNEL}">',
        f'<meta itemprop="channelId" content="{CHANNEL}">',
        f'<script>var d = {{"metadata":{{"externalId":"{CHANNEL}"}}}}</script>',
        f'<script>var d = {{"videoDetails":{{"channelId":"{CHANNEL}"}}}}</script>',
    ],
)
@pytest.mark.parametrize("path", ["@ana", "@ana/videos", "c/Ana", "Ana", "watch?v=x"])
def test_a_page_of_a_video_service_names_its_channel(path: str, page: str) -> None:
    found = find_feeds(f"<html><head>{page}</head></html>", f"https://www.youtube.com/{path}")
    assert [feed.url for feed in found] == [CHANNEL_FEED]
    assert find_feeds(page.encode(), f"https://m.youtube.com/{path}")[0].url == CHANNEL_FEED


@pytest.mark.parametrize(
    "page",
    [
        r'<script>{"feedUrl":"https:\/\/cast.example\/show.xml"}</script>',
        '<script>{"feed_url": "https://cast.example/show.xml"}</script>',
        "<div data-props='{&quot;rssUrl&quot;:&quot;https://cast.example/show.xml&quot;}'></div>",
        '<div data-feed="https://cast.example/show.xml"></div>',
        '<a href="pcast://cast.example/show.xml">RSS</a>',
        '<a href="https://cast.example/feed/show.xml">Subscribe via RSS</a>',
        '<a href="https://rss.cast.example/show.xml">RSS</a>',
    ],
)
def test_pages_of_podcasts_lead_to_their_feeds(page: str) -> None:
    found = [feed.url for feed in find_feeds(page, "https://podcasts.example/show/id1")]
    assert len(found) == 1 and found[0].endswith("/show.xml")


@pytest.mark.parametrize(
    ("links", "icon"),
    [
        ('<link rel=icon href="/i.png">', "https://a.example/i.png"),
        ('<link rel="shortcut icon" href="i.ico">', "https://a.example/i.ico"),
        (
            '<link rel=icon href=/16.png sizes=16x16><link rel=icon href=/64.png sizes="64x64">',
            "https://a.example/64.png",
        ),
        (
            '<link rel=icon type="image/svg+xml" href=/i.svg><link rel=icon href=/i.png>',
            "https://a.example/i.png",
        ),
        ('<link rel=mask-icon href="/m.png">', None),
        ("", None),
    ],
)
def test_the_icon_of_a_page_is_the_one_it_declares(links: str, icon: str | None) -> None:
    assert icon_of_page(links, "https://a.example/") == icon
