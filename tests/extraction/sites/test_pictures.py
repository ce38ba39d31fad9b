"""Place of the lead image, learnt by agreement with the general extraction."""

import pytest

from tests.extraction.sites.site_pages import site_page
from unabridged.extraction.article import extract_part
from unabridged.extraction.html.dom import parse
from unabridged.extraction.metadata.read import PageFacts, graph_of
from unabridged.extraction.metadata.scan import scan_head
from unabridged.extraction.request import ExtractRequest
from unabridged.extraction.rules.parse import parse_site_config
from unabridged.extraction.sites.learn import learn
from unabridged.extraction.sites.pictures import known_picture
from unabridged.extraction.sites.profile import Place, SiteProfile
from unabridged.extraction.sites.read import read_known
from unabridged.extraction.sites.samples import sample_page
from unabridged.extraction.sites.written import to_site_config

META = '<meta property="og:image" content="/p/{n}.jpg"></head>'
JSON = (
    '<script type="application/ld+json">{{"@type":"NewsArticle","image":{{"url":"https://img.example/{n}.jpg"}}}}'
    "</script></head>"
)
SHOWN = '<figure class="opener"><img src="/big/{n}-w1200.jpg" width="1200"></figure><div class="story-text">'


def with_picture(number: int, place: str) -> str:
    html = site_page(number).html
    if place == "element":
        return html.replace('<div class="story-text">', SHOWN.format(n=number))
    return html.replace("</head>", {"meta": META, "json-ld": JSON}[place].format(n=number))


def learnt_from(places: list[str]) -> SiteProfile:
    samples = [
        sample_page(with_picture(n, place) if place else site_page(n).html, site_page(n).url)
        for n, place in enumerate(places)
    ]
    profile = learn("post.example", samples)
    assert profile is not None
    return profile


@pytest.mark.parametrize(
    ("place", "name", "expected"),
    [
        ("meta", "og:image", "https://post.example/p/7.jpg"),
        ("json-ld", "image", "https://img.example/7.jpg"),
        ("element", "figure.opener", "https://post.example/big/7-w1200.jpg"),
    ],
)
def test_a_new_page_has_the_picture_of_the_learnt_place(place: str, name: str, expected: str) -> None:
    profile = learnt_from([place] * 6)
    learnt = profile.templates[0].place_of("lead_image")
    assert learnt is not None and (learnt.kind, learnt.name) == (place, name)
    request = ExtractRequest(html=with_picture(7, place), url=site_page(7).url)
    reading = read_known(request, profile)
    assert reading.part is not None and reading.part.article.lead_image == expected
    assert extract_part(request).article.lead_image == expected
    rules = parse_site_config(to_site_config(profile), file="post.example.txt")
    assert rules.ignored == () and "# lead_image: " in to_site_config(profile)


def test_a_page_that_declares_its_picture_elsewhere_keeps_it() -> None:
    profile = learnt_from(["meta"] * 6)
    request = ExtractRequest(html=with_picture(7, "json-ld"), url=site_page(7).url)
    reading = read_known(request, profile)
    assert reading.part is not None and reading.part.article.lead_image == "https://img.example/7.jpg"


def test_pages_that_differ_have_the_first_declared_picture() -> None:
    profile = learnt_from(["meta", "json-ld"] * 3)
    learnt = profile.templates[0].place_of("lead_image")
    assert learnt is not None and learnt.kind == "declared"


def test_a_site_without_pictures_is_known_to_have_none() -> None:
    profile = learnt_from([""] * 6)
    learnt = profile.templates[0].place_of("lead_image")
    assert learnt is not None and learnt.kind == "none"


def test_where_some_articles_have_no_picture_none_is_searched_for() -> None:
    profile = learnt_from(["", "meta"] * 3)
    found = next(item for item in profile.templates[0].fields if item.field == "lead_image")
    assert (found.place.kind, found.pages, found.agree) == ("body", 3, 3)
    for place, expected in (("meta", "https://post.example/p/7.jpg"), ("", None)):
        html = with_picture(7, place) if place else site_page(7).html
        reading = read_known(ExtractRequest(html=html, url=site_page(7).url), profile)
        assert reading.part is not None and reading.part.article.lead_image == expected


def test_the_first_picture_of_the_text_is_a_place_of_its_own() -> None:
    def illustrated(number: int) -> str:
        picture = f'<p><img src="/text/{number}.jpg" width="800"></p><div class="key-facts">'
        return site_page(number).html.replace('<div class="key-facts">', picture)

    samples = [sample_page(illustrated(number), site_page(number).url) for number in range(6)]
    profile = learn("post.example", samples)
    assert profile is not None
    learnt = profile.templates[0].place_of("lead_image")
    assert learnt is not None and learnt.kind == "body"
    reading = read_known(ExtractRequest(html=illustrated(7), url=site_page(7).url), profile)
    assert reading.part is not None
    assert reading.part.article.lead_image == "https://post.example/text/7.jpg"


def picture(html: str, place: Place) -> object:
    dom = parse(html)
    scan = scan_head(dom)
    page = PageFacts(dom=dom, scan=scan, graph=graph_of(scan), url="https://post.example/7")
    return known_picture(page, place)


def test_a_logo_or_a_small_picture_in_the_place_is_not_taken() -> None:
    figure = Place(kind="element", name="figure.opener")
    assert picture('<figure class="opener"><img src="/a.jpg" width="80"></figure>', figure) is None
    assert picture('<figure class="opener"><img src="/logo.png"></figure>', figure) is None
    assert picture('<figure class="other"><img src="/a.jpg"></figure>', figure) is None
    meta = Place(kind="meta", name="og:image")
    logo = '<meta property="og:image" content="/logo.png"><meta name="twitter:image" content="/a.jpg">'
    assert picture(logo, meta) == ("https://post.example/a.jpg", "meta")
