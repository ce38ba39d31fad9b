"""News sitemaps, read as feeds."""

from datetime import UTC, datetime

import pytest

from unabridged.errors import NotAFeed
from unabridged.feeds.parsing.parse import parse_feed

NOW = datetime(2026, 1, 1, tzinfo=UTC)


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
