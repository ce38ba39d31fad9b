"""Site rules: every line of a file is honoured or named, and what rules say is what happens to a page."""

import pytest

from tests.extraction.rules.rule_texts import rules
from unabridged.extraction import extract
from unabridged.extraction.article import extract_part
from unabridged.extraction.request import ExtractRequest
from unabridged.extraction.rules.apply import faulty_expressions, judge_test
from unabridged.extraction.rules.parse import parse_site_config

URL = "https://paper.example/a"


def read(page: str, text: str) -> str:
    return extract(page, url=URL, rules=rules(text)).html


def test_the_first_body_expression_with_a_hit_is_the_body() -> None:
    page = "<div id=a></div><div id=b><p>one</p></div><div id=c><p>two</p></div>"
    assert read(page, "body: //div[@id='x']\nbody: //div[@id='a']\nbody: //div[@id='b']") == "<p>one</p>"


def test_several_nodes_are_the_body_and_nested_ones_come_once() -> None:
    page = "<section><p class=x>one <b class=x>in</b></p><p>no</p><p class=x>two</p></section>"
    assert read(page, "body: //*[@class='x']") == "<p>one <b>in</b></p><p>two</p>"


def test_title_author_and_date_come_from_the_rules() -> None:
    page = "<h2 class=t>Name</h2><i>Jo Doe</i><time>2024-03-01</time><div id=b><p>one</p></div>"
    text = "title: //h2\nauthor: //i\ndate: string(//time)\nbody: //div[@id='b']"
    article = extract(page, url=URL, rules=rules(text))
    assert (article.title, article.authors) == ("Name", ("Jo Doe",))
    assert article.published is not None and article.published.date().isoformat() == "2024-03-01"
    assert {article.provenance[name] for name in ("title", "authors", "published", "html")} == {"rule"}


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("strip: //i", "<p>one</p><p>two</p>"),
        ("strip_id_or_class: ad", "<p>one</p><p>two</p>"),
        ("strip: //p[2]", "<p>one<i>x</i></p>"),
        ("dissolve: //i", "<p>onex</p><p>two</p>"),
        ("wrap_in(blockquote): //p[2]", "<p>one<i>x</i></p><blockquote><p>two</p></blockquote>"),
        ("replace_string(one): three", "<p>three<i>x</i></p><p>two</p>"),
        ("find_string: two\nreplace_string:", "<p>one<i>x</i></p>"),
        ("move_into(body): //h6", "<p>one<i>x</i></p><p>two</p><h6>six</h6>"),
    ],
)
def test_directives_change_the_page(line: str, left: str) -> None:
    page = '<h6>six</h6><div id=b><p>one<i class="x-ad-y">x</i></p><p>two</p></div>'
    assert read(page, f"body: //div[@id='b']\nprune: no\n{line}") == left


def test_stripping_can_be_kept_from_some() -> None:
    page = '<div id=b><p class="ad">gone</p><p class="ad keep">stays</p></div>'
    found = read(page, "body: //div[@id='b']\nstrip_id_or_class: ad\nskip_id_or_class: keep\nprune: no")
    assert found == "<p>stays</p>"


def test_pictures_can_be_stripped_by_address_and_found_by_attribute() -> None:
    page = "<div id=b><p>one</p><img src=/ads/x.jpg><img data-our='/p/y.jpg' src=/z.gif></div>"
    found = read(page, "body: //div[@id='b']\nstrip_image_src: /ads/\nsrc_lazy_load_attr: data-our")
    assert "/p/y.jpg" in found and found.count("<img") == 1


def test_rules_that_match_nothing_fall_back_and_say_so() -> None:
    story = "<p>The council met on Tuesday to decide about the bridge, and it decided to wait.</p>" * 6
    article = extract(f"<article>{story}</article>", url=URL, rules=rules("body: //div[@id='none']"))
    assert "decided to wait" in article.text and article.provenance["html"] == "page"
    assert "paper.example.txt" in article.warnings[0]


def test_rules_may_forbid_the_fallback() -> None:
    text = "body: //div[@id='none']\nautodetect_on_failure: no"
    assert extract("<p>words</p>" * 50, url=URL, rules=rules(text)).html == ""


def test_page_links_of_rules_are_absolute_and_guarded() -> None:
    page = "<div id=b><p>one</p></div><a class=n href=?p=2>more</a><a class=s href=/print>all</a>"
    text = "body: //div[@id='b']\nnext_page_link: //a[@class='n']\nsingle_page_link: //a[@class='s']/@href"
    part = extract_part(ExtractRequest(html=page, url=URL, rules=rules(text)))
    assert (part.next_page, part.single_page) == (f"{URL}?p=2", "https://paper.example/print")
    guarded = extract_part(
        ExtractRequest(html=page, url=URL, rules=rules(text + "\nif_page_contains: //video"))
    )
    assert guarded.single_page is None


def test_a_rules_test_names_the_missing_words() -> None:
    verdict = judge_test("https://x.example/", ("one  two", "three"), "so one\ntwo", ())
    assert verdict.missing == ("three",) and not verdict.passed


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("body: //article[contains(@class, 'foo(x)')]//p[position() = last()]", None),
        ("body: //div[normalize-space(.//text()) and not(comment())]", None),
        ("date: substring-before(//time, 'T')", None),
        ("body: //a[foo()]", "unknown function"),
        ("next_page_link: //a[bar:baz(.)]/@href", "unknown function"),
        ("strip: //p[$x]", "variable"),
        ("move_into(//b[foo(1)]): //i", "unknown function"),
    ],
)
def test_an_expression_that_cannot_be_evaluated_is_found_also_inside_a_predicate(
    line: str, fault: str | None
) -> None:
    found = faulty_expressions(parse_site_config(line, file="x.txt").rules)
    assert (fault is None) == (found == ())
    assert all(fault in reason for _, reason in found if fault is not None)
