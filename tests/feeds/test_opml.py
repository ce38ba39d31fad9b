"""Subscriptions go out and come back."""

import pytest

from unabridged.errors import FeedError
from unabridged.feeds.opml import Subscription, read_opml, write_opml

FEEDS = (
    Subscription(
        url="https://a.example/feed?x=1&y=2",
        title="A & <b>",
        site_url="https://a.example/",
        folder=("News", "Europe"),
        settings={"interval": "3600", "links": ".x > a"},
    ),
    Subscription(url="https://b.example/rss", title="水", folder=("News",)),
    Subscription(url="https://c.example/atom", title="C"),
)


def test_what_is_written_is_read_back() -> None:
    assert read_opml(write_opml(FEEDS, title="Mine")).feeds == FEEDS


def test_other_readers_spellings_are_understood() -> None:
    opml = b"""<?xml version="1.0" encoding="ISO-8859-1"?><opml version="1.1"><body>
    <outline text="Caf\xe9"><outline TEXT="One" xmlurl=" http://one.example/rss " HTMLURL="http://one.example/"/>
    <outline title="Inner"><outline title="Two" type="rss" xmlUrl="feed:https://two.example/rss"/></outline></outline>
    <outline text="Three" xmlUrl="three.example/feed" category="/Tech/Web,Other"/>
    <outline text="Again" xmlUrl="http://one.example/rss"/>
    <outline text="Local" xmlUrl="file:///etc/passwd"/><outline text="Empty folder"/>
    </body></opml>"""
    found = read_opml(opml)
    assert [(feed.url, feed.title, feed.folder) for feed in found.feeds] == [
        ("http://one.example/rss", "One", ("Café",)),
        ("https://two.example/rss", "Two", ("Café", "Inner")),
        ("https://three.example/feed", "Three", ("Tech", "Web")),
    ]
    assert [address for address, _ in found.refused] == ["file:///etc/passwd"]


def test_a_broken_file_gives_what_can_be_read_of_it() -> None:
    opml = b"<opml><body><outline text='A & B' xmlUrl='https://a.example/?a=1&b=2'/><outline xmlUrl='https://b.exa"
    assert [feed.url for feed in read_opml(opml).feeds] == ["https://a.example/?a=1&b=2"]


def test_what_is_no_opml_says_so() -> None:
    for data in (b"", b"<html></html>", b"\x89PNG\r\n", b"{}", b"<rss/>"):
        with pytest.raises(FeedError, match=r"is no OPML"):
            read_opml(data, name="list.opml")


def test_entities_of_a_hostile_file_are_never_expanded() -> None:
    opml = b"""<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY y "&x;&x;">]>
    <opml><body><outline text="&y;" xmlUrl="https://a.example/"/></body></opml>"""
    assert read_opml(opml).feeds[0].title == "&y;"


def test_twenty_thousand_feeds_in_five_hundred_folders_go_out_and_come_back() -> None:
    feeds = tuple(
        Subscription(url=f"https://h{n}.example/feed", title=f"Feed {n}", folder=(f"F{n % 500}",))
        for n in range(20_000)
    )
    back = read_opml(write_opml(feeds)).feeds
    assert len(back) == 20_000
    assert {feed.url: feed.folder for feed in back} == {feed.url: feed.folder for feed in feeds}


def test_a_feed_listed_twice_keeps_the_folder_that_it_is_in_once() -> None:
    found = read_opml(
        b'<opml><body><outline text="x" xmlUrl="https://a.example/f"/><outline text="News">'
        b'<outline text="x" title="A" htmlUrl="https://a.example/" xmlUrl="https://a.example/f"/></outline>'
        b'<outline text="Other"><outline text="y" xmlUrl="https://a.example/f"/></outline></body></opml>'
    )
    [feed] = found.feeds
    assert (feed.folder, feed.title, feed.site_url) == (("News",), "x", "https://a.example/")


DAMAGED = {
    "quotes": '<outline text="fubar "baz"" title="fubar "baz"" type="rss" xmlUrl="https://q.example/feed"/>',
    "quotes at the ends": '<outline text=""A" and "B"" xmlUrl="https://q.example/feed" />',
    "ampersand": '<outline text="A & B" xmlUrl="https://q.example/feed?a=1&b=2"/>',
    "less": '<outline text="a < b > c" xmlUrl="https://q.example/feed"/>',
    "single quotes": "<outline text='it's' xmlUrl='https://q.example/feed'/>",
    "no space": '<outline text="a"xmlUrl="https://q.example/feed"/>',
    "bare": "<outline text=a xmlUrl=https://q.example/feed />",
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_attributes_lose_no_entry(name: str) -> None:
    found = read_opml(
        f'<?xml version="1.0"?>\n<opml version="2.0"><body><outline text="F">{DAMAGED[name]}\n'
        '<outline text="ok" xmlUrl="https://ok.example/feed"/></outline></body></opml>'.encode()
    )
    urls = [feed.url.partition("?")[0] for feed in found.feeds]
    assert urls == ["https://q.example/feed", "https://ok.example/feed"]
    assert {feed.folder for feed in found.feeds} == {("F",)}
    assert found.refused == ()


def test_the_quotes_are_in_the_title() -> None:
    found = read_opml(f"<opml><body>{DAMAGED['quotes']}</body></opml>".encode())
    assert found.feeds[0].title == 'fubar "baz"'


def test_an_entry_that_cannot_be_read_is_named() -> None:
    found = read_opml(
        b'<opml><body><outline text="No address" type="rss"/><outline type="rss" text="L" url="https://l.example/f"/>'
        b'<outline text="ok" xmlUrl="https://ok.example/feed"/>'
        b'<outline =="x" xmlUrl="https://lost.example/feed"><<</outline></body></opml>'
    )
    assert [feed.url for feed in found.feeds][:2] == ["https://l.example/f", "https://ok.example/feed"]
    named = {url for url, _ in found.refused} | {feed.url for feed in found.feeds}
    assert {"No address", "https://lost.example/feed"} <= named


def test_a_file_that_breaks_off_says_so() -> None:
    found = read_opml(
        b'<opml><body><outline text="a" xmlUrl="https://a.example/f"/><outline text="b" xmlU', name="my.opml"
    )
    assert [feed.url for feed in found.feeds] == ["https://a.example/f"]
    assert found.refused == (("my.opml", "the file breaks off before its end; what followed is missing"),)


def test_a_page_saved_as_opml_is_named_as_what_it_is() -> None:
    with pytest.raises(FeedError, match="it is an HTML page"):
        read_opml(b"<!doctype html><html><body><p>Sign in</body></html>", name="my.opml")
