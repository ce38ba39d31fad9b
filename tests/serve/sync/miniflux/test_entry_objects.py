"""Entry and enclosure objects: every key, of the right type, with the whole text."""

from dataclasses import replace
from datetime import timedelta

import orjson
import pytest

from tests.serve.running_app import NOW, make_article
from unabridged.archive.records.core import PageRecord, StoredArticle
from unabridged.model import Enclosure
from unabridged.serve.sync.google_reader.items import ItemParts
from unabridged.serve.sync.google_reader.streams import OTHER_FEED
from unabridged.serve.sync.miniflux.entry_objects import (
    enclosure_number,
    entry_bytes,
    entry_object,
    split_enclosure,
)
from unabridged.serve.views.playback import media_key

STORED = StoredArticle(
    id=3,
    item_id=7,
    article=make_article(1),
    revision=1,
    revision_source="page",
    revised=NOW,
    content_hash="00",
    at=NOW - timedelta(hours=1),
    first_seen=NOW,
    feed_id=None,
    feed_title=None,
    source="news",
    page=PageRecord(state="read"),
    delivered=NOW,
)
TYPES = {
    "id": int,
    "user_id": int,
    "feed_id": int,
    "status": str,
    "hash": str,
    "title": str,
    "url": str,
    "comments_url": str,
    "language": str,
    "published_at": str,
    "created_at": str,
    "changed_at": str,
    "content": str,
    "author": str,
    "share_code": str,
    "starred": bool,
    "reading_time": int,
    "enclosures": list,
    "tags": list,
}


def test_an_entry_has_every_key_and_the_whole_text() -> None:
    seconds = {media_key("https://news.example/1.mp3"): 42}
    found = entry_object(ItemParts(stored=STORED, tags=("Later", "Harbour")), 5, seconds)
    assert {key: type(value) for key, value in found.items()} == TYPES
    assert found["content"] == STORED.article.html
    assert (found["id"], found["user_id"], found["feed_id"]) == (7, 5, OTHER_FEED)
    assert (found["status"], found["starred"], found["reading_time"]) == ("unread", False, 1)
    assert found["tags"] == ["Harbour", "Weather", "Later"]
    assert found["author"] == "Ada Writer, Bo Second"
    assert found["published_at"] == "2026-03-20T08:00:00Z"
    [file] = found["enclosures"]
    assert file == {
        "id": 7001,
        "user_id": 5,
        "entry_id": 7,
        "url": "https://news.example/1.mp3",
        "mime_type": "audio/mpeg",
        "size": 123,
        "media_progression": 42,
    }


@pytest.mark.parametrize(
    ("changes", "changed"),
    [({}, 0), ({"changed": NOW + timedelta(hours=2)}, 2), ({"revised": NOW + timedelta(hours=3)}, 3)],
)
def test_a_mark_or_a_new_version_is_a_change(changes: dict[str, object], changed: int) -> None:
    one = replace(STORED, **changes)  # type: ignore[arg-type]
    found = entry_object(ItemParts(stored=one), 1, {})
    assert found["changed_at"] == (NOW + timedelta(hours=changed)).isoformat().replace("+00:00", "Z")
    assert found["hash"] == entry_object(ItemParts(stored=STORED), 1, {})["hash"]


def test_an_article_without_anything_has_every_key_too() -> None:
    bare = replace(
        STORED,
        item_id=None,
        article=replace(
            STORED.article, title="", authors=(), tags=(), html="", text="", language=None, enclosures=()
        ),
    )
    found = entry_object(ItemParts(stored=bare), 1, {})
    assert {key: type(value) for key, value in found.items()} == TYPES
    assert (found["title"], found["reading_time"], found["tags"]) == (STORED.article.url, 0, [])


def test_numbers_of_enclosures_lead_back() -> None:
    assert split_enclosure(enclosure_number(123, 4)) == (123, 4)
    many = tuple(Enclosure(url=f"https://news.example/{n}.mp3") for n in range(1500))
    stored = replace(STORED, article=replace(STORED.article, enclosures=many))
    files = entry_object(ItemParts(stored=stored), 1, {})["enclosures"]
    assert len({one["id"] for one in files}) == len(files) == 999
    assert {split_enclosure(one["id"])[0] for one in files} == {7}


def test_the_feed_is_put_in_as_it_is() -> None:
    found = entry_object(ItemParts(stored=STORED), 1, {})
    assert orjson.loads(entry_bytes(found, b'{"id":1}')) == {**found, "feed": {"id": 1}}
