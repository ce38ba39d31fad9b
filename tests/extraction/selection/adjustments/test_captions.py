"""Credited captions outside figures are found; sentences about pictures and galleries are not."""

import pytest

from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.adjustments.captions import credited_captions
from unabridged.extraction.selection.blocks import lay_out

PARAGRAPH = "<p>The ferry left the harbour at five, and nobody on the quay looked up from the nets.</p>"
SHOWN = "Boats at the quay in the first light of the day"


def found(box: str) -> list[str]:
    """Return the captions among the blocks of a box in a text."""
    layout = lay_out(parse(f"<article>{PARAGRAPH * 6}{box}{PARAGRAPH * 6}</article>"))
    captions = credited_captions(layout, list(range(len(layout.texts))))
    return [layout.texts[index] for index in sorted(captions)]


@pytest.mark.parametrize(
    "credit",
    ["Image: Ada Quill", "Photo by Ada Quill", "Foto: Ada Quill/dpa", "Ada Quill/Getty Images", "© Ada Quill",
     "Courtesy of the harbour office", "供图：某某"],
)  # fmt: skip
def test_a_caption_and_its_credit_in_the_box_of_a_picture_are_one_caption(credit: str) -> None:
    assert found(f"<div><img src=a.jpg><p>{SHOWN}</p><p>{credit}</p></div>") == [SHOWN, credit]


@pytest.mark.parametrize(
    "credit", ["Image: Ada Quill", "Photo by Ada Quill", "Foto: Ada Quill/dpa", "(Reuters)"]
)
def test_a_caption_may_hold_its_credit(credit: str) -> None:
    assert found(f"<div><img src=a.jpg><p>{SHOWN}. {credit}</p></div>") == [f"{SHOWN}. {credit}"]


@pytest.mark.parametrize(
    "line",
    ["The photo by the door shows her father", "No credit card is needed", "Bild und Ton passen nicht"],
)
def test_a_sentence_about_pictures_is_no_caption(line: str) -> None:
    assert found(f"<div><img src=a.jpg><p>{line}</p></div>") == []


@pytest.mark.parametrize(
    "box",
    [
        f"<div><img src=a.jpg><h3>{SHOWN}</h3><p>Photo: Ada Quill</p></div>",
        f"<div><img src=a.jpg><p>{SHOWN}</p><p>{SHOWN}</p><p>Photo: Ada Quill</p></div>",
        f"<div><p>{SHOWN}</p><p>Photo: Ada Quill</p></div>",
        f"<div><img src=a.jpg><p>{SHOWN * 12}</p><p>Photo: Ada Quill</p></div>",
    ],
)
def test_headings_several_texts_long_ones_and_boxes_without_pictures_stay(box: str) -> None:
    assert found(box) == []


def test_a_gallery_keeps_its_captions() -> None:
    boxes = (f"<div><img src={n}.jpg><p>{n}: {SHOWN}. Photo: Ada Quill</p></div>" for n in range(9))
    assert found("".join(boxes)) == []
