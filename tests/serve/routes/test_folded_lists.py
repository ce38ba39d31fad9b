"""Folded near-duplicates in the reader: lists, searches, counts, feeds; why an article is read."""

import re
from collections.abc import Callable

import httpx

from tests.serve.running_app import NOW, Desk, make_article, token_of
from tests.serve.views.test_related import wire
from unabridged.archive import Query

Visit = Callable[..., httpx.Client]


def wired(desk: Desk, **preferences: str) -> dict[str, int]:
    """Four articles, of which three have nearly the same text; title -> number."""
    desk.subscribe([wire(1), make_article(2)], title="The Morning")
    desk.subscribe([wire(3), wire(4)], title="The <Evening>")
    desk.archive.analysis.all()
    desk.archive.library().preferences.set(preferences)
    return {line.title: line.id for line in desk.archive.library().articles.headlines(Query()).headlines}


def rows(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'<li class="row [a-z]+" id="a(\d+)"', html)]


def test_lists_show_each_article_unless_one_folds_them(desk: Desk, visit: Visit) -> None:
    numbers = wired(desk)
    html = visit(desk).get("/").text
    assert sorted(rows(html)) == sorted(numbers.values())
    assert "more with nearly the same text" not in html


def test_a_folded_list_opens_the_others_in_place_without_a_script(desk: Desk, visit: Visit) -> None:
    numbers = wired(desk, copies="first")
    html = visit(desk).get("/").text
    assert sorted(rows(html)) == sorted([numbers["Wire 1"], numbers["Story number 2"]])
    [folded] = re.findall(r'<details class="folded">.*?</details>', html, re.DOTALL)
    assert "<summary>2 more with nearly the same text</summary>" in folded
    assert f'href="/a/{numbers["Wire 3"]}?list=%2F"' in folded
    assert f'href="/a/{numbers["Wire 4"]}?list=%2F"' in folded
    assert "The &lt;Evening&gt;" in folded


def test_counts_are_those_of_the_lists(desk: Desk, visit: Visit) -> None:
    wired(desk, copies="first")
    client = visit(desk)
    for path in ("/?show=unread", "/feeds/1?show=unread", "/feeds/2?show=unread"):
        counts = client.get("/counts").json()["counts"]
        key = path if path.startswith("/?") else path.partition("?")[0]
        assert counts[key] == len(rows(client.get(path).text)), path


def test_all_read_marks_what_is_folded_too(desk: Desk, visit: Visit) -> None:
    wired(desk, copies="longest")
    client = visit(desk)
    client.post("/read-all", data={"csrf": token_of(client), "next": "/"})
    assert client.get("/counts").json()["unread"] == 0
    assert desk.archive.library().mark_counts().unread == 0


def test_next_and_previous_pass_over_what_is_folded(desk: Desk, visit: Visit) -> None:
    numbers = wired(desk, copies="first")
    html = visit(desk).get(f"/a/{numbers['Wire 1']}?list=%2F").text
    linked = {int(number) for number in re.findall(r'href="/a/(\d+)\?list', html)}
    assert linked == {numbers["Story number 2"]}


def test_new_copies_are_no_new_articles_of_a_folded_list(desk: Desk, visit: Visit) -> None:
    wired(desk, copies="first")
    newest = desk.archive.library().articles.newest_item()
    desk.subscribe([wire(5), make_article(6)], title="The Night")
    desk.archive.analysis.all()
    client = visit(desk)
    assert client.get("/counts", params={"list": "/", "beyond": newest}).json()["fresh"] == 1
    desk.archive.library().preferences.set({"copies": None})
    assert client.get("/counts", params={"list": "/", "beyond": newest}).json()["fresh"] == 2


def test_a_search_folds_the_hits_of_a_page(desk: Desk, visit: Visit) -> None:
    numbers = wired(desk, copies="first")
    html = visit(desk).get("/search", params={"q": "cargo"}).text
    assert rows(html) == [numbers["Wire 1"]]
    assert "2 more with nearly the same text" in html


def test_an_article_says_with_which_one_it_was_read(desk: Desk, visit: Visit) -> None:
    numbers = wired(desk, copies="first", share_marks="shared")
    client = visit(desk)
    words = "Marked as read together with this article"
    assert words not in client.get(f"/a/{numbers['Wire 3']}").text
    desk.archive.library().marks.set_read([numbers["Wire 1"]], True, now=NOW)
    html = client.get(f"/a/{numbers['Wire 3']}").text
    assert words in html
    assert f'href="/a/{numbers["Wire 1"]}"' in html.split(words)[1][:300]


def ids(client: httpx.Client, address: str) -> set[int]:
    items = client.get(address, headers={"accept": "*/*"}).json()["items"]
    return {int(one["id"].rpartition(":")[2]) for one in items}


def test_feeds_fold_by_their_address_or_by_the_settings(desk: Desk, visit: Visit) -> None:
    numbers = wired(desk)
    client = visit(desk)
    every, first = set(numbers.values()), {numbers["Wire 1"], numbers["Story number 2"]}
    assert ids(client, "/feeds/all.json") == every
    assert ids(client, "/feeds/all.json?copies=fold") == first
    assert ids(client, "/search.json?q=cargo&copies=fold") == {numbers["Wire 1"]}
    assert "copies=fold" in client.get("/feeds/all.json?copies=fold&raw").json()["feed_url"]
    desk.archive.library().preferences.set({"feed_copies": "fold"})
    assert ids(client, "/feeds/all.json") == first
    assert ids(client, "/feeds/all.json?copies=all") == every
    assert ids(client, "/feeds/2.json") == {min(numbers["Wire 3"], numbers["Wire 4"])}


def test_what_a_feed_published_once_stays_when_a_longer_copy_comes(desk: Desk, visit: Visit) -> None:
    numbers = wired(desk, copies="longest")
    client = visit(desk)
    before = ids(client, "/feeds/all.json?copies=fold")
    desk.subscribe([make_article(9, text=f"From our partners. {wire(1).text}")], title="The Night")
    desk.archive.analysis.all()
    assert ids(client, "/feeds/all.json?copies=fold") == before
    desk.archive.library().articles.delete(numbers["Wire 1"], now=NOW)
    after = ids(client, "/feeds/all.json?copies=fold")
    assert len(after & {numbers["Wire 3"], numbers["Wire 4"]}) == 1


def test_a_boilerplate_text_shows_the_first_copies_and_counts_the_others(desk: Desk, visit: Visit) -> None:
    desk.subscribe([wire(number) for number in range(1, 30)], title="The Morning")
    desk.archive.analysis.all()
    desk.archive.library().preferences.set({"copies": "first"})
    html = visit(desk).get("/").text
    assert len(rows(html)) == 1
    assert "28 more with nearly the same text" in html
    assert "All are below the article." in html
