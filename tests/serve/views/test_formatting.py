"""The pure parts: comparisons, times and languages in words, what the templates are given."""

import random
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.serve.running_app import make_article
from unabridged.serve.views import formatting, lists
from unabridged.serve.views.article import lead_image
from unabridged.text import diff
from unabridged.text.alignment import Budget, align

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)


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


NUMBERS = st.lists(st.integers(0, 4), max_size=14)


@given(NUMBERS, NUMBERS, st.integers(0, 400))
def test_an_alignment_is_in_both_sequences_and_within_its_budget(
    old: list[int], new: list[int], steps: int
) -> None:
    budget = Budget(steps)
    matches = align(old, new, budget)
    a = c = 0
    for match in matches:
        assert match.size > 0 and match.old >= a and match.new >= c
        assert old[match.old : match.old + match.size] == new[match.new : match.new + match.size]
        a, c = match.old + match.size, match.new + match.size
    assert a <= len(old) and c <= len(new) and 0 <= budget.left <= steps


@given(
    st.lists(st.integers(0, 1), min_size=2, max_size=14), st.lists(st.integers(0, 1), min_size=2, max_size=14)
)
def test_between_anchors_the_longest_common_run_is_found(old: list[int], new: list[int]) -> None:
    doubled_old, doubled_new = old * 2, new * 2  # nothing occurs once: there are no anchors
    matches = align(doubled_old, doubled_new, Budget(10**6))
    assert sum(match.size for match in matches) == longest_common(doubled_old, doubled_new)


def longest_common(old: list[int], new: list[int]) -> int:
    """Length of the longest common subsequence, by the table that everybody knows."""
    row = [0] * (len(new) + 1)
    for element in old:
        fresh = [0]
        for place, other in enumerate(new):
            fresh.append(row[place] + 1 if element == other else max(row[place + 1], fresh[-1]))
        row = fresh
    return row[-1]


def test_unchanged_paragraphs_far_from_a_change_are_folded() -> None:
    old = "\n\n".join(f"paragraph {n}" for n in range(9))
    parts = diff.collapse_unchanged(
        diff.compare(old, old.replace("paragraph 4", "paragraph four")).paragraphs
    )
    assert [len(part) if isinstance(part, tuple) else part.kind for part in parts] == [
        3,
        "same",
        "changed",
        "same",
        3,
    ]


@pytest.mark.parametrize(
    ("ago", "name"),
    [
        (timedelta(hours=2), "Today"),
        (timedelta(hours=10), "Yesterday"),
        (timedelta(days=3), "Tuesday"),
        (timedelta(days=30), "18 February"),
        (timedelta(days=400), "13 February 2025"),
    ],
)
def test_a_day_is_named_as_people_do(ago: timedelta, name: str) -> None:
    assert formatting.day_name(NOW - ago, NOW, UTC) == name


def test_a_day_begins_where_the_reader_is() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert formatting.day_name(datetime(2026, 3, 19, 16, 0, tzinfo=UTC), NOW, tokyo) == "Today"


@pytest.mark.parametrize(
    ("gap", "text"),
    [
        (timedelta(seconds=-10), "just now"),
        (timedelta(seconds=10), "in a moment"),
        (timedelta(minutes=-5), "5 minutes ago"),
        (timedelta(hours=2), "in 2 hours"),
        (timedelta(days=-1), "Yesterday, 09:00"),
        (timedelta(days=2), "22 March 2026, 09:00"),
    ],
)
def test_a_time_near_now_is_told_by_its_distance(gap: timedelta, text: str) -> None:
    assert formatting.relative_time(NOW + gap, NOW, UTC) == text


def test_a_publishers_time_keeps_its_own_zone() -> None:
    paris = datetime(2024, 2, 1, 16, 28, tzinfo=timezone(timedelta(hours=1)))
    assert formatting.publisher_time(paris) == "1 February 2024, 16:28 (UTC+01:00)"
    assert formatting.publisher_time(paris, day_only=True) == "1 February 2024"
    assert formatting.publisher_time(paris, zone_stated=False) == "1 February 2024, 16:28"


@pytest.mark.parametrize(
    ("stated", "text", "language"),
    [
        ("zh_CN", "", "zh-CN"),
        ("en", "中文", "en"),
        (None, "老街修伞人", "zh"),
        (None, "これは日本語です", "ja"),
        (None, "안녕하세요 여러분", "ko"),
        (None, "Plain English", None),
        ('en" onload="x', "Plain", None),
    ],
)
def test_the_language_is_what_was_stated_or_what_the_script_shows(
    stated: str | None, text: str, language: str | None
) -> None:
    assert formatting.language_of(stated, text) == language


def test_a_text_is_cut_at_a_word_with_a_mark() -> None:
    assert lists.shorten("one two three four five", 16) == "one two three…"
    assert lists.shorten("一二三四五，六七八九十", 6) == "一二三四五…"
    assert lists.shorten("short", 16) == "short"


def test_the_lead_picture_is_not_shown_twice() -> None:
    url = "https://news.example/a/lead-picture.jpg?w=900&h=2"
    article = make_article(1, lead_image=url)
    assert lead_image(article) == url
    for body in (
        f'<p><img src="{url.replace("&", "&amp;")}"></p>',
        '<p><img src="https://cdn.example/small/lead-picture.jpg"></p>',
    ):
        assert lead_image(make_article(1, lead_image=url, body=body)) is None
    assert lead_image(make_article(1, lead_image="javascript:alert(1)")) is None


def test_a_source_keeps_its_sign() -> None:
    assert lists.monogram("The Quillhaven Review").letter == "Q"
    assert lists.monogram("青石湾日报").letter == "青"
    assert lists.monogram("???").letter == "·"
    assert lists.monogram("x") == lists.monogram("x")
