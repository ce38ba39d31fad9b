"""Whether a page that shows further stories below its own keeps to its own."""

from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.blocks import lay_out
from unabridged.extraction.selection.select import select, selection_text
from unabridged.extraction.selection.stories import without_further_stories

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
