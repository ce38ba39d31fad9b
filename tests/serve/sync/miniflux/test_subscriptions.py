"""Feeds: subscribed, changed, refreshed, left; lists of feeds in and out."""

from collections.abc import Iterator

import pytest

from tests.serve.running_app import NOW, Shelf, in_thread, serving
from tests.serve.sync.conftest import App
from tests.serve.sync.miniflux.conftest import Api
from tests.serve.sync.test_clients import FEED
from unabridged.config import FeedSettings
from unabridged.serve.sync.miniflux.categories import ALL

LINK = b'<html><head><link rel="alternate" type="application/atom+xml" href="/feed"></head></html>'


@pytest.fixture
def site() -> Iterator[Shelf]:
    answers = {"/feed": ("application/rss+xml", FEED), "/": ("text/html", LINK)}
    with in_thread(serving(Shelf(answers=answers))) as found:
        yield found


def bo(api: Api) -> Api:
    """An app of somebody who is no administrator, and has the first feed too."""
    person = api.app.desk.archive.accounts.add("Bo", now=NOW)
    library = api.app.desk.archive.library(person.id)
    library.subscriptions.add("https://news.example/0.xml", now=NOW)
    return Api(App(api.app.client, api.app.desk, library.tokens.add("x", now=NOW).secret, "Bo"))


def test_a_feed_is_found_on_a_page_and_subscribed_to(api: Api, site: Shelf) -> None:
    found = api.send("POST", "discover", {"url": f"{site.origin}/", "username": "x"})
    assert found.json() == [{"title": "Added", "url": f"{site.origin}/feed", "type": "atom"}]
    made = api.send("POST", "feeds", {"feed_url": f"{site.origin}/", "category_id": 1, "crawler": False})
    assert (made.status_code, made.json()) == (201, {"feed_id": 3})
    feed = api.get("feeds/3")
    assert (feed["feed_url"], feed["category"]["id"], feed["crawler"]) == (f"{site.origin}/feed", 1, True)
    for address in ("/", "/feed"):
        body = {"feed_url": site.origin + address}
        assert api.refused(400, "POST", "feeds", body) == "This feed already exists."
    assert api.get("feeds/3")["category"]["id"] == 1


def test_a_login_belongs_to_the_feed_and_is_not_shown(api: Api, site: Shelf) -> None:
    body = {"feed_url": f"{site.origin}/feed", "username": "ada", "password": "secret"}
    number = api.send("POST", "feeds", body).json()["feed_id"]
    stored = api.app.desk.archive.feeds.settings(number)
    assert (stored.username, stored.password, stored.origin) == ("ada", "secret", site.origin)
    assert "secret" not in api.send("GET", f"feeds/{number}").text


def test_wrong_addresses_and_categories_are_refused(api: Api, site: Shelf) -> None:
    for body in ({}, {"feed_url": " "}):
        assert api.refused(400, "POST", "feeds", body) == "The URL and the category are mandatory."
    assert api.refused(400, "POST", "feeds", {"feed_url": "nope"}) == "Invalid feed URL."
    unknown = {"feed_url": f"{site.origin}/feed", "category_id": 99}
    assert "category does not exist" in api.refused(400, "POST", "feeds", unknown)
    site.answers = {"/": ("text/html", b"<p>nothing</p>")}
    for path in ("/gone", "/"):
        assert api.refused(500, "POST", "feeds", {"feed_url": site.origin + path})
    for body in ({}, {"url": "x"}):
        assert api.refused(400, "POST", "discover", body) == "Invalid site URL."
    assert api.refused(404, "POST", "discover", {"url": f"{site.origin}/"}) == "resource not found"
    assert len(api.get("feeds")) == 2


def test_addresses_inside_the_network_are_not_asked(api: Api) -> None:
    for body in ({"feed_url": "http://10.0.0.1/feed"}, {"feed_url": "http://169.254.169.254/latest"}):
        assert "private" in api.refused(500, "POST", "feeds", body)
        assert api.refused(500, "POST", "discover", {"url": body["feed_url"]})
    body = {"feed_url": "http://10.0.0.1/feed"}
    assert api.send("PUT", "feeds/1", body).status_code in (400, 500)
    assert api.get("feeds/1")["feed_url"] == "https://news.example/0.xml"


