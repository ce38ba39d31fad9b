"""Hostile pages of many articles; what is removed and what stays is in tests/extraction/cases."""

import time

from unabridged.extraction.html.dom import parse
from unabridged.extraction.structure.further_articles import remove_further_articles
from unabridged.extraction.structure.page_names import page_names

TITLE = "The night when the mill runs"
TEXT = (
    "The mill at Overby has ground rye since 1734, and the miller lets the wheel run for anyone with a sack. "
)


def test_a_page_with_one_headline_is_left_as_it_is() -> None:
    dom = parse(f"<title>{TITLE}</title><article><h1>{TITLE}</h1><p>{TEXT * 9}</p></article>")
    before = dom.body.html
    remove_further_articles(dom, page_names(dom))
    assert dom.body.html == before


def test_the_own_article_stays_if_it_has_hardly_a_text() -> None:
    dom = parse(
        f"<title>{TITLE}</title><main><article><h1>{TITLE}</h1><p>Soon.</p></article>"
        f"<article><h1>Nine benches too many</h1><time>1 May</time><p>{TEXT * 9}</p></article></main>"
    )
    remove_further_articles(dom, page_names(dom))
    assert "Nine benches" in dom.body.text


def test_the_article_stays_where_only_the_site_has_a_headline_that_the_title_holds() -> None:
    dom = parse(
        f"<title>Old mills worth a visit | The Overby Review</title><h1>The Overby Review</h1>"
        f"<article><h1>{TITLE}</h1><time>1 May</time><p>{TEXT * 9}</p></article>"
        f"<div class=widget><p>{TEXT * 9}</p></div>"
    )
    remove_further_articles(dom, page_names(dom))
    assert dom.body.text.count("Overby has ground") == 18


def test_thousands_of_headlines_and_levels_take_little_time() -> None:
    many = (
        f"<h1>{TITLE}</h1><p>{TEXT * 9}</p>" + "<div><h1>Another headline of a page</h1><time></time>" * 5_000
    )
    dom = parse(f"<title>{TITLE}</title>{many}<p>{TEXT * 9}</p>")
    started = time.process_time()
    remove_further_articles(dom, page_names(dom))
    assert time.process_time() - started < 5
