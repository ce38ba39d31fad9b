"""Query trees as FTS5 expressions and tsqueries."""

from collections.abc import Callable

import pytest

from unabridged.archive.records.query_tree import And, Condition, Not, Or, Tree, Words
from unabridged.archive.search.fts_expression import (
    EVERYTHING,
    fts5,
    fts5_past,
    tsquery,
    tsquery_lost,
    tsquery_past,
)
from unabridged.archive.search_index.writer import FIELD_MARK, LOST_MARK

ROW = Words(tokens=("night", "train"))
TITLE = Words(tokens=("ferry",), field="title")
BEGIN = Words(tokens=("lig",), prefix=True)


def test_words_are_a_phrase_in_their_columns() -> None:
    assert fts5(ROW) == '{text} : "night train"'
    assert fts5(TITLE) == 'title : "ferry"'
    assert fts5(BEGIN, "{text past}") == '{text past} : "lig" *'


def test_what_is_left_out_is_taken_from_what_is_found() -> None:
    assert fts5(And((ROW, Not(TITLE)))) == '(({text} : "night train") NOT title : "ferry")'
    assert fts5(Or((ROW, BEGIN))) == '({text} : "night train" OR {text} : "lig" *)'


def test_a_search_of_negations_alone_is_taken_from_everything() -> None:
    assert fts5(Not(TITLE)) == f"(({fts5(EVERYTHING)}) NOT {fts5(TITLE)})"


def test_earlier_words_are_those_of_the_history_that_the_text_has_not() -> None:
    assert fts5_past(TITLE) == '(title : "ferry" NOT title : "ferry")'
    assert fts5_past(ROW) == '({text past} : "night train" NOT {text} : "night train")'
    assert tsquery_past(BEGIN) == f"((('lig':*) | ('{FIELD_MARK}plig':*)) & !(('lig':*)))"


def test_a_tsquery_marks_the_field_of_a_word() -> None:
    assert tsquery(ROW) == "(('night' <-> 'train'))"
    assert tsquery(TITLE) == f"(('{FIELD_MARK}tferry'))"
    assert tsquery(And((ROW, Not(TITLE)))) == f"(({tsquery(ROW)[1:-1]}) & !{tsquery(TITLE)})"


def test_only_phrases_can_have_lost_positions() -> None:
    assert tsquery_lost(BEGIN) == f"'{LOST_MARK}'"
    assert tsquery_lost(ROW) == f"'{LOST_MARK}' | '{LOST_MARK}night' | '{LOST_MARK}train'"


@pytest.mark.parametrize("write", [fts5, tsquery])
def test_a_condition_is_no_part_of_the_text_index(write: Callable[[Tree], str]) -> None:
    with pytest.raises(TypeError, match="is: is not in the text index"):
        write(Condition(name="is", value="unread"))
