"""What we write, other readers read: every field equal."""

import html
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from unabridged.feeds.parsing.parse import parse_feed
from unabridged.feeds.write import (
    CONTENT_TYPES,
    WRITERS,
    FeedDocument,
    FeedItem,
    etag_of,
    http_date,
    still_fresh,
    write_atom,
    write_json,
    write_rss,
)
from unabridged.model import Article, Enclosure

PARIS = timezone(timedelta(hours=1))
BODY = (
    '<p>Water &amp; light, 1 &lt; 2, and ]]&gt; in the middle.</p><p><a href="https://river.example/map?a=1&amp;b=2">map'
    '</a> 河流“上游”</p><figure><img src="https://river.example/i.jpg" alt="x"></figure>'
)
ARTICLE = Article(
    url="https://river.example/2024/dam?id=1&page=2",
    title="The dam & the <river> tag: 大坝",
    authors=("Ana Ruiz", "李 明"),
    published=datetime(2024, 2, 1, 16, 28, 5, tzinfo=PARIS),
    language="en-GB",
    lead_image="https://river.example/i.jpg",
    tags=("Water", "R&D", "水"),
    summary='Short: 1 < 2 & "quoted".',
    html=BODY,
    enclosures=(Enclosure(url="https://river.example/a.mp3?x=1&y=2", type="audio/mpeg", length=1234),),
)
ITEM = FeedItem(
    id="urn:unabridged:article:17",
    article=ARTICLE,
    updated=datetime(2024, 2, 2, 8, 0, 1, tzinfo=UTC),
    source_title="River & Co",
    source_url="https://river.example/feed?x=1&y=2",
)
BARE = FeedItem(
    id="urn:unabridged:article:18",
    article=Article(url="https://river.example/bare"),
    updated=datetime(2024, 2, 3, tzinfo=UTC),
)
DOCUMENT = FeedDocument(
    title="Rivers & lakes <all>",
    self_url="https://reader.example/feeds/1.rss?k=1&l=2",
    id="urn:unabridged:feed:1",
    site_url="https://river.example/?a=1&b=2",
    description="Whole articles: 1 < 2",
    language="en",
    updated=datetime(2024, 2, 3, tzinfo=UTC),
    hubs=("https://hub.example/",),
    next_url="https://reader.example/feeds/1.rss?page=2",
    icon="https://river.example/icon.png",
)


def read_by_feedparser(data: bytes) -> Any:
    parsed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_feedparser_reads_every_field_of_an_item(form: str) -> None:
    entry = read_by_feedparser(WRITERS[form](DOCUMENT, [ITEM])).entries[0]
    assert entry.id == ITEM.id
    assert entry.link == ARTICLE.url
    assert html.unescape(entry.title) == ARTICLE.title
    assert [author.name for author in entry.authors] == list(ARTICLE.authors)
    assert [tag.term for tag in entry.tags] == list(ARTICLE.tags)
    assert entry.content[0].value == BODY
    assert html.unescape(entry.summary) == ARTICLE.summary
    assert entry.published_parsed[:6] == (2024, 2, 1, 15, 28, 5)
    assert entry.updated_parsed[:6] == (2024, 2, 2, 8, 0, 1)
    enclosure = entry.enclosures[0]
    assert (enclosure.href, enclosure.type, enclosure.length) == (
        "https://river.example/a.mp3?x=1&y=2",
        "audio/mpeg",
        "1234",
    )
    assert entry.source.title == ITEM.source_title
    assert entry.media_thumbnail[0]["url"] == ARTICLE.lead_image
    assert form == "atom" or not entry.guidislink


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_feedparser_reads_every_field_of_the_feed(form: str) -> None:
    head = read_by_feedparser(WRITERS[form](DOCUMENT, [ITEM, BARE])).feed
    assert html.unescape(head.title) == DOCUMENT.title
    assert head.link == DOCUMENT.site_url
    assert html.unescape(head.subtitle) == DOCUMENT.description
    assert head.language == DOCUMENT.language
    assert head.updated_parsed[:6] == (2024, 2, 3, 0, 0, 0)
    related = {link.rel: link.href for link in head.links}
    assert related["self"] == DOCUMENT.self_url
    assert related["hub"] == DOCUMENT.hubs[0]
    assert related["next"] == DOCUMENT.next_url
    assert (head.get("icon") or head.image.href) == DOCUMENT.icon


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_our_own_reader_reads_every_field_of_each_format(form: str) -> None:
    data = WRITERS[form](DOCUMENT, [ITEM, BARE])
    feed = parse_feed(data, url=DOCUMENT.self_url, content_type=CONTENT_TYPES[form])
    assert (feed.title, feed.site_url, feed.self_url) == (
        DOCUMENT.title,
        DOCUMENT.site_url,
        DOCUMENT.self_url,
    )
    assert (feed.hubs, feed.next_url, feed.icon) == (DOCUMENT.hubs, DOCUMENT.next_url, DOCUMENT.icon)
    assert (feed.description, feed.language, feed.notes) == (DOCUMENT.description, DOCUMENT.language, ())
    entry, bare = feed.entries
    assert (entry.guid, entry.url, entry.title) == (ITEM.id, ARTICLE.url, ARTICLE.title)
    assert (entry.authors, entry.tags, entry.language) == (ARTICLE.authors, ARTICLE.tags, ARTICLE.language)
    assert (entry.content_html, html.unescape(entry.summary_html)) == (BODY, ARTICLE.summary)
    assert entry.published is not None and entry.published.at == ARTICLE.published
    assert entry.published.at.utcoffset() == timedelta(hours=1)
    assert entry.modified is not None and entry.modified.at == ITEM.updated
    assert entry.enclosures[0] == ARTICLE.enclosures[0]
    assert entry.lead_image == ARTICLE.lead_image
    assert (bare.guid, bare.url, bare.content_html) == (BARE.id, BARE.article.url, "")


