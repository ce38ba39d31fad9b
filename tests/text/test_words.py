"""Two ways of counting words, and letters for comparison."""

from unabridged.text.words import count_words, estimate_words, fold_spaces, letters_only


def test_a_han_letter_counts_as_a_word() -> None:
    assert count_words("One two, three's 4.5!") == 4
    assert count_words("中共总书记 said no") == 7
    assert count_words("") == 0


def test_a_han_letter_is_worth_half_an_english_word() -> None:
    assert estimate_words("大桥今日封闭 today") == 4
    assert estimate_words("two words") == 2
    assert estimate_words("สะพาน today") == 3
    assert estimate_words("다리 “today” – yes") == 4
    assert estimate_words("“ça va” – oui…") == 4
    assert estimate_words("") == 0


def test_only_letters_and_digits_are_compared() -> None:
    assert letters_only("Straße 7 – «ja»_") == "strasse7ja"
    assert fold_spaces(" a \n\tb\u00a0 c ") == "a b c"
