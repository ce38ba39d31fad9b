"""Picture of credits: every box apart, every line between its boxes, everything inside the picture."""

import re
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stories.test_graph import credit
from unabridged.serve.stories.graph_svg import BOX_HEIGHT, BOX_WIDTH, picture
from unabridged.stories.graph import Account, CreditGraph, credit_graph

NAMES = st.sampled_from("abcdefgh")


def graph_of(pairs: list[tuple[str, str]]) -> CreditGraph:
    return credit_graph(
        Account(article=number, host=f"{by}.example", name=by, credits=(credit(source),))
        for number, (by, source) in enumerate(pairs, 1)
    )


@settings(deadline=None)
@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=20))
def test_boxes_are_apart_and_all_is_inside_the_picture(pairs: list[tuple[str, str]]) -> None:
    found = picture(graph_of(pairs))
    for one, other in combinations(found.boxes, 2):
        assert abs(one.x - other.x) >= BOX_WIDTH or abs(one.y - other.y) >= BOX_HEIGHT
    for box in found.boxes:
        assert 0 <= box.x <= found.width - BOX_WIDTH and 0 <= box.y <= found.height - BOX_HEIGHT
    for line in found.lines:
        numbers = list(map(int, re.findall(r"-?\d+", line.path)))
        assert all(0 <= x <= found.width for x in numbers[::2])
        assert all(0 <= y <= found.height for y in numbers[1::2])


def test_sources_stand_at_the_left_of_who_names_them() -> None:
    found = picture(graph_of([("b", "a"), ("c", "b")]))
    place = {box.full: box.x for box in found.boxes}
    assert place["a"] < place["b"] < place["c"]
    assert [box.tells for box in found.boxes] == [False, True, True]


def test_a_long_name_is_cut_to_its_box_and_whole_beside_it() -> None:
    (long, *_) = picture(graph_of([("The Very Long Name of a Newspaper in the North", "a")])).boxes[::-1]
    assert long.label.endswith("…") and len(long.label) < 22
    assert long.full == "The Very Long Name of a Newspaper in the North"
    (chinese, *_) = picture(graph_of([("北方人民广播电台新闻频道编辑部", "a")])).boxes[::-1]
    assert chinese.label.endswith("…") and len(chinese.label) < 14


def test_a_line_back_is_marked_and_one_with_more_sentences_is_thicker() -> None:
    found = picture(graph_of([("a", "b"), ("b", "a"), ("b", "a")]))
    assert sorted(line.back for line in found.lines) == [False, True]
    assert len({line.width for line in found.lines}) == 2
