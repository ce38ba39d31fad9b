"""Ends of texts: in the middle of a sentence, or with a signature."""

from tests.extraction.completeness.verdicts import BRIEF, judged, page


def test_a_text_that_stops_in_the_middle_of_a_sentence_is_a_part() -> None:
    open_end = f"{BRIEF}\n\nWhoever wants to cross the river has to take the ferry until the work on the"
    assert judged(page(f"<p>{open_end}</p>"), open_end).kind == "truncated"
    signed = f"{BRIEF}\n\nIda Brandt, reporter for the valleys and rivers of the north, The Harbour Post"
    assert judged(page(f"<p>{signed}</p>"), signed).kind == "full"
