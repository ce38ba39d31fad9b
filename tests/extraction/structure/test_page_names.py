"""Names of a page: every tag that a step asks for is watched."""

import pytest

from unabridged.extraction.html.dom import parse
from unabridged.extraction.structure import disguised_blocks
from unabridged.extraction.structure.code import code_blocks
from unabridged.extraction.structure.formulas import formulas
from unabridged.extraction.structure.normalise import normalise
from unabridged.extraction.structure.page_names import WATCHED, page_names


def test_tags_that_occur_are_found_and_others_are_not() -> None:
    names = page_names(parse("<p>a<ruby>b</ruby></p>"))
    assert names.have_tag(("ruby", "math"))
    assert not names.have_tag(("math", "pre"))


def test_a_tag_that_is_not_watched_may_not_be_asked_for() -> None:
    with pytest.raises(AssertionError):
        page_names(parse("<p>a</p>")).have_tag(("p",))


def test_all_steps_ask_for_watched_tags_only() -> None:
    assert formulas._TAGS | code_blocks._TAGS | set(disguised_blocks._CONTROLS) <= WATCHED
    normalise(parse("<p>a page without any structure</p>"))


def test_class_names_lead_to_their_elements_in_order() -> None:
    names = page_names(parse('<p class="A b" id="1"></p><p class=""></p><i class="A b" id="2"></i>'))
    assert [element.attr("id") for element in names.by_class["A b"]] == ["1", "2"]
    assert list(names.by_class) == ["A b"]
    assert names.have_class((" b ",)) and not names.have_class((" a ",)) and names.folded == " a b "
