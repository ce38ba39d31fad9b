"""Texts of other parts of the program, found again among the patterns with their values."""

import re

import pytest

from unabridged.serve.languages import reported as module
from unabridged.serve.languages.choice import LANGUAGES
from unabridged.serve.languages.messages import catalogue, language
from unabridged.serve.languages.patterns import PATTERNS
from unabridged.serve.languages.reported import reported


def test_a_text_of_no_pattern_is_shown_as_it_is_and_english_ones_stay() -> None:
    assert reported("Nobody wrote this. Nor this.") == "Nobody wrote this. Nor this."
    for pattern in PATTERNS:
        assert reported(pattern) == pattern


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_every_pattern_is_found_with_its_values_and_said_in_the_language(code: str) -> None:
    token = language.set(LANGUAGES[code])
    try:
        for pattern in PATTERNS:
            values = {
                name: "7" if name in ("n", "n2", "n3") else f"«{name} 7»"
                for name in re.findall(r"\{(\w+)\}", pattern)
            }
            said = reported(pattern.format(**values))
            assert said == catalogue(code).gettext(pattern).format(**values), pattern
    finally:
        language.reset(token)


def test_no_pattern_is_so_wide_that_it_takes_the_texts_of_others() -> None:
    for pattern in PATTERNS:
        words = module._FIELD.sub("", pattern).strip()
        assert len(words) >= 8 or not re.search(r"\{(?!n\d?\})", pattern), pattern