def test_a_feed_gets_a_title_and_a_category(api: Api) -> None:
    changed = api.send("PUT", "feeds/2", {"title": " Mine ", "category_id": 1, "scraper_rules": "x"})
    assert changed.status_code == 201
    assert (changed.json()["title"], changed.json()["category"]["id"]) == ("Mine", 1)
    assert api.send("PUT", "feeds/2", {"category_id": ALL}).json()["category"]["id"] == ALL
    assert api.send("PUT", "feeds/2", {}).json() == api.get("feeds/2")
    whole = api.get("feeds/2")
    assert api.send("PUT", "feeds/2", whole | {"title": "Again"}).json() == whole | {"title": "Again"}
    for body, told in (
        ({"title": " "}, "The feed title cannot be empty."),
        ({"feed_url": ""}, "The feed URL cannot be empty."),
        ({"feed_url": "https://news.example/0.xml"}, "This feed already exists."),
        ({"site_url": "x"}, "Invalid site URL."),
        ({"category_id": 99}, "This category does not exist or does not belong to this user."),
    ):
        assert api.refused(400, "PUT", "feeds/2", body) == told
    assert api.refused(404, "PUT", "feeds/99", {})


def test_administrators_change_how_a_feed_is_asked_for(api: Api) -> None:
    body = {"disabled": True, "crawler": False, "user_agent": "Mine/1", "username": "ada", "password": "x"}
    changed = api.send("PUT", "feeds/1", body | {"cookie": ""}).json()
    assert (changed["disabled"], changed["crawler"]) == (True, False)
    stored = api.app.desk.archive.feeds.settings(1)
    assert (stored.user_agent, stored.username, stored.password) == ("Mine/1", "ada", "x")
    api.send("PUT", "feeds/1", {"disabled": False, "crawler": True, "username": ""})
    assert api.app.desk.archive.feeds.settings(1) == stored
    assert api.get("feeds/1")["disabled"] is False
    moved = api.send("PUT", "feeds/1", {"feed_url": "https://news.example/moved.xml"})
    assert moved.json()["feed_url"] == "https://news.example/moved.xml"


def test_others_change_only_what_is_their_own(api: Api) -> None:
    other = bo(api)
    assert other.send("PUT", "feeds/1", {"title": "Bo's"}).status_code == 201
    same = other.get("feeds/1")
    assert other.send("PUT", "feeds/1", same).status_code == 201
    for body in (
        {"disabled": True},
        {"crawler": False},
        {"user_agent": "x"},
        {"feed_url": "https://b.example/"},
    ):
        assert other.refused(403, "PUT", "feeds/1", body) == "access forbidden"
    assert api.get("feeds/1")["title"] == "The News"
    assert api.app.desk.archive.feeds.settings(1) == FeedSettings()


def test_a_feed_is_polled_now_or_says_why_not(api: Api, site: Shelf) -> None:
    number = api.send("POST", "feeds", {"feed_url": f"{site.origin}/feed"}).json()["feed_id"]
    asked = site.asked.count("/feed")
    assert api.send("PUT", f"feeds/{number}/refresh").status_code == 204
    assert site.asked.count("/feed") == asked  # it was read a moment ago
    assert api.refused(500, "PUT", "feeds/1/refresh")  # of a host that does not exist
    assert api.refused(404, "PUT", "feeds/99/refresh") == "resource not found"
    assert api.refused(404, "PUT", "categories/99/refresh") == "resource not found"
    for path in ("feeds/refresh", "categories/1/refresh", f"categories/{ALL}/refresh"):
        assert api.send("PUT", path).status_code == 204


def test_a_feed_is_left(api: Api) -> None:
    assert api.send("DELETE", "feeds/1").status_code == 204
    assert api.refused(404, "DELETE", "feeds/1") == "resource not found"
    assert [one["title"] for one in api.get("feeds")] == ["Other News", "Saved pages and other articles"]
    assert set(api.ids()) == {1, 2, 3, 4, 5}


def test_lists_of_feeds_go_out_and_come_in(api: Api) -> None:
    exported = api.send("GET", "export")
    assert exported.headers["content-type"].startswith("text/xml")
    assert "https://news.example/1.xml" in exported.text
    opml = (
        '<opml version="2.0"><body><outline text="All"><outline text="A" xmlUrl="https://a.example/feed"/></outline>'
        '<outline text="New"><outline text="B" xmlUrl="https://b.example/feed"/></outline></body></opml>'
    )
    headers = {"X-Auth-Token": api.app.secret}
    done = api.app.client.post("/v1/import", content=opml, headers=headers)
    assert (done.status_code, done.json()) == (201, {"message": "Feeds imported successfully"})
    categories = {one["title"]: one["category"]["title"] for one in api.get("feeds")}
    assert (categories["A"], categories["B"]) == ("All", "New")
    assert api.app.client.post("/v1/import", content="x", headers=headers).status_code == 400
