"""What feeds say, in every format and state of repair."""

import pytest

from tests.feeds.parsing.documents import read


def test_an_rdf_feed_keeps_its_items_outside_of_its_channel() -> None:
    feed = read("""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
    <channel rdf:about="x"><title>T</title><link>https://paper.example/</link><dc:language>fr</dc:language>
    <sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency></channel>
    <item rdf:about="https://paper.example/1"><title>One</title><dc:date>2024-02-01</dc:date></item></rdf:RDF>""")
    entry = feed.entries[0]
    assert (feed.format, feed.title, feed.ttl, entry.language) == ("rdf", "T", 21600, "fr")
    assert (entry.guid, entry.url) == ("https://paper.example/1", "https://paper.example/1")
    assert entry.published is not None and entry.published.day_only


@pytest.mark.parametrize("version", ["0.91", "0.92", "0.93", "0.94", "2.0", ""])
def test_every_version_of_rss_gives_its_items(version: str) -> None:
    feed = read(
        f"<rss version='{version}'><channel><title>T</title></channel><item><title>Out</title></item></rss>"
    )
    inside = read(
        f"<rss version='{version}'><channel><title>T</title><item><title>In</title></item></channel></rss>"
    )
    assert [entry.title for entry in (*feed.entries, *inside.entries)] == ["Out", "In"]


def test_atom_0_3_is_read_with_its_modes_and_dates() -> None:
    feed = read("""<feed version="0.3" xmlns="http://purl.org/atom/ns#"><tagline>Tag</tagline><entry><title>T</title>
    <issued>2004-01-01T00:00:00Z</issued><modified>2004-01-02T00:00:00Z</modified>
    <content type="text/html" mode="base64">PHA+Ym9keTwvcD4=</content></entry></feed>""")
    entry = feed.entries[0]
    assert (feed.description, entry.content_html) == ("Tag", "<p>body</p>")
    assert entry.published is not None and entry.published.at.year == 2004


def test_a_lone_atom_entry_is_a_feed_of_one() -> None:
    feed = read("<entry xmlns='http://www.w3.org/2005/Atom'><id>x</id><title>Alone</title></entry>")
    assert (feed.title, [entry.title for entry in feed.entries]) == ("", ["Alone"])


def test_atom_without_its_namespace_is_read() -> None:
    assert read("<feed><title>T</title><entry><title>One</title></entry></feed>").entries[0].title == "One"
