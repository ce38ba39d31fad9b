"""Marks in HTML: around the words, never across a tag, and nothing else changes."""

import random
import re

import nh3
import pytest

from tests.serve.running_app import NOW
from unabridged.archive.records.library import Highlight
from unabridged.serve.routes.media import without_pictures
from unabridged.serve.views.highlights import highlights_markdown, mark_highlights, quote_in
from unabridged.text.quotes import Quote

HTML = (
    '<p>The <em>old</em> bridge &amp; the <a href="https://x.example/?a=1&amp;b=<i>" title="a &quot;b&quot;">'
    "new one</a> stand.</p><p>Second <b>paragraph</b>, same words: the old bridge.</p>"
    "<table><tbody><tr><td>one cell</td> <td>two cells</td></tr></tbody></table>"
    "<math><mi>x</mi><mo>&lt;</mo><mn>3</mn></math><p>桂花巷口那间铺子，晴天几乎没有人注意。</p>"
)


def one(exact: str, number: int = 1, **around: str) -> Highlight:
    return Highlight(
        id=number,
        article_id=3,
        number=1,
        quote=Quote(exact=exact, **around),
        note="",
        created=NOW,
        title="A *title*",
        url="https://x.example/",
    )


def marks(html: str) -> list[str]:
    return re.findall(r"<mark[^>]*>(.*?)</mark>", html, re.DOTALL)


@pytest.mark.parametrize(
    ("exact", "pieces"),
    [
        ("bridge & the new one", [" bridge &amp; the ", "new one"]),
        ("stand.\n\nSecond", [" stand.", "Second"]),
        ("one cell two cells", ["one cell", "two cells"]),
        ("晴天几乎没有人注意", ["晴天几乎没有人注意"]),
    ],
)
def test_words_are_marked_across_tags_and_blocks(exact: str, pieces: list[str]) -> None:
    marked = mark_highlights(HTML, [one(exact)])
    assert [piece.strip() for piece in marks(marked.html)] == [piece.strip() for piece in pieces]
    assert re.sub("</?mark[^>]*>", "", marked.html) == HTML
    assert marked.html.count('id="highlight-1"') == 1 and marked.placed == {1}


def test_the_surroundings_choose_among_equal_words() -> None:
    marked = mark_highlights(HTML, [one("old bridge", prefix="same words: the ")])
    assert marks(marked.html) == ["old bridge"]


def test_changed_words_are_marked_and_told_and_missing_ones_are_told() -> None:
    found = [
        one("Second paragraph, same sentences: the old bridge."),
        one("Nothing of this is there at all.", 2),
    ]
    marked = mark_highlights(HTML, found)
    assert marked.placed == marked.changed == {1}
    assert "paragraph" in "".join(marks(marked.html))


def test_any_marks_leave_safe_html_that_nests() -> None:
    chance = random.Random(8)
    words = re.sub("<[^>]*>", " ", HTML)
    for _ in range(200):
        found = []
        for number in range(chance.randrange(1, 6)):
            at = chance.randrange(len(words) - 2)
            found.append(one(words[at : at + chance.randrange(1, 60)], number + 1))
        marked = mark_highlights(HTML, found).html
        assert re.sub("</?mark[^>]*>", "", marked) == HTML
        tags = nh3.clean(marked, attributes={"mark": {"class", "id", "data-highlight"}}, tags={"mark"})
        depth = 0
        for tag in re.findall("</?mark", tags):
            depth += 1 if tag == "<mark" else -1
            assert depth in (0, 1)
        for inner in marks(marked):
            assert "<" not in inner


def test_a_quote_is_stored_as_it_stands_in_the_text() -> None:
    quote = quote_in(without_pictures(HTML), Quote(exact="Secondparagraph,  same"))
    assert (
        quote == Quote(exact="Second paragraph, same", prefix=quote.prefix, suffix=quote.suffix)
        if quote
        else 0
    )
    assert quote and quote.prefix.endswith("stand.") and quote.suffix.startswith("words: the old")
    assert quote_in(HTML, Quote(exact="not there")) is quote_in(HTML, Quote(exact="")) is None


def test_markdown_has_articles_quotes_and_notes() -> None:
    text = highlights_markdown([one("Some <words>"), one("more", 2)])
    assert text.count("## A \\*title\\*") == 1
    assert "> Some &lt;words&gt;\n" in text and "<https://x.example/>" in text
