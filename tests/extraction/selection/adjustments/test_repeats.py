"""Copies of the text are dropped; repetition that belongs to the text stays."""

from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.adjustments.repeats import without_repeats
from unabridged.extraction.selection.blocks import lay_out

WORDS = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau"
FIRST = (
    f"The first paragraph tells of {WORDS} and of nothing else that could be found elsewhere in the world."
)
SECOND = f"Another one, quite different, speaks about {WORDS[::-1]} which is the same list read backwards."
THIRD = "The third is about the harbour office and the men who wait there for the ice to go, year after year."
CHINESE = (
    "长江三角洲地区的一体化发展近来取得了显著的进展各地政府相继出台了一系列配套的措施以促进人才和资本的流动"
    * 3
)


def kept_texts(html: str) -> list[str]:
    """Return the first words of the blocks that stay of a page of which every block was chosen.

    Pages kept for training have no elements any more.
    """
    layout = lay_out(parse(f"<body><main>{html}</main></body>"))
    layout.elements.clear()
    kept = without_repeats(layout, list(range(len(layout.texts))))
    return [layout.texts[index].split()[0] for index in kept]


def test_a_copy_in_another_container_goes() -> None:
    page = f"<div class=teaser>{FIRST}</div><div class=text><p>{SECOND}<p>{FIRST}</div>"
    assert kept_texts(page) == ["The", "Another"]


def test_one_block_that_copies_the_whole_article_goes() -> None:
    assert kept_texts(f"<p>{FIRST}<p>{SECOND}<div>{FIRST} {SECOND}</div>") == ["The", "Another"]


def test_short_blocks_may_repeat() -> None:
    assert kept_texts(f"<p>Yes.<p>{FIRST}<p>Yes.") == ["Yes.", "The", "Yes."]


def test_what_was_not_kept_drops_nothing() -> None:
    layout = lay_out(parse(f"<body><div>{FIRST}</div><section><p>{SECOND}<p>{FIRST}</section></body>"))
    assert without_repeats(layout, [1, 2]) == [1, 2]


def test_chinese_copies_are_seen_without_spaces() -> None:
    assert len(kept_texts(f"<div>{CHINESE}</div><p>{FIRST}<p>{CHINESE}")) == 2


def test_a_refrain_is_printed_as_often_as_it_is_sung() -> None:
    verses = "".join(f"<p>Verse {number}: {THIRD[number:]}<p><em>{FIRST}</em>" for number in range(4))
    assert kept_texts(verses).count("The") == 4


def test_a_refrain_in_stanzas_of_their_own_stays() -> None:
    verses = "".join(
        f"<div class=stanza><p>Verse {number}</div><div class='stanza refrain'><p>{FIRST}</div>"
        for number in range(3)
    )
    assert kept_texts(verses).count("The") == 3


def test_a_clause_of_two_sections_stays_in_both() -> None:
    sections = "".join(
        f"<section id=s{name}><h2>{name}</h2><p>{FIRST}<p>{SECOND}</section>" for name in ("A", "B")
    )
    assert kept_texts(sections) == ["A", "The", "Another", "B", "The", "Another"]


def test_listings_that_grow_step_by_step_stay_whole() -> None:
    lines = [f"row_{number} = connection.execute(claim_{number}).first()" for number in range(6)]
    steps = "".join("<p>Next:<pre>" + "\n".join(lines[: 3 + number]) + "</pre>" for number in range(3))
    assert kept_texts(steps) == ["Next:", "row_0"] * 3


def test_paragraphs_that_differ_in_a_word_stay() -> None:
    paragraphs = [f"<p>{FIRST.replace('gamma', word)}" for word in ("sight", "hearing", "smell", "taste")]
    assert len(kept_texts(f"<p>{SECOND}".join(paragraphs))) == 7


def test_a_list_item_of_two_recipes_stays_in_both() -> None:
    recipe = f"<h3>{{}}</h3><ol><li>{FIRST}<li>{SECOND}</ol>"
    assert kept_texts(recipe.format("Bread") + recipe.format("Cake")).count("Another") == 2


def test_a_text_for_small_screens_is_a_copy() -> None:
    text = f"<p>{FIRST}<p>{SECOND}"
    page = f"<div class='text hide-on-mobile'>{text}</div><div class='text show-on-mobile'>{text}</div>"
    assert kept_texts(page) == ["The", "Another"]


def test_a_container_that_repeats_the_whole_text_is_a_copy() -> None:
    text = f"<div class=body><p>{FIRST}<p>{SECOND}<p>{THIRD} {THIRD[::-1]}</div>"
    assert len(kept_texts(text + text)) == 3


def test_of_two_copies_the_visible_one_stays() -> None:
    page = f"<div class=text style='display:none'><p>{FIRST}</div><div class=text><p>{FIRST}<p>{SECOND}</div>"
    layout = lay_out(parse(f"<body><main>{page}</main></body>"))
    assert without_repeats(layout, [0, 1, 2]) == [1, 2]


def test_a_pull_quote_goes_wherever_it_stands() -> None:
    quotation = FIRST[:130]
    assert kept_texts(f"<p>{FIRST} {THIRD}<blockquote>{quotation}</blockquote><p>{SECOND}") == [
        "The",
        "Another",
    ]
    assert kept_texts(f"<blockquote>{FIRST}</blockquote><p>{FIRST} {THIRD}<p>{SECOND}") == ["The", "Another"]


def test_ten_thousand_equal_blocks_are_compared_in_time() -> None:
    layout = lay_out(parse("<body>" + f"<div><p>{FIRST}</div><p>x" * 4_900 + "</body>"))
    assert without_repeats(layout, list(range(len(layout.texts))))


def test_a_listing_that_a_text_shows_again_stays() -> None:
    listing = f"<pre>{FIRST}</pre>"
    page = f"<div><p>{SECOND}</p>{listing}<p>Then:</p><blockquote>{listing}</blockquote><p>{THIRD}</p></div>"
    assert kept_texts(page) == ["Another", "The", "Then:", "The", "The"]
