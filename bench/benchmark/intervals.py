"""Confidence intervals of F1, by drawing the pages again (bootstrap, percentiles).

B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13. Two extractors are compared
on the same drawn pages, so that what is hard for both does not widen the interval of the difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.scorer import TextMatch

ROUNDS = 2000
SEED = 0
PERCENT = 95


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Bounds that hold PERCENT of the drawn values."""

    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


def drawn_f1(matches: Sequence[TextMatch]) -> NDArray[np.float64]:
    """Return F1 of ROUNDS sets of pages drawn with replacement; the same pages for every extractor."""
    places = np.random.default_rng(SEED).integers(len(matches), size=(ROUNDS, len(matches)))
    precision = _means(_array([match.precision for match in matches])[places])
    recall = _means(_array([match.recall for match in matches])[places])
    whole = precision + recall
    found: NDArray[np.float64] = 2 * precision * recall / np.where(whole > 0, whole, 1.0)
    return found


def interval(values: NDArray[np.float64]) -> Interval:
    """Return the bounds of the middle PERCENT of the values."""
    rest = (100 - PERCENT) / 2
    low, high = np.percentile(values, [rest, 100 - rest])
    return Interval(low=float(low), high=float(high))


def _array(values: list[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _means(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the means of rows over what is a number, 0 where nothing is."""
    known = ~np.isnan(values)
    counts = known.sum(axis=1)
    means: NDArray[np.float64] = np.where(known, values, 0.0).sum(axis=1) / np.maximum(counts, 1)
    return means
