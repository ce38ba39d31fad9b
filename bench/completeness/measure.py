"""Precision and recall of verdicts, and the confusion of one with another."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import get_args

from bench.completeness.cases import LabelledCase
from unabridged.errors import ExtractError
from unabridged.extraction.article import extract
from unabridged.model import Article, Completeness, CompletenessKind
from unabridged.text.words import estimate_words

KINDS: tuple[CompletenessKind, ...] = get_args(CompletenessKind)
SHORT_WORDS = 150
"""Words below which the plain baseline calls a text truncated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was said of a case."""

    case: LabelledCase
    said: Completeness
    words: int
    baseline: str


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts of one verdict. said: how often it was given, right: rightly so, labelled: how often it "
    "was due."""

    said: int = 0
    right: int = 0
    labelled: int = 0
    found: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.labelled if self.labelled else 1.0


@dataclass(slots=True, kw_only=True)
class Scores:
    """Tallies by verdict and the confusion: (labelled, said) -> cases. right: cases with a right verdict."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    right: int = 0
    cases: int = 0


def answer(case: LabelledCase) -> Answer:
    """Extract a case as the product does, and return its verdict. A page that is refused has none: "
    "blocked."""
    try:
        article = extract(case.html, url=case.url, entry=case.entry)
    except ExtractError as exc:
        article = Article(url="", completeness=Completeness(kind="not_an_article", evidence=(str(exc),)))
    count = estimate_words(article.text)
    return Answer(case=case, said=article.completeness, words=count, baseline=baseline(count))


def baseline(count: int) -> str:
    """Return the verdict of the plain rule: no text is no article, a short text is truncated."""
    if not count:
        return "not_an_article"
    return "truncated" if count < SHORT_WORDS else "full"


def score(answers: Iterable[Answer], verdict: Callable[[Answer], str]) -> Scores:
    """Return the scores of one way to give verdicts. A verdict that is right too counts for its own kind."""
    scores = Scores(tallies={kind: Tally() for kind in KINDS})
    for one in answers:
        said = verdict(one)
        right = one.case.is_right(said)
        due = said if right else one.case.verdict
        scores.cases += 1
        scores.right += right
        scores.tallies[said].said += 1
        scores.tallies[said].right += right
        scores.tallies[due].labelled += 1
        scores.tallies[due].found += right
        scores.confusion[due, said] += 1
    return scores


def product(one: Answer) -> str:
    """Return the product's verdict."""
    return one.said.kind


def plain(one: Answer) -> str:
    """Return the baseline's verdict."""
    return one.baseline


def errors(answers: Sequence[Answer]) -> list[Answer]:
    """Return the wrong verdicts."""
    return [one for one in answers if not one.case.is_right(one.said.kind)]
