"""A text that was chosen and is not written is found, so that it is never lost in silence."""

from unabridged.extraction.body.build import build_body
from unabridged.extraction.body.written import loss_note, unwritten
from unabridged.extraction.html.builders import HtmlPiece
from unabridged.extraction.html.dom import Node, Text, parse

LINE = "The ferry left the harbour at five, and nobody looked up."
OTHER = "It came back at nine with the post & the bread."


def nodes(html: str) -> list[Node]:
    return [node for node in parse(html).body.descendants if type(node) is Text]


def test_text_that_is_written_in_other_elements_is_not_lost() -> None:
    page = f"<div>{LINE}<b>\n {OTHER.replace('&', '&amp;')}</b></div>"
    written = [HtmlPiece(f"<p>{LINE}</p>"), HtmlPiece(f"<ul><li>{OTHER.replace('&', '&amp;')}</li></ul>")]
    assert unwritten(nodes(page), written) == ()


def test_text_that_stands_elsewhere_is_not_lost() -> None:
    written = [HtmlPiece(f"<p>{OTHER.replace('&', '&amp;')}</p>"), HtmlPiece(f"<p>{LINE}</p>")]
    assert unwritten(nodes(f"<p>{LINE}</p><p>{OTHER}</p>"), written) == ()


def test_text_without_a_piece_is_lost() -> None:
    assert unwritten(nodes(f"<p>{LINE}</p><p>{OTHER}</p>"), [HtmlPiece(f"<p>{LINE}</p>")]) == (OTHER,)


def test_a_refrain_that_is_written_once_is_lost_once() -> None:
    page = nodes(f"<p>{LINE}</p><p>{OTHER}</p><p>{LINE}</p>")
    written = [HtmlPiece(LINE, True), HtmlPiece(OTHER.replace("&", "&amp;"), True)]
    assert unwritten(page, written) == (LINE,)


def test_the_title_that_is_left_out_on_purpose_is_not_lost() -> None:
    kept = nodes(f"<main><h1>Bread by boat</h1><p>{LINE}</p><p>{OTHER}</p></main>")
    body = build_body(kept, base=None, title="Bread by boat")
    assert body.lost == ()
    assert "Bread by boat" not in "".join(piece.html for piece in body.pieces)


def test_a_loss_names_its_words_and_how_it_begins() -> None:
    assert loss_note((LINE,)) == f"11 words of the chosen text could not be written: “{LINE}”"
    assert loss_note((LINE, OTHER)).endswith("nobody looked up. It…”")
    assert loss_note(("3", "of 4")) == ""
