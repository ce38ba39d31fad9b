"""The lead image of a page that declares none."""

import pytest

from unabridged.extraction import extract

LINES = (
    "The council met on Tuesday to decide about the old bridge, and after four hours it chose to wait.",
    "Money is the reason: the county had promised half of the sum for this spring, said the mayor, Ada Berg.",
    "Engineers closed one of its two lanes in autumn, when divers found cracks in the third pier.",
    "Shopkeepers on the far bank speak of a lost season; one of them counted eleven customers on a Saturday.",
)


def lead_image(first: str, second: str = "", head: str = "") -> str | None:
    """Return the lead image of a page with one picture after the second line and one after the third."""
    lines = [f"<p>{line}</p>" for line in LINES]
    story = lines[0] + lines[1] + first + lines[2] + second + lines[3]
    html = f"<title>The bridge waits</title>{head}<article><h1>The bridge waits</h1>{story}</article>"
    return extract(html, url="https://paper.example/a/bridge").lead_image


@pytest.mark.parametrize(
    "picture",
    [
        "<img src=/pier.jpg>",
        "<img src=/pier.jpg width=300 height=200>",
        "<figure><img src=/pier.jpg width=1200 height=800><figcaption>The pier.</figcaption></figure>",
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src=/pier.jpg>',
    ],
)
def test_the_first_picture_of_the_text_stands_for_an_undeclared_one(picture: str) -> None:
    assert lead_image(picture, "<img src=/other.jpg>") == "https://paper.example/pier.jpg"


def test_a_small_picture_is_passed_over_for_a_big_one() -> None:
    small = "<figure><img src=/face.jpg width=90 height=90></figure>"
    assert lead_image(small, "<img src=/pier.jpg width=900 height=600>") == "https://paper.example/pier.jpg"


def test_a_declared_picture_wins_over_those_of_the_text() -> None:
    head = "<meta property=og:image content=/bridge.jpg>"
    assert lead_image("<img src=/pier.jpg width=900>", head=head) == "https://paper.example/bridge.jpg"


def test_an_article_without_pictures_has_no_lead_image() -> None:
    assert lead_image("") is None
