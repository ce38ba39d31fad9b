"""One version with its raw page, on both databases."""

from datetime import timedelta

import pytest

import tests.archive.conftest as both
from tests.archive.sample_feeds import NOW, URL, a_page, an_article, an_entry, save
from unabridged.archive import Archive
from unabridged.formats.proof.bundle import proof_bundle

archive, dsn = both.archive, both.dsn
open_archive, postgresql = both.open_archive, both.postgresql

WORDS = "The old bridge was closed on Monday, and the ferry now runs each hour of the day & night."


@pytest.fixture
def article(archive: Archive) -> int:
    """An article of a feed, read from its page and edited once: versions 0, 1 and 2."""
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    [number] = save(archive, feed.id, an_entry(1)).new
    url = "https://news.example/1"
    for hours, words in enumerate((WORDS, WORDS.replace("Monday", "Tuesday")), 1):
        made = an_article(url, "The <bridge>", words, html=f"<p>{words.replace('&', '&amp;')}</p>")
        now = NOW + timedelta(hours=hours)
        archive.ingest.save_page(
            number, made, a_page(url, f"<html><p>{words}".encode() + bytes(range(256)), now), now=now
        )
    return number


@pytest.fixture
def bundle(archive: Archive, article: int) -> bytes:
    return proof_bundle(archive.library(), article)
