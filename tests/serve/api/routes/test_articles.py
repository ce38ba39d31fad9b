"""Lists of articles and single articles of the API."""

import re
from datetime import timedelta

import pytest

from tests.serve.api.conftest import Program
from tests.serve.running_app import CHINESE, NOW
from unabridged.serve.api.routes import articles as module


def ids(api: Program, **params: object) -> list[int]:
    return [one["id"] for one in api.get("/articles", **params)["articles"]]


def test_a_list_is_narrowed_by_each_condition(api: Program) -> None:
    mine = api.desk.archive.library()
    chinese, first, second = api.desk.articles
    everything = ids(api)
    assert len(everything) == 5 and everything[0] == chinese
    mine.marks.set_read([first], True, now=NOW)
    mine.marks.set_starred([second], True, now=NOW)
    mine.tags.add([first], ["harbour"], now=NOW)
    tag = mine.tags.all()[0].id
    search = mine.searches.add("s", "story", now=NOW).id
    folder = mine.subscriptions.folders()[0].id
    assert ids(api, unread=True) == [one for one in everything if one != first]
    assert ids(api, starred=True) == [second]
    assert ids(api, tag=tag) == [first]
    assert ids(api, folder=folder) == ids(api, feed=api.desk.feed) == [chinese, first, second]
    assert ids(api, search=search) == [one for one in everything if one != chinese]
    assert ids(api, search=search, unread=True, feed=api.desk.feed) == [second]
    assert ids(api, since=NOW.isoformat()) == [chinese]
    assert ids(api, until=NOW.isoformat()) == everything[1:]
    assert ids(api, since=(NOW - timedelta(hours=1)).isoformat(), until=NOW.isoformat()) == [first]
    line = api.get("/articles", tag=tag)["articles"][0]
    assert (line["tags"], line["read"], line["feed_title"]) == (["harbour"], True, "The News")
    assert (line["page"], line["content"]) == ("read", None)


@pytest.mark.parametrize("content", [None, "text"])
@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_pages_follow_each_other_without_gap_or_repetition(
    api: Program, order: str, content: str | None
) -> None:
    asked = {"order": order} | ({"content": content} if content else {})
    found: list[int] = []
    cursor: dict[str, str] = {}
    for _ in range(3):
        page = api.get("/articles", limit=2, **asked, **cursor)
        found += [one["id"] for one in page["articles"]]
        cursor = {"cursor": page["next"]}
    assert page["next"] is None
    assert found == ids(api, order=order) and len(set(found)) == 5


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_a_page_of_long_texts_ends_early_and_the_next_one_goes_on(
    api: Program, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_TEXTS", 100)
    found: list[int] = []
    cursor: dict[str, str | None] = {}
    pages = 0
    while cursor != {"cursor": None}:
        page = api.get("/articles", content="html", order=order, **cursor)
        assert all(one["content"].startswith("<p>") for one in page["articles"])
        found += [one["id"] for one in page["articles"]]
        cursor, pages = {"cursor": page["next"]}, pages + 1
    assert found == ids(api, order=order)
    assert pages >= 3


def test_an_article_is_whole_in_each_format(api: Program) -> None:
    number = ids(api)[0]
    found = api.get(f"/articles/{number}")
    later = CHINESE.replace("四十二年", "四十三年")
    assert (found["content"], found["format"], found["version"]) == (later, "html", 2)
    text = api.get(f"/articles/{number}", format="text")["content"]
    assert "<" not in text and text.startswith("桂花巷口")
    assert found["completeness"] == {"kind": "full", "evidence": []}
    assert found["enclosures"][0]["url"] == "https://news.example/0.mp3"
    assert found["edits"] == 1 and found["keywords"] == ["Harbour", "Weather"]
    assert found["link"] == f"{api.client.base_url}/a/{number}".replace("//a", "/a")
    assert api.get(f"/articles/{number}", format="markdown")["content"] == "", "of one without Markdown"
    by_url = api.get("/articles/by-url", url="https://news.example/story-0#top")
    assert by_url["id"] == number


def test_a_copy_that_is_current_is_answered_without_a_body(api: Program) -> None:
    number = ids(api)[0]
    first = api.ask("GET", f"/articles/{number}")
    tag, address = first.headers["etag"], f"/api/v1/articles/{number}"
    headers = {"Authorization": f"Bearer {api.secret}", "If-None-Match": tag}
    again = api.client.get(address, headers=headers)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    api.desk.archive.library().marks.set_starred([number], True, now=NOW)
    assert api.client.get(address, headers=headers).json()["starred"] is True
    head = api.ask("HEAD", f"/articles/{number}")
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize(
    ("path", "params", "status", "field"),
    [
        ("/articles/999", {}, 404, None),
        ("/articles/x", {}, 404, "article_id"),
        ("/articles/0", {}, 404, "article_id"),
        ("/articles/99999999999999999999", {}, 404, "article_id"),
        ("/articles", {"cursor": "garbage"}, 404, None),
        ("/articles", {"cursor": "9" * 30 + "_1"}, 404, None),
        ("/articles", {"search": 77}, 404, None),
        ("/articles", {"limit": 0}, 422, "limit"),
        ("/articles", {"order": "up"}, 422, "order"),
        ("/articles", {"content": "pdf"}, 422, "content"),
        ("/articles", {"since": "2026-03-20T09:00:00"}, 422, "since"),
        ("/articles", {"since": "0001-01-01T00:00:00+14:00"}, 422, "since"),
        ("/articles", {"until": "9999-12-31T23:59:59-14:00"}, 422, "until"),
        ("/articles/by-url", {}, 422, "url"),
        ("/articles/by-url", {"url": "https://news.example/none"}, 404, None),
        ("/articles/by-url", {"url": "no address"}, 404, None),
    ],
)
def test_what_is_wrong_is_told(
    api: Program, path: str, params: dict[str, str], status: int, field: str | None
) -> None:
    found = api.problem("GET", path, **params)
    assert found["status"] == status
    assert [one["field"] for one in found["errors"]] == ([field] if field else [])
    assert not re.search("Traceback|unabridged[.]serve", found["detail"])
