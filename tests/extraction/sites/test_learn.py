"""Learning of a site from its pages."""

import time

from tests.extraction.sites.site_pages import PROMOTION, known, learnt, site_page
from unabridged.extraction.sites.learn import distinct_pages, learn
from unabridged.extraction.sites.samples import sample_page


def test_six_pages_give_one_template_with_the_element_of_the_text() -> None:
    (template,) = known().templates
    assert template.body == ("div.story-text",)
    assert template.pages == 6
    assert template.fit > 0.9


def test_two_pages_give_no_template_but_the_lines_that_both_have() -> None:
    profile = learnt(2)
    assert profile is not None
    assert profile.templates == ()
    assert [line.text for line in profile.lines] == [PROMOTION]


def test_a_promotion_below_every_article_is_a_repeated_line() -> None:
    (template,) = known().templates
    texts = [line.text for line in template.lines]
    assert any(PROMOTION in text for text in texts)


def test_the_same_article_at_two_addresses_counts_once() -> None:
    page = site_page(1)
    samples = [sample_page(page.html, f"https://post.example/{copy}") for copy in range(4)]
    assert len(distinct_pages(samples)) == 1
    profile = learn("post.example", samples)
    assert profile is not None and profile.pages == 1 and not profile.templates


def test_pages_without_anything_in_common_give_no_template() -> None:
    bodies = [
        f"<body><div id=b{n}a>{'A word of its own, number ' + str(n) + '. '}</div></body>" for n in range(5)
    ]
    assert learn("x.example", [sample_page(html) for html in bodies]) is None


def test_two_templates_of_one_site_are_learnt_apart() -> None:
    other = (
        "<html><body><div id='shell'><section class='live'><div class='ticker'><h1>{title}</h1>{paragraphs}"
        "</div></section><section class='more'><ul>{links}</ul></section></div></body></html>"
    )
    pages = [site_page(n) for n in range(4)] + [site_page(n, other) for n in range(4, 8)]
    profile = learn("post.example", [sample_page(page.html, page.url) for page in pages])
    assert profile is not None
    assert {template.body[0] for template in profile.templates} == {"div.story-text", "section.live"}


def test_twenty_pages_are_learnt_in_a_second_of_cpu() -> None:
    pages = [site_page(number) for number in range(20)]
    sample_page(pages[0].html)  # the models are loaded once a process
    began = time.process_time()
    learn("post.example", [sample_page(page.html, page.url) for page in pages])
    assert time.process_time() - began < 1
