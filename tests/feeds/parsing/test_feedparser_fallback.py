"""What our own reader cannot read is left to feedparser."""

from tests.feeds.parsing.documents import read


def test_markup_beyond_lxml_is_read_by_feedparser() -> None:
    feed = read(
        "<rss version='2.0'><channel><item><title>\u00ef\u00bf\u00be \u00c3\x81 T</title></item>"
        "</channel></rss>"
    )
    assert len(feed.entries) == 1
    assert "read by feedparser: its markup is beyond repair" in feed.notes[0]


def test_what_our_own_reader_cannot_reach_is_left_to_feedparser() -> None:
    feed = read("<item><title>One</title></item><item><title>Two</title></item>")
    assert [entry.title for entry in feed.entries] == ["One", "Two"]
    assert feed.notes[0].startswith("read by feedparser")
