"""Entries of RSS and Atom: every field, in every version."""

from datetime import timedelta

from tests.feeds.parsing.documents import RSS, URL, read, rss_item
from unabridged.model import Enclosure, Entry


def atom_entry(inside: str, attributes: str = "") -> Entry:
    return read(
        f"<feed xmlns='http://www.w3.org/2005/Atom' {attributes}><entry>{inside}</entry></feed>"
    ).entries[0]


def test_an_rss_item_is_read_whole() -> None:
    entry = read(RSS).entries[0]
    assert (entry.guid, entry.url, entry.title) == ("id-1", "https://paper.example/1?a=1&b=2", "One")
    assert entry.authors == ("Li Ming", "Ana Ruiz")
    assert entry.published is not None and entry.published.at.utcoffset() == timedelta(hours=1)
    assert (entry.summary_html, entry.content_html) == ("Short <b>text</b>", "<p>Whole text</p>")
    assert entry.tags == ("Water", "Rivers")
    assert entry.enclosures == (Enclosure(url="https://paper.example/a.mp3", type="audio/mpeg", length=1234),)
    assert (entry.comments_url, entry.language) == ("https://paper.example/1#c", "en-GB")
    assert (entry.source_title, entry.source_url) == ("Other", "https://other.example/rss")
    assert entry.extra == (("author:email", "li@paper.example"), ("slash:comments", "7"))


def test_an_atom_entry_is_read_whole() -> None:
    entry = atom_entry(
        """<id>tag:paper.example,2024:1</id><title type="html">A &amp;lt;b&amp;gt; &lt;i>x&lt;/i></title>
    <link rel="related" href="/r"/><link rel="alternate" type="application/json" href="/1.json"/>
    <link href="/1"/>
    <link rel="enclosure" href="/a.mp3" type="audio/mpeg" length="5" title="Sound"/>
    <link rel="replies" href="/1/c"/>
    <published>2024-02-01T10:00:00+08:00</published><updated>2024-02-02T10:00:00Z</updated>
    <author><name>Ana</name><email>a@b.example</email><uri>/ana</uri></author><author><name>Li</name></author>
    <category term="t1" label="Label"/><category label="Only label"/><summary>1 &lt; 2</summary>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Whole<br/>text</p></div></content>
    <source><title>Origin</title><link rel="self" href="https://origin.example/feed"/>
    <author><name>No</name></author></source>""",
        'xml:base="https://base.example/x/" xml:lang="de"',
    )
    assert (entry.guid, entry.url, entry.title) == (
        "tag:paper.example,2024:1",
        "https://base.example/1",
        "A <b> x",
    )
    assert (entry.authors, entry.tags) == (("Ana", "Li"), ("Label", "Only label"))
    assert (entry.summary_html, entry.content_html) == ("1 &lt; 2", "<p>Whole<br>text</p>")
    assert entry.published is not None and entry.published.at.utcoffset() == timedelta(hours=8)
    assert entry.modified is not None and entry.modified.kind == "modified"
    assert (entry.language, entry.base, entry.comments_url) == (
        "de",
        "https://base.example/x/",
        "https://base.example/1/c",
    )
    assert entry.enclosures[0] == Enclosure(
        url="https://base.example/a.mp3", type="audio/mpeg", length=5, title="Sound"
    )
    assert (entry.source_title, entry.source_url) == ("Origin", "https://origin.example/feed")
    assert entry.extra == (("author:email", "a@b.example"), ("author:uri", "https://base.example/ana"))


def test_media_rss_inside_groups_says_what_the_entry_does_not() -> None:
    entry = atom_entry("""<id>v</id><title>Video</title><m:group xmlns:m="http://search.yahoo.com/mrss/">
    <m:title>Other</m:title>
    <m:content url="https://v.example/v.mp4" type="video/mp4"/><m:thumbnail url="https://v.example/t.jpg"/>
    <m:description>What it shows</m:description></m:group>""")
    assert (entry.title, entry.summary_html) == ("Video", "What it shows")
    assert (entry.lead_image, entry.enclosures[0].type) == ("https://v.example/t.jpg", "video/mp4")


def test_a_nested_authors_or_images_title_is_not_the_items() -> None:
    entry = rss_item(
        "<author><title>Dr</title><name>Ana</name></author><image><title>Logo</title></image><title>Real</title>"
    )
    assert (entry.title, entry.authors) == ("Real", ("Ana",))


def test_bases_inside_bases_are_followed_and_an_elements_own_is_applied() -> None:
    entry = atom_entry(
        "<link href='c'/><content type='html' xml:base='https://own.example/d/'>"
        "&lt;a href='e'>x&lt;/a></content>"
        "<summary type='html'>&lt;a href='e'>x&lt;/a></summary>",
        "xml:base='/a/'",
    )
    assert (entry.url, entry.base) == ("https://paper.example/a/c", "https://paper.example/a/")
    assert entry.content_html == '<a href="https://own.example/d/e">x</a>'
    assert entry.summary_html == "<a href='e'>x</a>"


def test_a_permanent_id_is_the_address_where_there_is_no_link() -> None:
    assert rss_item("<guid>https://paper.example/1</guid>").url == "https://paper.example/1"
    assert rss_item("<guid isPermaLink='false'>https://paper.example/1</guid>").url is None
    assert rss_item("<guid>just-an-id</guid>").url is None
    assert rss_item("<link>javascript:alert(1)</link>").url is None


def test_what_an_item_does_not_say_is_absent() -> None:
    assert rss_item("") == Entry(base=URL)


def test_items_inside_items_are_not_the_feeds() -> None:
    feed = read(
        "<rss><channel><item><title>A</title><item><title>draft of A</title></item></item></channel></rss>"
    )
    assert [entry.title for entry in feed.entries] == ["A"]


def test_repeated_ids_stay_apart() -> None:
    feed = read("<rss><channel>" + "<item><guid>same</guid><title>x</title></item>" * 3 + "</channel></rss>")
    assert [entry.guid for entry in feed.entries] == ["same"] * 3
