"""A heading of comments ends the text where no class names tell them."""

import pytest

from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.adjustments.comment_headings import without_headed_comments
from unabridged.extraction.selection.blocks import lay_out

TEXT = (
    "The ferry left the harbour at five, and nobody on the quay looked up from the nets and the crates. " * 4
)
COMMENT = "I was there and saw it, and my neighbour saw it too."


def kept(*texts: str) -> list[str]:
    layout = lay_out(parse("".join(f"<p>{text}</p>" for text in texts)))
    return [layout.texts[index] for index in without_headed_comments(layout, list(range(len(layout.texts))))]


@pytest.mark.parametrize(
    "heading",
    ["3 Comments", "Comments (12)", "Kommentare (4)", "コメント（3件）", "网友评论（28）",
     "5 Responses to The ferry", "Leave a comment", "12 commentaires"],
)  # fmt: skip
def test_the_text_ends_at_a_heading_of_comments(heading: str) -> None:
    assert kept(TEXT, heading, "Ann", COMMENT) == [TEXT.strip()]


@pytest.mark.parametrize("line", ["Comments", "3 comments that changed the law", "Responses of the board"])
def test_other_lines_about_comments_stay(line: str) -> None:
    assert kept(TEXT, line, COMMENT) == [TEXT.strip(), line, COMMENT]


def test_a_page_of_comments_stays() -> None:
    assert kept("A question.", "3 Comments", COMMENT) == ["A question.", "3 Comments", COMMENT]
    assert COMMENT in kept(TEXT, "9 Comments", *[COMMENT, TEXT] * 3)


LONG = "My own ferry was late as well, and I have waited on that quay for longer than I like to tell. " * 8
SIGNED = [LONG, "Posted by Ann on March 3, 2011 7:12 AM", LONG, "Posted by Ole on March 4, 2011 9:40 PM"]


def below_heading(heading: str, *texts: str, kept: bool = True) -> list[str]:
    """Return what stays of a text, a heading element and what follows it."""
    rest = "".join(f"<p>{text}</p>" for text in texts)
    layout = lay_out(parse(f"<p>{TEXT}</p>{heading}{rest}"))
    chosen = [index for index in range(len(layout.texts)) if kept or index != 1]
    return [layout.texts[index] for index in without_headed_comments(layout, chosen)]


@pytest.mark.parametrize("heading", ["<h2>Comments</h2>", "<h3>Kommentare</h3>", "<h2>コメント</h2>"])
def test_more_comments_than_text_go_if_they_are_signed(heading: str) -> None:
    assert below_heading(heading, *SIGNED) == [TEXT.strip()]
    assert below_heading(heading, *SIGNED, kept=False) == [TEXT.strip()]


def test_more_text_than_before_stays_if_nobody_signed_it() -> None:
    assert len(below_heading("<h2>Comments</h2>", LONG, LONG)) == 4


@pytest.mark.parametrize(
    "heading", ["<h2>Response</h2>", "<h2>Kommentar</h2>", "<h2><a href=/c>Comments</a></h2>"]
)
def test_a_heading_of_the_text_or_a_link_to_comments_ends_nothing(heading: str) -> None:
    assert len(below_heading(heading, *SIGNED)) == 6


def test_comments_below_each_of_several_answers_stay() -> None:
    assert len(below_heading("<h2>Comments</h2>", *SIGNED, "</p><h2>Comments</h2><p>", *SIGNED)) > 8
