"""Elements that tell of other pages, of comments and of answers."""

import pytest

from unabridged.extraction.html.dom import Element, parse
from unabridged.extraction.metadata.other_pages import is_of_answer, is_of_comment, is_of_other_page


def time_in(html: str) -> Element:
    page = f"<html><body><article><h1>The flood</h1><p>Words.</p></article>{html}</body></html>"
    return parse(page).select("time")[0]


@pytest.mark.parametrize(
    "html",
    [
        "<div class='related-posts'><time>May 5</time></div>",
        "<ul id=read-next><li><time>May 5</time></li></ul>",
        "<div class=card><h3><a href=/2>Another story of the town</a></h3><time>May 5</time></div>",
        "<ol class=references><li><time>1999</time></li></ol>",
    ],
)
def test_a_day_of_another_page_is_known(html: str) -> None:
    assert is_of_other_page(time_in(html), "theflood")


@pytest.mark.parametrize(
    "html",
    [
        "<div class=meta><time>May 5</time></div>",
        "<div class=card><h3><a href=/1>The flood</a></h3><time>May 5</time></div>",
        "<div class=related-posts><h1>The flood</h1><time>May 5</time></div>",
        "<div><h5>By <a href=/authors/ann>Ann Lee of this town</a></h5><time>May 5</time></div>",
    ],
)
def test_a_day_beside_the_pages_own_title_is_its_own(html: str) -> None:
    assert not is_of_other_page(time_in(html), "theflood")


def test_comments_and_answers_are_known_by_the_names_around_them() -> None:
    comment = time_in("<section class=comments><p><time>May 5</time></p></section>")
    answer = time_in("<div itemprop=suggestedAnswer><time>May 5</time></div>")
    own = time_in("<div class=byline><time>May 5</time></div>")
    assert (is_of_comment(comment), is_of_comment(answer), is_of_comment(own)) == (True, False, False)
    assert (is_of_answer(comment), is_of_answer(answer), is_of_answer(own)) == (False, True, False)
    assert not is_of_comment(None)
