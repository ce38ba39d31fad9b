"""Passages that a story's articles share, and the sentences that each one adds."""

from collections.abc import Sequence
from itertools import pairwise

import pytest

from unabridged.archive.search_index.places import located_tokens
from unabridged.stories.passages import MAX_TOKENS, MAX_TOTAL, Contribution, StoryText, contributions

FIRST = (
    "The harbour of Aldmere was closed on Monday after a ferry struck the northern pier. "
    "Nobody was hurt, but three hundred passengers waited until midnight for another boat.\n"
    "The harbour master, Ingrid Solheim, said that the pier would be examined by divers in the morning."
)
WIRE = (
    "ALDMERE (Wire) — The harbour of Aldmere was closed on Monday after a ferry struck the northern pier. "
    "The line that owns the ferry has promised to pay back every ticket within a week.\n"
    "“We are sorry,” its director said."
)
THIRD = (
    "A week after the accident the line has paid nobody. The line that owns the ferry has promised to pay "
    "back every ticket within a week, passengers recall. Nobody was hurt, but THREE hundred passengers "
    "waited until midnight for another boat."
)
CHINESE_FIRST = "台风于周三清晨在海岸登陆，数千名居民被转移到学校和体育馆。气象部门表示，风速已经减弱。"
CHINESE_SECOND = "市長要求人們留在家裡。颱風於週三清晨在海岸登陸，數千名居民被轉移到學校和體育館。"


def story_text(article: int, text: str) -> StoryText:
    tokens, places = located_tokens(text, MAX_TOKENS)
    return StoryText(article=article, text=text, tokens=tokens, places=places)


def compared(*texts: str) -> tuple[Contribution, ...]:
    return contributions([story_text(number, text) for number, text in enumerate(texts, 1)])


def repeated_words(text: str, one: Contribution) -> list[str]:
    return [text[found.start : found.end] for found in one.repeated]


def added_words(text: str, one: Contribution) -> list[str]:
    return [text[start:end] for start, end in one.added]


def test_the_first_article_repeats_nothing_and_all_its_sentences_are_new() -> None:
    first = compared(FIRST, WIRE)[0]
    assert (first.repeated, first.share) == ((), 0)
    assert " ".join(added_words(FIRST, first)) == " ".join(FIRST.split())


def test_a_copied_sentence_is_found_inside_another_one_and_the_rest_is_new() -> None:
    second = compared(FIRST, WIRE)[1]
    assert repeated_words(WIRE, second) == [
        "The harbour of Aldmere was closed on Monday after a ferry struck the northern pier"
    ]
    assert added_words(WIRE, second) == [
        "The line that owns the ferry has promised to pay back every ticket within a week.",
        "“We are sorry,” its director said.",
    ]
    assert 0.3 < second.share < 0.5


def test_each_passage_names_the_earliest_article_that_has_it() -> None:
    third = compared(FIRST, WIRE, THIRD)[2]
    assert [one.source for one in third.repeated] == [2, 1]
    taken = third.repeated[0]
    assert WIRE[taken.source_start : taken.source_end] == THIRD[taken.start : taken.end]
    again = compared(FIRST, FIRST, FIRST)[2]
    assert {one.source for one in again.repeated} == {1}
    assert (again.added, again.share) == ((), 1)


def test_other_case_and_punctuation_are_the_same_passage() -> None:
    loud = FIRST.upper().replace(",", " –").replace(".", "!")
    assert compared(FIRST, loud)[1].share == 1


def test_chinese_passages_are_found_across_the_two_ways_of_writing() -> None:
    second = compared(CHINESE_FIRST, CHINESE_SECOND)[1]
    assert repeated_words(CHINESE_SECOND, second) == [
        "颱風於週三清晨在海岸登陸，數千名居民被轉移到學校和體育館"
    ]
    assert added_words(CHINESE_SECOND, second) == ["市長要求人們留在家裡。"]


def test_names_and_usual_phrases_are_no_passages() -> None:
    one = "The prime minister of the United Kingdom said on Monday that trains would run again."
    other = "On Monday in Leeds the prime minister of the United Kingdom opened a school for nurses."
    assert compared(one, other)[1].repeated == ()


def test_a_text_without_words_adds_nothing() -> None:
    empty, marks = compared("", "… — !")
    assert (empty.added, empty.share, marks.added) == ((), 0, ())


@pytest.mark.parametrize(
    "text",
    [
        "a " * 500_000,
        "x" * 1_000_000,
        "的" * 1_000_000,
        "one two three four five. " * 40_000,
        "\n" * 1_000_000,
    ],
    ids=["one word", "one long word", "one letter", "one sentence", "line ends"],
)
def test_a_million_characters_of_one_thing_are_compared_within_bounds(text: str) -> None:
    first, second = compared(text, text)
    assert sum(found.end - found.start for found in second.repeated) <= len(text)
    assert all(before.end <= after.start for before, after in pairwise(second.repeated))
    assert first.repeated == ()


def test_work_is_linear_in_the_tokens_of_hostile_texts() -> None:
    steps = 0

    class Counted(list[str]):
        def __getitem__(self, place):  # type: ignore[no-untyped-def]
            nonlocal steps
            steps += isinstance(place, int)
            return super().__getitem__(place)

    def texts(size: int) -> Sequence[StoryText]:
        words = [f"w{number % 7}" for number in range(size)]
        places = [(number, number + 1) for number in range(size)]
        return [
            StoryText(article=number, text="w" * size, tokens=Counted(words), places=places)
            for number in range(4)
        ]

    work = []
    for size in (2000, 8000):
        steps = 0
        contributions(texts(size))
        work.append(steps)
    assert work[1] < 5 * work[0]


def test_texts_past_the_bound_are_left_out_and_say_so() -> None:
    found = compared(*["one two three four. " * (MAX_TOKENS // 4)] * (MAX_TOTAL // MAX_TOKENS + 1))
    assert [one.compared for one in found] == [True] * (MAX_TOTAL // MAX_TOKENS) + [False]
    assert (found[-1].added, found[-1].repeated) == ((), ())
