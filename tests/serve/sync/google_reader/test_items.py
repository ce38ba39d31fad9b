"""Item objects: origin, categories, titles and enclosures."""

from dataclasses import replace
from datetime import timedelta

from tests.serve.running_app import NOW, make_article
from unabridged.archive.records.core import PageRecord, StoredArticle
from unabridged.archive.records.items import ItemOrigin
from unabridged.model import Enclosure
from unabridged.serve.sync.google_reader.items import (
    ItemParts,
    first_origin,
    item_categories,
    item_object,
    item_title,
    plain_title,
)
from unabridged.serve.sync.google_reader.streams import OTHER_FEED

STORED = StoredArticle(
    id=7,
    item_id=3,
    article=make_article(0),
    revision=1,
    revision_source="page",
    revised=NOW + timedelta(hours=1),
    content_hash="",
    at=NOW,
    first_seen=NOW,
    feed_id=2,
    feed_title="News",
    source="news",
    page=PageRecord(state="read", attempts=1),
    delivered=NOW,
)
A = ItemOrigin(feed_id=1, title="A", site_url=None, folder="One")
B = ItemOrigin(feed_id=2, title="B", site_url="https://b.example/", folder="Two")


def test_an_article_without_a_title_has_its_first_words() -> None:
    article = make_article(3, title="", text="  A short   note.\n\nMore of it.")
    assert item_title(article) == "A short note. More of it."
    assert item_title(replace(article, title="A < B")) == "A ＜ B"
    assert item_title(replace(article, text="")) == "https://news.example/story-3"


def test_an_item_belongs_to_its_own_feed_if_that_is_subscribed_to() -> None:
    assert first_origin(ItemParts(stored=STORED, origins=(A, B))) == B
    assert first_origin(ItemParts(stored=STORED, origins=(A,))) == A
    assert first_origin(ItemParts(stored=STORED)).feed_id == OTHER_FEED


def test_categories_are_states_labels_of_all_feeds_and_tags_each_once() -> None:
    marked = replace(STORED, read=True, starred=True)
    parts = ItemParts(stored=marked, origins=(A, B), tags=("Two", "Later"))
    state, label = "user/-/state/com.google", "user/-/label"
    assert item_categories(parts) == [
        *(f"{state}/reading-list", f"{state}/read", f"{state}/starred"),
        *(f"{label}/One", f"{label}/Two", f"{label}/Later"),
        *("Harbour", "Weather"),
    ]


def test_titles_are_the_same_as_text_and_as_html() -> None:
    assert plain_title("1 < 2 <script>") == "1 ＜ 2 ＜script＞"
    assert plain_title('R&D "x"') == 'R&D "x"'


def test_an_address_that_is_none_of_the_web_is_left_out() -> None:
    bad = Enclosure(url="file:///etc/passwd", type="audio/mpeg")
    good = Enclosure(url="https://a.example/1.mp3")
    article = replace(STORED.article, enclosures=(bad, good))
    found = item_object(ItemParts(stored=replace(STORED, article=article)))
    assert found["enclosure"] == [{"href": good.url, "url": good.url, "type": "", "length": 0}]
    assert found["id"] == "tag:google.com,2005:reader/item/0000000000000003"
    assert found["updated"] == int(NOW.timestamp()) + 3600
    assert int(found["timestampUsec"]) == int(NOW.timestamp()) * 1_000_000 + 3
    assert "enclosure" not in item_object(
        ItemParts(stored=replace(STORED, article=replace(article, enclosures=())))
    )
