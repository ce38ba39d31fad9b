"""Scores are those of the public benchmarks: small cases told exactly, others beside a scorer of theirs."""

import importlib.util
from functools import cache
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench import scorer
from bench.corpora import SHARED, Case, corpus_folder, page_sets

PAGES_A_SET = 6


@cache
def reference() -> ModuleType:
    """The scorer beside the corpora; the test is skipped where there is none."""
    for path in (corpus_folder().parent / "bench" / "score.py", SHARED / "bench" / "score.py"):
        if path.is_file():
            spec = importlib.util.spec_from_file_location("reference_scorer", path)
            assert spec is not None and spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    pytest.skip(f"no scorer at {SHARED / 'bench' / 'score.py'} to compare with")


def as_reference(found: scorer.SetScores) -> dict[str, Any]:
    """Our scores in the form of the reference, without its deviation."""
    out: dict[str, Any] = {"pages": found.pages}
    if text := found.text:
        out["text"] = {
            **rates(text.rates),
            "n": text.pages,
            "accuracy": text.exact,
            "bag_f1": text.bag_f1,
        }
    if segments := found.segments:
        counts = segments.counts
        out["segments"] = {
            **rates(segments.rates),
            "accuracy": segments.accuracy,
            "tp": counts.right,
            "fn": counts.missing,
            "fp": counts.wrong,
            "tn": counts.kept_out,
            "n": segments.pages,
        }
    if found.fields:
        out["meta"] = {
            name: {"rate": one.rate, "n": one.pages, "given": one.given} for name, one in found.fields.items()
        }
    return out


def rates(found: scorer.Rates) -> dict[str, float]:
    return {"f1": found.f1, "precision": found.precision, "recall": found.recall}


def assert_same(truths: list[dict[str, Any]], predictions: dict[str, Any]) -> None:
    expected = reference().score(truths, predictions)
    expected.get("text", {}).pop("f1_sd", None)
    assert as_reference(scorer.score(truths, predictions)) == expected


WORDS = st.sampled_from(
    [
        *"the The a boat of and und y by von par Ann Bo, 2026 O'Neill “x” ’s & / | ， - . &amp;".split(),
        *"日本 の カ 中文 Ünïcode ﬁ _ é ①".split(),
        "\u00a0",
        "\n",
    ]
)
TEXTS = st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=20)
SEGMENTS = st.lists(TEXTS, min_size=1, max_size=3)
NAMES = TEXTS | st.lists(TEXTS, max_size=3)
DATES = st.sampled_from(["2026-11-30", "2026-11-30T10:00:00Z", "2026-11-3", "30.11.2026", "", None])
IMAGES = st.sampled_from(["https://a.example/b.jpg", "https://a.example/b.jpg?w=1", "", None])
TRUTHS = st.fixed_dictionaries(
    {},
    optional={
        "text": TEXTS,
        "with": SEGMENTS,
        "without": SEGMENTS,
        "title": TEXTS,
        "date": DATES,
        "authors": NAMES,
        "lead_image": IMAGES,
        "lead_text": TEXTS,
    },
)
PREDICTIONS = st.fixed_dictionaries(
    {},
    optional={
        "text": TEXTS | st.none(),
        "title": TEXTS | st.none(),
        "date": DATES,
        "authors": NAMES | st.none(),
        "lead_image": IMAGES,
    },
)


@given(st.lists(st.tuples(TRUTHS, PREDICTIONS | st.none()), min_size=1, max_size=4))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_set_is_scored_as_by_the_public_conventions(pairs: list[tuple[Any, Any]]) -> None:
    truths = [{**truth, "id": str(number)} for number, (truth, _) in enumerate(pairs)]
    assert_same(truths, {str(number): found for number, (_, found) in enumerate(pairs)})


@given(TEXTS, TEXTS)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_shares_of_a_page_add_up_and_swap_with_the_texts(gold: str, text: str) -> None:
    found = scorer.match_text(gold, text)
    assert found.right + found.wrong + found.missing == pytest.approx(1) or found.f1 == 1.0
    assert scorer.match_text(gold, gold).f1 == 1.0
    if scorer.is_chinese_or_japanese(gold) == scorer.is_chinese_or_japanese(text):
        swapped = scorer.match_text(text, gold)
        assert (swapped.right, swapped.wrong, swapped.missing) == (found.right, found.missing, found.wrong)


