"""Furniture around an article that only several pages of a site tell apart from it."""

from dataclasses import replace

import pytest

from tests.extraction.sites.site_pages import TEMPLATE, SitePage, known, site_page
from unabridged.extraction.article import extract_part
from unabridged.extraction.multipage.parts import PagePart
from unabridged.extraction.request import ExtractRequest
from unabridged.extraction.sites.choose import better, with_lines
from unabridged.extraction.sites.learn import learn
from unabridged.extraction.sites.profile import SiteProfile, Template
from unabridged.extraction.sites.read import from_paragraph, read_known
from unabridged.extraction.sites.samples import SamplePage, sample_page

BODY = '<div class="story-text">{paragraphs}'
COMMENTS = (
    "I remember the day well, and {0} people stood in the rain for hours to see it with their own eyes.",
    "Nonsense. My grandfather was there and he counted {0} of them, no more, whatever the paper says today.",
)


def commented(number: int) -> str:
    """Return readers' comments below an article, without an element around them."""
    posts = "".join(
        f"<p>{COMMENTS[place % 2].format(number * 40 + place)} {'And so on and so forth. ' * place}</p>"
        f'<p class="posted">Posted by: Reader {number}{place} | 0{place}:15 | reply</p>'
        for place in range(9)
    )
    return f"<h2>{number + 9} Comments</h2>{posts}"


def pages_with(
    below: str = "", above: str = "", teacher_drops: str = "", count: int = 6
) -> tuple[SiteProfile, SitePage]:
    """Return the profile of some pages with furniture, and one more such page.

    teacher_drops: blocks with this text are not chosen on the pages that the profile is learnt from.
    """

    def one(number: int) -> SitePage:
        own = below.replace("[comments]", commented(number)).format(n=number)
        page = site_page(number, TEMPLATE.replace(BODY, '<div class="story-text">%above%{paragraphs}%below%'))
        html = page.html.replace("%above%", above.format(n=number)).replace("%below%", own)
        return replace(page, html=html)

    profile = learn("post.example", [sampled(page, teacher_drops) for page in map(one, range(count))])
    assert profile is not None
    return profile, one(count)


def sampled(page: SitePage, teacher_drops: str) -> SamplePage:
    """Return a page to learn from, without some blocks of what the general extraction chose."""
    sample = sample_page(page.html, page.url)
    kept = (block for block in sample.kept if not teacher_drops or teacher_drops not in sample.texts[block])
    return replace(sample, kept=frozenset(kept))


def text_of(profile: SiteProfile, page: SitePage) -> str:
    """Return the text of a page that is read by its profile."""
    reading = read_known(ExtractRequest(html=page.html, url=page.url), profile)
    assert reading.passed and reading.part is not None, reading.failed
    return reading.part.article.text


def assert_whole(text: str, page: SitePage) -> None:
    """Check that a text holds every paragraph of its article."""
    assert [paragraph for paragraph in page.paragraphs if paragraph not in text] == []


def test_comments_in_the_element_of_the_article_are_no_part_of_it() -> None:
    profile, page = pages_with(below="[comments]")
    text = text_of(profile, page)
    assert_whole(text, page)
    assert "Posted by" not in text and "My grandfather" not in text


def test_an_article_that_talks_of_comments_is_read_on() -> None:
    profile, page = pages_with(below="[comments]")
    line = "<p>Comments on the plan were sent in by the hundred and fill a room of the town hall today.</p>"
    first = f"<p>{page.paragraphs[0]}</p>"
    spoken = replace(page, html=page.html.replace(first, first + line))
    assert_whole(text_of(profile, spoken), page)


def test_related_stories_below_a_repeated_heading_are_left_out() -> None:
    below = '<h4>Related posts</h4><p><a href="/a{n}">The story of number {n} and its many friends</a></p>'
    profile, page = pages_with(below=below)
    text = text_of(profile, page)
    assert_whole(text, page)
    assert "many friends" not in text


def test_lines_that_begin_alike_are_left_out_where_no_article_begins_so() -> None:
    profile, page = pages_with(
        below="<p>Filed under: subject {n}, towns, history number {n}</p>", teacher_drops="Filed"
    )
    text = text_of(profile, page)
    assert_whole(text, page)
    assert "Filed under" not in text


def test_a_line_of_date_and_place_above_the_text_is_left_out() -> None:
    profile, page = pages_with(
        above="<span>{n} March 2026 last changed at 0{n}:10</span>", teacher_drops="changed"
    )
    text = text_of(profile, page)
    assert_whole(text, page)
    assert "last changed" not in text


