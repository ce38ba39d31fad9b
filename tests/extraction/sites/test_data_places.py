"""Sites whose scripts carry the text: its place is learnt, and the next page is read by it."""

import json
from dataclasses import replace

import pytest

from tests.extraction.sites.data_pages import data_cases, data_page
from tests.extraction.sites.site_pages import SitePage, site_page
from tests.extraction.structure.page_data.test_page_state import HOSTILE
from unabridged.extraction.article import extract_part
from unabridged.extraction.request import ExtractRequest
from unabridged.extraction.sites.choose import extract_known
from unabridged.extraction.sites.data_places import DataText, learn_data
from unabridged.extraction.sites.learn import learn
from unabridged.extraction.sites.profile import DataPlace, SiteProfile
from unabridged.extraction.sites.read import read_known
from unabridged.extraction.sites.samples import sample_page
from unabridged.extraction.sites.written import MAX_BYTES, from_json, to_json, to_site_config
from unabridged.extraction.structure.page_data.page_data import DataHolder

PLACES = {
    "json-ld-body-plain": 'script[type="application/ld+json"] articleBody',
    "json-ld-body-escaped-html": 'script[type="application/ld+json"] @graph.articleBody',
    "next-data-portable-text": "script#__NEXT_DATA__ props.pageProps.post.body",
    "next-data-lexical-string": "script#__NEXT_DATA__ props.pageProps.post.lexical.root.children",
    "state-apollo-references": "window.__APOLLO_STATE__ ROOT_QUERY.post.content.paragraphs",
    "state-angular-transfer": "script#ng-state k*.b.text",
    "state-astro-island": "astro-island[props] body",
    "state-fusion-global-content": "Fusion.globalContent content_elements",
    "state-next-flight-rows": " props.children.props.article.body",
    "state-nuxt-devalue": "script#__NUXT_DATA__ data.article-*.body",
    "state-sveltekit-fetched": 'script[type="application/json"] body.html',
    "textarea-holds-article": "textarea :markup",
}
SHOWN = frozenset(
    "noscript-holds-article react-stream-with-partial-segment shadow-root-closed-with-slots "
    "shadow-root-nested shadow-root-old-attribute shadow-root-open".split()
)
"""Cases whose text is in the tree once its templates are in place."""


def place_of(profile: SiteProfile) -> DataPlace | None:
    return profile.templates[0].data


@pytest.mark.parametrize("name", data_cases())
def test_a_page_is_read_by_the_place_of_its_text_as_the_general_way_reads_it(name: str) -> None:
    pages = [data_page(name, number) for number in range(5)]
    found = learn("coast.example", [sample_page(page.html, page.url) for page in pages])
    assert found is not None
    text = to_json(found)
    profile = from_json(text)
    assert profile == found and len(text) <= MAX_BYTES
    place = place_of(found)
    if name not in SHOWN:
        assert place is not None and (place.agree, place.used) == (5, 5)
    if name in PLACES:
        assert place is not None and f"{place.name} {'.'.join(place.path)}" == PLACES[name]
    page = data_page(name, 5)
    request = ExtractRequest(html=page.html, url=page.url)
    general, reading = extract_part(request).article, read_known(request, found)
    assert reading.passed and reading.part is not None
    article = reading.part.article
    assert article.html == general.html and article.title == general.title
    assert article.completeness.kind == general.completeness.kind
    assert not [text for text in page.must_not if text in article.text]


def with_state(page: SitePage, shown: int | None = None) -> str:
    """Return a page with its article in its data too. shown: paragraphs that its tree shows, None for all."""
    html = "".join(f"<p>{text}</p>" for text in page.paragraphs)
    story = {"headline": page.title, "html": html, "related": [{"title": "Another one", "html": html}]}
    state = json.dumps({"props": {"pageProps": {"story": story}}}).replace("</", "<\\/")
    whole = page.html
    for text in page.paragraphs[shown:] if shown is not None else ():
        whole = whole.replace(f"<p>{text}</p>", "")
    return whole.replace(
        "</body>", f'<script id="__NEXT_DATA__" type="application/json">{state}</script></body>'
    )


def rendered(pages: int = 6, cut: int = 0) -> SiteProfile:
    """Return the profile of a site whose pages show their text, the last `cut` ones only its beginning."""
    sources = [site_page(number) for number in range(pages)]
    shown = [2 if number >= pages - cut else None for number in range(pages)]
    samples = [sample_page(with_state(page, few), page.url) for page, few in zip(sources, shown, strict=True)]
    profile = learn("post.example", samples)
    assert profile is not None
    return profile


def test_where_most_pages_show_their_text_the_data_gives_it_for_one_that_does_not() -> None:
    profile = rendered()
    place = place_of(profile)
    assert profile.templates[0].body == ("div.story-text",)
    assert place is not None and (place.agree, place.used) == (6, 0)
    assert place.path == ("props", "pageProps", "story", "html")
    page = site_page(7)
    for shown in (0, 1):
        found = extract_known(ExtractRequest(html=with_state(page, shown), url=page.url), profile)
        assert found.seen.by_profile
        assert all(text in found.part.article.text for text in page.paragraphs)
        assert found.part.article.text.count(page.paragraphs[0]) == 1


