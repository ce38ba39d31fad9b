"""The better of two extractions of a page, and when both are made."""

from dataclasses import replace

from tests.extraction.sites.site_pages import TEMPLATE, known, site_page
from unabridged.extraction.article import extract_part
from unabridged.extraction.request import ExtractRequest
from unabridged.extraction.rules.parse import parse_site_config
from unabridged.extraction.sites.choose import better, extract_known, likeness
from unabridged.extraction.sites.read import read_known


def test_a_page_of_a_known_template_is_read_by_its_profile_alone() -> None:
    page = site_page(7)
    found = extract_known(ExtractRequest(html=page.html, url=page.url), known())
    assert found.seen.by_profile and found.seen.agrees is None
    assert found.part.article.provenance["html"] == "learnt"


def test_a_comparison_says_whether_both_agree() -> None:
    page = site_page(7)
    found = extract_known(ExtractRequest(html=page.html, url=page.url), known(), compare=True)
    assert found.seen.agrees is True
    assert found.seen.by_profile


def test_after_a_redesign_the_general_extraction_reads_the_whole_text() -> None:
    page = site_page(7, TEMPLATE.replace("story-text", "copy").replace("masthead", "top"))
    found = extract_known(ExtractRequest(html=page.html, url=page.url), known())
    assert found.seen.missed and not found.seen.by_profile
    assert all(text in found.part.article.text for text in page.paragraphs)


def test_a_body_that_holds_only_the_beginning_loses_no_text() -> None:
    start = '<div class="story-text">'
    moved = TEMPLATE.replace(
        start, f"{start}<p>What follows was written in spring.</p></div><div class='copy'>"
    )
    page = site_page(7, moved)
    found = extract_known(ExtractRequest(html=page.html, url=page.url), known())
    assert not found.seen.by_profile
    assert all(text in found.part.article.text for text in page.paragraphs)


def test_a_text_that_is_a_part_of_a_longer_one_does_not_win_however_it_passed_its_checks() -> None:
    page = site_page(7)
    request = ExtractRequest(html=page.html, url=page.url)
    reading, general = read_known(request, known()), extract_part(request)
    assert reading.part is not None
    words = page.paragraphs
    cut = replace(reading.part.article, text=" ".join(words[:4]))
    short = replace(reading, part=replace(reading.part, article=cut))
    whole = replace(general, article=replace(general.article, text=" ".join(words)))
    found = better(short, whole)
    assert (found.seen.agrees, found.seen.by_profile, found.part) == (False, False, whole)


def test_site_rules_come_before_what_was_learnt() -> None:
    page = site_page(7)
    rules = parse_site_config("body: //p[@class='byline']\n", file="post.example.txt").rules
    found = extract_known(ExtractRequest(html=page.html, url=page.url, rules=rules), known())
    assert found.part.article.text == "By Ann Lee"


def test_likeness_is_the_f1_of_the_words() -> None:
    assert likeness("", "") == 1
    assert likeness("a b c d", "a b c d") == 1
    assert likeness("a b", "c d") == 0
    assert likeness("a b", "a b c d") == 2 * 2 / 6
