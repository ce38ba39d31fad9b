"""Learning of a page's list from one version and from several."""

import pytest

from bench.list_pages import later_stories, written
from tests.feeds.lists.made import layout_named, made
from unabridged.errors import NotAFeed
from unabridged.feeds.lists.learn import learn_by_addresses, learn_list
from unabridged.feeds.lists.links import ListPage, parse_list_page

URL = "https://harbour.example/"


def page_of(body: str) -> ListPage:
    return parse_list_page(body, URL)


def test_what_stands_on_every_version_is_no_news() -> None:
    tile = "<div class='tile'><h3><a href='/service/how-to-apply-{0}'>How to apply for {0}</a></h3></div>"
    row = "<p class='n'><a href='/note-of-{0}-today'>A short note number {0}</a></p>"
    tiles = "".join(map(tile.format, range(9)))
    first = page_of(tiles + "".join(map(row.format, range(6))))
    second = page_of(tiles + "".join(map(row.format, range(3, 9))))
    assert learn_list([first]).patterns[0].link.endswith("h3 > a")
    assert learn_list([first, second]).patterns[0].link.endswith("p.n > a")


def test_classes_that_change_at_every_visit_are_left_out_of_the_selector() -> None:
    row = "<li class='row {0}'><a class='{0}' href='/story-{1}-of-today'>A story of the harbour {1}</a></li>"
    first = page_of("<ul>" + "".join(row.format("alpha", n) for n in range(6)) + "</ul>")
    second = page_of("<ul>" + "".join(row.format("beta", n) for n in range(2, 8)) + "</ul>")
    assert "alpha" not in learn_list([first, second]).patterns[0].link
    assert "beta" not in learn_list([first, second]).patterns[0].link


def test_a_profile_has_its_evidence_and_survives_changes_of_the_page() -> None:
    maker, stories, page = made("cards with ads")
    profile = learn_list([page_of(page.html.decode())])
    (pattern,) = profile.patterns
    assert (pattern.items, pattern.dated, pattern.title, pattern.picture) == (14, 14, "h2.card-title", True)
    assert pattern.form == "00 November 0000" and pattern.date
    later = written(
        maker, layout_named("cards with ads"), later_stories(maker, layout_named("cards with ads"), stories)
    )
    assert learn_list([page_of(later.html.decode())]).patterns[0].link == pattern.link


def test_a_page_without_a_list_has_no_profile() -> None:
    with pytest.raises(NotAFeed, match="without a list"):
        learn_list([page_of("<p><a href='/a'>One link of this page</a></p>")])
    with pytest.raises(NotAFeed):
        learn_by_addresses(page_of(made("cards")[2].html.decode()), {"service/s"}, now=None)