def test_where_some_pages_are_cut_each_cut_one_is_completed() -> None:
    profile = rendered(cut=2)
    place = place_of(profile)
    assert place is not None and place.used == 2 and not place.is_first
    page = site_page(7)
    reading = read_known(ExtractRequest(html=with_state(page, 3), url=page.url), profile)
    assert reading.passed and reading.part is not None
    assert all(reading.part.article.text.count(text) == 1 for text in page.paragraphs)


def test_data_that_names_another_article_is_not_taken() -> None:
    profile, page, other = rendered(), site_page(7), site_page(3)
    html = with_state(page, 0).replace(page.title.replace("'", ""), other.title)
    html = html.replace(other.title, page.title, 3)  # the head and the headline keep their title
    reading = read_known(ExtractRequest(html=html, url=page.url), profile)
    assert not reading.passed
    assert reading.part is None or page.paragraphs[0] not in reading.part.article.text


def test_what_is_not_free_is_not_read_from_the_data() -> None:
    page = site_page(7)
    said = '{"@type":"NewsArticle","isAccessibleForFree":false}'
    declared = f'<script type="application/ld+json">{said}</script></head>'
    html = with_state(page, 0).replace("</head>", declared)
    reading = read_known(ExtractRequest(html=html, url=page.url), rendered())
    assert not reading.passed
    assert reading.part is None or page.paragraphs[0] not in reading.part.article.text


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_data_in_a_known_place_never_raises(name: str) -> None:
    page = site_page(7)
    profile = rendered()
    template = profile.templates[0]
    place = place_of(profile)
    assert place is not None
    for path in (place.path, ("*",) * 6, ()):
        changed = replace(template, data=replace(place, path=path, used=6))
        script = f'<script id="__NEXT_DATA__" type="application/json">{HOSTILE[name]}</script>'
        html = page.html.replace("</body>", f"{script}</body>")
        found = extract_known(ExtractRequest(html=html, url=page.url), replace(profile, templates=(changed,)))
        assert all(text in found.part.article.text for text in page.paragraphs)


def text_at(path: str, *, like: float = 1.0, used: bool = False, glued: bool = False) -> DataText:
    return DataText(
        holder=DataHolder("variable", "x"), path=tuple(path.split(".")), like=like, used=used, glued=glued
    )


def test_the_path_is_what_the_pages_have_in_common() -> None:
    pages = [[text_at(f"data.slug-{name}.body")] for name in ("one", "two", "three")]
    place = learn_data(pages)
    assert place is not None and place.path == ("data", "slug-*", "body")
    assert learn_data([[text_at("a.body", like=0.5)]] * 4) is None
    assert learn_data([[text_at("a.body", glued=True)]] * 4) is None
    assert learn_data([[text_at("a.body")], [], [], []]) is None


def test_the_place_that_was_taken_comes_before_one_that_only_agrees() -> None:
    place = learn_data([[text_at("short.body"), text_at("a.long.body", used=True)]] * 3)
    assert place is not None and place.path == ("a", "long", "body")


def dated(number: int, day: str) -> str:
    """Return a page without a date and a by-line in its tree, and with both in its data."""
    author = {"name": "Bo Li", "url": "/bo"}
    facts = json.dumps({"createdAt": "2001-01-01", "publishedAt": day, "authors": [author]})[1:-1]
    page = data_page("next-data-portable-text", number)
    return page.html.replace('"_type": "post"', f'"_type": "post", {facts}')


def test_a_date_and_authors_that_stand_beside_the_text_fill_what_the_page_does_not_say() -> None:
    pages = [data_page("next-data-portable-text", number) for number in range(6)]
    days = [f"2026-0{number + 1}-11T08:30:00+01:00" for number in range(6)]
    samples = [sample_page(dated(number, days[number]), pages[number].url) for number in range(5)]
    assert not any(sample.metadata.authors for sample in samples)
    profile = learn("coast.example", samples)
    assert profile is not None
    place = place_of(profile)
    assert place is not None and (place.published, place.authors) == ("publishedAt", "authors")
    assert "beside publishedAt and authors" in to_site_config(profile)
    request = ExtractRequest(html=dated(5, days[5]), url=pages[5].url)
    reading = read_known(request, profile)
    assert reading.passed and reading.part is not None
    article = reading.part.article
    assert article.published is not None and article.published.isoformat() == days[5]
    assert article.authors == ("Bo Li",)
    declared = '<meta property="article:published_time" content="2026-09-09T10:00:00Z"></head>'
    said = replace(request, html=dated(5, days[5]).replace("</head>", declared))
    own = extract_known(said, profile).part.article.published
    assert own is not None and own.month == 9


def test_dates_that_contradict_the_page_are_not_learnt() -> None:
    declared = '<meta property="article:published_time" content="2026-09-09T10:00:00Z"></head>'
    samples = [
        sample_page(
            dated(number, "2026-02-02T10:00:00Z").replace("</head>", declared),
            data_page("next-data-portable-text", number).url,
        )
        for number in range(5)
    ]
    profile = learn("coast.example", samples)
    assert profile is not None
    place = place_of(profile)
    assert place is not None and place.published == ""
