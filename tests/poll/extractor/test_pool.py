"""Articles made in child processes: a hostile page costs its child at worst."""

from datetime import UTC, datetime

import pytest

from unabridged.errors import ExtractError, NotAPage
from unabridged.model import Entry, Feed, Page
from unabridged.poll.extractor.pool import Extractor, ThreadExtractor

NOW = datetime(2024, 5, 6, tzinfo=UTC)


def page(body: bytes) -> Page:
    return Page(
        url="http://a.example/", final_url="http://a.example/", status=200, headers={}, body=body, fetched=NOW
    )


async def test_errors_of_extraction_come_through_with_their_kind() -> None:
    async with Extractor(1) as extractor:
        with pytest.raises(NotAPage):
            await extractor.page(page(b"%PDF-1.7 \x00\x01\x02" * 50), now=NOW)
        part = await extractor.page(page(b"<html><title>T</title><p>Words</p></html>"), now=NOW)
        assert part.article.url == "http://a.example/"


async def test_a_thread_makes_the_same() -> None:
    feed = Feed(url="http://a.example/", format="rss", entries=(Entry(title="T", summary_html="<p>x</p>"),))
    made = await ThreadExtractor().entries(feed)
    assert [article.text for article in made] == ["x"]
    assert await ThreadExtractor().entries(Feed(url="http://a.example/", format="rss")) == ()
    with pytest.raises(ExtractError):
        await ThreadExtractor().page(page(b"\x89PNG\r\n\x1a\n" * 30), now=NOW)
