"""Whole texts read on demand, entries from elsewhere, and texts that stay as they were published."""

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from aiohttp import web

from tests.serve.running_app import Shelf, answering, in_thread, make_article, serving
from tests.serve.sync.conftest import app_on, filled
from tests.serve.sync.miniflux.conftest import Api
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.items import ItemStream
from unabridged.serve.sync.google_reader.streams import OTHER_FEED

STORY = [f"Paragraph {n} of the whole story, with enough words to be one of its own." for n in range(8)]
PAGE = "<html><head><title>A story</title></head><body><article><h1>A story</h1>{}</article></body></html>"


@pytest.fixture
def site() -> Iterator[Shelf]:
    page = PAGE.format("".join(f"<p>{one}</p>" for one in STORY))
    with in_thread(serving(Shelf(answers={"/story": ("text/html", page.encode())}))) as found:
        yield found


def test_the_whole_text_is_read_on_demand_and_kept(site: Shelf, archive: Archive, tmp_path: Path) -> None:
    desk = filled(archive, tmp_path)
    desk.subscribe([make_article(9, url=f"{site.origin}/story")], title="Short", whole=False)
    with app_on(desk) as app:
        api = Api(app)
        assert api.get("entries/6")["content"] == "<p>Three lines.</p>"
        found = api.get("entries/6/fetch-content", update_content="true")
        assert all(one in found["content"] for one in STORY)
        assert found["reading_time"] == 1
        assert api.get("entries/6")["content"] == found["content"]
        asked = len(site.asked)
        assert api.get("entries/6/fetch-content") == found
        assert len(site.asked) == asked  # once is enough


def test_apps_get_their_answers_while_pages_of_others_are_slow(archive: Archive, tmp_path: Path) -> None:
    async def slowly(_request: web.Request) -> web.Response:
        await asyncio.sleep(4)
        return web.Response(status=404)

    with in_thread(answering(slowly)) as origin:
        desk = filled(archive, tmp_path)
        slow = [make_article(n, url=f"{origin}/story/{n}") for n in range(9, 15)]
        desk.subscribe(slow, title="Slow", whole=False)
        with app_on(desk) as app, ThreadPoolExecutor(len(slow)) as pool:
            api = Api(app)
            numbers = [
                one["id"] for one in api.get("entries", limit=6, order="id", direction="desc")["entries"]
            ]
            fetches = [pool.submit(api.send, "GET", f"entries/{one}/fetch-content") for one in numbers]
            time.sleep(1)
            begun = time.monotonic()
            assert api.get("me")["id"] == 1
            assert time.monotonic() - begun < 2
            assert not any(one.done() for one in fetches)


def test_a_token_that_may_only_read_has_nothing_fetched(
    site: Shelf, archive: Archive, tmp_path: Path
) -> None:
    desk = filled(archive, tmp_path)
    desk.subscribe([make_article(9, url=f"{site.origin}/story")], title="Short", whole=False)
    with app_on(desk, scope="read") as app:
        assert Api(app).get("entries/6/fetch-content")["content"] == "<p>Three lines.</p>"
    assert site.asked == []


def test_a_page_that_cannot_be_read_is_an_error(site: Shelf, archive: Archive, tmp_path: Path) -> None:
    desk = filled(archive, tmp_path)
    desk.subscribe([make_article(9, url=f"{site.origin}/gone")], title="Short", whole=False)
    with app_on(desk) as app:
        api = Api(app)
        assert "404" in api.refused(500, "GET", "entries/6/fetch-content")
        assert api.get("entries/6")["content"] == "<p>Three lines.</p>"
        assert api.refused(404, "GET", "entries/99/fetch-content") == "resource not found"


def test_titles_and_texts_stay_as_they_were_published(api: Api) -> None:
    found = api.get("entries/1")
    for body in ({}, {"title": found["title"]}, {"content": found["content"], "title": found["title"]}):
        answer = api.send("PUT", "entries/1", body)
        assert (answer.status_code, answer.json()) == (201, found)
    for body in ({"title": "Mine"}, {"content": "<p>x</p>"}):
        assert "as they were published" in api.refused(400, "PUT", "entries/1", body)
    assert api.refused(400, "PUT", "entries/1", {"title": ""}) == "the entry title cannot be empty"
    assert api.refused(404, "PUT", "entries/99", {})
    assert api.get("entries/1") == found


def test_an_entry_from_elsewhere_is_a_saved_page(api: Api) -> None:
    body = {
        "url": "https://elsewhere.example/a",
        "title": "From elsewhere",
        "content": '<p onclick="x()">Its text.</p><script>x()</script>',
        "author": "Cy",
        "published_at": 1772500000,
        "starred": True,
        "tags": ["Later"],
        "comments_url": "https://elsewhere.example/c",
        "external_id": "7",
    }
    made = api.send("POST", "feeds/1/entries/import", body)
    assert (made.status_code, made.json()) == (201, {"id": 6})
    found = api.get("entries/6")
    assert (found["title"], found["author"], found["status"]) == ("From elsewhere", "Cy", "read")
    assert (found["starred"], found["tags"], found["feed_id"]) == (True, ["Later"], OTHER_FEED)
    assert found["content"] == "<p>Its text.</p>"
    assert found["published_at"] == "2026-03-03T01:06:40Z"
    other = body | {"content": "<p>Other.</p>", "status": "unread"}
    again = api.send("POST", "feeds/1/entries/import", other)
    assert (again.status_code, again.json()) == (200, {"id": 6})
    assert api.get("entries/6")["content"] == "<p>Its text.</p>"


def test_a_known_article_keeps_its_text(api: Api) -> None:
    before = api.get("entries/1")
    body = {"url": before["url"], "title": "Mine", "content": "<p>Mine.</p>"}
    answer = api.send("POST", "feeds/1/entries/import", body)
    assert (answer.status_code, answer.json()) == (200, {"id": 1})
    after = api.get("entries/1")
    assert (after["title"], after["content"]) == (before["title"], before["content"])


def test_wrong_entries_are_refused(api: Api) -> None:
    assert api.refused(404, "POST", "feeds/99/entries/import", {"url": "https://a.example/"})
    for body in (
        {},
        {"url": ""},
        {"url": "javascript:x"},
        {"url": "https://a.example/", "status": "removed"},
    ):
        assert api.refused(400, "POST", "feeds/1/entries/import", body)
    assert api.library.items.count(ItemStream()) == 5
