"""Links of a body: kept, taken out, or as footnotes."""

from unabridged.serve.full_text.links import LINKS, MAX_NOTES

BODY = '<p>See <a href="https://x.example/?a=1&amp;b=2">one <b>two</b></a> and <a href="#fn-1">note</a>.</p>'


def test_links_are_kept_by_default() -> None:
    assert LINKS["preserve"](BODY) == BODY


def test_links_are_taken_out_and_their_words_stay() -> None:
    assert LINKS["remove"](BODY) == "<p>See one <b>two</b> and note.</p>"


def test_links_become_footnotes_with_numbers() -> None:
    made = LINKS["footnotes"](BODY)
    address = "https://x.example/?a=1&amp;b=2"
    assert made.startswith("<p>See one <b>two</b><sup>[1]</sup> and note.</p>")
    assert made.endswith(f'<li>one two: <a href="{address}">{address}</a></li></ol>')


def test_words_of_a_link_cannot_become_markup() -> None:
    made = LINKS["footnotes"]('<p><a href="https://x.example/&quot;&gt;">&lt;script&gt;x</a></p>')
    assert "<script" not in made and '""' not in made


def test_footnotes_are_bounded() -> None:
    made = LINKS["footnotes"]('<p><a href="https://x.example/">x</a></p>' * (MAX_NOTES + 5))
    assert made.count("<li>") == MAX_NOTES
