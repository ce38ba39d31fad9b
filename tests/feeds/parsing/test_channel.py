"""The channel of a feed: what a document says of itself."""

from datetime import UTC, datetime

from tests.feeds.parsing.documents import RSS, read


def test_an_rss_feed_is_read_whole() -> None:
    feed = read(RSS)
    assert (feed.format, feed.title, feed.description) == ("rss", "The Paper & more", "All news")
    assert (feed.site_url, feed.self_url) == ("https://paper.example/", "https://paper.example/rss")
    assert (feed.hubs, feed.next_url) == (
        ("https://hub.example/",),
        "https://paper.example/feeds/all.xml?page=2",
    )
    assert (feed.language, feed.icon, feed.ttl) == ("en-GB", "https://paper.example/logo.png", 5400)
    assert (feed.skip_hours, feed.skip_days) == ((0, 3), ("sunday",))
    assert feed.updated is not None and feed.updated.at == datetime(2024, 2, 1, 9, tzinfo=UTC)
