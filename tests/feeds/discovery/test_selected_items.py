"""A page to a feed by selectors, as Feed Creator understands them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from unabridged.errors import FeedError, NotAFeed
from unabridged.feeds.discovery.item_selectors import ItemSelectors
from unabridged.feeds.discovery.selected_items import MAX_ITEMS, feed_from_selectors, read_php_date
from unabridged.model import Feed

NOW = datetime(2026, 3, 20, tzinfo=UTC)
URL = "https://news.example/list"
CARD = (
    '<div class="card" id="c{n}"><h3>Card {n} &amp; more</h3><a href="/x">More</a>'
    '<a class="story" href="/news/{n}?id={n}">open {n}</a>'
    '<time datetime="2026-03-0{n}T10:00:00Z">{n}/3/2026</time>'
    '<p>About <i>{n}</i></p><img data-src="/{n}.png"></div>'
)
PAGE = "<title>All cards</title>" + "".join(CARD.format(n=n) for n in (1, 2, 3))


def made(page: str = PAGE, **selectors: object) -> Feed:
    return feed_from_selectors(page.encode(), URL, ItemSelectors(**selectors), now=NOW)  # type: ignore[arg-type]


def test_an_item_has_its_first_link_and_the_words_of_it() -> None:
    feed = made(item=".card")
    assert [(one.title, one.url) for one in feed.entries] == [("More", "https://news.example/x")] * 3
    assert (feed.title, feed.site_url) == ("All cards", URL)
    assert all(one.published is None and not one.summary_html and one.guid is None for one in feed.entries)


def test_every_part_of_an_item_has_a_selector() -> None:
    first = made(
        item=".card", title="h3", url="a.story", description="p", date="time", image="img", feed_title="Mine"
    ).entries[0]
    assert (first.title, first.url) == ("Card 1 & more", "https://news.example/news/1?id=1")
    assert (first.summary_html, first.lead_image) == ("About 1", "https://news.example/1.png")
    assert first.published is not None and first.published.at.isoformat() == "2026-03-01T10:00:00+00:00"


@pytest.mark.parametrize(
    ("field", "selector", "value"),
    [
        ("title", "0", ""),
        ("title", ":scope @id", "c1"),
        ("title", "time @datetime", "2026-03-01T10:00:00Z"),
        ("title", "./h3", "Card 1 & more"),
        ("title", "string(./h3)", ""),
        ("url", "0", None),
        ("url", "1", URL),
        ("url", "a[2]", "https://news.example/news/1?id=1"),
        ("url", "./a[2]/@href", "https://news.example/news/1?id=1"),
        ("url", "img @data-src", "https://news.example/1.png"),
    ],
)
def test_selectors_name_attributes_the_item_itself_and_xpath(
    field: str, selector: str, value: str | None
) -> None:
    if selector.startswith("string("):
        with pytest.raises(FeedError):
            made(item=".card", **{field: selector})
        return
    entry = made(item=".card", **{field: selector}).entries[0]
    assert getattr(entry, field) == value


def test_links_are_found_by_the_class_or_id_around_them() -> None:
    assert len(made(in_id_or_class="story").entries) == 3
    assert [one.title for one in made(in_id_or_class="c2").entries] == ["More", "open 2"]
    assert len(made().entries) == 6, "without any selector: all links"


def test_items_are_filtered_ordered_and_counted() -> None:
    links: dict[str, Any] = {"in_id_or_class": "card"}
    assert len(made(**links, url_contains=("/news/1", "/news/3")).entries) == 2
    assert len(made(**links, unique_url=True).entries) == 4
    assert made(item=".card", title="h3", order="reverse").entries[0].title == "Card 3 & more"
    newest = made(item=".card", title="h3", date="time", order="date", most=2).entries
    assert [one.title for one in newest] == ["Card 3 & more", "Card 2 & more"]


def test_ids_are_made_of_what_was_named_and_stay() -> None:
    def ids(**more: Any) -> list[str | None]:
        return [one.guid for one in made(item=".card", url="a.story", title="h3", **more).entries]

    assert len(set(ids(guid=("url",)))) == 3 and ids(guid=("url",)) == ids(guid=("url",))
    assert ids(guid=("url",)) != ids(guid=("title",)) != ids(guid=("url", "title"))


@pytest.mark.parametrize(
    ("text", "pattern", "iso"),
    [
        ("28/6/2020", "j/n/Y", "2020-06-28T00:00:00"),
        ("28-Jun-20", "j-M-y", "2020-06-28T00:00:00"),
        ("June 5, 2020 3:07 PM", "F j, Y g:i A", "2020-06-05T15:07:00"),
        ("Posted 05.06.2020", "\\P\\o\\s\\t\\e\\d d.m.Y", "2020-06-05T00:00:00"),
        ("2020-06-05 10:00 +0200", "!Y-m-d H:i O", "2020-06-05T10:00:00+02:00"),
        ("1591351620", "U", "2020-06-05T10:07:00+00:00"),
        ("100% 2020", "100% Y", "2020-01-01T00:00:00"),
        ("yesterday", "j/n/Y", None),
        ("99999999999999", "U", None),
        ("x", "[", None),
    ],
)
def test_dates_are_read_by_patterns_of_php(text: str, pattern: str, iso: str | None) -> None:
    found = read_php_date(text, pattern)
    assert (found.isoformat() if found else None) == iso


def test_a_selector_that_is_none_and_a_page_without_items_are_named() -> None:
    for selector in ("div[", "a:nope(", "//x["):
        with pytest.raises(FeedError, match="neither a CSS selector nor XPath"):
            made(item=selector)
    with pytest.raises(NotAFeed, match="no item"):
        made(item=".none")


def test_items_are_bounded() -> None:
    page = '<div class="card"><a href="/1">x</a></div>' * (MAX_ITEMS + 10)
    assert len(made(page, item=".card", most=10**6).entries) == MAX_ITEMS
