"""Boxes of key points become lines of the summary; which are boxes is in tests/extraction/cases."""

from unabridged.extraction import extract
from unabridged.extraction.html.dom import parse
from unabridged.extraction.structure.key_points import is_key_points_label, take_key_points

TEXT = (
    "<p>The mill at Overby has ground rye since 1734, and the wheel runs for anyone who brings "
    "a sack to it.</p>"
)
POINTS = "<ul><li>The mill runs all night once a year.</li><li>Flour is ground free of charge.</li></ul>"


def page(box: str) -> str:
    return (
        '<meta name="description" content="A night in October."><title>The night of the mill</title>'
        f"<article><h1>The night of the mill</h1>{box}{TEXT * 4}</article>"
    )


def test_points_stand_below_the_description() -> None:
    article = extract(page(f"<div><h2>In brief:</h2>{POINTS}</div>"))
    assert article.summary.split("\n") == [
        "A night in October.",
        "- The mill runs all night once a year.",
        "- Flour is ground free of charge.",
    ]


def test_labels_are_read_without_their_signs() -> None:
    assert is_key_points_label(" KEY TAKEAWAYS: ")
    assert is_key_points_label("📌 Das Wichtigste in Kürze")
    assert not is_key_points_label("Key points of the law")


def test_a_list_of_links_is_no_box_of_points() -> None:
    items = (
        '<li><a href="/a">Nine benches too many in town</a></li>',
        '<li><a href="/b">The bus that reads</a></li>',
    )
    links = f"<ul>{''.join(items)}</ul>"
    assert take_key_points(parse(page(f"<div><h2>Highlights</h2>{links}</div>"))) == ()


def test_a_box_that_holds_more_than_its_list_is_left_in_the_text() -> None:
    box = f"<div><h2>Key points</h2>{TEXT}{POINTS}</div>"
    assert take_key_points(parse(page(box))) == ()
