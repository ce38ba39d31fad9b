"""Floors of the verdicts on completeness: made pages always, real pages and cuts where the corpus is."""

from collections.abc import Sequence

import pytest

from bench.completeness.cases import LabelledCase, part_of
from bench.completeness.cuts import CUTS
from bench.completeness.labels import corpus_cases, derived_labels, labelled_cases, labels
from bench.completeness.made import made_cases
from bench.completeness.measure import KINDS, Scores, answer, product, score
from bench.completeness.words import LANGUAGES, all_words

MADE_LANGUAGES = ("de", "ru", "zh", "ar")
"""Languages of the made pages that are judged here; `make bench-completeness` judges all."""
EVERY = 20
"""Every so manieth label of the corpus is judged here."""


def test_labels_name_recipes_verdicts_and_pages_and_never_a_pages_text() -> None:
    rows = labels()
    assert len(rows) >= 300
    assert sum(row["recipe"] == "whole" for row in rows) >= 120
    assert {row["verdict"] for row in rows} <= set(KINDS)
    assert {row["recipe"] for row in rows} == {"whole", *CUTS}
    assert all(len(text) < 120 for row in rows for text in row.values() if isinstance(text, str))


def test_every_language_has_every_text() -> None:
    names = [sorted(texts) for texts in all_words().values()]
    assert tuple(all_words()) == LANGUAGES
    assert all(own == names[0] for own in names)


def test_a_host_or_template_is_wholly_in_one_part() -> None:
    parts = [part_of(f"template-{number}") for number in range(200)]
    assert 60 < parts.count("dev") < 140
    assert all(case.part == part_of(case.group) for case in made_cases())


def test_made_pages_get_their_verdicts() -> None:
    cases = [case for case in made_cases() if case.name.rpartition("/")[2] in MADE_LANGUAGES]
    scores = _scores(cases)
    assert scores.right >= 0.98 * scores.cases, scores.confusion


def test_briefs_are_never_called_parts() -> None:
    cases = [case for case in made_cases() if case.recipe.startswith("brief")]
    assert _scores(cases).right == len(cases) == 2 * len(LANGUAGES)


def test_floors_on_pages_of_the_corpus_and_their_cuts() -> None:
    pages = corpus_cases()
    if not pages:
        pytest.skip("no corpus: set UNABRIDGED_CORPUS")
    rows = [row for row in labels() if row["page"] in pages] or derived_labels(pages)
    scores = _scores(list(labelled_cases(pages, rows[::EVERY])))
    truncated, not_article = scores.tallies["truncated"], scores.tallies["not_an_article"]
    assert scores.right >= 0.72 * scores.cases, scores.confusion
    assert truncated.precision >= 0.85
    assert not_article.precision >= 0.85
    assert scores.tallies["full"].recall >= 0.93


def _scores(cases: Sequence[LabelledCase]) -> Scores:
    return score([answer(case) for case in cases], product)
