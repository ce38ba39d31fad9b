"""Labels of advertising, sharing and tools."""

from unabridged.text.labels import AD_LABELS, SHARE_SIGNS, SHARE_WORDS, TOOL_SIGNS, TOOL_WORDS


def test_labels_are_in_lower_case_and_stand_once() -> None:
    assert [label.lower() for label in AD_LABELS] == list(dict.fromkeys(AD_LABELS))
    for words in (SHARE_WORDS, TOOL_WORDS):
        assert all(word == word.lower() for word in words)


def test_a_word_that_shares_is_a_word_of_tools_too() -> None:
    assert SHARE_SIGNS < SHARE_WORDS < TOOL_WORDS
    assert TOOL_SIGNS < TOOL_WORDS
