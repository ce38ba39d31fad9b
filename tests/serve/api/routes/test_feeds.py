"""Feeds and folders in the API: lists, discovery, previews, changes, health."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from aiohttp import web

from tests.serve.api.conftest import PROBLEM, Program
from tests.serve.routes.test_any_feed import feed_of
from tests.serve.running_app import NOW, Shelf, answering, in_thread, serving
from unabridged.serve.api.route import MOST_FETCHES_OF_A_PERSON

SITE = b'<!doctype html><title>Daily</title><link rel="alternate" type="application/rss+xml" href="/daily">'


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with in_thread(serving(Shelf())) as running:
        running.answers = {
            "/daily": ("application/rss+xml", feed_of(running.origin)),
            "/": ("text/html", SITE),
        }
        yield running


def test_feeds_come_in_pages_by_folder_and_title(api: Program) -> None:
    first = api.get("/feeds", limit=1)
    assert (first["total"], len(first["feeds"])) == (2, 1)
    second = api.get("/feeds", limit=1, cursor=first["next"])
    assert second["next"] is None
    titles = {one["title"]: one for one in (*first["feeds"], *second["feeds"])}
    assert set(titles) == {"The News", "Other News"}
    assert (titles["The News"]["folder"], titles["The News"]["unread"]) == ("Reading", 3)
    assert [one["title"] for one in api.get("/feeds", words="other")["feeds"]] == ["Other News"]
    folder = api.get("/folders")["folders"][0]
    assert [one["title"] for one in api.get("/feeds", folder=folder["id"])["feeds"]] == ["The News"]
    assert api.problem("GET", "/feeds", cursor="x")["status"] == 422
    assert api.get("/feeds", cursor="999999999")["feeds"] == []


def test_a_site_is_looked_at_before_it_is_subscribed_to(api: Program, shelf: Shelf) -> None:
    found = api.get("/feeds/discover", url=shelf.origin)["feeds"]
    assert [one["url"] for one in found] == [f"{shelf.origin}/daily"]
    preview = api.get("/feeds/preview", url=found[0]["url"], format="text")
    assert preview["articles"] and preview["articles"][0]["content"]
    assert api.get("/counts")["feeds"] == 2, "nothing is kept"
    made = api.ask("POST", "/feeds", {"url": shelf.origin, "folder": "Daily", "title": "Mine"})
    assert made.status_code == 201, made.text
    feed = made.json()["feed"]
    assert (feed["title"], feed["folder"], feed["url"]) == ("Mine", "Daily", f"{shelf.origin}/daily")
    again = api.ask("POST", "/feeds", {"url": feed["url"]})
    assert (again.status_code, again.json()["new"], again.json()["feed"]["id"]) == (200, False, feed["id"])


def test_a_site_that_does_not_answer_is_told(api: Program) -> None:
    for method, path, body in (
        ("GET", "/feeds/discover?url=http://127.0.0.1:47999/", None),
        ("GET", "/feeds/preview?url=http://127.0.0.1:47999/", None),
        ("POST", "/feeds", {"url": "http://127.0.0.1:47999/"}),
    ):
        assert api.problem(method, path, body)["status"] == 502
    assert api.problem("POST", "/feeds", {"url": "ftp://x.example/"})["status"] == 400
    assert api.problem("POST", "/feeds", {"url": "http://10.0.0.1/"})["status"] == 403


def test_a_person_has_a_few_sites_read_at_the_same_time(api: Program) -> None:
    async def slow(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.3)
        return web.Response(text="<html></html>", content_type="text/html")

    with in_thread(answering(slow)) as origin, ThreadPoolExecutor(7) as pool:
        asked = [
            pool.submit(api.ask, "GET", "/feeds/discover", url=f"{origin}/{number}") for number in range(7)
        ]
        answers = [one.result() for one in asked]
        refused = [one for one in answers if one.status_code == 429]
        assert len(refused) == 7 - MOST_FETCHES_OF_A_PERSON
        assert {one.headers["retry-after"] for one in refused} == {"5"}
        assert {one.headers["content-type"] for one in refused} == {PROBLEM}
        assert api.ask("GET", "/feeds/discover", url=f"{origin}/8").status_code != 429


def test_a_subscription_is_changed_only_in_what_is_given(api: Program) -> None:
    path = f"/feeds/{api.desk.feed}"
    changed = api.ask("PATCH", path, {"title": " Mine ", "interval": 7200}).json()
    assert (changed["title"], changed["folder"], changed["interval"]) == ("Mine", "Reading", 7200)
    changed = api.ask("PATCH", path, {"folder": None, "paused": True, "full_text": False}).json()
    assert (changed["title"], changed["folder"], changed["status"]) == ("Mine", None, "paused")
    assert changed["full_text"] is False
    changed = api.ask("PATCH", path, {"title": None, "paused": False, "interval": None}).json()
    assert (changed["title"], changed["status"], changed["interval"]) == ("The News", "active", None)
    assert api.ask("PATCH", path, {}).json() == api.get(path)
    refused = api.problem("PATCH", path, {"interval": 1, "title": "x"})
    assert refused["status"] == 422 and api.get(path)["title"] == "The News"
    assert api.ask("DELETE", path).status_code == 204
    assert api.problem("GET", path)["status"] == 404
    assert api.get("/counts")["articles"] == 5, "articles stay"


def test_folders_are_renamed_merged_and_removed(api: Program) -> None:
    mine = api.desk.archive.library().subscriptions
    other = next(one.feed.id for one in mine.all() if one.title == "Other News")
    mine.move(other, "Else")
    folders = {one["name"]: one["id"] for one in api.get("/folders")["folders"]}
    renamed = api.ask("PATCH", f"/folders/{folders['Else']}", {"name": "Daily"}).json()["folders"]
    assert {one["name"] for one in renamed} == {"Daily", "Reading"}
    merged = api.ask("PATCH", f"/folders/{folders['Else']}", {"name": "Reading"}).json()["folders"]
    assert [(one["name"], one["feeds"]) for one in merged] == [("Reading", 2)]
    assert api.ask("DELETE", f"/folders/{folders['Reading']}").status_code == 204
    made = api.ask("POST", "/folders", {"name": "Empty"})
    assert (made.status_code, made.json()["feeds"]) == (201, 0)
    assert api.problem("POST", "/folders", {"name": "Empty"})["status"] == 422
    assert api.ask("DELETE", f"/folders/{made.json()['id']}").status_code == 204
    assert api.get("/folders")["folders"] == [] and api.get("/counts")["feeds"] == 2
    assert api.problem("DELETE", f"/folders/{folders['Reading']}")["status"] == 404


def test_health_tells_what_is_wrong_with_which_feed(api: Program) -> None:
    api.desk.archive.library().subscriptions.set_statuses([api.desk.feed], "paused", now=NOW)
    found = [one for one in api.get("/health")["findings"] if one["feed"] == api.desk.feed]
    assert [(one["kind"], one["about"], one["name"]) for one in found] == [("paused", "feed", "The News")]
