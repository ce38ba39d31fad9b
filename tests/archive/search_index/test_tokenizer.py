"""Tokens of texts and of queries: words, and pairs of letters where a script has no spaces."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unabridged.archive.search_index.tokenizer import (
    END,
    GAP,
    JOINT,
    LETTER,
    MAX_WORD_LENGTH,
    contains_phrase,
    document_tokens,
    fold,
    host_tokens,
    is_unspaced,
    language_tokens,
    query_tokens,
    tokens,
)


def test_a_letter_of_an_unspaced_script_is_a_pair_with_the_next() -> None:
    assert tokens(fold("Ferry 渡轮在 7")) == ["ferry", "渡轮", "轮在", "在" + END, "7"]


def test_a_document_has_gaps_around_its_parts_and_a_set_of_single_letters() -> None:
    found, letters = document_tokens(["Night", "渡轮渡"])
    assert found == [GAP, "night", GAP, "渡轮", "轮渡", "渡" + END, GAP]
    assert letters == [LETTER + "渡", LETTER + "轮"]


@pytest.mark.parametrize(
    ("words", "found", "prefix"),
    [
        ("Night Train", ("night", "train"), False),
        ("渡", (LETTER + "渡",), False),
        ("渡轮", ("渡轮",), False),
        ("train 渡", ("train", "渡"), True),
        ("!?", (), False),
    ],
)
def test_a_query_asks_for_tokens_that_follow_one_another(
    words: str, found: tuple[str, ...], prefix: bool
) -> None:
    assert query_tokens(words) == (found, prefix)


@settings(deadline=None)
@given(st.text(alphabet="渡轮在河", min_size=1, max_size=12), st.data())
def test_every_part_of_a_text_without_spaces_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    wanted, prefix = query_tokens(text[start : data.draw(st.integers(start + 1, len(text)))])
    found, letters = document_tokens([f"On {text} it is."])
    assert contains_phrase([*found, *letters], wanted, prefix=prefix)


def test_a_word_without_end_is_cut() -> None:
    assert tokens("a" * 500) == ["a" * MAX_WORD_LENGTH]


def test_a_host_is_found_by_itself_and_by_its_parents() -> None:
    assert host_tokens("Blog.News.example") == (
        f"blog{JOINT}news{JOINT}example",
        f"news{JOINT}example",
        "example",
    )
    assert language_tokens("zh-Hant-TW") == ("zh", f"zh{JOINT}hant", f"zh{JOINT}hant{JOINT}tw")
    assert language_tokens(None) == ()


def test_a_phrase_is_whole_tokens_but_for_a_prefix_at_its_end() -> None:
    assert contains_phrase(["night", "trains"], ["night", "train"], prefix=True)
    assert not contains_phrase(["night", "trains"], ["night", "train"])
    assert not contains_phrase(["midnight", "train"], ["night", "train"])


@pytest.mark.parametrize(("letter", "expected"), [("渡", True), ("ข", True), ("a", False), ("渡轮", True)])
def test_scripts_without_spaces_are_known(letter: str, expected: bool) -> None:
    assert is_unspaced(letter) is expected
