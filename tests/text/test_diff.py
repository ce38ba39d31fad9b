"""Two versions of a text compared: sentences, words, characters."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unabridged.text import diff


@given(st.text())
def test_the_tokens_of_a_text_are_the_text(text: str) -> None:
    assert "".join(diff.tokens(text)) == text.replace("\n", " ")


PARAGRAPHS = st.lists(st.text("ab 中文。", min_size=1, max_size=12).map(str.strip).filter(bool), max_size=6)


@given(PARAGRAPHS, PARAGRAPHS)
def test_both_versions_can_be_read_from_their_comparison(old: list[str], new: list[str]) -> None:
    found = diff.compare("\n\n".join(old), "\n\n".join(new)).paragraphs

    def side(kind: str) -> list[str]:
        texts = ("".join(p.text for p in one.pieces if p.kind in ("same", kind)) for one in found)
        return [text for text in texts if text]

    assert side("removed") == old
    assert side("added") == new


def test_a_chinese_sentence_is_compared_character_by_character() -> None:
    found = diff.compare("3月9日清晨五点五十分，天还没亮。", "3月9日清晨五点四十分，天还没亮。")
    changed = [(piece.kind, piece.text) for piece in found.paragraphs[0].pieces if piece.kind != "same"]
    assert changed == [("removed", "五"), ("added", "四")]


def test_an_english_sentence_is_compared_word_by_word() -> None:
    found = diff.compare("prices rose by 12 percent", "costs fell by 12 percent")
    pieces = [(piece.kind, piece.text) for piece in found.paragraphs[0].pieces]
    assert pieces == [("removed", "prices rose"), ("added", "costs fell"), ("same", " by 12 percent")]
    assert (found.added, found.removed) == (2, 2)


def test_a_huge_rewritten_text_is_compared_in_whole_paragraphs() -> None:
    luck = random.Random(1)
    old, new = (" ".join(luck.choices("abcdefgh", k=60_000)) for _ in range(2))
    kinds = [paragraph.kind for paragraph in diff.compare(old, new).paragraphs]
    assert kinds == ["removed", "added"]


def sides(old: str, new: str) -> tuple[str, str]:
    """Both versions as their comparison holds them, without spaces."""
    found = diff.compare(old, new).paragraphs
    texts = [(piece.kind, piece.text) for paragraph in found for piece in paragraph.pieces]
    one, two = ("".join(t for k, t in texts if k in ("same", kind)) for kind in ("removed", "added"))
    return "".join(one.split()), "".join(two.split())


def test_more_paragraphs_than_are_compared_one_by_one_are_all_shown() -> None:
    old = "\n\n".join(f"paragraph {n}" for n in range(diff.MAX_PARAGRAPHS + 500))
    new = old.replace("paragraph 7", "sentence 7")
    assert sides(old, new) == ("".join(old.split()), "".join(new.split()))


def test_a_sentence_that_moved_is_found_where_it_is_now() -> None:
    old = "One two three. Four five six. Seven eight nine."
    pieces = diff.compare(old, "Four five six. Seven eight nine. One two three.").paragraphs[0].pieces
    assert ("same", "Four five six. Seven eight nine") in [(one.kind, one.text) for one in pieces]


def hostile_pairs() -> dict[str, tuple[str, str]]:
    """Pairs of texts that cost a comparison most: repeated between different, shuffled, huge."""
    luck = random.Random(5)

    def said(count: int, kinds: int) -> str:
        return " ".join(luck.choices("abcdefghij"[:kinds], k=count))

    many = range(1500)
    again = said(20, 9)
    return {
        "repeated paragraph": (
            "\n\n".join(text for n in many for text in (again, f"old {n} {said(5, 5)}")),
            "\n\n".join(text for n in many for text in (f"new {n} {said(5, 5)}", again)),
        ),
        "repeated word": (
            " ".join(text for n in many for text in ("the", f"o{n}")),
            " ".join(text for n in many for text in (f"n{n}", "the")),
        ),
        "two words": (said(50_000, 2), said(50_000, 2)),
        "small and dense": (said(900, 3), said(900, 3)),
        "alike paragraphs": (
            "\n\n".join(said(60, 4) for _ in range(3000)),
            "\n\n".join(said(60, 4) for _ in range(3000)),
        ),
        "characters": (
            "".join(luck.choices("漢字文章", k=100_000)),
            "".join(luck.choices("漢字文章", k=100_000)),
        ),
        "shuffled": (
            " ".join(f"w{n}" for n in range(50_000)),
            " ".join(f"w{n}" for n in luck.sample(range(50_000), 50_000)),
        ),
        "many short paragraphs": ("a\n\n" * 200_000, "b\n\n" * 200_000),
        "a period": ("ab " * 60_000, "ab ab x " * 40_000),
    }


@pytest.mark.parametrize("name", hostile_pairs())
def test_no_comparison_takes_more_steps_than_it_may(name: str) -> None:
    old, new = hostile_pairs()[name]
    began = time.process_time()
    found = diff.compare(old, new)
    assert time.process_time() - began < 10, "the bound is about one second on an idle machine"
    assert sum(len(piece.text) for p in found.paragraphs for piece in p.pieces) >= len("".join(new.split()))


def test_what_is_too_different_is_said_to_be() -> None:
    old, new = hostile_pairs()["repeated word"]
    assert diff.compare(old, new).limited
    assert not diff.compare("one two", "one three").limited


REPEATED = "Reporting by the harbour desk, with agencies."
STORIES = (
    "The first ferry left the quay at six in the morning with forty people.",
    "A storm closed the northern pier for the whole of the afternoon again.",
    "Nobody was hurt when the crane fell into the basin on Tuesday night.",
)


def kinds(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    """Kind and first word of each paragraph of a comparison."""
    found = diff.compare("\n\n".join(old), "\n\n".join(new)).paragraphs
    return [(one.kind, one.pieces[0].text.split()[0]) for one in found]


def test_a_repeated_paragraph_does_not_pair_others_wrongly() -> None:
    ferry, storm, crane = STORIES
    old = [REPEATED, ferry, REPEATED, storm, REPEATED, crane]
    new = [REPEATED, storm.replace("afternoon", "evening"), REPEATED, crane.replace("Tuesday", "Monday")]
    assert kinds(old, new) == [
        ("same", "Reporting"),
        ("removed", "The"),
        ("removed", "Reporting"),
        ("changed", "A"),
        ("same", "Reporting"),
        ("changed", "Nobody"),
    ]


def test_a_paragraph_that_moved_is_shown_as_moved_and_not_counted() -> None:
    ferry, storm, crane = STORIES
    assert kinds([ferry, storm, crane], [crane, ferry, storm]) == [
        ("moved", "Nobody"),
        ("same", "The"),
        ("same", "A"),
        ("moved", "Nobody"),
    ]
    found = diff.compare("\n\n".join(STORIES), "\n\n".join((crane, ferry, storm)))
    assert (found.added, found.removed) == (0, 0)


def test_a_paragraph_that_moved_leaves_the_others_where_they_are() -> None:
    ferry, storm, crane = STORIES
    new = [crane, ferry.replace("forty", "fifty"), storm.replace("afternoon", "evening")]
    assert [kind for kind, _ in kinds([ferry, storm, crane], new)] == ["moved", "changed", "changed", "moved"]


def test_a_separator_that_stands_between_all_paragraphs_is_never_moved() -> None:
    ferry, storm, crane = STORIES
    found = kinds([ferry, "* * *", storm, "* * *", crane], [storm, "* * *", crane, "* * *", ferry])
    assert ("moved", "The") in found and ("moved", "*") not in found


def test_paragraphs_that_share_only_spaces_and_little_words_are_not_held_for_one() -> None:
    assert [kind for kind, _ in kinds([STORIES[0]], [STORIES[2]])] == ["removed", "added"]
