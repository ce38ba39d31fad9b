"""Feature columns of a page, by name, in the order that the network learnt."""

import numpy as np

from unabridged.extraction.selection.columns import NAMES, PLACES, Columns, prefix_sums
from unabridged.extraction.selection.ranking import AVERAGED, OF_PAGE


def test_a_column_has_one_name_and_one_place() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert [NAMES[place] for place in PLACES.values()] == list(PLACES)
    assert {*AVERAGED, *OF_PAGE} <= set(NAMES)


def test_a_value_fills_its_column_and_rows_the_ones_after_it() -> None:
    columns = Columns(3)
    columns["cjk"] = 0.5
    assert columns["cjk"].tolist() == [0.5] * 3
    columns.fill("title words 0", np.array([[1, 2, 3], [4, 5, 6]]))
    assert columns["title words 0"].tolist() == [1, 2, 3]
    assert columns[NAMES[PLACES["title words 0"] + 1]].tolist() == [4, 5, 6]
    assert list(columns) == list(NAMES)


def test_a_sum_before_each_place_and_the_total() -> None:
    assert prefix_sums(np.array([2.0, 0.0, 3.0])).tolist() == [0, 2, 2, 5]
    assert prefix_sums(np.array([])).tolist() == [0]
