"""The labelling of the tree is the best one: compared with trying all."""

import itertools

import numpy as np
import pytest

from unabridged.extraction.selection.tree_cut import build_tree, keep_gains, min_cost_labels


def worth(
    parents: list[int], homes: list[int], gain: list[float], price: float, chosen: tuple[bool, ...]
) -> float:
    """The best gain of these blocks, over all states of the containers (the root is out)."""
    best = -1e9
    for states in itertools.product((False, True), repeat=len(parents) - 1):
        state = (False, *states)
        changes = sum(state[i] != state[parents[i]] for i in range(1, len(parents)))
        changes += sum(kept != state[home] for kept, home in zip(chosen, homes, strict=True))
        best = max(best, sum(g for g, kept in zip(gain, chosen, strict=True) if kept) - price * changes)
    return best


@pytest.mark.parametrize("seed", range(25))
def test_no_other_choice_is_worth_more(seed: int) -> None:
    random = np.random.default_rng(seed)
    size = int(random.integers(2, 8))
    parents = [-1, *(int(random.integers(0, index)) for index in range(1, size))]
    homes = sorted(int(random.integers(0, size)) for _ in range(6))
    gain = random.normal(0, 3, 6).tolist()
    tree = build_tree(np.array(parents), np.array(homes))
    kept = min_cost_labels(tree, np.array([gain]), np.array([2.0]))[0]
    best = max(
        worth(parents, homes, gain, 2.0, chosen) for chosen in itertools.product((False, True), repeat=6)
    )
    assert worth(parents, homes, gain, 2.0, tuple(kept.tolist())) == pytest.approx(best)


def test_several_choices_at_once_are_those_made_alone() -> None:
    parents, homes = np.array([-1, 0, 1, 1, 0]), np.array([2, 2, 3, 4])
    gain = np.array([[4.0, -1, 3, -2], [-4.0, 1, 5, 6]])
    prices = np.array([1.0, 3.0])
    tree = build_tree(parents, homes)
    together = min_cost_labels(tree, gain, prices)
    for row in range(2):
        alone = min_cost_labels(tree, gain[row : row + 1], prices[row : row + 1])
        assert np.array_equal(together[row], alone[0])


def test_one_weak_block_among_strong_siblings_is_kept() -> None:
    tree = build_tree(np.array([-1, 0]), np.array([1, 1, 1]))
    assert min_cost_labels(tree, np.array([[9.0, -1.0, 9.0]]), np.array([3.0])).all()


def test_evidence_counts_by_the_root_of_its_words_up_to_a_bound() -> None:
    long, longer = keep_gains(np.array([1.0, 1.0]), np.array([80.0, 800.0]))
    assert long == longer