def test_a_json_feed_says_what_version_1_1_asks_for() -> None:
    feed = json.loads(write_json(DOCUMENT, [ITEM, BARE]))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]
    item, bare = feed["items"]
    assert item["id"] == ITEM.id and isinstance(bare["id"], str)
    assert item["authors"] == [{"name": "Ana Ruiz"}, {"name": "李 明"}]
    assert item["date_published"] == "2024-02-01T16:28:05+01:00"
    assert item["attachments"][0]["size_in_bytes"] == 1234
    assert bare["content_html"] == ""
    assert "title" not in bare


def test_rss_ids_are_marked_as_no_addresses() -> None:
    assert b'<guid isPermaLink="false">urn:unabridged:article:17</guid>' in write_rss(DOCUMENT, [ITEM])


def test_atom_says_when_the_version_was_made_and_not_when_the_feed_was_written() -> None:
    entry = parse_feed(write_atom(DOCUMENT, [ITEM]), url=DOCUMENT.self_url).entries[0]
    assert entry.modified is not None and entry.modified.raw == "2024-02-02T08:00:01Z"


def test_bodies_are_escaped_and_never_in_cdata() -> None:
    for form in ("rss", "atom"):
        assert b"CDATA" not in WRITERS[form](DOCUMENT, [ITEM])


def test_an_archive_document_says_so_and_links_to_the_one_before() -> None:
    document = FeedDocument(
        title="Old", self_url="https://r.example/3", prev_archive="https://r.example/2", archive=True
    )
    for form in ("rss", "atom"):
        root = etree.fromstring(WRITERS[form](document, []))
        assert root.find(".//{http://purl.org/syndication/history/1.0}archive") is not None
        links = root.iter("{http://www.w3.org/2005/Atom}link")
        assert "https://r.example/2" in [
            link.get("href") for link in links if link.get("rel") == "prev-archive"
        ]


def test_a_feed_without_articles_is_still_a_feed() -> None:
    for form in WRITERS:
        feed = parse_feed(
            WRITERS[form](FeedDocument(title="", self_url="https://r.example/"), []), url="https://r.example/"
        )
        assert feed.entries == ()


@settings(deadline=None)
@given(text=st.text(alphabet=st.characters(), max_size=60))
def test_no_text_at_all_makes_a_feed_that_cannot_be_read(text: str) -> None:
    article = Article(
        url="https://a.example/", title=text, authors=(text,), tags=(text,), summary=text, html=text
    )
    item = FeedItem(id="urn:x:1", article=article, updated=datetime(2024, 1, 1, tzinfo=UTC))
    document = FeedDocument(title=text, self_url="https://a.example/feed", description=text)
    for form, writer in WRITERS.items():
        feed = parse_feed(
            writer(document, [item]), url="https://a.example/feed", content_type=CONTENT_TYPES[form]
        )
        assert set(feed.notes) <= {
            "characters of another encoding restored"
        }  # C1 controls are legal, and odd
        assert feed.entries[0].guid == "urn:x:1"


def test_controls_and_lone_surrogates_are_left_out() -> None:
    article = Article(url="https://a.example/", title="a\x00b\x0bc\ud83dd\ufffee", html="<p>\x1f\udc00</p>")
    item = FeedItem(id="urn:x:1", article=article, updated=datetime(2024, 1, 1, tzinfo=UTC))
    for writer in WRITERS.values():
        data = writer(FeedDocument(title="t", self_url="https://a.example/feed"), [item])
        entry = parse_feed(data, url="https://a.example/feed").entries[0]
        assert (entry.title, entry.content_html) == ("abcde", "<p></p>")


def test_the_same_articles_give_the_same_bytes_and_validator() -> None:
    for writer in WRITERS.values():
        assert etag_of(writer(DOCUMENT, [ITEM])) == etag_of(writer(DOCUMENT, [ITEM]))
        assert etag_of(writer(DOCUMENT, [ITEM])) != etag_of(writer(DOCUMENT, [BARE]))


def test_a_validator_matches_in_a_list_and_when_weakened() -> None:
    changed = datetime(2024, 2, 3, tzinfo=UTC)

    def fresh(header: str | None, since: datetime | None = None) -> bool:
        return still_fresh('"abc"', changed, if_none_match=header, if_modified_since=since)

    assert fresh('"abc"') and fresh('W/"abc"') and fresh('"x", "abc"') and fresh("*")
    assert not fresh('"x"') and not fresh(None)
    assert fresh(None, changed) and not fresh(None, changed - timedelta(seconds=1))
    assert not fresh('"x"', changed)
    assert http_date(changed) == "Sat, 03 Feb 2024 00:00:00 GMT"
