"""Alignment of two sequences, within a budget."""

from hypothesis import given
from hypothesis import strategies as st

from unabridged.text.alignment import Budget, align

NUMBERS = st.lists(st.integers(0, 4), max_size=14)


@given(NUMBERS, NUMBERS, st.integers(0, 400))
def test_an_alignment_is_in_both_sequences_and_within_its_budget(
    old: list[int], new: list[int], steps: int
) -> None:
    budget = Budget(steps)
    matches = align(old, new, budget)
    a = c = 0
    for match in matches:
        assert match.size > 0 and match.old >= a and match.new >= c
        assert old[match.old : match.old + match.size] == new[match.new : match.new + match.size]
        a, c = match.old + match.size, match.new + match.size
    assert a <= len(old) and c <= len(new) and 0 <= budget.left <= steps


@given(
    st.lists(st.integers(0, 1), min_size=2, max_size=14), st.lists(st.integers(0, 1), min_size=2, max_size=14)
)
def test_between_anchors_the_longest_common_run_is_found(old: list[int], new: list[int]) -> None:
    doubled_old, doubled_new = old * 2, new * 2  # nothing occurs once: there are no anchors
    matches = align(doubled_old, doubled_new, Budget(10**6))
    assert sum(match.size for match in matches) == longest_common(doubled_old, doubled_new)


def longest_common(old: list[int], new: list[int]) -> int:
    """Length of the longest common subsequence, by the table that everybody knows."""
    row = [0] * (len(new) + 1)
    for element in old:
        fresh = [0]
        for place, other in enumerate(new):
            fresh.append(row[place] + 1 if element == other else max(row[place + 1], fresh[-1]))
        row = fresh
    return row[-1]
