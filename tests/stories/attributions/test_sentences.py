"""Sentences and language of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unabridged.stories.attributions.languages import language_of
from unabridged.stories.attributions.sentences import sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. Smith left the U.S. Senate. He was 5.", ["Mr. Smith left the U.S. Senate. ", "He was 5."]),
        ("他走了。“我知道。”她说。", ["他走了。", "“我知道。”", "她说。"]),
        ("Eins. Zwei!\nDrei", ["Eins. ", "Zwei!\n", "Drei"]),
    ],
)
def test_a_text_is_cut_at_the_ends_of_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end, _ in sentences(text)] == expected


@given(st.text(alphabet="aA .!。\n”«я", max_size=200))
def test_the_sentences_are_the_whole_text(text: str) -> None:
    assert "".join(text[start:end] for start, end, _ in sentences(text)) == text


@pytest.mark.parametrize(
    ("text", "stated", "expected"),
    [
        ("新华社报道", None, "zh"),
        ("新華社が伝えた。", None, "ja"),
        ("сообщает ТАСС", None, "ru"),
        ("بحسب رويترز", None, "ar"),
        ("the ferry of the harbour", None, "en"),
        ("die Fähre und das Schiff", None, "de"),
        ("prom z Gdańska", None, ""),
        ("la nave va", "it", ""),
        ("whatever", "zh-TW", "zh"),
        ("", None, ""),
    ],
)
def test_the_language_is_the_stated_one_or_guessed(text: str, stated: str | None, expected: str) -> None:
    assert language_of(text, stated) == expected
