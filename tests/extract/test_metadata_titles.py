"""Whether the title is read out of headings that hold more than it."""

import pytest

from unabridged.extract.dom import parse
from unabridged.extract.metadata import read_metadata

TITLE = "The bridge stays closed until the summer"


def title(heading: str, head: str = f"<title>{TITLE} | The Paper</title>") -> str:
    return read_metadata(parse(f"<html><head>{head}</head><body>{heading}<p>A text.</p></body></html>")).title


@pytest.mark.parametrize(
    "heading",
    [
        f"<h1><span>Traffic</span> <span>: </span><span>{TITLE}</span></h1>",
        f"<h1><small>Traffic</small> {TITLE}</h1>",
        f"<h1>{TITLE}<br><span>What it means for those on the far bank</span></h1>",
        f"<h1><style>.a{{color:red}}</style><span>Traffic</span><span>{TITLE}</span></h1>",
    ],
)
def test_a_kicker_or_subtitle_inside_the_heading_is_no_part_of_the_title(heading: str) -> None:
    assert title(heading) == TITLE


def test_emphasis_does_not_split_a_heading() -> None:
    assert title("<h1>The <em>bridge</em> stays <b>closed</b> until the summer</h1>") == TITLE


def test_entities_that_were_written_twice_are_read() -> None:
    assert title("<h1>Sand &amp;amp; salt &amp;#x26; sea</h1>", "<title>Sand</title>") == "Sand & salt & sea"
