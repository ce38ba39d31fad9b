"""Long texts in parts."""

from hypothesis import given
from hypothesis import strategies as st

from unabridged.mcp_server.text.parts import part_of

TEXTS = st.text(alphabet="ab \n", max_size=400)


@given(TEXTS, st.integers(min_value=2, max_value=60))
def test_the_parts_of_a_text_are_the_text(text: str, most: int) -> None:
    read, offset = "", 0
    while True:
        part = part_of(text, offset, most)
        assert len(part.text) <= most + 1
        read += part.text
        if part.next is None:
            break
        assert part.next == offset + len(part.text) > offset
        offset = part.next
    assert read == text


def test_a_text_is_cut_between_paragraphs_if_one_ends_in_the_second_half() -> None:
    assert part_of("one two\n\nthree four", 0, 14).text == "one two\n\n"
    assert part_of("one two three four", 0, 14).text == "one two three "
    assert part_of("x" * 30, 0, 14).text == "x" * 14


def test_an_offset_past_the_end_gives_nothing() -> None:
    assert part_of("short", 100, 14).text == ""
    assert part_of("short", 100, 14).next is None
