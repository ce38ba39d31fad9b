"""Whether a page that shows further stories below its own keeps to its own."""

from unabridged.extract.content import select, selection_text
from unabridged.extract.dom import parse

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
    for look, other in (("", ""), ("headline", "part")):
        assert "bakery" in selection_text(select(parse(page(look, other))))
