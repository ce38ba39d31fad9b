"""Training examples for the ranking network: the candidates of each page with their F1."""

from dataclasses import dataclass

import numpy as np

from train.pages import Page
from train.scoring import f1_of, match_blocks, segment_counts
from unabridged.extraction.selection.adjustments.repeats import without_repeats
from unabridged.extraction.selection.candidates import NAMES, make_candidates
from unabridged.extraction.selection.features import PageFeatures
from unabridged.extraction.selection.ranking import FIGURES_OF_PAGE, ranking_features


@dataclass(slots=True)
class RankingExample:
    """The candidates of one page.

    figures: a row each. worth: F1 of each, None if the truth cannot give it.
    """

    figures: np.ndarray
    worth: np.ndarray | None
    names: list[str]
    kept: list[list[int]]


def ranking_example(page: Page, features: PageFeatures, evidence: np.ndarray) -> RankingExample:
    """Score all candidates of one page."""
    candidates = make_candidates(features, evidence)
    figures = ranking_features(features.arrays, features.columns, evidence, candidates)
    kept = [without_repeats(page.layout, np.flatnonzero(h.kept).tolist()) for h in candidates]
    return RankingExample(figures.astype(np.float32), _worth(page, kept), [h.name for h in candidates], kept)


def figures_of_page(width: int) -> tuple[int, ...]:
    """Return the places of the figures that all candidates of a page share. width: of a row of figures."""
    end = width - len(NAMES)
    return tuple(range(end - FIGURES_OF_PAGE, end))


def _worth(page: Page, kept: list[list[int]]) -> np.ndarray | None:
    if "text" in page.truth:
        return np.array([f1_of(match_blocks(page, blocks)) for blocks in kept])
    if "with" in page.truth:
        return np.array([f1_of(segment_counts(page, blocks)) for blocks in kept])
    return None
