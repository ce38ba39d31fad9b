"""Near-duplicates: what counts as one, and keys that find them."""

import random

import pytest

from unabridged.archive.search_index.tokenizer import fold, tokens
from unabridged.stories.duplicates import (
    BANDS,
    MAX_TOKENS,
    MIN_SHINGLES,
    Shingles,
    band_keys,
    compare,
    shingles,
)

WORDS = [f"word{number}" for number in "abcdefghijklmnopqrstuvwxyz"]


def shingles_of(text: str) -> Shingles:
    return shingles(tokens(fold(text)))


def made(count: int, seed: int = 1) -> list[str]:
    rng = random.Random(seed)
    return ["".join(rng.choices("abcdefghij", k=6)) for _ in range(count)]


CHINESE = (
    "台风于周三清晨在海岸登陆，数千名居民被转移到学校和体育馆。气象部门表示，风速已经减弱，"
    "但是未来两天仍会有大雨。铁路公司取消了所有列车，机场也关闭到下午。市长要求人们留在家里。"
)


def test_the_same_words_in_another_form_are_one_text() -> None:
    plain = "The harbour, closed since Monday, will open again. " * 3 + " ".join(made(60))
    other = plain.upper().replace(",", " –").replace("harbour", "hárbour")
    assert compare(shingles_of(plain), shingles_of(other)).jaccard == 1
    assert band_keys(shingles_of(plain)) == band_keys(shingles_of(other))


def test_traditional_and_simplified_chinese_are_one_text() -> None:
    traditional = CHINESE.translate(
        str.maketrans(
            "风于数学馆门经减弱来两铁运车机场关闭长人们", "風於數學館門經減弱來兩鐵運車機場關閉長人們"
        )
    )
    found = compare(shingles_of(CHINESE), shingles_of(traditional))
    assert found.near_duplicate and found.jaccard > 0.95


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param(lambda words: [*words[:100], *made(6, 2), *words[100:]], True, id="a sentence put in"),
        pytest.param(lambda words: words[:170], True, id="the end cut off"),
        pytest.param(lambda words: [*made(90, 3), *words], True, id="a long note above"),
        pytest.param(lambda words: words[:60], False, id="only the beginning"),
        pytest.param(lambda words: [*words[:40], *made(160, 4)], False, id="another text with the same lead"),
        pytest.param(lambda words: made(200, 5), False, id="another text"),
    ],
)
def test_near_duplicates_are_told_from_others(changed, expected: bool) -> None:  # type: ignore[no-untyped-def]
    words = made(200)
    found = compare(shingles(words), shingles(changed(words)))
    assert found.near_duplicate is expected


def test_two_reports_by_one_template_are_two() -> None:
    report = " ".join(made(150)) + " rose {} points to {} while {} shares fell {} per cent and {} gained"
    monday, tuesday = (
        shingles_of(report.format(*numbers)) for numbers in ((1, 20, 33, 4, 57), (9, 81, 72, 6, 54))
    )
    found = compare(monday, tuesday)
    assert found.jaccard > 0.8
    assert not found.near_duplicate


def test_one_changed_number_is_an_edit() -> None:
    report = " ".join(made(150)) + " killed {} people on 12 May 2031 near kilometre 40 of road 7"
    assert compare(shingles_of(report.format(14)), shingles_of(report.format(19))).near_duplicate


def test_near_duplicates_share_a_key() -> None:
    rng = random.Random(7)
    missed = 0
    for seed in range(200):
        words = made(300, seed)
        edited = [word if rng.random() > 0.02 else "another" for word in words]
        one, other = shingles(words), shingles(edited)
        missed += compare(one, other).jaccard >= 0.8 and not set(band_keys(one)) & set(band_keys(other))
    assert missed <= 2


def test_other_texts_share_no_key() -> None:
    keys = [set(band_keys(shingles(made(300, seed)))) for seed in range(100)]
    assert len(set().union(*keys)) == 100 * BANDS


def test_a_text_that_is_too_short_has_no_keys() -> None:
    assert band_keys(shingles(made(MIN_SHINGLES + 2))) == ()
    assert len(band_keys(shingles(made(MIN_SHINGLES + 3)))) == BANDS
    assert compare(shingles([]), shingles([])).near_duplicate is False


def test_keys_fit_into_a_column_and_stay_the_same() -> None:
    """Stored keys were made by an earlier run: a library that hashes otherwise needs another VERSION."""
    keys = band_keys(shingles([f"token{number}" for number in range(100)]))
    assert all(-(2**63) <= key < 2**63 for key in keys)
    assert keys[:2] == PINNED


def test_a_huge_text_is_cut() -> None:
    assert len(shingles(made(MAX_TOKENS * 2)).runs) <= MAX_TOKENS


PINNED = (6896701465200490668, -1239986720463139855)
