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
