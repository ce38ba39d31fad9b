"""Places of a site's metadata."""

from dataclasses import replace

from tests.extraction.sites.site_pages import TEMPLATE, known, learnt
from unabridged.extraction.html.dom import parse
from unabridged.extraction.metadata.read import PageFacts, graph_of, read_metadata
from unabridged.extraction.metadata.scan import scan_page
from unabridged.extraction.sites.places import disagreement, form_of
from unabridged.extraction.sites.profile import Place


def test_declared_fields_are_read_where_they_are_declared() -> None:
    (template,) = known().templates
    title, published = template.place_of("title"), template.place_of("published")
    authors = template.place_of("authors")
    assert title is not None and title.name in ("og:title", "h1.headline", "h1")
    assert published == Place(kind="meta", name="article:published_time", form="0000-00-00T00:00:00+00:00")
    assert authors is not None and authors.kind == "meta"


def test_the_name_of_the_site_is_cut_off_a_title_that_stands_nowhere_else() -> None:
    bare = TEMPLATE.replace('<meta property="og:title" content="{title}">', "").replace(
        '<h1 class="headline">{title}</h1>', ""
    )
    profile = learnt(6, bare)
    assert profile is not None
    place = profile.templates[0].place_of("title")
    assert place is not None
    assert (place.kind, place.after) == ("page-title", " | The Example Post")


def test_a_site_whose_articles_name_nobody_has_no_place_for_authors() -> None:
    nameless = TEMPLATE.replace('<meta name="author" content="Ann Lee">', "").replace("By Ann Lee", "")
    profile = learnt(6, nameless)
    assert profile is not None
    assert profile.templates[0].place_of("authors") == Place(kind="none")


def test_a_title_or_date_that_the_page_contradicts_is_said() -> None:
    html = "<title>A bridge falls</title><meta property='article:published_time' content='2026-01-02'>"
    dom = parse(html)
    scan = scan_page(dom)
    page = PageFacts(dom=dom, scan=scan, graph=graph_of(scan))
    metadata = read_metadata(dom)
    assert disagreement(page, metadata) == ""
    assert "title" in disagreement(page, replace(metadata, title="Cookie settings and more"))


def test_the_form_of_a_date_has_no_digits_of_its_own() -> None:
    assert form_of("3 May 2026, 12:05") == "0 May 0000, 00:00"
