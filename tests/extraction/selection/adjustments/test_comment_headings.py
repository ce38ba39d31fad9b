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
