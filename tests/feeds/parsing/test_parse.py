"""What feeds say, in every format and state of repair."""

from datetime import UTC, datetime, timedelta

import pytest

from unabridged.feeds.parsing.parse import parse_feed
from unabridged.model import Enclosure, Entry, Feed

URL = "https://paper.example/feeds/all.xml"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def read(text: str | bytes, **more: str) -> Feed:
    return parse_feed(text if isinstance(text, bytes) else text.encode(), url=URL, now=NOW, **more)


def rss_item(inside: str, namespaces: str = "") -> Entry:
    return read(f"<rss version='2.0' {namespaces}><channel><item>{inside}</item></channel></rss>").entries[0]


def atom_entry(inside: str, attributes: str = "") -> Entry:
    return read(
        f"<feed xmlns='http://www.w3.org/2005/Atom' {attributes}><entry>{inside}</entry></feed>"
    ).entries[0]


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
    assert (entry.authors, entry.tags) == (("Ana", "Li"), ("t1", "Only label"))
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


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2020/1/10 14:33:00", "2020-01-10"),
        ("mer, 16 nov 2022 10:00:00 +0100", "2022-11-16"),
        ("Seg, 24 Set 2018 19:42:40 -0300", "2018-09-24"),
        ("2024年2月1日", "2024-02-01"),
    ],
)
def test_dates_of_real_feeds_are_read(written: str, day: str) -> None:
    entry = rss_item(f"<pubDate>{written}</pubDate>")
    assert entry.published is not None and entry.published.at.date().isoformat() == day


def test_seconds_of_one_digit_are_seconds() -> None:
    entry = rss_item("<pubDate>2006-01-17T12:35:9+01:00</pubDate>")
    assert entry.published is not None
    assert entry.published.at == datetime(2006, 1, 17, 11, 35, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["yesterday-ish", "0000-00-00T00:00:00Z", "2106-02-09", "-0044-03-15", "1970-01-01T00:00:00Z"]
)
def test_a_date_of_nonsense_is_kept_raw_and_not_trusted(written: str) -> None:
    entry = rss_item(f"<pubDate>{written}</pubDate>")
    assert entry.published is None
    assert entry.extra == (("pubdate", written),)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("ana@b.example (Ana Ruiz)", "Ana Ruiz"),
        ("Ana Ruiz <ana@b.example>", "Ana Ruiz"),
        ("ana@b.example", "ana@b.example"),
        ("mailto:ana@b.example (Ana)", "Ana"),
        ("Ana @ the Paper", "Ana @ the Paper"),
    ],
)
def test_a_persons_name_is_told_from_the_mail_address(written: str, name: str) -> None:
    assert rss_item(f"<author>{written.replace('<', '&lt;')}</author>").authors == (name,)


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


MENDED = {
    "bare ampersands": ("<item><title>AT&T & R&D &lt;3</title></item>", "AT&T & R&D <3"),
    "HTML entities": ("<item><title>Caf&eacute; &mdash; &hellip; &AElig;</title></item>", "Café — … Æ"),
    "an unknown entity": ("<item><title>a &doesnotexist; b</title></item>", "a &doesnotexist; b"),
    "a bare less-than sign": ("<item><title>1 < 2 and 3 <4</title></item>", "1 < 2 and 3 <4"),
    "controls and NUL": ("<item><title>a\x08b\x00c&#0;d&#xD800;e</title></item>", "abcde"),
    "an undeclared prefix": ("<item><title>T</title><dc:creator>Ana</dc:creator></item>", "T"),
    "a surrogate inside a tag": ("<item><title>T</title><a b<![CDATA[c&#xD800;d/></item>", "T"),
    "a tag without a local name": (
        "<item><title>T</title><content type='xhtml'><x:><a:>1</a:></x:></content></item>", "T"
    ),
    "an unclosed tag": ("<item><title>T</title><description><p>one</description></item>", "T"),
    "a repeated attribute": ("<item a='1' a='2'><title>T</title></item>", "T"),
}  # fmt: skip


@pytest.mark.parametrize(("inside", "title"), MENDED.values(), ids=MENDED.keys())
def test_broken_xml_is_mended_with_a_note(inside: str, title: str) -> None:
    feed = read(f"<rss version='2.0'><channel>{inside}</channel></rss>")
    assert feed.entries[0].title == title
    assert feed.notes


def test_markup_beyond_lxml_is_read_by_feedparser() -> None:
    feed = read(
        "<rss version='2.0'><channel><item><title>\u00ef\u00bf\u00be \u00c3\x81 T</title></item>"
        "</channel></rss>"
    )
    assert len(feed.entries) == 1
    assert "read by feedparser: its markup is beyond repair" in feed.notes[0]


@pytest.mark.parametrize(
    "junk",
    [
        "\n\n",
        "<br />\n<b>Warning</b>: include() in <b>/x.php</b> on line <b>2</b><br />\n",
        "\ufeff \n",
        "OK",
    ],
)
def test_what_a_server_printed_before_the_feed_is_dropped(junk: str) -> None:
    feed = read(
        f"{junk}<?xml version='1.0'?><rss version='2.0'><channel><title>T</title><item/></channel></rss>"
    )
    assert (feed.title, len(feed.entries)) == ("T", 1)


def test_a_feed_that_breaks_off_loses_its_last_item_and_says_so() -> None:
    whole = "<rss version='2.0'><channel>" + "".join(f"<item><title>{n}</title></item>" for n in range(5))
    cut = read(whole + "<item><title>5</title><description>half a sen")
    assert [entry.title for entry in cut.entries] == ["0", "1", "2", "3", "4"]
    assert "the document breaks off before its end" in cut.notes


def test_items_inside_items_are_not_the_feeds() -> None:
    feed = read(
        "<rss><channel><item><title>A</title><item><title>draft of A</title></item></item></channel></rss>"
    )
    assert [entry.title for entry in feed.entries] == ["A"]


def test_repeated_ids_stay_apart() -> None:
    feed = read("<rss><channel>" + "<item><guid>same</guid><title>x</title></item>" * 3 + "</channel></rss>")
    assert [entry.guid for entry in feed.entries] == ["same"] * 3


def test_what_our_own_reader_cannot_reach_is_left_to_feedparser() -> None:
    feed = read("<item><title>One</title></item><item><title>Two</title></item>")
    assert [entry.title for entry in feed.entries] == ["One", "Two"]
    assert feed.notes[0].startswith("read by feedparser")


def test_labels_hold_no_direction_marks_or_controls() -> None:
    assert rss_item("<title>a\u202eb\u2066c</title>").title == "abc"
