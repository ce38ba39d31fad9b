"""The core records: frozen, and the same after a journey to another process."""

import copy
import pickle
from dataclasses import FrozenInstanceError, fields, is_dataclass
from datetime import UTC, datetime

import pytest

from unabridged import model
from unabridged.model import Article, Clock, Completeness, Enclosure, Entry, Feed, Link, Media

NOW = datetime(2024, 5, 6, 9, tzinfo=UTC)
RECORDS = (
    Clock(kind="published", at=NOW, origin="feed", raw="today"),
    Link(url="https://news.example/", text="News"),
    Media(kind="image", url="https://news.example/a.png", width=3),
    Enclosure(url="https://news.example/a.mp3", length=5),
    Entry(guid="1", title="Flood", extra=(("dc:x", "y"),)),
    Feed(url="https://news.example/feed", format="rss", entries=(Entry(guid="1"),)),
    Completeness(kind="truncated", evidence=("short",)),
    Article(url="https://news.example/1", title="Flood", provenance={"title": "meta"}),
)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_comes_back_equal_from_another_process(record: object) -> None:
    assert pickle.loads(pickle.dumps(record)) == record
    assert copy.copy(record) == record


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_cannot_be_changed(record: object) -> None:
    name = fields(record)[0].name  # type: ignore[arg-type]
    with pytest.raises(FrozenInstanceError):
        setattr(record, name, "other")


def test_every_record_names_its_fields() -> None:
    records = [one for one in vars(model).values() if isinstance(one, type) and is_dataclass(one)]
    assert len(records) > 8
    assert all(field.kw_only for record in records for field in fields(record))


def test_the_former_name_of_an_articles_html_is_read_with_a_warning() -> None:
    article = Article(url="https://news.example/1", html="<p>Two words</p>")
    with pytest.warns(DeprecationWarning, match=r"Article\.html"):
        assert article.body == "<p>Two words</p>"
