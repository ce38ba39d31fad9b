"""The choice of a rendition of the lead image."""

import pytest

from unabridged.extraction import extract
from unabridged.extraction.html.dom import parse
from unabridged.extraction.metadata.lead_image import address_of, same_picture
from unabridged.extraction.metadata.read import read_metadata

URL = "https://herald.example/world/the-bridge"


BODY = "<p>" + "The old bridge over the river was closed to traffic on Monday, the mayor said. " * 6 + "</p>"


OG = '<meta property="og:image" content="https://cdn.example/share/4711223-1200x630.jpg">'


def lead(head: str, picture: str) -> str | None:
    html = f"<head>{head}</head><body><article><h1>The bridge is closed</h1>{picture}{BODY}</article></body>"
    return read_metadata(parse(html), url=URL).lead_image


def test_the_picture_fetched_first_is_taken_as_it_is_shown() -> None:
    picture = """<picture><source type="image/webp" srcset="/p/4711223-6.webp 600w, /p/4711223-9.webp 960w">
        <img fetchpriority="high" src="/p/4711223-960.jpg" width="960"></picture>"""
    assert lead(OG, picture) == "https://herald.example/p/4711223-9.webp"


def test_a_preloaded_picture_is_the_main_one() -> None:
    head = OG + '<link rel="preload" as="image" href="/p/harbour-at-night.jpg">'
    picture = '<figure><picture><img src="/p/harbour-at-night.jpg" width="1600"></picture></figure>'
    assert lead(head, picture) == "https://herald.example/p/harbour-at-night.jpg"


def test_a_small_portrait_fetched_first_is_not_the_main_picture() -> None:
    picture = '<img fetchpriority="high" src="/people/ann-lee-at-work.jpg" width="300" height="300">'
    assert lead(OG, picture) == "https://cdn.example/share/4711223-1200x630.jpg"


@pytest.mark.parametrize(
    ("holder", "shown"), [("figure", True), ("aside", False)], ids=["in a figure", "beside the article"]
)
def test_the_same_picture_is_taken_as_it_is_shown_in_the_article(holder: str, shown: bool) -> None:
    found = lead(OG, f'<{holder}><img src="/p/4711223.jpg" width="2400" height="900"></{holder}>')
    assert found == (
        "https://herald.example/p/4711223.jpg" if shown else "https://cdn.example/share/4711223-1200x630.jpg"
    )


def test_a_signed_address_stays_as_it_is_written() -> None:
    signed = "https://img.example/https%3A%2F%2Fherald.example%2Fa.jpg?s=abc%3D"
    assert lead(f'<meta property="og:image" content="{signed}">', "") == signed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/1200x675_river_99c0ffee21.jpg", "https://a.example/320x180_river_99c0ffee21.jpg"),
        ("https://a.example/img/bridge-over-river-1200x630.jpg", "/img/bridge-over-river.webp?w=300"),
        ("https://a.example/a/csm_bridge-at-night_a395f41217.jpg", "/b/csm_bridge-at-night_93268333ee.jpg"),
        (
            "https://a.example/w_1440/shape/cover/sport%2Fa1b2c3d4e5f6.jpg",
            "https://a.example/w_300/sport/a1b2c3d4e5f6.jpg",
        ),
    ],
)
def test_renditions_of_one_picture_are_known_as_such(one: str, other: str) -> None:
    assert same_picture(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/2024/05/bridge.jpg", "https://a.example/2024/05/river.jpg"),
        ("https://a.example/20240503/bridge.jpg", "https://a.example/20240503/river.jpg"),
        ("https://a.example/uploads/image.jpg", "https://a.example/uploads/image.png?x=2"),
    ],
)
def test_other_pictures_are_not_taken_for_one(one: str, other: str) -> None:
    assert not same_picture(one, other)


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


def test_the_first_of_the_shown_pictures_comes_before_one_further_off() -> None:
    pictures = "".join(
        f'<figure><picture><img src="/p/{name}.jpg" width="1600"></picture></figure><p>Text.</p>'
        for name in ("bridge-at-night", "river-in-spring", "mayor-at-work")
    )
    assert lead("", pictures) == "https://herald.example/p/bridge-at-night.jpg"


def test_a_declared_picture_stays_if_only_teasers_show_others() -> None:
    teaser = '<ul><li><a href="/b"><img src="/p/harvest-festival.jpg" width="640"></a></li></ul>'
    assert lead(OG, teaser) == "https://cdn.example/share/4711223-1200x630.jpg"


def test_a_default_rendition_of_a_picture_is_no_default_picture() -> None:
    address = "https://cdn.example/clip/4711223_source-aspect-ratio_default_0.jpg"
    logo = '<meta property="og:image" content="https://cdn.example/default-share.jpg">'
    declared = f'<meta property="twitter:image" content="{address}">'
    assert lead(logo + declared, "") == address


@pytest.mark.parametrize(
    "address", ["//cdn.example/a.jpg", "../a.jpg", "/a.jpg", "HTTPS://CDN.example/a.jpg"]
)
def test_an_address_in_an_unusual_form_becomes_absolute(address: str) -> None:
    found = lead(f'<meta property="og:image" content="{address}">', "")
    assert found is not None and found.lower().startswith("https://")


@pytest.mark.parametrize(
    ("written", "base", "address"),
    [
        ("/p/harbour%3A1.jpg?w=1,2", URL, "https://herald.example/p/harbour%3A1.jpg?w=1,2"),
        ("//cdn.example/p.jpg", URL, "https://cdn.example/p.jpg"),
        ("p.jpg", URL, "https://herald.example/world/p.jpg"),
        ("/../p.jpg", URL, "https://herald.example/p.jpg"),
        ("/p/the harbour.jpg", URL, "https://herald.example/p/the%20harbour.jpg"),
        ("javascript:void(0)", URL, None),
        ("//[::1", URL, None),
        ("/p.jpg", "http://[::1", None),
    ],
)
def test_an_address_is_joined_to_its_page_as_it_is_written(
    written: str, base: str, address: str | None
) -> None:
    assert address_of(written, base) == address
