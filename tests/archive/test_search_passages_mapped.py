"""Where letters of a folded text stand in the original."""

from hypothesis import given, settings
from hypothesis import strategies as st

from unabridged.archive import analysis, passages

LETTERS = st.text(alphabet=st.sampled_from("aZ9 é’e\u0301圖ｶﾞがﬁßΣς한ก\u0e48-\n“”"), max_size=60)


@settings(deadline=None)
@given(LETTERS)
def test_every_letter_of_the_folded_text_has_its_place_in_the_original(text):
    folded, places = passages._mapped(text)
    alone = [(analysis.fold(cluster), start) for start, cluster in passages._clusters(text)]
    assert folded == "".join(letters for letters, _ in alone)
    assert [*places] == [start for letters, start in alone for _ in letters] + [len(text)]
