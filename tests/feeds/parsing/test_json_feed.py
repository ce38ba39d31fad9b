"""JSON Feed: every field, and strings that break the rules."""

import pytest

from tests.feeds.parsing.documents import read
from unabridged.model import Enclosure


@pytest.mark.parametrize("version", ["https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1"])
def test_a_json_feed_is_read_whole(version: str) -> None:
    feed = read(
        """{"version": "VERSION", "title": "T", "home_page_url": "/", "feed_url": "/f.json",
    "author": {"name": "Ana"},
    "hubs": [{"type": "WebSub", "url": "https://hub.example/"}], "items": [{"id": 7, "external_url": "/x",
    "image": "/i.jpg",
        "content_text": "one\\n\\ntwo & three", "summary": "s < t",
    "date_published": "2024-02-01T10:00:00+02:00",
    "tags": ["a", "b"],
    "authors": [{"name": "Li"}, {"url": "x"}], "_ext": {"k": 1},
    "attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 5, "title": "S"}]},
    "nonsense"]}""".replace("VERSION", version)
    )
    entry = feed.entries[0]
    assert (feed.format, feed.authors, feed.hubs) == ("json", ("Ana",), ("https://hub.example/",))
    assert (entry.guid, entry.url, entry.authors) == ("7", "https://paper.example/x", ("Li",))
    assert (entry.content_html, entry.summary_html) == ("<p>one</p><p>two &amp; three</p>", "s &lt; t")
    assert entry.enclosures == (
        Enclosure(url="https://paper.example/a.mp3", type="audio/mpeg", length=5, title="S"),
    )
    assert (entry.tags, entry.lead_image, entry.extra) == (
        ("a", "b"),
        "https://paper.example/i.jpg",
        (("_ext", '{"k": 1}'),),
    )


def test_line_breaks_inside_json_strings_are_forgiven() -> None:
    feed = read(
        '{"version": "https://jsonfeed.org/version/1", "title": "T", "items": [{"id": "1", "title": "a\nb"}]}'
    )
    assert feed.entries[0].title == "a b"
