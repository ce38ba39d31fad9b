"""Snippets with highlighted words, and texts cut out of their records."""

import pytest

from unabridged.archive.records import encoding
from unabridged.archive.records.query_tree import Words
from unabridged.archive.search import highlight
from unabridged.model import Article, Link


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
