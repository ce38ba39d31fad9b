"""By-lines without mark-up: near the headline, in a row of names, below the text."""

from tests.extraction.metadata.pages import page, read
from tests.extraction.metadata.test_authors import NAMES, authors
from unabridged.extraction.metadata.byline_texts import Site


def test_who_reviewed_did_not_write() -> None:
    body = "<p>By <a href=/x>Ann Lee</a></p><p>Reviewed by <a href=/authors/bo>Bo Lindqvist</a></p>"
    assert authors(body) == ("Ann Lee",)


def test_a_byline_below_the_text_is_found() -> None:
    text = "<p>" + "The bridge was closed on Monday, and nobody knows for how long. " * 6 + "</p>"
    assert authors(text * 90 + "<h3>Written by Ann Lee</h3>") == ("Ann Lee",)


def test_a_byline_among_the_comments_is_not_the_page_s() -> None:
    text = "<p>" + "The bridge was closed on Monday, and nobody knows for how long. " * 6 + "</p>"
    assert authors(text * 90 + "<div class=comments><p>Written by Ann Lee</p></div>") == ()


def test_linked_names_in_a_row_are_one_list() -> None:
    body = "<a href=/author/ann>Ann Lee</a><a href=/author/bo>Bo Lindqvist</a><p>3 May 2024</p>"
    assert set(NAMES) <= set(authors(body))


def test_a_name_beside_its_day_in_one_line_is_found() -> None:
    assert authors("<p>11.12.2019 - Ann Lee</p>") == ("Ann Lee",)


def test_a_word_that_the_page_writes_small_is_no_name() -> None:
    body = "<h1>The bridge</h1><p>Our Bridges</p><p>1 May 2024</p><p>All of our bridges.</p>"
    assert read(page(body=body)).authors == ()


def test_a_site_may_be_named_as_its_domain() -> None:
    site = Site(name="The Post", domain="herald")
    assert site.is_host("The Herald Online") and site.is_named("The Post")
    assert not site.is_host("Ann Lee") and not Site(domain="ab").is_host("Abe")