def test_real_sets_are_scored_as_by_the_public_conventions() -> None:
    if not corpus_folder().is_dir():
        pytest.skip(f"no corpora at {corpus_folder()}")
    for pages in page_sets(corpus_folder(), frozenset(), PAGES_A_SET):
        truths = [{**case.truth, "id": case.key} for case in pages.cases]
        assert_same(truths, {case.key: spoilt(case, number) for number, case in enumerate(pages.cases)})


def spoilt(case: Case, number: int) -> dict[str, Any]:
    """A page's truth with faults that extractors make: lines lost, lines too many, names joined."""
    lines = (case.truth.get("text") or "\n".join(case.truth.get("with", ()))).split("\n")
    text = "\n".join([*lines[number % 3 :], *(["Read also: another story"] * (number % 2))])
    authors = case.truth.get("authors")
    joined = " and ".join(authors) if isinstance(authors, list) and number % 2 else authors
    return {**case.truth, "text": text, "authors": joined, "title": (case.truth.get("title") or "").upper()}


def test_a_text_is_told_by_four_words_in_a_row() -> None:
    found = scorer.match_text("one two three four five", "one two three four")
    assert (found.right, found.wrong, found.missing) == (0.5, 0.0, 0.5)
    assert found.f1 == pytest.approx(2 / 3) and not found.exact


def test_a_text_of_fewer_words_is_one_shingle_and_an_empty_one_none() -> None:
    assert scorer.match_text("one two", "one two").right == 1.0
    assert scorer.match_text("one two", "one").right == 0.0
    empty = scorer.match_text("", "")
    assert (empty.right, empty.wrong, empty.missing, empty.exact) == (0.0, 0.0, 0.0, True)
    assert empty.precision is None and empty.recall is None


def test_chinese_is_told_by_characters() -> None:
    found = scorer.match_text("今天天气好", "今天天气")
    assert (found.right, found.missing) == (0.5, 0.5)


def test_rates_are_means_over_pages_and_f1_is_of_the_means() -> None:
    matches = [scorer.match_text("a b c d e", "a b c d"), scorer.match_text("x", "")]
    assert rates(scorer.text_rates(matches)) == {"f1": 0.4, "precision": 1.0, "recall": 0.25}
    assert scorer.text_rates([]).f1 == 0.0


def test_segments_are_summed_over_pages() -> None:
    truths = [
        {"id": "a", "with": ["A  boat", "sails"], "without": ["Share this"]},
        {"id": "b", "with": ["home"], "without": ["Advert"]},
    ]
    found = scorer.score(truths, {"a": {"text": "A\nboat stays. Share this"}}).segments
    assert found is not None
    assert found.counts == scorer.SegmentCounts(right=1, missing=2, wrong=1, kept_out=1)
    assert (found.rates.precision, found.rates.recall, found.accuracy) == (0.5, 1 / 3, 0.4)


def test_fields_agree_regardless_of_case_quotes_and_order() -> None:
    truth = {
        "id": "a",
        "title": "“Boats” &amp; more",
        "date": "2026-11-30",
        "authors": ["Ann Lee", "Bo Ek"],
        "lead_image": "https://a.example/b.jpg?w=2",
    }
    given_ = {
        "title": '"boats"  & More',
        "date": "2026-11-30T08:00:00+01:00",
        "authors": "By Bo Ek and Ann Lee",
        "lead_image": "https://a.example/b.jpg",
    }
    found = scorer.score([truth], {"a": given_}).fields
    assert {name: one.rate for name, one in found.items()} == dict.fromkeys(
        ("title", "title_loose", "date", "authors", "lead_image"), 1.0
    )
    wrong = scorer.score([truth], {"a": {**given_, "date": "2026-12-01", "title": "Boats & more"}}).fields
    assert (wrong["date"].rate, wrong["title"].rate, wrong["title_loose"].rate) == (0.0, 0.0, 1.0)


def test_a_field_that_an_extractor_never_gives_is_not_counted() -> None:
    assert scorer.score([{"id": "a", "title": "A boat"}], {"a": {"text": "x"}}).fields == {}
