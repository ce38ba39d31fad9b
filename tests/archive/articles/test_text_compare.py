"""What two versions of a text are compared by: relative times, counters and labels do not count."""

import pytest

from unabridged.archive.articles.text_compare import comparison_tokens, distinctive_words, stable_text

STORY = "The river rose a metre in the night."


@pytest.mark.parametrize(
    "block",
    [
        "5 minutes ago",
        "an hour ago",
        "vor 3 Stunden",
        "il y a 2 heures",
        "3小时前",
        "5 분 전",
        "12 comments",
        "1.4K views",
        "阅读 1,024",
        "Advertisement",
    ],
)
def test_a_block_that_moves_by_itself_is_left_out(block: str) -> None:
    assert stable_text(f"{STORY}\n\n{block}\n\nThe pumps came at six.") == f"{STORY} The pumps came at six."


def test_a_relative_time_in_a_sentence_of_the_story_stays() -> None:
    long = "The lock that the harbour master opened two years ago at the wish of the town was closed again."
    assert stable_text(long) == long


def test_a_changed_word_beside_a_time_still_tells_versions_apart() -> None:
    assert stable_text("Flood 5 minutes ago") == stable_text("Flood 9 minutes ago")
    assert stable_text("Flood 5 minutes ago") != stable_text("Fire 5 minutes ago")


def test_typography_and_white_space_make_no_difference() -> None:
    assert stable_text("“Don’t  go” – he said") == stable_text('"Don\'t go" - he said')


def test_tokens_are_words_marks_and_single_han_letters() -> None:
    assert comparison_tokens("“Don’t”, 他说。 3.5_") == ['"', "Don't", '"', ",", "他", "说", "。", "3.5", "_"]


def test_what_a_text_is_about_are_its_longer_words_and_pairs_of_han() -> None:
    assert distinctive_words("The River and the river 洪水来") == {"river", "洪水", "水来"}
