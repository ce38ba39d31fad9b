"""Reading of pages by their site's profile, and pages whose template has changed."""

from dataclasses import replace

import pytest

from tests.extraction.sites.site_pages import PROMOTION, TEMPLATE, known, site_page
from unabridged.extraction.request import ExtractRequest
from unabridged.extraction.sites.profile import FieldEvidence, Place, SiteProfile
from unabridged.extraction.sites.read import NO_BODY, NO_TEMPLATE, Reading, read_known


@pytest.fixture(scope="module")
def profile() -> SiteProfile:
    return known()


def read(profile: SiteProfile, template: str = TEMPLATE, number: int = 7, length: int = 7) -> Reading:
    page = site_page(number, template, length)
    return read_known(ExtractRequest(html=page.html, url=page.url), profile)


def test_a_new_page_is_read_whole_without_what_all_pages_repeat(profile: SiteProfile) -> None:
    page, reading = site_page(7), read(profile)
    assert reading.passed and reading.part is not None
    article = reading.part.article
    assert all(text in article.text for text in page.paragraphs)
    assert PROMOTION not in article.text
    assert "Most read" not in article.text


def test_its_metadata_are_those_of_the_learnt_places(profile: SiteProfile) -> None:
    reading = read(profile)
    assert reading.part is not None
    article = reading.part.article
    assert article.title == site_page(7).title
    assert article.authors == ("Ann Lee",)
    assert article.published is not None and article.published.isoformat() == "2026-03-08T08:30:00+01:00"
    assert article.provenance["title"] == "learnt"
    assert article.provenance["html"] == "learnt"


def test_a_picture_in_the_text_stays_with_its_caption() -> None:
    image = "<img src='/p.jpg' width='900' alt='Boats'>"
    figure = f"<figure class='photo'>{image}<figcaption>Boats at dawn, from the pier</figcaption></figure>"
    pictured = TEMPLATE.replace("{paragraphs}", f"{{paragraphs}}{figure}<p>The end of it came in winter.</p>")
    reading = read(known(pictured), pictured)
    assert reading.passed and reading.part is not None
    article = reading.part.article
    assert '<img src="https://post.example/p.jpg"' in article.html
    assert "<figcaption>Boats at dawn" in article.html
    assert "Boats at dawn" not in article.text


def test_the_picture_and_the_standfirst_above_the_body_are_part_of_the_article() -> None:
    above = (
        "<p class='deck'>What the town lost and what it kept, in one long winter.</p>"
        "<figure><img src='/lead.jpg' width='900' alt='x'><figcaption>The pier</figcaption></figure>"
    )
    body = '<div class="story-text">'
    described = (
        TEMPLATE.replace("<main", "<article")
        .replace("</main>", "</article>")
        .replace(
            "</head>",
            '<meta name="description" content="What the town lost and what it kept, in one long'
            ' winter. By our own reporter."></head>',
        )
    )
    reading = read(known(described), described.replace(body, above + body))
    assert reading.passed and reading.part is not None
    article = reading.part.article
    assert article.text.startswith("What the town lost and what it kept")
    assert "https://post.example/lead.jpg" in article.html
    assert "The pier" not in article.text


def test_a_script_in_the_learnt_element_is_sanitised_away(profile: SiteProfile) -> None:
    hostile = TEMPLATE.replace(
        "{paragraphs}",
        "{paragraphs}<p onclick='x()'>Word <script>steal()</script><a href='javascript:x()'>y</a></p>",
    )
    reading = read(profile, hostile)
    assert reading.part is not None
    html = reading.part.article.html
    assert "script" not in html and "onclick" not in html


def test_a_renamed_body_matches_nothing(profile: SiteProfile) -> None:
    reading = read(profile, TEMPLATE.replace("story-text", "article-copy"))
    assert reading.part is None
    assert reading.failed in ((NO_BODY,), (NO_TEMPLATE,))


def test_an_emptied_body_matches_nothing(profile: SiteProfile) -> None:
    empty = TEMPLATE.replace(
        '<div class="story-text">{paragraphs}', '<div class="story-text"></div><div>{paragraphs}'
    )
    reading = read(profile, empty)
    assert not reading.passed
    assert reading.failed


def test_a_body_that_moves_into_another_element_leaves_an_alarming_length(profile: SiteProfile) -> None:
    moved = TEMPLATE.replace(
        "{paragraphs}<div", "<p>Read on below.</p></div>{paragraphs}<div class='story-text'><div"
    )
    reading = read(profile, moved)
    assert not reading.passed
    assert any("unusually short" in said or said == NO_BODY for said in reading.failed)


def test_a_new_wrapper_around_the_page_changes_nothing(profile: SiteProfile) -> None:
    wrapped = TEMPLATE.replace("<main", "<div class='theme-2'><main").replace("</main>", "</main></div>")
    reading = read(profile, wrapped)
    assert reading.passed and reading.part is not None
    assert all(text in reading.part.article.text for text in site_page(7).paragraphs)


def test_a_title_that_is_not_the_declared_one_fails() -> None:
    profile = known(TEMPLATE.replace('property="og:title"', 'property="og:headline"'))
    template = replace(
        profile.templates[0],
        fields=(
            FieldEvidence(field="title", place=Place(kind="element", name="p.byline"), pages=6, agree=6),
        ),
    )
    reading = read(replace(profile, templates=(template,)))
    assert any("is not the declared one" in said for said in reading.failed)


def test_a_page_of_another_site_has_no_known_template(profile: SiteProfile) -> None:
    html = (
        "<html><body><table id='t'><tr><td>"
        + "Quite another page with words. " * 40
        + "</table></body></html>"
    )
    assert read_known(ExtractRequest(html=html), profile).failed == (NO_TEMPLATE,)


def test_a_page_ten_times_as_long_is_looked_at_twice(profile: SiteProfile) -> None:
    reading = read(profile, length=70)
    assert reading.part is not None
    assert any("unusually long" in said for said in reading.failed)
    assert reading.length > 3
