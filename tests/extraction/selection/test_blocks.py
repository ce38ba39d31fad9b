"""Splitting a page into blocks, and the record of each."""

import pytest

from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.blocks import MAX_DEPTH, Layout, lay_out


def layout(html: str) -> Layout:
    return lay_out(parse(html))


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<p>one <b>two</b> three</p><p>four</p>", ["one two three", "four"]),
        ("<div>one<p>two</p>three</div>", ["one", "two", "three"]),
        ("<div>one<br>two<br><br>three</div>", ["one two", "three"]),
        ("<div>one<br> <br> <br>two</div>", ["one", "two"]),
        ("<a href=/><div>one</div><div>two</div></a>", ["one", "two"]),
        ("<ul><li>one<ul><li>two</ul><li>three</ul>", ["one", "two", "three"]),
        ("<p>one<script>x()</script><style>y</style> two</p>", ["one two"]),
        ("<table><tr><td>one<td>two</table>", ["one", "two"]),
        ("<p>漢字<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>", ["漢字漢かん"]),
        ("<p> \n\t </p><div></div>", []),
    ],
)
def test_a_block_ends_where_an_element_or_two_line_breaks_part_it(html: str, texts: list[str]) -> None:
    assert layout(html).texts == texts


def test_a_block_knows_its_text_nodes_in_order() -> None:
    found = layout("<p>one <i>two</i> three</p>")
    assert "".join(node.text for node in found.nodes[0]) == "one two three"


def test_characters_inside_links_and_bold_are_counted() -> None:
    found = layout("<p>ab<a href=/>cde</a><b>fg</b></p>")
    assert (found.linked, found.bold) == ([3], [2])


def test_containers_without_blocks_are_forgotten() -> None:
    found = layout("<div><div></div><section><p></p></section><p>one</p></div>")
    assert found.tags == ["body", "div", "p"]
    assert found.parents == [-1, 0, 1]


def test_a_container_covers_the_blocks_inside_it() -> None:
    found = layout("<div><p>a</p><p>b</p></div><p>c</p>")
    assert list(zip(found.tags, found.first, found.end, strict=True)) == [
        ("body", 0, 3),
        ("div", 0, 2),
        ("p", 0, 1),
        ("p", 1, 2),
        ("p", 2, 3),
    ]


@pytest.mark.parametrize(
    "attributes",
    ["hidden", 'style="color:red; display : none"', 'aria-hidden="true"', 'style="DISPLAY:NONE"'],
)
def test_hidden_containers_are_marked(attributes: str) -> None:
    found = layout(f"<div {attributes}>x</div>")
    assert found.marks[found.homes[0]].split() == ["hidden"]


def test_a_page_deeper_than_any_real_one_is_cut_and_says_so() -> None:
    found = layout("<p>top</p>" + "<div>" * (MAX_DEPTH + 20) + "deep")
    assert found.cut
    assert found.texts == ["top"]
