"""Saved searches in the reader: saved from the search, listed, counted, marked, published, changed."""

import html
import re

import feedparser
import httpx
import pytest

from tests.serve.conftest import Visit
from tests.serve.running_app import NOW, Desk, token_of


@pytest.fixture
def client(full: Desk, visit: Visit) -> httpx.Client:
    return visit(full)


def post(client: httpx.Client, path: str, **form: str) -> httpx.Response:
    return client.post(path, data={"csrf": token_of(client), **form}, follow_redirects=True)


def listed(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<li class="row [^>]* data-id="(\d+)"', page)]


def test_a_search_is_saved_listed_and_counted(full: Desk, client: httpx.Client) -> None:
    found = client.get("/search", params={"q": "site:news.example -title:1"}).text
    assert 'action="/searches"' in found and 'value="site:news.example -title:1"' in found
    shown = post(client, "/searches", name="Stories", query="site:news.example -title:1")
    assert shown.url.path == "/searches/1"
    assert len(listed(shown.text)) == 2
    row = re.search(r'<a href="/searches/1" aria-current="page">.*?</a>', shown.text, re.DOTALL)
    assert row is not None and '<span class="count">2</span>' in row[0]
    full.archive.library().marks.set_read(listed(shown.text)[:1], True, now=NOW)
    assert '<ul class="nav">' in client.get("/search").text.split("saved-searches")[1]
    assert client.get("/counts").json()["counts"]["/searches/1"] == 1
    assert len(listed(client.get("/searches/1?show=unread").text)) == 1


def test_the_list_knows_its_neighbours_and_is_marked_as_a_whole(full: Desk, client: httpx.Client) -> None:
    mine = full.archive.library()
    mine.searches.add("Stories", "site:news.example", now=NOW)
    shown = client.get("/searches/1").text
    first, second, third = listed(shown)
    links = [html.unescape(link) for link in re.findall(r'<h3[^>]*><a href="(/a/[^"]*)"', shown)]
    article = client.get(links[1]).text
    assert f'href="/a/{first}?' in article and f'href="/a/{third}?' in article
    assert "/searches/1#a" in article or "/searches/1?" in article
    oldest = client.get("/searches/1?order=oldest").text
    assert listed(oldest) == [third, second, first]
    done = post(client, "/read-all", search="1", until=NOW.isoformat(), next="/searches/1")
    assert "Marked as read." in done.text
    assert mine.mark_counts().unread == 0
    post(client, f"/a/{second}/read-beside", value="above", next="/searches/1")


@pytest.mark.parametrize("extension", ["rss", "atom"])
def test_a_saved_search_is_a_full_text_feed_also_for_a_token(
    full: Desk, visit: Visit, extension: str
) -> None:
    full.archive.library().searches.add("Stories & more", "site:news.example -title:1", now=NOW)
    client = visit(full)
    answer = client.get(f"/searches/1.{extension}", headers={"Accept": "*/*"})
    feed = feedparser.parse(answer.content)
    assert not feed.bozo and feed.feed.title == "Stories & more"
    assert len(feed.entries) == 2 and "paragraph" in feed.entries[1].content[0].value
    secret = full.archive.library().tokens.add("reader", "read", now=NOW).secret
    assert client.get(f"/searches/1.{extension}?token={secret}", headers={"Accept": "*/*"}).status_code == 200
    wrong = client.get(f"/searches/1.{extension}?token=unabridged_no", headers={"Accept": "*/*"})
    assert wrong.status_code == 401
    assert client.get("/searches/1.json?raw").json()["title"] == "Stories & more"


def test_a_saved_search_is_changed_and_removed(full: Desk, client: httpx.Client) -> None:
    mine = full.archive.library()
    post(client, "/searches", name="", query="site:news.example")
    assert [one.name for one in mine.searches.all()] == ["site:news.example"]
    shown = post(client, "/searches/1", name="Two", query="title:2", unread_only="1", order="oldest")
    assert shown.url.path == "/searches"
    assert 'href="/searches/1?show=unread"' in shown.text
    [search] = mine.searches.all()
    assert (search.name, search.query, search.unread_only) == ("Two", "title:2", True)
    assert mine.preferences.get(["order /searches/1"]) == {"order /searches/1": "oldest"}
    assert len(listed(client.get("/searches/1").text)) == 1
    post(client, "/searches/1/remove")
    assert mine.searches.all() == ()
    assert mine.preferences.get(["order /searches/1"]) == {}
    assert client.get("/searches/1").status_code == 404


def test_a_search_that_cannot_be_saved_is_shown_with_the_reason(full: Desk, client: httpx.Client) -> None:
    refused = post(client, "/searches", name="x", query="story (")
    assert refused.status_code == 422
    assert "This was not saved." in refused.text and "without a" in refused.text
    assert 'value="story ("' in refused.text
    assert "must stand beside" in post(client, "/searches", name="x", query="a OR is:read").text
    assert full.archive.library().searches.all() == ()
    assert post(client, "/searches/9", name="x", query="y").status_code == 404
    assert post(client, "/searches/9/remove").status_code == 404
    assert client.post("/searches", data={"name": "x", "query": "y"}).status_code == 403
