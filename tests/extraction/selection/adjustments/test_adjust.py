"""Further stories are dropped; a described standfirst is added."""

from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.adjustments.adjust import (
    with_standfirst,
    without_further_stories,
    without_menus_above,
)
from unabridged.extraction.selection.blocks import lay_out
from unabridged.extraction.selection.select import select, selection_text

OWN = "The bridge was closed on Monday after a barge struck one of its piers, the harbour office said. " * 3
NEXT = "A bakery on the market square has opened its doors again, and the whole town came for bread. " * 3


def story(title: str, text: str, look: str) -> str:
    body = f'<div class="text"><p>{text}</p><p>{text[::-1]}</p></div>'
    return f'<article><h1 class="{look}">{title}</h1>{body}</article>'


def page(look: str, next_look: str) -> str:
    both = story("The bridge is closed", OWN, look) + story("Bread again", NEXT, next_look)
    return f"<html><head><title>The bridge is closed</title></head><body><main>{both}</main></body></html>"


def test_a_further_story_under_a_headline_of_the_same_look_is_left_out() -> None:
    text = selection_text(select(parse(page("headline big", "headline big"))))
    assert OWN.strip() in text
    assert "bakery" not in text


def test_a_main_heading_of_another_look_may_be_a_sub_heading() -> None:
    for look, other in (("", ""), ("headline", "part"), ("big", "big")):
        assert "bakery" in selection_text(select(parse(page(look, other))))


def test_a_page_of_many_stories_is_a_list_and_stays_whole() -> None:
    stories = "".join(story(f"Story number {n}", f"{n} {NEXT}", "headline") for n in range(6))
    layout = lay_out(parse(f"<html><body><main>{stories}</main></body></html>"))
    everything = list(range(len(layout.texts)))
    assert without_further_stories(layout, everything, titled=0) == everything


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
