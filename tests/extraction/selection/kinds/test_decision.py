"""The kind of a page is told where it is probable and the page itself states nothing that tells it."""

import pytest

from tests.extraction.selection.kinds.pages import KETTLE, SHELF, STORY
from unabridged.extraction import extract
from unabridged.extraction.selection.kinds.decision import decided_kind, is_generic, kind_signals
from unabridged.extraction.selection.kinds.models import KINDS, PageKind

SHOP = "https://lamps.example/collections/lamps"


def kinds(**chances: float) -> dict[PageKind, float]:
    return {kind: chances.get(kind, 0.0) for kind in KINDS}


def test_a_probable_kind_is_told() -> None:
    assert decided_kind(kind_signals(kinds(forum=0.7, article=0.3)), "full") == "forum"


def test_no_kind_is_told_where_none_is_probable() -> None:
    assert decided_kind(kind_signals(kinds(forum=0.4, article=0.4, listing=0.2)), "full") is None
    assert decided_kind({}, "full") is None


def test_a_page_judged_to_be_no_article_is_not_called_one() -> None:
    signals = kind_signals(kinds(article=0.9))
    assert decided_kind(signals, "full") == "article"
    assert decided_kind(signals, "not_an_article") is None


@pytest.mark.parametrize(("stated", "generic"), [(None, True), ("WebSite", True), ("NewsArticle", False)])
def test_a_type_that_every_page_has_tells_nothing(stated: str | None, generic: bool) -> None:
    assert is_generic(stated) is generic


def test_a_shelf_is_called_a_collection_although_it_declares_a_website() -> None:
    article = extract(SHELF.replace('{"@type": "CollectionPage"}', "{}"), SHOP)
    assert (article.kind, article.provenance["kind"]) == ("collection", "page")


def test_the_stated_type_of_an_article_stays() -> None:
    article = extract(STORY.replace("article'>", "NewsArticle'>", 1), "https://news.example/2026/harbour")
    assert (article.kind, article.provenance["kind"]) == ("NewsArticle", "meta")


def test_a_stated_product_stays_one() -> None:
    assert extract(KETTLE, "https://pots.example/products/iron-kettle").kind == "Product"
