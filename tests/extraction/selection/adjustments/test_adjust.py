"""Menus above the title are dropped; a described standfirst is added."""

from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.adjustments.adjust import with_standfirst, without_menus_above
from unabridged.extraction.selection.blocks import lay_out

OWN = "The bridge was closed on Monday after a barge struck one of its piers, the harbour office said. " * 3
STANDFIRST = "For forty years the ferry has left before dawn. On Friday it leaves for the last time."
STORY = "The ferry left the harbour at five, and nobody on the quay looked up from the nets."
FERRY = (
    f"<h1>The ferry</h1><div class='x'>{STANDFIRST}</div><p>By Ada Quill</p><p>{STORY}</p><p>More of it.</p>"
)


def with_description(description: str, page: str = FERRY, first: str = STORY) -> list[str]:
    layout = lay_out(parse(page))
    kept = [index for index, text in enumerate(layout.texts) if text == first or text == "More of it."]
    return [layout.texts[index] for index in with_standfirst(layout, kept, description)]


def test_a_left_out_standfirst_comes_back_above_the_story() -> None:
    assert with_description(STANDFIRST) == [STANDFIRST, STORY, "More of it."]


def test_a_description_that_is_cut_or_longer_still_names_it() -> None:
    assert STANDFIRST in with_description(STANDFIRST[:60] + "…")
    assert STANDFIRST in with_description(STANDFIRST + " Our reporter was on board.")


def test_a_description_that_begins_the_story_brings_nothing() -> None:
    assert with_description(STORY) == [STORY, "More of it."]


def test_another_description_brings_nothing() -> None:
    assert with_description("News, weather and tides from the north harbour, every day at six.") == [
        STORY,
        "More of it.",
    ]


def test_a_teaser_that_is_a_link_is_no_standfirst() -> None:
    page = FERRY.replace(f"<div class='x'>{STANDFIRST}</div>", f"<div><a href='/a'>{STANDFIRST}</a></div>")
    assert with_description(STANDFIRST, page) == [STORY, "More of it."]


def test_no_kept_text_has_no_standfirst() -> None:
    layout = lay_out(parse(FERRY))
    assert with_standfirst(layout, [], STANDFIRST) == []


def above_title(*blocks: str) -> list[str]:
    layout = lay_out(
        parse("".join(f"<div>{block}</div>" for block in (*blocks, "The bridge is closed", OWN)))
    )
    found = without_menus_above(layout, list(range(len(layout.texts))), -1, ("The bridge is closed",))
    return [layout.texts[index] for index in found]


def test_a_menu_above_the_title_goes_with_its_label() -> None:
    links = ("<a href='/1'>A school without bells</a>", "<a href='/2'>Why salt costs more</a>")
    assert above_title("Most read", *links) == ["The bridge is closed", OWN.strip()]


def test_a_kicker_and_a_standfirst_above_the_title_stay() -> None:
    assert above_title("Traffic", "A barge struck a pier.")[:2] == ["Traffic", "A barge struck a pier."]
