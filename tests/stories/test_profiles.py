"""Profiles: what an article is about, in terms that can be compared."""

import pytest

from unabridged.archive.search_index.tokenizer import fold, tokens
from unabridged.stories.profiles import (
    KEYS,
    TERMS,
    Profile,
    TermCounts,
    count_terms,
    packed,
    profile,
    rarity_of,
    unpacked,
)


def counted(title: str, text: str, language: str | None = "en") -> TermCounts:
    return count_terms(title, text, language, lambda given: tokens(fold(given)))


def made(title: str, text: str, language: str | None = "en") -> Profile:
    counts = counted(title, text, language)
    return profile(counts, 12.5, dict.fromkeys(counts.frequencies, 3.0))


def test_a_profile_survives_packing() -> None:
    one = made(
        "Quake in Valmora", "A quake of 6.4 shook Valmora and killed 27 people in the harbour quarter."
    )
    again = unpacked(packed(one), one.language, one.hour)
    assert (again.names, again.keys) == (one.names, one.keys)
    assert again.weights == pytest.approx(one.weights, abs=1e-4)


def test_terms_of_the_title_and_names_weigh_most() -> None:
    one = made(
        "Quake in Valmora", "People said that Valmora was loud while windows broke along the promenade."
    )
    [name] = count_terms("Valmora", "", "en", lambda given: tokens(fold(given))).names
    assert one.keys[0] == name
    assert name in one.names


def test_a_long_text_has_a_bounded_profile() -> None:
    one = made("Words", " ".join(f"word{number}" for number in range(5000)))
    assert (len(one.weights), len(one.keys)) == (TERMS, KEYS)
    assert len(packed(one)) == 6 * TERMS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Землетрясение", "землетрясения"),
        ("explosion", "explosions"),
        ("الزلزال", "زلزال"),
        ("Überfall", "uberfall"),
    ],
)
def test_forms_of_a_word_are_one_term(one: str, other: str) -> None:
    assert counted("", one).frequencies.keys() == counted("", other).frequencies.keys()


def test_a_name_of_a_script_without_capitals_is_what_recurs() -> None:
    one = counted("马蒂奇入狱", "法院判处马蒂奇十五年徒刑。马蒂奇将上诉。", "zh")
    names = counted("马蒂奇", "马蒂奇", "zh").frequencies.keys() & one.names
    assert len(names) == 2  # its two bigrams
    assert one.names < one.frequencies.keys()


@pytest.mark.parametrize("text", ["", "\ue000\ue001", "…", "👍", "\ud800"])
def test_any_text_has_a_profile(text: str) -> None:
    one = made(text, text, None)
    assert one.language == ""
    assert unpacked(packed(one), "", one.hour).names == one.names


def test_a_rare_term_is_worth_more_and_one_in_every_article_nothing() -> None:
    assert rarity_of(1, 10_000) > rarity_of(100, 10_000) > rarity_of(5_000, 10_000)
    assert rarity_of(10_000, 10_000) < 0.05
    assert rarity_of(20_000, 10_000) == 0  # counters of two terms may be one
