"""Pages of the sample publisher: its front page, its articles, and bodies that are changed as sites do."""

from dataclasses import replace

import pytest

from unabridged.errors import ConfigError
from unabridged.sample.render import Stage, insert_after, page_path, render_article, render_front, retag
from unabridged.sample.server import SITES, shipped_site

BODY = "<p>One</p><p>Two</p><p>Three</p>"
NAMES = sorted(folder.name for folder in SITES.iterdir() if folder.is_dir())


def test_paragraphs_become_other_elements() -> None:
    changed = retag("<p>One</p><p class=x>Two</p>", "p", 'div class="t"')
    assert changed == '<div class="t">One</div><p class=x>Two</div>'


@pytest.mark.parametrize(
    ("count", "changed"),
    [(2, "<p>One</p><p>Two</p><i>Ad</i><p>Three</p>"), (3, BODY + "<i>Ad</i>"), (4, BODY)],
)
def test_an_advertisement_stands_amid_paragraphs_where_there_are_enough(count: int, changed: str) -> None:
    assert insert_after(BODY, "p", count, "<i>Ad</i>") == changed


@pytest.mark.parametrize("name", NAMES)
def test_the_front_page_leads_to_every_article_and_articles_of_cases_only_with_their_case(name: str) -> None:
    site = shipped_site(name)
    stage = Stage(site=site, origin="http://127.0.0.1:1")
    everything = replace(stage, cases=frozenset(one.case for one in site.articles if one.case))
    assert {one.case for one in stage.articles()} <= {""}
    assert len(everything.articles()) == len(site.articles)
    front = render_front(stage).decode(site.charset)
    assert [one.slug for one in stage.articles() if one.first.path not in front] == []


def test_a_further_page_has_an_address_of_its_own() -> None:
    state = shipped_site(NAMES[0]).articles[0].first
    assert page_path(state, 1) == state.path
    assert page_path(state, 2) == f"{state.path}/2"
    assert page_path(replace(state, data={"page_path": "{path}?page={number}"}), 2) == f"{state.path}?page=2"


def test_a_template_that_fails_is_named() -> None:
    site = shipped_site(NAMES[0])
    source = site.articles[0]
    broken = replace(source.first, template="none.html")
    with pytest.raises(ConfigError, match=r"none\.html cannot be rendered"):
        render_article(Stage(site=site, origin=""), replace(source, first=broken))
