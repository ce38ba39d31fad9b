"""Links and footnote anchors of a body as we write them."""

import pytest

from unabridged.extraction.html.dom import parse
from unabridged.extraction.html.links import (
    anchor,
    anchor_ids,
    link_address,
    link_tags,
    without_dangling_anchors,
)

BASE = "https://news.example/a/1"


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("/b?utm_source=rss", "https://news.example/b"),
        ("mailto:ada@news.example", "mailto:ada@news.example"),
        ("mailto:ada@news.example?body=x", None),
        ("javascript:alert(1)", None),
        ("https://api.news.example/v1/api/x", None),
        ("#nowhere", None),
        ("#note", "#fn-1"),
    ],
)
def test_a_link_leads_somewhere_or_is_none(href: str, address: str | None) -> None:
    assert link_address(href, BASE, {"note": "fn-1"}) == address


def test_only_ids_that_a_link_of_the_text_points_to_are_kept() -> None:
    root = parse(
        "<body><p><a href='#n1'>1</a><a href='#gone'>2</a></p><p id=n1>Note</p><p id=other>x</p></body>"
    )
    ids = anchor_ids(root.select("body")[0], BASE)
    assert list(ids) == ["n1"]
    assert ids["n1"].startswith("fn-")
    assert anchor(root.select("#n1")[0], ids) == f' id="{ids["n1"]}"'
    assert anchor(root.select("#other")[0], ids) == ""
    assert anchor_ids(root.select("body")[0], "https://other.example/") != ids


def test_a_link_without_an_address_leaves_its_words_alone() -> None:
    root = parse("<body><a href='javascript:x'>a</a><a href='/b'>b</a></body>")
    first, second = root.select("a")
    assert link_tags(first, BASE, {}) == ("", "")
    start, end = link_tags(second, BASE, {})
    assert start.startswith('<a href="https://news.example/b" rel="') and end == "</a>"


def test_a_note_without_its_mark_and_a_mark_without_its_note_are_taken_off() -> None:
    rel = 'rel="noopener noreferrer nofollow ugc"'
    pair = f'<p><a href="#fn-00000001" {rel}>1</a></p><p id="fn-00000001">Note</p>'
    alone = f'<p><a href="#fn-00000002" {rel}>2</a></p><p id="fn-00000003">Other</p>'
    assert without_dangling_anchors(pair) == pair
    assert without_dangling_anchors(alone) == "<p>2</p><p>Other</p>"
