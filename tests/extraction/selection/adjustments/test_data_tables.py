"""Sections of tables behind the text belong to it if their headings are of the text's kind."""

import numpy as np

from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.adjustments.data_tables import with_sections_of_tables
from unabridged.extraction.selection.blocks import lay_out

TABLE = "<table><tr><th>Boat</th><th>Year</th></tr><tr><td>Vega</td><td>1902</td></tr></table>"
TEXT = "<h2>Life</h2><p>The ferry left the harbour at five.</p>"


def added(behind: str, score: float = -3.0) -> list[str]:
    """Return the blocks added behind a kept heading and paragraph."""
    layout = lay_out(parse(f"<div>{TEXT}{behind}</div>"))
    found = with_sections_of_tables(layout, np.full(len(layout.texts), score), [0, 1])
    return [layout.texts[index] for index in found[2:]]


def test_headings_of_the_same_kind_with_tables_go_on_with_the_text() -> None:
    behind = f"<h2>Boats</h2>{TABLE}<h3>Older</h3>{TABLE}"
    assert added(behind) == ["Boats", "Boat", "Year", "Vega", "1902", "Older", "Boat", "Year", "Vega", "1902"]


def test_a_table_without_heading_or_with_another_kind_of_heading_does_not() -> None:
    assert added(TABLE) == []
    assert added(f"<h4>Prices</h4>{TABLE}") == []


def test_the_sections_end_at_the_first_other_block() -> None:
    assert added(f"<h2>More</h2><ul><li>A link.</li></ul><h2>Boats</h2>{TABLE}") == []
    assert added(f"<h2>Boats</h2>{TABLE}", -6.0) == []
