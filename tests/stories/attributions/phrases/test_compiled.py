"""Phrases as expressions: every language compiles, and none of its expressions can be held up by a window."""

from dataclasses import fields

import pytest

from unabridged.stories.attributions.languages import LANGUAGES
from unabridged.stories.attributions.phrases.compiled import TABLES, Expressions, expressions
from unabridged.stories.attributions.roles import WINDOW


def test_every_language_has_its_phrases_and_others_only_empty_ones() -> None:
    assert set(TABLES) == set(LANGUAGES)
    other = expressions("pl")
    assert other.report_before.search("according to ") is None and not other.unnamed_hints


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hint_stands_in_every_source_without_a_name_that_is_searched_by_hints(language: str) -> None:
    found = expressions(language)
    for text in ("local media", "State television", "media reports", "Staatsmedien", "lokale Zeitungen"):
        if found.unnamed_hints and found.unnamed.search(text):
            assert any(hint in text for hint in found.unnamed_hints), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_windows_of_one_word_repeated_are_read_to_their_end(language: str) -> None:
    found = expressions(language)
    for word in (
        "a",
        "la",
        "der",
        "agencia",
        "газета",
        "ал",
        "قال",
        "据",
        "が",
        "report",
        "by",
        "said",
        "lunes",
    ):
        for gap in ("", " "):
            window = (f"{word}{gap}" * WINDOW)[:WINDOW]
            for field in fields(Expressions):
                if field.name != "unnamed_hints":
                    getattr(found, field.name).search(window)
