"""Feeds of the sample publisher."""

import aiohttp
import feedparser

from unabridged.sample.server import SamplePublisher


async def test_a_feed_shows_eight_articles_in_three_lines_each(
    publisher: SamplePublisher, web: aiohttp.ClientSession
) -> None:
    for address in publisher.feeds:
        async with web.get(address) as reply:
            if address.endswith(".json"):
                continue
            feed = feedparser.parse(await reply.read())
        assert len(feed.entries) == (3 if "/flux/" in address else 8)
        assert all(20 < len(entry.summary) < 400 and "content" not in entry for entry in feed.entries)
