"""Whether truths of the corpora are read as their makers meant them."""

from bench.corpora import mended_text


def test_a_truth_that_was_utf_16_loses_its_zeros() -> None:
    assert mended_text("\ufffd\ufffdA\0 \0b\0o\0a\0t\0") == "A boat"


def test_a_truth_ends_above_the_line_that_parts_it_from_comments() -> None:
    for line in ("!@#$%^&*()  COMMENTS", "@#$%^&*() COMMENTS", "!@ $%^&*()  COMMENTS", "!@#$%$%^&*()"):
        assert mended_text(f"A boat, for $20.\n\n{line}\n\nNice!") == "A boat, for $20."


def test_any_other_truth_stays() -> None:
    for text in ("It costs 5$% more", "100 $%\nA boat", "#!/bin/sh\n$ ls"):
        assert mended_text(text) == text
