"""The text of lists, products, collections and forums: the blocks with the highest expected F1."""

import numpy as np

from tests.extraction.selection.kinds.pages import KETTLE, SHELF, STORY
from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.kinds.models import KINDS
from unabridged.extraction.selection.kinds.treatment import highest_expected_f1, is_treated
from unabridged.extraction.selection.select import WHOLE_CONTENT, select


def test_weak_blocks_are_kept_while_they_raise_the_expected_f1() -> None:
    evidence, size = np.array([3.0, -0.2, -6.0]), np.array([20.0, 20.0, 20.0])
    kept, expected = highest_expected_f1(evidence, size)
    assert kept == [0, 1]
    assert 0.5 < expected < 1


def test_one_block_is_kept_where_all_are_improbable() -> None:
    kept, _ = highest_expected_f1(np.array([-9.0, -8.0]), np.array([5.0, 5.0]))
    assert 1 in kept


def test_a_shelf_shows_all_its_items() -> None:
    found = select(parse(SHELF), url="https://lamps.example/collections/lamps")
    text = " ".join(block.text for block in found.kept)
    assert found.method == WHOLE_CONTENT
    assert all(f"Standing lamp number {number}" in text for number in range(1, 25))


def test_an_article_is_not_treated_as_a_list() -> None:
    found = select(parse(STORY), url="https://news.example/2026/harbour")
    assert found.method != WHOLE_CONTENT
    assert found.kinds["article"] > 0.9


def test_a_long_description_that_is_shown_is_the_text_of_its_product() -> None:
    found = select(parse(KETTLE), url="https://pots.example/products/iron-kettle")
    text = " ".join(block.text for block in found.kept)
    assert "Part 8 of the kettle" in text
    assert "I bought this kettle" not in text


def test_the_kinds_that_are_treated_count_together() -> None:
    none = dict.fromkeys(KINDS, 0.0)
    assert is_treated({**none, "article": 0.3, "forum": 0.2, "listing": 0.2, "service": 0.3})
    assert not is_treated({**none, "article": 0.5, "forum": 0.5})
    assert not is_treated({**none, "article": 0.3, "forum": 0.3, "service": 0.4})
    assert not is_treated({**none, "documentation": 1.0})
