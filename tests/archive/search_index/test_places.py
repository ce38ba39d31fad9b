"""Places of folded letters and of tokens in the original text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unabridged.archive.search_index import tokenizer
from unabridged.archive.search_index.places import _clusters, located_tokens, mapped

LETTERS = st.text(alphabet=st.sampled_from("aZ9 é’e\u0301圖ｶﾞがﬁßΣς한ก\u0e48-\n“”"), max_size=60)


@settings(deadline=None)
@given(LETTERS)
def test_every_letter_of_the_folded_text_has_its_place_in_the_original(text: str) -> None:
    folded, places = mapped(text)
    alone = [(tokenizer.fold(cluster), start) for start, cluster in _clusters(text)]
    assert folded == "".join(letters for letters, _ in alone)
    assert [*places] == [start for letters, start in alone for _ in letters] + [len(text)]


@settings(deadline=None)
@given(LETTERS)
def test_located_tokens_are_those_of_the_text_with_rising_places(text: str) -> None:
    found, places = located_tokens(text, 1000)
    assert found == tokenizer.tokens(mapped(text)[0])
    assert len(places) == len(found)
    assert all(start <= end <= len(text) for start, end in places)
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Le CAFÉ, fermé", ["Le", "CAFÉ", "fermé"]),
        ("港口关闭。On Monday", ["港", "口", "关", "闭", "On", "Monday"]),
        ("Straße ﬁn", ["Straße", "ﬁn"]),
    ],
)
def test_a_place_is_that_of_the_word_or_letter(text: str, words: list[str]) -> None:
    _, places = located_tokens(text, 1000)
    assert [text[start:end] for start, end in places] == words


def test_no_more_tokens_are_returned_than_asked_for() -> None:
    found, places = located_tokens("word " * 100 + "港口" * 100, 7)
    assert (len(found), len(places)) == (7, 7)
