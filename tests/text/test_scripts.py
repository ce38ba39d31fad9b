"""The direction of a language, the same in the reader and in books."""

import pytest

from unabridged.text.scripts import direction, right_to_left_language


@pytest.mark.parametrize("language", ["ar-EG", "he", "fa", "ur", "ps", "yi", "ckb", "ug-CN", "SD", "dv"])
def test_a_language_written_from_right_to_left_is_known(language: str) -> None:
    assert direction(language) == "rtl"


@pytest.mark.parametrize("language", ["en", "zh-Hans", "ku", "", None])
def test_any_other_language_runs_from_left_to_right(language: str | None) -> None:
    assert direction(language) == "ltr"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (None, "الوزير يعلن افتتاح الميناء (2026) C++ دليل", "rtl"),
        (None, "הנמל נפתח מחדש היום", "rtl"),
        (None, "مراجعة iPhone 17 Pro", "rtl"),
        (None, "ߒߞߏ ߞߊ߲", "rtl"),
        ("en-US", "وصلت العبارة إلى الميناء", "rtl"),
        ("ar", "2026", "rtl"),
        ("ar", "iPhone 17 Pro: مراجعة", "rtl"),
        ("ar", "Ministry opens harbour", "ltr"),
        ("pa-Arab", "", "rtl"),
        ("ks-Deva", "", "ltr"),
        (None, "The word سلام means peace in Arabic", "ltr"),
        (None, "شكرا is how you say thank you in Arabic, if you must say it", "ltr"),
        (None, "2026: 100 %", "ltr"),
        (None, "", "ltr"),
    ],
)
def test_letters_show_the_direction_where_the_language_does_not(
    language: str | None, text: str, expected: str
) -> None:
    assert direction(language, text) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("הנמל נפתח מחדש היום", "he"),
        ("وصلت العبارة إلى الميناء", "ar"),
        ("کشتی به بندر رسید و پهلو گرفت", "fa"),
        ("فیری شام کو بندرگاہ پہنچی اور ٹھہر گئی", "ur"),
        ("Plain English", None),
    ],
)
def test_a_language_is_guessed_by_the_letters_that_only_it_has(text: str, language: str | None) -> None:
    assert right_to_left_language(text) == language
