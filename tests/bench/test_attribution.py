"""Floors of credited sources on the labelled set."""

import pytest

from bench.attribution.made import PARTS, SENTENCES, as_lines, sentences
from bench.attribution.measure import score
from unabridged.stories.attributions.languages import LANGUAGES

FLOORS = {"dev": (0.99, 0.99), "test": (0.97, 0.92), "second": (0.97, 0.85), "third": (0.97, 0.85)}
"""Part -> least precision and recall of every language."""


def test_the_published_sentences_are_those_of_the_ideas_and_the_parts_share_none() -> None:
    assert SENTENCES.read_text(encoding="utf-8") == as_lines()
    rows = [row for part in PARTS for row in sentences(part)]
    assert len({row.text for row in rows}) == len(rows) >= 900
    assert {row.language for row in rows} == set(LANGUAGES)


@pytest.mark.parametrize("part", PARTS)
def test_precision_and_recall_by_language(part: str) -> None:
    precision, recall = FLOORS[part]
    for language, tally in score(sentences(part)).items():
        assert tally.precision >= precision, (language, tally.wrong)
        assert tally.recall >= recall, (language, tally.wrong)
        assert tally.exact_share >= 0.9, (language, tally.wrong)
        assert tally.without >= 0.2 * tally.sentences
