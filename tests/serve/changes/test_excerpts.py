"""Excerpts of comparisons: what changed stays, what did not is shortened."""

from hypothesis import given
from hypothesis import strategies as st

from unabridged.serve.changes.excerpts import CONTEXT, MOST_CHARACTERS, MOST_PARAGRAPHS, excerpt
from unabridged.serve.diff_child import VersionDiff
from unabridged.text.diff import compare

WORDS = " ".join(f"word{number}" for number in range(200))


def made(old: str, new: str, title: tuple[str, str] = ("Same", "Same")) -> VersionDiff:
    return VersionDiff(text=compare(old, new), title=compare(*title))


def test_one_word_of_a_long_paragraph_keeps_its_neighbours_alone() -> None:
    found = excerpt(made(f"{WORDS} town {WORDS}", f"{WORDS} city {WORDS}"))
    [paragraph] = found.paragraphs
    assert paragraph is not None
    first, *changed, last = paragraph.pieces
    assert [(one.kind, one.text) for one in changed] == [("removed", "town"), ("added", "city")]
    assert first.text.startswith("… word") and first.text.endswith("word199 ")
    assert last.text.startswith(" word0") and last.text.endswith(" …")
    assert len(first.text) <= CONTEXT + 2 and len(last.text) <= CONTEXT + 2
    assert (found.added, found.removed) == (1, 1)
    assert (found.quotes_added, found.quotes_removed) == (("city",), ("town",))


def test_between_two_changes_both_sides_are_kept() -> None:
    found = excerpt(made(f"red {WORDS} fish", f"blue {WORDS} bird"))
    [paragraph] = found.paragraphs
    assert paragraph is not None
    [middle] = [one.text for one in paragraph.pieces if one.kind == "same"]
    assert middle.startswith(" word0 word1") and middle.endswith("word198 word199 ")
    assert middle.count("…") == 1 and len(middle) < 2 * CONTEXT + 5


def test_unchanged_paragraphs_are_a_gap() -> None:
    old = "\n\n".join(["First.", "Second one here.", "Third.", "Fourth one here.", "Fifth."])
    found = excerpt(made(old, old.replace("Second", "Another").replace("Fourth", "Other")))
    assert [None if one is None else one.kind for one in found.paragraphs] == [
        None,
        "changed",
        None,
        "changed",
        None,
    ]


def test_very_much_is_cut_and_counted() -> None:
    parts = [f"Paragraph {number} about the town and its many people." for number in range(50)]
    new = [part.replace("town", "city") for part in parts]
    found = excerpt(made("\n\n".join(parts), "\n\n".join(new)))
    assert len([one for one in found.paragraphs if one]) == MOST_PARAGRAPHS
    assert found.left == 50 - MOST_PARAGRAPHS
    assert found.added == found.removed == 50
    long = excerpt(made("", "x" * 5000))
    assert long.paragraphs[0] is not None
    assert len(long.paragraphs[0].pieces[0].text) == MOST_CHARACTERS + 1


def test_a_headline_alone_is_an_edit() -> None:
    found = excerpt(made("Same text.", "Same text.", ("Old headline", "New headline")))
    assert not found.is_empty
    assert [(one.kind, one.text.strip()) for one in found.title if one.kind != "same"] == [
        ("removed", "Old"),
        ("added", "New"),
    ]
    assert (found.added, found.removed) == (1, 1)
    assert excerpt(made("Same.", "Same.")).is_empty


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_two_texts_have_an_excerpt(old: str, new: str) -> None:
    found = excerpt(made(old, new, (old[:50], new[:50])))
    assert len([one for one in found.paragraphs if one]) <= MOST_PARAGRAPHS
    assert all(len(one) <= 82 for one in (*found.quotes_added, *found.quotes_removed))
