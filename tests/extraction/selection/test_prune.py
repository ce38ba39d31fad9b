"""What counts as said twice."""

from unabridged.extraction.selection.prune import without_repeats

WORDS = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau"
FIRST = (
    f"The first paragraph tells of {WORDS} and of nothing else that could be found elsewhere in the world."
)
SECOND = f"Another one, quite different, speaks about {WORDS[::-1]} which is the same list read backwards."


def test_a_second_copy_goes_and_the_first_stays() -> None:
    assert without_repeats([FIRST, SECOND, FIRST], [0, 1, 2]) == [0, 1]


def test_one_block_that_copies_the_whole_article_goes() -> None:
    assert without_repeats([FIRST, SECOND, f"{FIRST} {SECOND}"], [0, 1, 2]) == [0, 1]


def test_short_blocks_may_repeat() -> None:
    assert without_repeats(["Yes.", FIRST, "Yes."], [0, 1, 2]) == [0, 1, 2]


def test_what_was_not_kept_drops_nothing() -> None:
    assert without_repeats([FIRST, SECOND, FIRST], [1, 2]) == [1, 2]


def test_chinese_copies_are_seen_without_spaces() -> None:
    text = (
        "长江三角洲地区的一体化发展近来取得了显著的进展各地政府相继出台了一系列配套的措施以促进人才和资本的流动"
        * 3
    )
    assert without_repeats([text, FIRST, text], [0, 1, 2]) == [0, 1]
