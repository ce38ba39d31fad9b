"""The description of a product in a page's structured data, and the blocks that show it."""

from tests.extraction.selection.kinds.pages import DESCRIPTION, KETTLE
from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.kinds.products import described_product, product_description
from unabridged.text.words import letters_only


def test_the_description_of_a_product_is_read_without_its_markup() -> None:
    page = KETTLE.replace("Part 1 of", "<b>Part 1</b> of", 1)
    assert product_description(parse(page)) == letters_only(DESCRIPTION)


def test_the_description_of_something_else_is_not_read() -> None:
    assert product_description(parse(KETTLE.replace('"Product"', '"Organization"'))) == ""


def test_blocks_of_the_description_are_flagged() -> None:
    found = described_product([DESCRIPTION, "Other kettles"], letters_only(DESCRIPTION))
    assert (found.flags.tolist(), found.whole) == ([1.0, 0.0], True)


def test_a_description_that_is_not_shown_is_not_the_text() -> None:
    description = product_description(parse(KETTLE))
    assert len(description) > 450
    assert not described_product(["Iron kettle", "A short text of something else."], description).whole
    assert not described_product(["Iron kettle"], "").whole
