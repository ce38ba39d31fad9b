"""Boxes behind the column or between its paragraphs go where the evidence for them is weak."""

import numpy as np
import pytest

from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.adjustments.boxes import without_boxes
from unabridged.extraction.selection.blocks import lay_out

PARAGRAPH = "<p>The ferry left the harbour at five, and nobody on the quay looked up from the nets.</p>"
OFFER = "Our paper has told of the harbour since 1868."
PORTRAIT = f"<div><h3>The captain</h3><p>{OFFER}</p></div>"


def left(html: str, score: float = 1.0, types: tuple[str, ...] = ()) -> str:
    """Return the texts that stay of a page of which every block was chosen; score: of the offer's block."""
    layout = lay_out(parse(f"<main>{html}</main>"))
    scores = np.array([score if OFFER in text else 2.0 for text in layout.texts])
    kept = without_boxes(layout, scores, list(range(len(layout.texts))), types)
    return "\n".join(layout.texts[index] for index in kept)


def column(inside: str = "", behind: str = "") -> str:
    return f"<div class=text>{PARAGRAPH * 4}{inside}{PARAGRAPH * 4}</div>{behind}"


def test_an_offer_behind_the_column_goes() -> None:
    assert OFFER not in left(column(behind=f"<div><p>{OFFER}</p></div>"))


def test_a_box_with_its_own_heading_between_paragraphs_goes() -> None:
    text = left(column(inside=PORTRAIT))
    assert OFFER not in text
    assert "The captain" not in text
    assert text.count("The ferry left") == 8


@pytest.mark.parametrize(
    "html",
    [
        column(inside=f"<div><p>{OFFER}</p><p>{OFFER}</p></div>"),
        column(inside=f"<h3>The captain</h3><p>{OFFER}</p>"),
        column(behind=f"<div><h2>Who sails?</h2><p>{OFFER}</p><h2>When?</h2><p>{OFFER}</p></div>"),
        column(behind=f"<div>{f'<p>{OFFER}</p>' * 4}</div>"),
        column(behind=f"<pre>{OFFER}</pre>"),
        f"<div>{PARAGRAPH * 4}</div><div>{PARAGRAPH * 4}</div><div><p>{OFFER}</p></div>",
    ],
    ids=["no heading", "no box", "sections", "much text", "code", "no column"],
)
def test_what_may_be_part_of_the_article_stays(html: str) -> None:
    assert OFFER in left(html)


def test_a_box_with_strong_evidence_stays() -> None:
    assert OFFER in left(column(inside=PORTRAIT), score=6.0)
    assert OFFER in left(column(behind=f"<p>{OFFER}</p>"), score=6.0)


def test_a_page_of_a_forum_stays() -> None:
    assert OFFER in left(column(behind=f"<p>{OFFER}</p>"), types=("discussionforumposting",))
