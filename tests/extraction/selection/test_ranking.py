"""Features of candidate selections: what they share, and how compact they are."""

import numpy as np
import pytest

from unabridged.extraction.selection.ranking import _agreement, _shape, _upper_tenth


def test_two_candidates_agree_by_the_words_that_both_keep() -> None:
    kept = np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0], [0.0, 0.0, 1.0]])
    found = _agreement(kept, np.array([10.0, 20.0, 30.0]))
    assert found[0, 0] == 1
    assert found[0, 1] == found[1, 0] == pytest.approx(20 / 60)
    assert found[0, 2] == 0


def test_a_selection_in_one_piece_is_told_from_one_with_holes() -> None:
    kept = np.array([[0.0, 1.0, 1.0, 1.0], [1.0, 0.0, 0.0, 1.0]])
    pieces, filled, first, last = _shape(kept, np.ones(4))
    assert np.expm1(pieces).round(6).tolist() == [1.0, 3.0]
    assert filled.tolist() == [1.0, 0.5]
    assert (first.tolist(), last.tolist()) == ([0.25, 0.0], [0.75, 0.75])


@pytest.mark.parametrize("seed", range(5))
def test_the_upper_tenth_is_the_quantile_of_numpy(seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=seed * 7 + 1)
    assert _upper_tenth(values) == pytest.approx(float(np.quantile(values, 0.9)))
