"""A page without a feed, read as one: its lists of links."""

from datetime import UTC, datetime

import pytest

from unabridged.errors import FeedError, NotAFeed
from unabridged.feeds.lists.read import feed_from_page

NOW = datetime(2026, 1, 1, tzinfo=UTC)


LISTING = """<html lang="en"><head><title>Harbour News</title></head><body>
<nav class="main-nav"><a href="/politics-and-society">Politics and society</a>
<a href="/economy-and-work">Economy</a></nav>
<main><div class="list">{teasers}</div></main>
<div class="sidebar"><h3>
<a href="/most-read/ferry-timetable-changes-again">Most read: ferry timetable again</a></h3></div>
<footer><a href="/imprint-and-privacy-policy">Imprint and privacy policy</a></footer></body></html>"""


TEASER = """<div class="teaser"><a href="/{n}/img"><img src="/i/{n}.jpg" alt=""></a>
<h2><a href="/2025/03/0{n}/harbour-story-number-{n}?utm_source=home">Harbour story number {n} & more</a></h2>
<span class="when">{n} March 2025</span>
<p>The ferry left at dawn with forty passengers aboard, story {n}.</p></div>"""


def test_a_page_without_a_feed_becomes_one() -> None:
    page = LISTING.format(teasers="".join(TEASER.format(n=n) for n in range(9, 3, -1)))
    feed = feed_from_page(page, "https://harbour.example/", now=NOW)
    assert (feed.title, feed.format, feed.language) == ("Harbour News", "page", "en")
    assert [entry.title for entry in feed.entries] == [
        f"Harbour story number {n} & more" for n in range(9, 3, -1)
    ]
    first = feed.entries[0]
    assert first.url == first.guid == "https://harbour.example/2025/03/09/harbour-story-number-9"
    assert first.published is not None and first.published.at.date().isoformat() == "2025-03-09"
    assert first.published.origin == "page"
    assert first.summary_html.startswith("The ferry left at dawn")
    assert first.lead_image == "https://harbour.example/i/9.jpg"


def test_a_chinese_list_of_plain_links_becomes_a_feed() -> None:
    items = "".join(
        f'<li><span>2025-03-0{n}</span><a href="/n/{n}0305.html">港口新闻第{n}条：渡轮时刻表再次调整</a></li>'
        for n in range(1, 6)
    )
    feed = feed_from_page(f"<div class=box><ul>{items}</ul></div>", "https://gang.example/", now=NOW)
    assert len(feed.entries) == 5
    assert feed.entries[4].published is not None
    assert feed.entries[4].published.at.date().isoformat() == "2025-03-05"


def test_links_inside_sentences_are_no_list() -> None:
    text = "".join(
        f'<p>We wrote about <a href="/2025/03/0{n}/a-long-story-{n}">this long story of the sea</a> '
        "before and will come back to it when there is more to be told about its people.</p>"
        for n in range(1, 7)
    )
    with pytest.raises(NotAFeed, match="without a list of articles"):
        feed_from_page(text, "https://harbour.example/", now=NOW)


def test_a_selector_names_the_links_where_they_are_not_found() -> None:
    page = '<div class="x"><a href="/a">A</a></div><div class="y"><a href="/b">B</a><a href="/c">C</a></div>'
    feed = feed_from_page(page, "https://harbour.example/", links=".y a")
    assert [(entry.title, entry.url) for entry in feed.entries] == [
        ("B", "https://harbour.example/b"),
        ("C", "https://harbour.example/c"),
    ]
    with pytest.raises(FeedError, match="is no CSS selector"):
        feed_from_page(page, "https://harbour.example/", links="..y >")


def test_a_page_of_thousands_of_links_is_read_in_bounded_time() -> None:
    nested = "<div>" * 500 + "".join(
        f'<a href="/2025/01/01/story-of-{n}">A story of number {n}</a>' for n in range(6_000)
    )
    feed = feed_from_page(nested, "https://harbour.example/", now=NOW)
    assert len(feed.entries) == 200
