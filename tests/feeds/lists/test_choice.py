"""Choice of a page's list: by structure, by a headline, by known items."""

import pytest

from tests.feeds.lists.made import made, parsed
from unabridged.errors import HeadlineNotFound
from unabridged.feeds.lists.choice import (
    address_shape,
    choose_by_examples,
    choose_by_known,
    choose_lists,
    other_lists,
)
from unabridged.feeds.lists.links import parse_list_page
from unabridged.feeds.lists.profile import KnownItem

URL = "https://harbour.example/"
LISTED = (
    "<ul>"
    + "".join(f"<li><a href='/s{n}'>A story of the harbour number {n}</a></li>" for n in range(5))
    + "</ul>"
)


def test_most_read_is_not_the_news_but_can_be_pointed_at() -> None:
    page = parsed("beside most read")
    (news,) = choose_lists(page)
    popular = other_lists(page, news.group.urls)[0][0]
    (chosen,) = choose_by_examples(page, [popular])
    assert len(news.items) == 14 and len(chosen.items) == 6
    assert not chosen.group.urls & news.group.urls


def test_a_leading_item_and_the_sections_of_a_front_page_are_read_too() -> None:
    story = (
        "<div class='s'><h3><a href='/news/story-{0}'>A story of the harbour with number {0}</a></h3></div>"
    )
    top = "<div class='top'><h1><a href='/news/story-99'>The bridge over the harbour is closed</a></h1></div>"
    row = (
        "<section><ul>"
        + "".join(
            f"<li><a href='/news/brief-{n}'>A brief of the harbour, number {n}</a></li>" for n in range(9)
        )
        + "</ul></section>"
    )
    page = parse_list_page(f"<main>{top}<div>{''.join(map(story.format, range(9)))}</div>{row}</main>", URL)
    assert sum(len(one.items) for one in choose_lists(page)) == 19


@pytest.mark.parametrize(
    "example",
    [
        "A story of the harbour number 3",
        "  a story of the HARBOUR, number 3 ",
        "A story of the harbor number 3",
        "story of the harbour number 3",
        "https://harbour.example/s3",
    ],
)
def test_a_headline_is_found_in_another_case_with_an_error_in_part_or_by_its_address(example: str) -> None:
    (chosen,) = choose_by_examples(parse_list_page(LISTED, URL), [example])
    assert len(chosen.items) == 5


@pytest.mark.parametrize(
    ("example", "words"),
    [
        ("Something else altogether", "stands nowhere"),
        ("…", "stands nowhere"),
        ("The only one of its kind", "but in no list"),
        ("A sentence on the page", "but in no list"),
    ],
)
def test_a_headline_that_stands_in_no_list_is_refused_with_what_to_do(example: str, words: str) -> None:
    page = parse_list_page(
        f"{LISTED}<p><a href='/x'>The only one of its kind</a></p><i>A sentence on the page.</i>", URL
    )
    with pytest.raises(HeadlineNotFound, match=words) as error:
        choose_by_examples(page, [example])
    assert "headline" in str(error.value)


def test_known_items_choose_their_list_by_address_or_by_title() -> None:
    _, stories, _ = made("below services")
    page = parsed("below services")
    for known in (
        [KnownItem(url=story.url, title="") for story in stories[:4]],
        [KnownItem(url=f"https://old.example/{n}", title=story.title) for n, story in enumerate(stories[:4])],
    ):
        (chosen,) = choose_by_known(page, known)
        assert chosen.group.urls == {story.url for story in stories}
    assert choose_by_known(page, [KnownItem(url=stories[0].url, title=stories[0].title)]) == ()


def test_addresses_of_one_kind_have_one_form() -> None:
    assert (
        address_shape(f"{URL}news/2025/05/a-story")
        == address_shape(f"{URL}news/2024/1/other")
        == "news/n/n/s"
    )
    assert address_shape(f"{URL}service/apply") != address_shape(f"{URL}news/apply")
