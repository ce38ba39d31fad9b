"""Letters beyond ASCII, folded: case, accents, variants, and both Chinese scripts."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unabridged.archive.search_index.folding import fold_each, fold_lines


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Éclair", "eclair"),
        ("STRASSE straße", "strasse strasse"),
        ("Łódź", "lodz"),
        ("Æther œuvre", "aether oeuvre"),
        ("ＦＵＬＬ　１２", "full 12"),
        ("體育", "体育"),
        ("カタカナ", "かたかな"),
        ("ﬁn", "fin"),
        ("سَلَام", "سلام"),
        ("co\u00adoperate…", "cooperate"),
        ("กินข้าว", "กินข้าว"),
    ],
)
def test_variants_of_a_letter_are_one_letter(text: str, folded: str) -> None:
    assert fold_lines(text)[0].strip() == folded


def test_it_is_said_whether_letters_kept_their_places() -> None:
    assert fold_lines("Éclair")[1] is True
    assert fold_lines("straße")[1] is False


def test_line_ends_stay_and_other_signs_are_spaces() -> None:
    assert fold_lines("Où ?\nIci – là")[0] == "ou  \nici   la"


@settings(deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_a_folded_text_folds_to_itself(text: str) -> None:
    once = fold_lines(unicodedata.normalize("NFKC", text))[0]
    if once:
        assert fold_lines(once)[0] == once


@settings(deadline=None)
@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=5))
def test_many_texts_at_once_fold_as_each_alone(texts: list[str]) -> None:
    assert fold_each(texts) == [fold_lines(text) for text in texts]
