"""Blocks that belong inside the chosen body are added to it; others are not."""

import numpy as np

from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.adjustments.fill_gaps import with_gaps_filled
from unabridged.extraction.selection.blocks import lay_out
from unabridged.extraction.selection.features import measure_blocks
from unabridged.extraction.selection.networks import shipped_models
from unabridged.extraction.selection.page_claims import read_head_claims

FIRST = "The ferry left the harbour at five, and nobody on the quay looked up from the nets."
SECOND = "By noon it had been seen from the lighthouse, going north, with all its flags out."


def added(between: str, score: float = -1.0, *, kept: tuple[str, ...] = (), tag: str = "p") -> list[str]:
    """Return the blocks added between two kept paragraphs with `between` between them, all at one score."""
    dom = parse(f"<div><{tag} class='t'>{FIRST}</{tag}>{between}<{tag} class='t'>{SECOND}</{tag}></div>")
    layout = lay_out(dom)
    scores = np.full(len(layout.texts), score)
    chosen = [n for n, text in enumerate(layout.texts) if text in (FIRST, SECOND, *kept)]
    features = measure_blocks(layout, read_head_claims(dom), shipped_models().tables)
    found = with_gaps_filled(features, scores, chosen)
    assert found == sorted(found)
    return [layout.texts[index] for index in found if index not in chosen]


def test_a_sub_heading_stays_with_the_paragraph_that_it_heads() -> None:
    assert added("<h2>Northward</h2>") == ["Northward"]


def test_a_heading_with_strong_evidence_against_it_stays_out() -> None:
    assert added("<h2>Northward</h2>", -4.0) == []


def test_a_heading_inside_a_box_beside_the_text_stays_out() -> None:
    assert added("<section><h2>More</h2><p>Buy a ferry.</p></section>") == []


def test_a_div_among_divs_of_its_class_is_a_sub_heading() -> None:
    assert added("<div class='t sub'>Northward</div>", tag="div") == ["Northward"]
    assert added("<div class='ad'>Buy ferries</div>", tag="div") == []


def test_an_advertisement_before_a_sub_heading_does_not_hide_it() -> None:
    between = "<div class='ad'>Buy ferries</div><div class='t sub'>Northward</div>"
    assert added(between, tag="div") == ["Northward"]


def test_a_table_between_two_paragraphs_stays_whole() -> None:
    rows = "<table><tr><th>Year</th><th>Boats</th></tr><tr><td>1990</td><td>12</td></tr></table>"
    assert added(rows) == ["Year", "Boats", "1990", "12"]


def test_a_table_of_links_stays_out() -> None:
    assert (
        added("<table><tr><td><a href='/a'>Boats</a></td><td><a href='/b'>Nets</a></td></tr></table>") == []
    )


def test_the_rest_of_a_list_comes_with_most_of_it() -> None:
    items = "<ul><li>one boat</li><li>two nets</li><li>a dog</li></ul>"
    assert added(items, kept=("one boat", "two nets")) == ["a dog"]
    assert added(items, kept=("one boat",)) == []


def test_a_paragraph_between_two_comes_only_with_evidence_for_it() -> None:
    assert added("<p>And back.</p>", 0.5) == ["And back."]
    assert added("<p>And back.</p>", -0.5) == []


def test_captions_and_hidden_text_stay_out() -> None:
    assert added("<h2 hidden>Northward</h2>") == []
    assert added("<figure><figcaption><h2>Northward</h2></figcaption></figure>") == []


def test_what_stands_before_and_after_the_body_stays_out() -> None:
    page = f"<div><h2>Menu</h2><ul><li>Home</li></ul><p>{FIRST}</p><p>{SECOND}</p><h2>More</h2></div>"
    dom = parse(page)
    layout = lay_out(dom)
    chosen = [layout.texts.index(FIRST), layout.texts.index(SECOND)]
    features = measure_blocks(layout, read_head_claims(dom), shipped_models().tables)
    assert with_gaps_filled(features, np.zeros(len(layout.texts)), chosen) == chosen


def test_a_quotation_in_a_figure_is_added_with_its_source() -> None:
    figure = "<figure><blockquote><p>So be it.</p></blockquote><figcaption>The captain</figcaption></figure>"
    assert added(figure, -3.0) == ["So be it.", "The captain"]


def test_a_caption_of_a_picture_stays_out_and_paragraphs_beside_it_are_added() -> None:
    picture = "<figure><img src='/a.jpg'><figcaption>The quay</figcaption></figure>"
    assert added(picture) == []
    signed = "<figure><img src='/a.jpg'><figcaption><p>The quay.</p>Quill</figcaption></figure>"
    assert added(signed) == []
    beside = "<figure><img src='/a.jpg'><div><p>It was late.</p><p>The lamps were lit.</p></div></figure>"
    assert added(beside) == ["It was late.", "The lamps were lit."]


def test_a_table_of_links_under_header_cells_is_added() -> None:
    rows = "<tr><th>Port</th><th>Hour</th></tr><tr><td><a href='/p'>Varna</a></td><td>5</td></tr>"
    assert added(f"<div class='scroll'><table>{rows}</table></div>") == ["Port", "Hour", "Varna", "5"]


TABLE = "<table><tr><th>Boat</th><th>Year</th></tr><tr><td>Vega</td><td>1902</td></tr></table>"
CELLS = ["Boat", "Year", "Vega", "1902"]


def test_a_table_with_headers_between_paragraphs_needs_little_evidence() -> None:
    assert added(TABLE, -4.0) == CELLS
    assert added(TABLE, -6.0) == []


def test_a_table_without_headers_or_of_links_needs_more() -> None:
    assert added(TABLE.replace("th>", "td>"), -4.0) == []
    linked = TABLE.replace("Vega", "<a href='/v'>Vega of the northern harbour</a>")
    assert added(linked, -4.0) == []


def test_a_table_in_an_aside_stays_out() -> None:
    assert added(f"<aside>{TABLE}</aside>", -4.0) == []


def test_captions_and_remarks_around_a_table_do_not_part_it_from_the_text() -> None:
    wrapped = f"<div><p>Table 1.</p>{TABLE}<p>a By the harbour master.</p><p>b Lost.</p></div>"
    assert [text for text in added(wrapped, -4.0) if text in CELLS] == CELLS
