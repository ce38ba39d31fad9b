"""Texts cut out of their records, and where letters of a folded text stand in the original."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unabridged.archive.records import encoding
from unabridged.archive.records.query_tree import Words
from unabridged.archive.search import highlight
from unabridged.archive.search_index import tokenizer
from unabridged.model import Article, Link

LETTERS = st.text(alphabet=st.sampled_from("aZ9 é’e\u0301圖ｶﾞがﬁßΣς한ก\u0e48-\n“”"), max_size=60)


@settings(deadline=None)
@given(LETTERS)
def test_every_letter_of_the_folded_text_has_its_place_in_the_original(text: str) -> None:
    folded, places = highlight._mapped(text)
    alone = [(tokenizer.fold(cluster), start) for start, cluster in highlight._clusters(text)]
    assert folded == "".join(letters for letters, _ in alone)
    assert [*places] == [start for letters, start in alone for _ in letters] + [len(text)]


@pytest.mark.parametrize(
    "text",
    ["Öl", ",", '"', '","markdown":"', '\\",\\"', "a\nb\\", ',"text":"', '":[{"', "", "\u2028”…"],
)
def test_a_text_is_cut_out_of_its_record_as_it_was_put_in(text: str) -> None:
    for more in (
        {},
        {"markdown": "*x*"},
        {"links": (Link(url="https://a.example/", text="not this one"),)},
        {"provenance": {"a": "page", "text": "page"}},
        {"html": '<p>,"text":"no" {"a":[{"b":1}]}</p>'},
    ):
        article = Article(url="https://a.example/1", text=text, **more)
        assert encoding.text_of(encoding.encode(article)) == text
    assert (
        encoding.text_of(b'{"url":"u","links":[{"url":"v","text":"not this"}],"text":"this","x":"y"}')
        == "this"
    )


def test_titles_folded_together_are_marked_like_each_alone() -> None:
    words = (Words(tokens=("ol",), said="öl"), Words(tokens=("x",), said="x", prefix=True))
    matchers = highlight.term_matchers(words)
    for lines in (["Öl", "", "x-ray"], ["ﬁxed x", "öl"], ["a\nxb", "Öl"], []):
        assert highlight.marked_lines(lines, matchers) == [highlight.marked(line, matchers) for line in lines]
