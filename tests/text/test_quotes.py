"""A quote is found by its words: exactly, among repeated ones by its surroundings, else by what is left."""

import random
import time

import pytest

from unabridged.text.quotes import Quote, find_quote, squeezed

TEXT = (
    "The old bridge was closed on Monday after the storm. The ferry now runs each hour of the day and night. "
    "Nobody on the quay looked up when it left, as it has for forty years. The old bridge will open in May. "
    "The captain drank her tea standing, one hand on the brass rail, watching the tide turn."
)
CHINESE = (
    "桂花巷口那间三平方米的铺子，晴天几乎没有人注意。等到雨下起来，行人躲到屋檐下，才会抬头看见满墙的伞。"
)
ARABIC = "كان الجسر القديم مغلقا يوم الاثنين بعد العاصفة، والعبارة تسير الآن كل ساعة من النهار والليل."


def found(text: str, quote: Quote) -> str | None:
    """The squeezed words that a quote stands for in a text."""
    text = squeezed(text)
    place = find_quote(text, quote)
    return None if place is None else text[place.start : place.end]


def test_words_are_found_whatever_the_white_space() -> None:
    words = "closed on Monday\n\n after  the storm."
    assert found(TEXT, Quote(exact=words)) == squeezed(words)
    assert found(CHINESE, Quote(exact="晴天几乎 没有人注意")) == "晴天几乎没有人注意"


def test_of_repeated_words_the_surroundings_decide() -> None:
    for prefix, suffix in (("for forty years. ", ""), ("", " will open in May."), ("years. ", " will open")):
        place = find_quote(squeezed(TEXT), Quote(exact="The old bridge", prefix=prefix, suffix=suffix))
        assert place and place.start > 100 and not place.changed
    first = find_quote(squeezed(TEXT), Quote(exact="The old bridge", suffix=" was closed"))
    assert first and first.start == 0


@pytest.mark.parametrize(
    ("text", "exact", "old", "new"),
    [
        (TEXT, "The ferry now runs each hour of the day and night.", "each hour", "every second hour"),
        (TEXT, "one hand on the brass rail, watching the tide turn.", "brass rail", "wooden rail"),
        (CHINESE, "晴天几乎没有人注意。等到雨下起来，行人躲到屋檐下", "几乎没有人", "很少有人"),
        (ARABIC, "والعبارة تسير الآن كل ساعة من النهار والليل", "كل ساعة", "كل ساعتين"),
    ],
)
def test_edited_words_are_found_by_what_is_left_of_them(text: str, exact: str, old: str, new: str) -> None:
    edited = text.replace(old, new)
    place = find_quote(squeezed(edited), Quote(exact=exact))
    assert place is not None and place.changed
    got, wanted = squeezed(edited)[place.start : place.end], squeezed(exact.replace(old, new))
    assert got in squeezed(edited) and len(set(got) & set(wanted)) > 0.8 * len(set(wanted))
    assert abs(len(got) - len(wanted)) <= 6, (got, wanted)


@pytest.mark.parametrize(
    "exact",
    ["", "  \n", "Quite other words that never stood here at all.", "bridges", "没有这样的话在里面写着"],
)
def test_words_that_are_gone_are_nowhere(exact: str) -> None:
    assert found(TEXT + CHINESE, Quote(exact=exact)) is None


def test_a_place_is_within_the_text_and_found_quickly_whatever_the_words() -> None:
    chance = random.Random(3)
    texts = ["a" * 1_000_000, "ab " * 300_000, "".join(chance.choice("abc 的") for _ in range(400_000))]
    quotes = ["a" * 4000, "ab" * 2000 + "c", "".join(chance.choice("abc的") for _ in range(4000))]
    began = time.process_time()
    for text in map(squeezed, texts):
        for exact in quotes:
            place = find_quote(text, Quote(exact=exact, prefix="a" * 32, suffix="b" * 32))
            assert place is None or 0 <= place.start < place.end <= len(text)
    assert time.process_time() - began < 20
