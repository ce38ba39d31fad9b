"""Selectors that find the links of a list."""

import pytest

from tests.feeds.lists.made import parsed
from unabridged.errors import FeedError
from unabridged.feeds.lists.choice import choose_by_examples, choose_lists
from unabridged.feeds.lists.links import parse_list_page
from unabridged.feeds.lists.patterns import link_selectors, select_links

URL = "https://harbour.example/"


@pytest.mark.parametrize("name", ["cards", "module classes", "hashed classes", "table", "blog", "threads"])
def test_a_selector_finds_the_links_of_its_list_and_no_others(name: str) -> None:
    page = parsed(name)
    chosen = choose_lists(page)[0]
    selector = next(link_selectors(chosen.group, page, furniture=False))
    assert {link.url for link in select_links(page, selector, furniture=False)} == chosen.group.urls


def test_two_lists_of_one_structure_are_one_until_a_person_points_at_one() -> None:
    row = "<li><a href='/{0}{1}'>A story of the {0} harbour, number {1}</a></li>"
    lists = {name: "".join(row.format(name, n) for n in range(6)) for name in ("old", "new")}
    body = "".join(f"<div id='{name}'><ul>{rows}</ul></div>" for name, rows in lists.items())
    page = parse_list_page(body, URL)
    (everything,) = choose_lists(page)
    assert next(link_selectors(everything.group, page, furniture=False)) == "ul > li > a"
    (chosen,) = choose_by_examples(page, ["A story of the old harbour, number 3"])
    assert next(link_selectors(chosen.group, page, furniture=False)) == "div#old ul > li > a"
    assert len(chosen.items) == 6


def test_a_selector_that_is_none_is_refused() -> None:
    with pytest.raises(FeedError, match="is no CSS selector"):
        select_links(parse_list_page("<a href='/a'>A</a>", URL), "..y >", furniture=True)
