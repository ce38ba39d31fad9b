"""The direction of a language, the same in the reader and in books."""

import pytest

from unabridged.text.scripts import direction


@pytest.mark.parametrize("language", ["ar-EG", "he", "fa", "ur", "ps", "yi", "ckb", "ug-CN", "SD", "dv"])
def test_a_language_written_from_right_to_left_is_known(language: str) -> None:
    assert direction(language) == "rtl"


@pytest.mark.parametrize("language", ["en", "zh-Hans", "ku", "", None])
def test_any_other_language_runs_from_left_to_right(language: str | None) -> None:
    assert direction(language) == "ltr"
