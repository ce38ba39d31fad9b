"""The table of unseen sites and unseen collections is written between the page's two marks."""

import pytest

from bench.folds import COLLECTIONS, collection_of
from bench.generalisation import BEGIN, END, PAGE, with_figures


def test_a_new_table_replaces_the_old_one_and_nothing_else() -> None:
    page = f"# Title\n{BEGIN}old\n{END}\nRemarks.\n"
    assert with_figures(page, "new\n") == f"# Title\n{BEGIN}new\n{END}\nRemarks.\n"


def test_the_page_in_the_documentation_has_both_marks() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert 0 < page.index(BEGIN) < page.index(END)


@pytest.mark.parametrize(
    ("one", "other"),
    [("wcxb article", "wcxb forum"), ("sites andy", "sites dragnet"), ("zhweb", "magic_forum")],
)
def test_sets_of_one_origin_are_left_out_together(one: str, other: str) -> None:
    assert collection_of(one) == collection_of(other)


def test_every_set_belongs_to_one_collection() -> None:
    names = [name for names in COLLECTIONS for name in names]
    assert len(names) == len(set(names))
