"""A page without a feed, read as one: its lists of links."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.list_pages import LAYOUTS, Layout, first_stories, later_stories, written
from bench.list_pages import NOW as LATER
from tests.feeds.lists.made import addresses, layout_named, made, maker_of
from unabridged.errors import FeedError, ListVanished, NotAFeed
from unabridged.feeds.lists.choice import folded
from unabridged.feeds.lists.profile import ListState
from unabridged.feeds.lists.read import MAX_KNOWN, MAX_VERSION, VERSIONS, feed_from_page, read_list

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


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_every_layout_is_read_exactly_at_every_visit(layout: Layout) -> None:
    """Items are new, gone, moved and pinned between visits; of each, title and date are right."""
    for tag in (layout.languages or ("en", "zh", "ar"))[:3]:
        maker = maker_of(tag)
        stories, state = first_stories(maker, layout), ListState()
        for _ in range(3):
            page = written(maker, layout, stories)
            reading = read_list(page.html, page.url, state, now=LATER)
            state = reading.state
            assert addresses(reading.feed.entries) == [story.url for story in stories]
            assert [folded(one.title) for one in reading.feed.entries] == [
                folded(one.title) for one in stories
            ]
            for entry, story in zip(reading.feed.entries, page.truth, strict=True):
                assert (entry.published and entry.published.at.date()) == (story.date and story.date.date())
            stories = later_stories(maker, layout, stories)


def test_after_a_redesign_the_list_is_learnt_again_by_its_known_items() -> None:
    maker, stories, page = made("cards")
    state = read_list(page.html, page.url, ListState(), now=LATER).state
    redesigned = written(
        maker, layout_named("below services"), later_stories(maker, layout_named("cards"), stories)
    )
    reading = read_list(redesigned.html, redesigned.url, state, now=LATER)
    assert reading.learnt and reading.state.profile is not None
    assert reading.state.profile.chosen_by == "known"
    assert addresses(reading.feed.entries) == [story.url for story in redesigned.truth]


def test_a_list_whose_items_are_all_new_is_learnt_again_by_the_form_of_its_addresses() -> None:
    _, _, page = made("cards")
    state = read_list(page.html, page.url, ListState(), now=LATER).state
    _, _, other = made("plain list", "de")
    reading = read_list(other.html, other.url, state, now=LATER)
    assert reading.state.profile is not None and reading.state.profile.chosen_by == "addresses"
    assert len(reading.feed.entries) == 25


def test_a_list_that_is_gone_is_an_error_and_no_other_list_takes_its_place() -> None:
    maker, stories, page = made("cards")
    state = read_list(page.html, page.url, ListState(examples=(stories[1].title,)), now=LATER).state
    for name in ("below services", "beside most read"):
        emptied = written(maker, layout_named(name), ())
        with pytest.raises(ListVanished, match="matches nothing any more"):
            read_list(emptied.html, emptied.url, state, now=LATER)


def test_a_profile_of_another_version_is_learnt_again_by_known_items_though_the_headline_is_gone() -> None:
    _, stories, page = made("beside most read")
    known = read_list(page.html, page.url, ListState(), now=LATER).state.known
    stale = ListState(examples=("A headline of last month",), known=known)
    assert addresses(read_list(page.html, page.url, stale, now=LATER).feed.entries) == [
        story.url for story in stories
    ]


def test_versions_and_known_items_are_kept_within_bounds() -> None:
    maker, layout = maker_of("en"), layout_named("plain list")
    stories, state = first_stories(maker, layout), ListState()
    for _ in range(5):
        page = written(maker, layout, stories)
        state = read_list(page.html, page.url, state, now=LATER).state
        again = read_list(page.html, page.url, state, now=LATER)
        assert again.state == state and not again.learnt  # the same page teaches nothing
        stories = later_stories(maker, layout, stories)
    assert len(state.pages) == VERSIONS and len(state.known) <= MAX_KNOWN
    huge = page.html + b"<!--" + b"x" * MAX_VERSION + b"-->"
    assert read_list(huge, page.url, ListState(), now=LATER).state.pages == ()


PIECES = (
    "<li>|</li>|<ul class='a b'>|</ul>|<a href='/2025/s-{n}-x'>|</a>|<td>|<time>|<h2>|</h2>|<p>|12 May 2025"
    "|A story of the harbour {n}|<a href='javascript:x'>"
).split("|")


@given(st.lists(st.sampled_from(PIECES), max_size=120))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_any_page_is_read_or_refused_and_every_item_has_a_title_and_an_address(pieces: list[str]) -> None:
    html = "".join(piece.format(n=n) for n, piece in enumerate(pieces)).encode()
    try:
        reading = read_list(html, "https://harbour.example/", ListState(), now=LATER)
    except NotAFeed:
        return
    for entry in reading.feed.entries:
        assert entry.title and (entry.url or "").startswith("https://harbour.example/")
    assert read_list(html, "https://harbour.example/", reading.state, now=LATER).feed == reading.feed


def test_a_million_items_and_classes_without_end_are_read_in_bounded_work() -> None:
    link = "<a href='/2025/01/01/story-of-{0}'>A story of the harbour {0}</a>"
    with pytest.raises(NotAFeed):
        feed_from_page("<ul>" + "<li>x</li>" * 1_000_000 + "</ul>", "https://harbour.example/", now=NOW)
    classes = " ".join(f"c{n}" for n in range(5_000))
    wide = "".join(f"<li class='{classes}'>{link.format(n)}</li>" for n in range(60))
    assert len(feed_from_page(wide, "https://harbour.example/", now=NOW).entries) == 60
    tables = "<table><tr><td>" * 200 + "".join(f"<table><tr><td>{link.format(n)}" for n in range(300))
    assert len(feed_from_page(tables, "https://harbour.example/", now=NOW).entries) <= 200
