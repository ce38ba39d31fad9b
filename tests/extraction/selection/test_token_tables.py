"""Evidence by words: of names of containers, of openings."""

import pytest

from unabridged.extraction.selection.token_tables import TokenTables, container_tokens, word_tokens


@pytest.mark.parametrize(
    ("tag", "key", "mark", "tokens"),
    [
        ("div", "entryContent wide", "", ["<div", "entry", "content", "entry-content", "wide"]),
        ("p", "", "note hidden", ["<p", "@note", "@hidden"]),
        ("li", "item-3 col_md_12", "", ["<li", "item", "col", "md", "col-md"]),
    ],
)
def test_names_are_taken_apart_into_words(tag: str, key: str, mark: str, tokens: list[str]) -> None:
    assert container_tokens(tag, key, mark) == tokens


def test_a_container_scores_the_sum_of_its_tokens_within_bounds() -> None:
    tables = TokenTables({"<div": 0.5, "entry": 1.0, "entry-content": 1.5, "x": 99.0}, {}, {})
    assert tables.container("div", "entry-content", "") == 3.0
    assert tables.container("div", "x", "") == 6.0


def test_short_openings_are_marked_apart_from_long_ones() -> None:
    assert word_tokens("Read more") == ["^~read", "~read", "~more"]
    assert word_tokens("Read more about this in the long story that follows here.")[0] == "^read"


def test_chinese_openings_are_pairs_of_characters() -> None:
    assert word_tokens("相关新闻")[:2] == ["^~相关", "~相关"]
