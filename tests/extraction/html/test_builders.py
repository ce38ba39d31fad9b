"""Our own HTML: escaped once, in paragraphs, figures and cards."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unabridged.extraction.html.builders import (
    LONGEST_RUN,
    HtmlPiece,
    escape,
    figure,
    has_visible_text,
    link_card,
    split_long_text,
    strip_tags,
    to_html,
    to_item,
    trimmed,
    with_caption,
)
from unabridged.extraction.html.media import Embed, Picture

PICTURE = Picture(url='https://news.example/a.png?"x', alt="A & B")


def test_a_run_is_a_paragraph_but_alone_in_an_item() -> None:
    one, two, block = HtmlPiece("a", run=True), HtmlPiece("b", run=True), HtmlPiece("<ul></ul>")
    assert to_html([one, block]) == "<p>a</p><ul></ul>"
    assert to_item([one, block]) == "a<ul></ul>"
    assert to_item([one, two]) == "<p>a</p><p>b</p>"


def test_text_is_escaped_as_a_serializer_does() -> None:
    assert escape("a < b & c > d\u00a0e") == "a &lt; b &amp; c &gt; d&nbsp;e"


def test_a_picture_loads_nothing_early_and_breaks_out_of_no_attribute() -> None:
    html = figure(PICTURE, "Below").html
    assert 'src="https://news.example/a.png?&quot;x" alt="A &amp; B"' in html
    assert 'loading="lazy" referrerpolicy="no-referrer"' in html
    assert html.endswith("<figcaption>Below</figcaption></figure>")


def test_a_caption_joins_the_one_that_is_there() -> None:
    assert with_caption(figure(PICTURE), "One").html.count("<figcaption>") == 1
    assert with_caption(figure(PICTURE, "One"), "Two").html.endswith("One<br>Two</figcaption></figure>")
    assert with_caption(figure(PICTURE), "") == figure(PICTURE)


def test_a_player_is_a_link_named_by_its_host() -> None:
    card = link_card(Embed(kind="video", url="https://video.example/1", title="", poster=None)).html
    assert 'href="https://video.example/1"' in card
    assert "video.example</a>" in card
    assert "<iframe" not in card and "<img" not in card


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(["word", "&amp;", "日本", "a" * 300]), min_size=1, max_size=400))
def test_a_long_text_is_cut_without_loss_and_never_inside_a_reference(words: list[str]) -> None:
    text = " ".join(words * 20)
    parts = list(split_long_text(text))
    assert " ".join(parts) == text
    assert all(len(part) <= LONGEST_RUN for part in parts)


@pytest.mark.parametrize(
    ("html", "left"),
    [(" <br>\u00a0a<br> <br>", "a"), ("&nbsp;a&nbsp;", "a"), ("a<br>b", "a<br>b"), ("\u200b", "")],
)
def test_blank_ends_are_taken_off(html: str, left: str) -> None:
    assert trimmed(html) == left


@pytest.mark.parametrize(
    ("html", "visible"), [("<b>a</b>", True), ("<b>\u200b&nbsp; </b>", False), ("", False), ("&amp;", True)]
)
def test_what_shows_nothing_is_known(html: str, visible: bool) -> None:
    assert has_visible_text(html) is visible
    assert strip_tags("<b>a &lt; b</b>") == "a &lt; b"
