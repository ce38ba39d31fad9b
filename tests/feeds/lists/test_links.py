"""Links of a list page: which may be items, and the names that stay the same."""

import pytest

from unabridged.feeds.lists.links import MAX_LINKS, parse_list_page, stable_classes

URL = "https://harbour.example/"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("card card--big", ("card", "card--big")),
        ("post-417 post type-post category-sport tag-sea sticky", ("post", "type-post")),
        ("item odd first is-active", ("item",)),
        ("Teaser_title__x7Fq2", ("Teaser_title__",)),
        ("card__title card__image", ("card__image", "card__title")),
        ("css-1a2b3c sc-fzoLsD jsx-88213", ()),
        ("views-row n12 2col", ("views-row",)),
    ],
)
def test_states_numbers_and_hashes_are_no_names_of_a_kind(written: str, kept: tuple[str, ...]) -> None:
    assert stable_classes(written) == kept


def test_scripts_mails_and_the_page_itself_are_no_links_and_navigation_is_marked() -> None:
    page = parse_list_page(
        '<nav><a href="/a">Section</a></nav><ul class="most-read"><li><a href="/b">Read</a></li></ul>'
        '<article class="post-1 category-x"><a href="/c">Story</a></article>'
        '<a href="javascript:void(0)">J</a><a href="mailto:x@y.example">M</a>'
        '<a href="/#top">Top</a><a>None</a>'
        '<a rel="sponsored" href="/d">Ad</a><a href="https://other.example/e">Elsewhere</a>',
        URL,
    )
    assert [(link.url.rpartition("/")[2], link.furniture, link.own) for link in page.links] == [
        ("a", True, True),
        ("b", True, True),
        ("c", False, True),
        ("d", True, True),
        ("e", False, False),
    ]


def test_a_shortened_headline_is_read_from_its_title() -> None:
    page = parse_list_page('<a href="/a" title="Ferry sails again at dawn">Ferry sails ag…</a>', URL)
    assert page.links[0].text == "Ferry sails again at dawn"


def test_a_page_of_too_many_links_is_cut() -> None:
    page = parse_list_page("".join(f'<a href="/s/{n}">S</a>' for n in range(MAX_LINKS + 50)), URL)
    assert len(page.links) == MAX_LINKS
