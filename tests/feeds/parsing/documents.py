"""Feed documents to be read, and how they are."""

from datetime import UTC, datetime

from unabridged.feeds.parsing.parse import parse_feed
from unabridged.model import Entry, Feed

URL = "https://paper.example/feeds/all.xml"


NOW = datetime(2026, 1, 1, tzinfo=UTC)


def read(text: str | bytes, content_type: str | None = None) -> Feed:
    data = text if isinstance(text, bytes) else text.encode()
    return parse_feed(data, url=URL, now=NOW, content_type=content_type)


def rss_item(inside: str, namespaces: str = "") -> Entry:
    return read(f"<rss version='2.0' {namespaces}><channel><item>{inside}</item></channel></rss>").entries[0]


RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:a="http://www.w3.org/2005/Atom" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
<channel><title>The &lt;b&gt;Paper&lt;/b&gt; &amp;amp; more</title><link>https://paper.example/</link>
<description>All news</description><language>en_GB</language>
<lastBuildDate>Thu, 01 Feb 2024 10:00:00 +0100</lastBuildDate>
<ttl>90</ttl><skipHours><hour>3</hour><hour>24</hour></skipHours><skipDays><day>Sunday</day></skipDays>
<a:link rel="self" href="https://paper.example/rss"/><a:link rel="hub" href="https://hub.example/"/>
<a:link rel="next" href="/feeds/all.xml?page=2"/><image><url>/logo.png</url></image>
<item><title>One</title><link>https://paper.example/1?a=1&amp;b=2</link><guid isPermaLink="false">id-1</guid>
<pubDate>Thu, 01 Feb 2024 09:30:00 +0100</pubDate><dc:creator>Ana Ruiz</dc:creator>
<author>li@paper.example (Li Ming)</author>
<category>Water</category><category domain="x">Rivers</category>
<comments>https://paper.example/1#c</comments>
<description>Short &lt;b&gt;text&lt;/b&gt;</description>
<content:encoded><![CDATA[<p>Whole text</p>]]></content:encoded>
<enclosure url="/a.mp3" length="1,234" type="audio/mpeg"/><source url="https://other.example/rss">Other</source>
<slash:comments>7</slash:comments></item></channel></rss>"""
