"""Text and Markdown say what the body says, in every script."""

import re

import pytest
from markdown_it import MarkdownIt

from unabridged.extraction.body.fragment import clean_fragment
from unabridged.extraction.html.render import render, to_markdown, to_text

BODY = (
    "<h2>Head</h2><p>One<br>line <b>two</b>.</p><ul><li>a<ul><li>b</li></ul></li></ul>"
    "<figure><img src='https://e.example/a.jpg' alt='x' width='10'><figcaption>caption</figcaption></figure>"
    "<table><tbody><tr><th>h</th><th>i</th></tr><tr><td>1</td><td>2 | 3</td></tr></tbody></table>"
    "<pre><code>if x:\n    y</code></pre><blockquote><p>q</p></blockquote>"
)


def test_text_is_one_block_a_line_without_captions() -> None:
    assert to_text(BODY) == "Head\n\nOne\nline two.\n\na\n\nb\n\nh\ti\n1\t2 | 3\n\nif x:\n    y\n\nq"


def test_text_of_ruby_has_the_reading_in_brackets() -> None:
    assert to_text("<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>字</p>") == "漢(kan)字"


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>他说<b>注：</b>内容</p>", "他说**注**：内容"),
        ("<p>他<strong>“好”</strong>了</p>", "他“**好**”了"),
        ("<p>a <b>bold</b> word</p>", "a **bold** word"),
        ("<p>x<i>y</i>z</p>", "x*y*z"),
        ("<p>cost<b>$5</b>now</p>", "cost<strong>$5</strong>now"),
        ("<h3>T</h3><p>1 * 2</p>", "### T\n\n1 \\* 2"),
        (
            "<table><tbody><tr><td><b>a|b</b></td><td>c</td></tr></tbody></table>",
            "| **a\\|b** | c |\n| --- | --- |",
        ),
    ],
)
def test_markdown_is_readable_and_safe_beside_cjk(html: str, markdown: str) -> None:
    assert to_markdown(html) == markdown


@pytest.mark.parametrize(
    "html",
    [
        re.sub("<figure>.*</figure>", "", BODY),
        "<p>这是<b>重要：</b>的，<i>“引用”</i>与<b>《书名》</b>。</p><p><b>（注）</b>后文</p>",
        "<p># no heading</p><p>1. no list</p><p>- none</p><p>&lt;b&gt; no tag</p><p>a_b_c *d*</p>",
        "<p>テスト<b>です。</b>次の文</p><p>한국어<b>(괄호)</b>입니다</p>",
    ],
)
def test_markdown_read_back_has_the_same_words(html: str) -> None:
    body = clean_fragment(html)
    back = re.sub(r"<[^>]*>", "", MarkdownIt("commonmark").enable("table").render(to_markdown(body)))
    words = re.findall(r"\w+", back.replace("&lt;", "").replace("&gt;", ""))
    assert words == re.findall(r"\w+", to_text(body))


def test_links_and_media_are_listed_once() -> None:
    body = clean_fragment(
        '<p><a href="/x">one</a> <a href="/x">two</a></p><iframe src="https://www.youtube.com/embed/abcdefghijk">'
        "</iframe>" + BODY,
        base="https://e.example/",
    )
    found = render(body)
    assert found.links[0].url == "https://e.example/x"
    assert [(m.kind, m.url) for m in found.media] == [
        ("video", "https://www.youtube.com/watch?v=abcdefghijk"),
        ("image", "https://e.example/a.jpg"),
    ]
    assert found.media[1].caption == "caption" and found.media[1].width == 10


def test_an_empty_body_has_empty_views() -> None:
    assert render("").text == to_text("") == to_markdown("") == ""


def test_dollars_that_would_enclose_a_formula_are_escaped_in_markdown() -> None:
    rows = "<tr><td>A</td><td>$$</td></tr><tr><td>B</td><td>$$$</td></tr>"
    table = f"<table><tr><th>Inn</th><th>Price</th></tr>{rows}</table>"
    assert "| \\$\\$ |" in to_markdown(table)
    assert to_markdown("<p>From $5 to $10, or US$7.</p>").rstrip() == "From $5 to $10, or US$7."
    assert to_markdown("<p>Say $a$ <code>$b$</code>.</p>").rstrip() == "Say \\$a\\$ `$b$`."


def test_a_formula_in_markdown_does_not_touch_a_word() -> None:
    math = '<math alttext="k"><mi>k</mi></math>'
    assert to_markdown(f"<p>When {math}heads and {math}th.</p>").rstrip() == "When $k$ heads and $k$th."
