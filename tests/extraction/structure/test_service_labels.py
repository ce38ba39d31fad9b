"""Lines and elements that are labels; whole pages are in tests/extraction/cases."""

import pytest

from unabridged.extraction.html.dom import parse
from unabridged.extraction.structure.page_names import page_names
from unabridged.extraction.structure.service_labels import (
    KEY_POINTS_MARK,
    is_forum_control,
    is_service_line,
    remove_labels,
)


@pytest.mark.parametrize(
    "line",
    [
        "Article content",
        "Advertisement 2",
        "Story continues below",
        "[edit]",
        "[编辑]",
        "Jump to recipe",
        "Listen 5 min",
        "Copied!",
        "rating: +12",
        "rating: +12+–x",
        "Getting your Trinity Audio player ready...",
        "Image source, Getty Pictures",
        "Open image in lightbox",
        "View comments (12)",
        "Link to this section",
        "Back to top",
        "4.5/5 (12 votes)",
        "Click to enlarge",
        "0:00 / 4:12",
        "¶",
        "↑ Back to top",
        "Rezept drucken",
        "This advertisement has not loaded yet, but your article continues below.",
    ],
)
def test_a_service_line_is_known(line: str) -> None:
    assert is_service_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "Content",
        "Save",
        "Listen",
        "Back to the top of the hill we went.",
        "5",
        "Edit",
        "The story",
        "Rating",
        "12",
    ],
)
def test_a_line_of_an_article_is_none(line: str) -> None:
    assert not is_service_line(line)


def test_controls_of_posts_are_known() -> None:
    assert is_forum_control("Share | Improve this answer | Follow")
    assert is_forum_control("permalink embed save parent report reply")
    assert not is_forum_control("Share the answer with your neighbours")
    assert not is_forum_control("Reply!")


@pytest.mark.parametrize(
    "name",
    [
        *("keypoints", "key-facts", "c-Takeaways", "tldr", "tl-dr", "InBrief", "at-a-glance", "summary-box"),
        *("article-summary", "story-highlights", "bullet-points", "das-wichtigste", "en-bref", "a-retenir"),
        *("puntos-clave", "summarybox", "keyfact", "in-brief"),
    ],
)
def test_a_box_of_key_points_is_marked_by_its_class(name: str) -> None:
    dom = parse(f'<div class="x {name}">One</div><div class="other">Two</div>')
    remove_labels(dom, page_names(dom))
    assert [box.text for box in dom.select(f"[{KEY_POINTS_MARK}]")] == ["One"]


def test_an_anchor_that_is_the_whole_heading_stays() -> None:
    dom = parse('<h2 id="a"><a href="#a">The dust</a></h2><h2 id="b">The bus<a href="#b">#</a></h2>')
    remove_labels(dom, page_names(dom))
    assert [heading.text for heading in dom.elements("h2")] == ["The dust", "The bus"]


def test_a_list_of_contents_that_holds_other_pages_stays() -> None:
    dom = parse('<nav class="toc"><a href="#a">One</a><a href="#b">Two</a><a href="/c">Three</a></nav>')
    remove_labels(dom, page_names(dom))
    assert "Three" in dom.body.text
