"""Notes are found by their marks, moved to the end in one form, and nothing else is taken for a note."""

import time

import pytest

from unabridged.extraction import extract
from unabridged.extraction.body.fragment import clean_fragment
from unabridged.extraction.html.render import render
from unabridged.extraction.rules.model import SiteRules

TEXT = (
    "<p>The ferry leaves at six in the morning, when the harbour is still dark and the only light comes from "
    "the kiosk where two women sell coffee and yesterday's papers{}. Nobody who takes it is a tourist.</p>"
)


def test_a_note_of_several_paragraphs_keeps_them_under_its_number() -> None:
    body = clean_fragment(
        '<p>Text<sup id="r1"><a href="#n1">1</a></sup> goes on.</p>'
        '<ol><li id="n1"><p>One.</p><ul><li>a</li><li>b</li></ul><p>Two. <a href="#r1">↩</a></p></li></ol>'
    )
    views = render(body)
    assert views.text == "Text[1] goes on.\n\n1. One.\n\na\n\nb\n\nTwo."
    assert views.markdown == "Text[^1] goes on.\n\n[^1]: One.\n\n    - a\n    - b\n\n    Two.\n"
    assert clean_fragment(body) == body


def test_a_mark_that_only_a_class_tells_is_one() -> None:
    body = clean_fragment(
        '<p>Text<sup class="note"><a data-note="n1">1</a></sup> goes on.</p>'
        '<div class="footnotes"><p id="n1">The only one.</p></div>'
    )
    assert render(body).text == "Text[1] goes on.\n\n1. The only one."


def test_a_note_that_only_another_note_refers_to_is_part_of_the_text() -> None:
    body = clean_fragment(
        '<p>Text<sup><a href="#n1">1</a></sup> goes on.</p><ol class="footnotes">'
        '<li id="n1">First, but see below.<sup><a href="#n2">2</a></sup></li><li id="n2">Second.</li></ol>'
    )
    assert render(body).text == "Text[1] goes on.\n\n1. First, but see below.[2]\n\n2. Second."
    assert clean_fragment(body) == body


def test_numbers_that_do_not_begin_with_one_stay() -> None:
    body = clean_fragment(
        '<p>Text<sup><a href="#n7">7</a></sup> goes on<sup><a href="#n9">9</a></sup>.</p>'
        '<div class="notes"><p id="n7">7. Seven words.</p><p id="n9">9. Nine words.</p></div>'
    )
    assert 'value="7">Seven words.' in body and 'value="9">Nine words.' in body
    assert render(body).text.endswith("7. Seven words.\n\n9. Nine words.")
    assert clean_fragment(body) == body


def test_rules_may_leave_notes_as_they_are() -> None:
    text = TEXT.format("<sup><a href=#n1>1</a></sup>")
    page = f"<article><h1>A</h1>{text}<p id=n1>1. Low water.</p></article>"
    assert "papers[1]" in extract(page).text
    assert "papers1" in extract(page, rules=SiteRules(footnotes=False)).text


@pytest.mark.parametrize(
    "link",
    [
        '<a href="#part">the second part</a>',
        '<a href="#part">2024</a>',
        '<a href="#part">(3)</a>',
        'Figure <a href="#part">3</a>',
        '<sup><a href="https://elsewhere.example/#x">1</a></sup>',
    ],
)
def test_other_links_within_a_page_move_nothing(link: str) -> None:
    html = f'<p>See {link} for more.</p><p id="part">This paragraph stays in its place.</p><p>End.</p>'
    assert clean_fragment(html).endswith("in its place.</p><p>End.</p>")


def test_a_heading_is_no_note() -> None:
    html = '<p>See below<sup><a href="#part">1</a></sup>.</p><h2 id="part">Part</h2><p>End of the text.</p>'
    assert clean_fragment(html).endswith("Part</h2><p>End of the text.</p>")


@pytest.mark.parametrize(
    "html",
    [
        '<p>a<sup><a href="#n">1</a></sup></p>' * 20_000 + '<p id="n">note</p>',
        "".join(f'<p>a<sup><a href="#n{n}">{n}</a></sup></p>' for n in range(4_000))
        + "".join(f'<p id="n{n}">note {n} words</p>' for n in range(4_000)),
        '<p>a<sup><a href="#n">1</a></sup></p>' + "<div>" * 50_000 + '<p id="n">note</p>',
        '<p>a<sup><a href="#n">1</a></sup></p><li id="n">' + '<a href="#n">1</a>' * 20_000,
        '<p>a<span class="sidenote">words in here ' * 5_000,
        '<p>a<sup id="fn-00000000"><a href="#fn-00000000">1</a></sup></p>' * 500,
        '<li id="a">x<sup><a href="#b">1</a></sup><li id="b">y<sup><a href="#a">1</a></sup>' * 500,
        "<p>x<sup><a href=#n>1</a></sup>" + "<b>" * 3_000 + '<a name="n">1</a> words of the note',
    ],
)
def test_hostile_notes_are_written_in_time(html: str) -> None:
    start = time.process_time()
    body = clean_fragment(html)
    render(body)
    assert time.process_time() - start < 4


def test_a_note_with_thirty_marks_is_written_once() -> None:
    html = '<p>a<sup><a href="#n">1</a></sup></p>' * 30 + '<p id="n">1. The note.</p>'
    body = clean_fragment(html)
    assert body.count("The note.") == 1 and body.count("↩") == 20
    assert clean_fragment(body) == body


def test_a_link_or_code_of_one_letter_stays_in_a_note() -> None:
    body = clean_fragment(
        '<p>Text<sup id="r1"><a href="#n1">1</a></sup> goes on.</p>'
        '<ol><li id="n1"><p>Unsure what that <a href="/api#g">g</a> object or '
        '<a href="#x"><code>h</code></a> is? Read on. <a href="#r1">↩</a></p></li></ol>'
    )
    assert "Unsure what that g object or h is? Read on." in render(body).text


def test_lettered_links_back_before_a_note_go() -> None:
    body = clean_fragment(
        '<p>One<sup id="r1"><a href="#n1">[1]</a></sup> and two<sup id="r2"><a href="#n1">[1]</a></sup>.</p>'
        '<ol><li id="n1"><a href="#r1">a</a> <a href="#r2">b</a> Smith, 1902.</li></ol>'
    )
    assert render(body).text.endswith("1. Smith, 1902.")


def test_marks_with_a_star_and_a_number_are_marks() -> None:
    body = clean_fragment(
        '<p>本文です<span class="footnote">'
        '<a name="fm1" href="./d.html#f1">*1</a></span>。次。</p>'
        '<p class="footnote"><a name="f1" href="./d.html#fm1">*1</a>&nbsp;これは注です。</p>'
    )
    assert render(body).text == "本文です[1]。次。\n\n1. これは注です。"
