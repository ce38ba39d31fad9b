"""A standfirst that the page's description repeats is part of the article."""

from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.blocks import lay_out
from unabridged.extraction.selection.standfirst import with_standfirst

STANDFIRST = "For forty years the ferry has left before dawn. On Friday it leaves for the last time."
STORY = "The ferry left the harbour at five, and nobody on the quay looked up from the nets."
PAGE = (
    f"<h1>The ferry</h1><div class='x'>{STANDFIRST}</div><p>By Ada Quill</p><p>{STORY}</p><p>More of it.</p>"
)


def read(description: str, page: str = PAGE, first: str = STORY) -> list[str]:
    layout = lay_out(parse(page))
    kept = [index for index, text in enumerate(layout.texts) if text == first or text == "More of it."]
    return [layout.texts[index] for index in with_standfirst(layout, kept, description)]


def test_a_left_out_standfirst_comes_back_above_the_story() -> None:
    assert read(STANDFIRST) == [STANDFIRST, STORY, "More of it."]


def test_a_description_that_is_cut_or_longer_still_names_it() -> None:
    assert STANDFIRST in read(STANDFIRST[:60] + "…")
    assert STANDFIRST in read(STANDFIRST + " Our reporter was on board.")


def test_a_description_that_begins_the_story_brings_nothing() -> None:
    assert read(STORY) == [STORY, "More of it."]


def test_another_description_brings_nothing() -> None:
    assert read("News, weather and tides from the north harbour, every day at six.") == [STORY, "More of it."]


def test_a_teaser_that_is_a_link_is_no_standfirst() -> None:
    page = PAGE.replace(f"<div class='x'>{STANDFIRST}</div>", f"<div><a href='/a'>{STANDFIRST}</a></div>")
    assert read(STANDFIRST, page) == [STORY, "More of it."]


def test_no_kept_text_has_no_standfirst() -> None:
    layout = lay_out(parse(PAGE))
    assert with_standfirst(layout, [], STANDFIRST) == []
