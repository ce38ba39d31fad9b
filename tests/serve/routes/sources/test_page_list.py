"""Pages without a feed: a preview of their list, another list by a headline, later changes."""

import html
import re
from collections.abc import Iterator

import httpx
import pytest

from tests.serve.app_routes import fingerprint
from tests.serve.conftest import Visit
from tests.serve.running_app import Desk, Shelf, in_thread, letting_in, serving, token_of
from unabridged.archive.records.core import Query

ROW = (
    "<div class=card><h2><a href='/story-{0}-of-today'>&lt;b&gt; Story of the harbour {0}</a></h2>"
    "<time datetime='2024-05-0{0}'>x</time></div>"
)
POPULAR = "".join(
    f"<li><a href='/old-{n}'>What the town reads most of all, {n}</a></li>" for n in range(1, 5)
)
PAGE = (
    f"<html lang=en><head><title>Harbours</title></head><body><main>{''.join(map(ROW.format, range(1, 7)))}"
    f"</main><div class=r><b>Most read</b><ul>{POPULAR}</ul></div></body></html>"
)


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with in_thread(serving(Shelf())) as shelf:
        shelf.answers = {"/news": ("text/html", PAGE.encode())}
        yield shelf


@pytest.fixture
def client(desk: Desk, visit: Visit, shelf: Shelf) -> httpx.Client:
    return visit(desk, settings=letting_in(desk.settings, "127.0.0.1"))


def main_of(page: str) -> str:
    return page.split("<main")[1].split("</main")[0]


def test_the_items_of_a_page_are_shown_before_subscribing_and_another_list_is_a_click_away(
    desk: Desk, client: httpx.Client, shelf: Shelf
) -> None:
    before = fingerprint(desk)
    url = f"{shelf.origin}/news"
    shown = main_of(client.get("/add", params={"url": url}).text)
    assert "read as a list of 6 articles" in shown and "6 May 2024" in shown
    assert "&lt;b&gt; Story of the harbour 6" in shown and "<b> Story" not in shown
    assert f"{shelf.origin}/story-6-of-today" in shown
    asked = list(shelf.asked)
    href = re.search(r'href="(/add\?[^"]*like=[^"]*)"', shown)
    assert href is not None
    other = main_of(client.get(html.unescape(href[1]).partition("#")[0]).text)
    assert "list of 4 articles" in other and "What the town reads most of all, 4" in other
    assert shelf.asked == asked  # the page was not fetched again
    assert fingerprint(desk) == before

    form = {"csrf": token_of(client, "/add"), "url": url, "like": "What the town reads most of all, 1"}
    assert client.post("/add", data=form).headers["location"] == "/feeds/1"
    listed = desk.archive.feeds.page_list(1)
    assert listed is not None and listed.examples == (form["like"],) and len(listed.known) == 4


def test_a_headline_that_is_not_there_is_said_and_the_list_is_shown_all_the_same(
    client: httpx.Client, shelf: Shelf
) -> None:
    answer = client.get("/add", params={"url": f"{shelf.origin}/news", "like": "<i>Nothing</i> like it"})
    shown = main_of(answer.text)
    assert answer.status_code == 422 and "This headline was not found." in shown
    assert "&lt;i&gt;Nothing&lt;/i&gt; like it" in shown and "<i>Nothing" not in shown
    assert "list of 6 articles" in shown and "Subscribe" in shown
    refused = client.post(
        "/add", data={"csrf": token_of(client, "/add"), "url": f"{shelf.origin}/news", "like": "Nothing"}
    )
    assert refused.status_code == 422 and "Copy a headline as the page shows it now." in refused.text


def test_the_list_is_changed_in_the_settings_of_the_feed(
    desk: Desk, client: httpx.Client, shelf: Shelf
) -> None:
    url = f"{shelf.origin}/news"
    client.post("/add", data={"csrf": token_of(client, "/add"), "url": url})
    page = main_of(client.get("/feeds/1/settings").text)
    assert "The list of the page" in page and "list of 6 articles" in page
    token = token_of(client, "/feeds/1/settings")

    def choose(**fields: str) -> httpx.Response:
        return client.post("/feeds/1/list", data={"csrf": token, **fields})

    by_itself = main_of(choose(like="").text)
    other = re.search(r'name="other" value="([^"]+)"', by_itself)
    assert other is not None
    changed = main_of(choose(other=html.unescape(other[1]), like="").text)
    assert "list of 4 articles" in changed and "The page was read." in changed
    assert len(desk.archive.library().articles.page(Query()).articles) == 10
    refused = choose(like="Nothing like it")
    assert refused.status_code == 422 and "stands nowhere on" in refused.text
    listed = desk.archive.feeds.page_list(1)
    assert listed is not None and listed.examples == ("What the town reads most of all, 1",)


def test_a_feed_has_no_list_in_its_settings(desk: Desk, client: httpx.Client, shelf: Shelf) -> None:
    item = "<item><title>A</title><guid>1</guid></item>"
    feed = f"<rss version='2.0'><channel><title>T</title>{item}</channel></rss>".encode()
    shelf.answers["/rss"] = ("application/rss+xml", feed)
    client.post("/add", data={"csrf": token_of(client, "/add"), "url": f"{shelf.origin}/rss"})
    assert "The list of the page" not in client.get("/feeds/1/settings").text
    token = token_of(client, "/feeds/1/settings")
    refused = client.post("/feeds/1/list", data={"csrf": token, "like": "A"})
    assert refused.status_code == 422 and "it has no list to choose" in refused.text