def test_a_caption_that_no_learnt_page_had_stays_out_of_the_text() -> None:
    page = site_page(9)
    picture = (
        '<div class="photo"><img src="https://post.example/p.jpg" width="900" height="600">'
        '<p class="photo-caption">The old bridge as drawn for the first survey of the county.</p></div>'
    )
    pictured = replace(page, html=page.html.replace("</p>", f"</p>{picture}", 2))
    text = text_of(known(), pictured)
    assert_whole(text, page)
    assert "first survey" not in text


def test_a_lead_that_is_shown_twice_is_read_once() -> None:
    page = site_page(9)
    first = page.paragraphs[0]
    html = page.html.replace(f"<p>{first}</p>", f'<div class="lead"><p>{first}</p></div><p>{first}</p>')
    assert html != page.html
    assert text_of(known(), replace(page, html=html)).count(first) == 1


def test_a_strange_promotion_is_left_out_by_its_name() -> None:
    page = site_page(9)
    promotion = (
        '<div class="newsletter-promo"><p>Get the county in your inbox, every single morning.</p></div>'
    )
    html = page.html.replace('<div class="key-facts">', f'{promotion}<div class="key-facts">')
    assert "inbox" not in text_of(known(), replace(page, html=html))


def one_page(page: SitePage) -> SiteProfile:
    """Return what a single page teaches."""
    profile = learn("post.example", [sample_page(page.html, page.url)])
    assert profile is not None and profile.pages == 1
    return profile


SHARED = "<p>The Example Post has stood by the people of the harbour for more than a hundred years now.</p>"


def with_notice(number: int, length: int = 7) -> SitePage:
    """Return a page with a notice that no word calls boilerplate."""
    page = site_page(number, length=length)
    return replace(
        page, html=page.html.replace('<div class="key-facts">', f'{SHARED}<div class="key-facts">')
    )


def general_text(page: SitePage, profile: SiteProfile) -> str:
    request = with_lines(ExtractRequest(html=page.html, url=page.url), profile)
    return extract_part(request).article.text


def test_what_two_pages_share_is_left_out_as_soon_as_one_is_known() -> None:
    page = with_notice(3)
    assert "hundred years now" in extract_part(ExtractRequest(html=page.html, url=page.url)).article.text
    text = general_text(page, one_page(with_notice(1)))
    assert_whole(text, page)
    assert "hundred years now" not in text


@pytest.mark.parametrize("length", [7, 9, 14, 40])
def test_a_later_and_longer_state_of_the_same_article_keeps_every_sentence(length: int) -> None:
    first = with_notice(3, length=7)
    later = with_notice(3, length=length)
    assert_whole(general_text(later, one_page(first)), later)


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [((10, 20, 90, 10), [2, 3]), ((90, 10), [0, 1]), ((10, 20), [0, 1]), ((), [])],
)
def test_a_text_begins_with_its_first_paragraph(lengths: tuple[int, ...], expected: list[int]) -> None:
    assert from_paragraph([*range(len(lengths))], lengths) == expected


def test_an_end_above_the_whole_text_ends_nothing() -> None:
    (template,) = pages_with(below="[comments]")[0].templates
    assert isinstance(template, Template) and template.ends
    page = site_page(9)
    html = page.html.replace('<div class="story-text">', '<div class="story-text"><h2>14 Comments</h2>')
    profile, _ = pages_with(below="[comments]")
    assert_whole(text_of(profile, replace(page, html=html)), page)


def with_text(part: PagePart, text: str) -> PagePart:
    return replace(part, article=replace(part.article, text=text))


def test_a_comparison_does_not_prefer_the_text_with_the_comments() -> None:
    profile, page = pages_with(below="[comments]")
    request = ExtractRequest(html=page.html, url=page.url)
    reading = read_known(request, profile)
    assert reading.part is not None and reading.commented
    own = reading.part.article.text
    general = replace(
        reading.part, article=replace(reading.part.article, text=f"{own}\n\n15 Comments\n\n{own[::-1]}")
    )
    found = better(reading, general)
    assert (found.part.article.text, found.seen.agrees, found.seen.by_profile) == (own, True, True)


def test_a_text_that_ends_at_another_heading_loses_to_a_longer_one() -> None:
    below = '<h4>Related posts</h4><p><a href="/a{n}">The story of number {n} and its many friends</a></p>'
    profile, page = pages_with(below=below)
    reading = read_known(ExtractRequest(html=page.html, url=page.url), profile)
    assert reading.part is not None and not reading.commented
    own = reading.part.article.text
    general = with_text(reading.part, f"{own}\n\n{own[::-1]}")
    assert better(reading, general).part is general
