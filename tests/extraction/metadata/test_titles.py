"""The title is found in headings that hold more than the title."""

import pytest

from unabridged.extraction.html.dom import parse
from unabridged.extraction.metadata.read import read_metadata

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


@pytest.mark.parametrize(
    ("heading", "declared", "expected"),
    [
        (TITLE + ".", TITLE, TITLE + "."),
        ("The bridge – closed until summer", "*The bridge - closed until summer*", None),
        (TITLE + " ¶", TITLE, TITLE),
        ("Traffic : " + TITLE, "Traffic: " + TITLE, "Traffic: " + TITLE),
    ],
)
def test_of_equal_letters_the_heading_is_taken_without_its_sign_for_links(
    heading: str, declared: str, expected: str | None
) -> None:
    head = f"<title>{declared} | The Paper</title><meta property=og:title content='{declared}'>"
    assert title(f"<h1>{heading}</h1>", head) == (expected or heading)


def test_the_heading_wins_over_a_reworded_title_for_search_engines() -> None:
    head = "<title>Bridge closure: all you need to know | The Paper</title>"
    assert title(f"<h1>{TITLE}</h1>", head) == TITLE


def test_a_heading_that_only_names_the_site_is_no_title() -> None:
    head = f"<title>{TITLE} - The Paper</title><meta property=og:site_name content='The Paper'>"
    assert title(f"<h1>The Paper</h1><h2>{TITLE}</h2>", head) == TITLE


def test_a_heading_that_is_named_like_the_host_is_no_title() -> None:
    html = f"<title>{TITLE}</title><h1>The Daily Paper</h1><h2>{TITLE}</h2><p>A text.</p>"
    assert read_metadata(parse(html), url="https://www.thedailypaper.example/a/1").title == TITLE


@pytest.mark.parametrize(
    ("heading", "declared"),
    [
        ("WHY THE BRIDGE IS CLOSED: A GUIDE", "Why the bridge is closed: a guide"),
        ("Ada?s bridge", "Ada’s bridge"),
    ],
)
def test_a_shouted_or_damaged_heading_gives_way_to_the_declared_form(heading: str, declared: str) -> None:
    head = f"<title>{declared} | The Paper</title><meta property=og:title content='{declared}'>"
    assert title(f"<h1>{heading}</h1>", head) == declared


def test_a_declared_title_that_broke_off_at_a_quotation_mark_is_not_taken() -> None:
    whole = 'The mayor calls the engineer "incapable"'
    head = f'<title>{whole} | The Paper</title><meta property="og:title" content="{whole}">'
    assert title(f"<h1>{whole}</h1>", head) == whole


def test_the_headline_below_a_breadcrumb_whose_last_step_is_the_only_h1_is_the_title() -> None:
    trail = "<nav><ol><li>Region</li><li><h1>Bridge closed: all you need to know</h1></li></ol></nav>"
    head = f"<title>Bridge closed: all you need to know</title><meta property=og:title content='{TITLE}'>"
    assert title(f"{trail}<article><h2>{TITLE}</h2>", head) == TITLE


def test_a_chapter_is_the_title_and_not_the_book_that_the_page_shows_above_it() -> None:
    head = f"<title>{TITLE} - The Book of Bridges</title>"
    assert title(f"<h1>The Book of Bridges</h1><main><h1>{TITLE}</h1>", head) == TITLE


def test_the_site_is_cut_off_a_heading_that_ends_with_its_name() -> None:
    head = f"<title>{TITLE} | The Paper</title><meta property=og:site_name content='The Paper'>"
    assert title(f"<h1>{TITLE} | The Paper</h1>", head) == TITLE


def test_a_later_heading_is_read_if_the_page_declares_it() -> None:
    teasers = "".join(f"<h2>Another story {number}</h2>" for number in range(6))
    head = f"<title>{TITLE} | The Paper</title>"
    assert title(f"{teasers}<h2>{TITLE}</h2>", head) == TITLE
