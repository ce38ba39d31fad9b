"""Oversized pages end in an article or a named error, and the article says what was left out."""

import resource
import subprocess
import sys
from collections.abc import Callable

import pytest

from unabridged.errors import NotAPage
from unabridged.extraction import extract
from unabridged.extraction.article import MAX_BODY, limit_size
from unabridged.extraction.html.builders import HtmlPiece
from unabridged.extraction.selection.blocks import MAX_BLOCKS

PARAGRAPH = "<p>A paragraph of a long story, which goes on and on, without an end to it.</p>"

MONSTERS: dict[str, Callable[[], bytes]] = {
    "deep": lambda: b"<div>" * 200_000 + b"deep",
    "deep bold": lambda: b"<b>" * 200_000 + b"deep",
    "tiny elements": lambda: b"<i></i>" * 300_000,
    "tiny paragraphs": lambda: b"<p>a b</p>" * 300_000,
    "attributes": lambda: (
        b"<p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">" + b"some words " * 50
    ),
    "one text": lambda: b"<p>" + b"word " * 2_000_000,
    "one word": lambda: b"<p>" + b"x" * 10_000_000,
    "line breaks": lambda: b"<p>" + b"<br>" * 2_500_000,
    "links": lambda: b"".join(b"<p><a href=/%d>link %d</a>" % (n, n) for n in range(100_000)),
    "rows": lambda: b"<table>" + b"<tr><td>a cell<td>b<td>c" * 100_000,
    "columns": lambda: b"<table><tr>" + b"<td>x" * 300_000,
    "references": lambda: b"<p>" + b"&amp;" * 2_000_000,
    "surrogates": lambda: b"<p>a&#xD800;b\xed\xa0\x80c " * 100_000,
    "GB18030": lambda: ("<meta charset=gb2312><p>" + "汉字，汉字。" * 700_000).encode("gb18030"),
    "Shift-JIS": lambda: ("<p>" + "これは日本語の文章です。" * 300_000).encode("shift_jis"),
    "classes": lambda: b"".join(
        b'<p class="c%d author-%d date%d">text</p>' % (n, n, n) for n in range(100_000)
    ),
    "meta": lambda: b"<meta property=og:title content=x>" * 250_000 + b"<p>words",
    "JSON": lambda: b'<script type="application/ld+json">' + b'[{"@type":' * 100_000 + b"</script><p>words",
    "pictures": lambda: b"".join(b"%s<img src=/%d.jpg>" % (PARAGRAPH.encode(), n) for n in range(40_000)),
}


@pytest.mark.parametrize("name", ["deep", "tiny paragraphs", "attributes", "line breaks", "surrogates"])
def test_what_is_left_out_of_a_monstrous_page_is_said(name: str) -> None:
    article = extract(MONSTERS[name]())
    assert any(warning.startswith("truncated: ") for warning in article.warnings)


def test_the_beginning_of_a_page_with_too_many_blocks_is_kept() -> None:
    article = extract("<article>" + PARAGRAPH * (MAX_BLOCKS + 500))
    assert article.text.count("\n\n") > MAX_BLOCKS // 2
    assert [warning[:10] for warning in article.warnings] == ["truncated:"]


@pytest.mark.parametrize(
    "page",
    [
        "<article>" + PARAGRAPH * (MAX_BLOCKS + 500),
        "<article><h1>Long</h1>" + PARAGRAPH * 120_000,
        "<article><p>" + "word " * 3_500_000,
    ],
    ids=["blocks", "tags", "bytes"],
)
def test_a_text_that_our_own_limits_cut_is_not_called_whole(page: str) -> None:
    found = extract(page).completeness
    assert found.kind == "truncated"
    assert found.evidence[0].startswith("cut by our own limit: ")


def test_a_whole_article_before_a_monstrous_rest_is_whole() -> None:
    article = extract(
        "<article><h1>The ferry</h1>"
        + PARAGRAPH * 40
        + "</article><ul>"
        + "<li><a href=/x>more</a></li>" * 60_000
    )
    assert article.text.count("without an end") == 40
    assert article.completeness.kind == "full"


def test_a_long_page_within_bounds_is_whole_and_warns_of_nothing() -> None:
    article = extract("<article>" + PARAGRAPH * 4_000)
    assert article.text.count("without an end") == 4_000
    assert article.warnings == ()


def test_a_body_longer_than_any_book_is_cut_between_its_pieces() -> None:
    piece = HtmlPiece("x" * 1_000, True)
    kept, notes = limit_size([piece] * 5_000, MAX_BODY)
    assert len(kept) == MAX_BODY // 1_000
    assert "3,000,000" in notes[0]
    assert limit_size(kept, MAX_BODY) == (kept, ())


def test_of_one_giant_table_the_words_stay() -> None:
    kept, notes = limit_size([HtmlPiece("<table>" + "<tr><td>cell of it</td></tr>" * 10 + "</table>")], 200)
    assert kept[0].html.startswith("cell of it")
    assert notes


@pytest.mark.long
@pytest.mark.parametrize("name", MONSTERS)
def test_a_monster_is_read_within_bounds_of_time_and_memory(name: str) -> None:
    """Bounds of the system, wide enough for a busy machine: 5 s of CPU with the start, 700 MB."""
    program = (
        "import sys; from unabridged import extract; from unabridged.errors import UnabridgedError\n"
        "try: print(len(extract(sys.stdin.buffer.read()).text))\n"
        "except UnabridgedError as error: print(error)"
    )

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
        resource.setrlimit(resource.RLIMIT_DATA, (700_000_000, 700_000_000))

    done = subprocess.run(
        [sys.executable, "-c", program],
        input=MONSTERS[name]()[:10_000_000],
        capture_output=True,
        preexec_fn=limit,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]


def test_binary_data_is_refused_by_name() -> None:
    with pytest.raises(NotAPage):
        extract(b"\x00\x01\x02" * 1_000_000)
