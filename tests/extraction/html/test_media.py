"""Candidates of a srcset, in plain and in odd notation."""

import pytest

from unabridged.extraction.html.media import parse_srcset


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a.jpg 300w, b.jpg 600w", [("a.jpg", 300.0), ("b.jpg", 600.0)]),
        ("a.jpg, b.jpg 2x", [("a.jpg", 1000.0), ("b.jpg", 2000.0)]),
        (" ,a,b.jpg\n1.5x ,\n c.jpg  20w,", [("a,b.jpg", 1500.0), ("c.jpg", 20.0)]),
        ("a.jpg 300w 2x, b.jpg 600w", [("a.jpg", 300.0), ("b.jpg", 600.0)]),
        ("a.jpg 1x, \u2003", [("a.jpg", 1000.0)]),
        ("", []),
    ],
)
def test_candidates_are_read_with_their_widths(value: str, found: list[tuple[str, float]]) -> None:
    assert parse_srcset(value) == found


def test_a_set_of_very_many_candidates_is_cut() -> None:
    assert len(parse_srcset(", ".join(f"{n}.jpg {n}w" for n in range(1, 200)))) == 64
