"""Marks, tags, saved searches, rules, highlights, counts, search and saved pages in the API."""

import base64
import json
from typing import Any

import pytest

from tests.serve.api.conftest import Program
from tests.serve.routes.test_save import PAGE, TEXT, URL
from tests.serve.running_app import NOW
from unabridged.archive.records.rules import RuleDraft


def test_who_asks_and_what_they_have_is_told(api: Program) -> None:
    assert api.get("/me") == {"id": 1, "name": "owner", "role": "admin", "scope": "write"}
    counts = api.get("/counts")
    assert (counts["articles"], counts["unread"], counts["starred"], counts["feeds"]) == (5, 5, 0, 2)


def test_many_articles_are_marked_and_tagged_at_once(api: Program) -> None:
    mine, numbers = api.desk.archive.library(), api.desk.articles
    change = {"articles": [*numbers, 999], "read": True, "starred": True, "add_tags": ["to  do", "x"]}
    assert api.ask("POST", "/marks", change).json() == {"read": 3, "starred": 3, "tagged": 3, "untagged": 0}
    assert mine.mark_counts().unread == 2 and mine.mark_counts().starred == 3
    assert mine.tags.by_article(numbers)[numbers[0]] == ("to do", "x")
    change = {"articles": numbers[:1], "read": False, "remove_tags": ["x"]}
    assert api.ask("POST", "/marks", change).json() == {"read": 1, "starred": 0, "tagged": 0, "untagged": 1}
    assert {(one["name"], one["articles"]) for one in api.get("/tags")["tags"]} == {("to do", 3), ("x", 2)}


def test_a_wrong_tag_changes_nothing(api: Program) -> None:
    change = {"articles": api.desk.articles, "read": True, "add_tags": ["good", "  "]}
    assert api.problem("POST", "/marks", change)["type"] == "urn:unabridged:problem:invalid-value"
    assert api.get("/counts")["unread"] == 5 and api.get("/tags")["tags"] == []


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"articles": []}, ["articles"]),
        ({"articles": [0, 1]}, ["articles.0"]),
        ({"articles": list(range(1, 1002))}, ["articles"]),
        ({"articles": [1], "raed": True}, ["raed"]),
        ({"articles": [1], "read": "perhaps", "add_tags": [""]}, ["read", "add_tags.0"]),
        ([], ["body"]),
        (None, ["body"]),
    ],
)
def test_the_fields_that_are_wrong_are_named(api: Program, body: object, fields: list[str]) -> None:
    found = api.problem("POST", "/marks", body)
    assert found["status"] == 422
    assert [one["field"] for one in found["errors"]] == fields
    assert api.get("/counts")["unread"] == 5


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "text/plain", "", "multipart/form-data"]
)
def test_a_body_is_json_whatever_a_program_calls_it(api: Program, kind: str) -> None:
    headers = {"Authorization": f"Bearer {api.secret}", "Content-Type": kind}
    body = json.dumps({"articles": api.desk.articles, "read": True})
    answer = api.client.post("/api/v1/marks", content=body, headers=headers)
    assert answer.json()["read"] == 3, answer.text
    for wrong in ("", "a=1", '{"articles": [1]', "[" * 50_000, b"\xff\xfe{"):
        refused = api.client.post("/api/v1/marks", content=wrong, headers=headers)
        assert refused.status_code in (400, 422), wrong[:20]
        assert refused.json()["type"].startswith("urn:unabridged:problem:")


def test_a_list_is_marked_read_and_the_marking_is_undone(api: Program) -> None:
    done = api.ask("POST", "/marks/read-all", {"feed": api.desk.feed}).json()
    assert done["changed"] == 3 and api.get("/counts")["unread"] == 2
    assert api.ask("POST", "/marks/read-all/undo", {"at": done["at"]}).json() == {"restored": 3}
    assert api.get("/counts")["unread"] == 5
    before = {"delivered_until": "2020-01-01T00:00:00Z"}
    assert api.ask("POST", "/marks/read-all", before).json()["changed"] == 0
    assert api.ask("POST", "/marks/read-all", {"until": NOW.isoformat()}).json()["changed"] == 4


def test_tags_are_renamed_merged_and_removed(api: Program) -> None:
    mine = api.desk.archive.library()
    mine.tags.add(api.desk.articles[:1], ["one"], now=NOW)
    mine.tags.add(api.desk.articles[1:], ["two"], now=NOW)
    one, two = (tag["id"] for tag in api.get("/tags")["tags"])
    merged = api.ask("PATCH", f"/tags/{one}", {"name": "two"}).json()["tags"]
    assert [(tag["name"], tag["articles"]) for tag in merged] == [("two", 3)]
    assert api.ask("DELETE", f"/tags/{two}").status_code == 204
    assert api.get("/tags")["tags"] == []
    assert api.problem("DELETE", f"/tags/{two}")["status"] == 404


def test_a_search_marks_what_it_found_and_goes_on(api: Program) -> None:
    found = api.get("/search", q="story", limit=3)
    assert len(found["hits"]) == 3
    rest = api.get("/search", q="story", limit=3, cursor=found["next"])
    assert (len(rest["hits"]), rest["next"], rest["waiting"]) == (1, None, 0)
    hit = found["hits"][0]
    assert [span["text"].lower() for span in hit["title"] if span["hit"]] == ["story"]
    assert "".join(span["text"] for span in hit["title"]) == hit["article"]["title"]
    taken_out = api.get("/search", q="四十二年", history=True)["hits"]
    assert [one["version"] for one in taken_out] == [1]
    assert api.problem("GET", "/search", q="(harbour")["type"] == "urn:unabridged:problem:bad-query"
    assert api.problem("GET", "/search", q="x", cursor="?")["status"] == 404


def test_searches_are_saved_replaced_and_removed(api: Program) -> None:
    made = api.ask("POST", "/searches", {"name": "Stories", "query": "story"})
    assert made.status_code == 201
    number = made.json()["id"]
    changed = {"name": "Others", "query": "story -first", "unread_only": True}
    assert (
        api.ask("PUT", f"/searches/{number}", changed).json() | changed
        == api.ask("PUT", f"/searches/{number}", changed).json()
    )
    assert [one["name"] for one in api.get("/searches")["searches"]] == ["Others"]
    assert api.problem("POST", "/searches", {"name": "x", "query": "a:b:("})["status"] == 422
    assert api.ask("DELETE", f"/searches/{number}").status_code == 204
    assert api.problem("DELETE", f"/searches/{number}")["status"] == 404


def test_rules_are_listed(api: Program) -> None:
    rules = api.desk.archive.library().rules
    rules.add(RuleDraft(action="mute", query="title:story", feed_id=api.desk.feed), now=NOW)
    found = api.get("/rules")["rules"]
    assert [(one["action"], one["query"], one["feed"]) for one in found] == [
        ("mute", "title:story", api.desk.feed)
    ]
    assert {one["muted"] for one in api.get("/articles", muted=True)["articles"]} != {None}


def test_words_are_marked_annotated_and_unmarked(api: Program) -> None:
    number = api.desk.articles[-1]
    body: dict[str, Any] = {"article": number, "exact": "second one", "note": "hm"}
    made = api.ask("POST", "/highlights", body)
    assert made.status_code == 201
    found = made.json()
    assert (found["exact"], found["version"], found["note"]) == ("second one", 1, "hm")
    assert found["prefix"].endswith("The")
    other = api.ask("POST", "/highlights", {"article": number, "exact": "first paragraph"}).json()
    page = api.get("/highlights", limit=1)
    assert [one["id"] for one in page["highlights"]] == [other["id"]]
    rest = api.get("/highlights", limit=1, cursor=page["next"])
    assert ([one["id"] for one in rest["highlights"]], rest["next"]) == ([found["id"]], None)
    assert len(api.get(f"/articles/{number}/highlights")["highlights"]) == 2
    noted = api.ask("PATCH", f"/highlights/{found['id']}", {"note": "new"}).json()
    assert (noted["id"], noted["note"]) == (found["id"], "new")
    assert api.problem("POST", "/highlights", body | {"exact": "not in it"})["status"] == 422
    assert api.problem("GET", "/highlights", cursor="x")["status"] == 422
    assert api.ask("DELETE", f"/highlights/{found['id']}").status_code == 204
    assert api.problem("PATCH", f"/highlights/{found['id']}", {"note": ""})["status"] == 404


def test_a_page_is_saved_as_the_reader_documents_it(api: Program) -> None:
    headers = {"Authorization": f"Bearer {api.secret}", "Content-Type": "application/x-www-form-urlencoded"}
    body = json.dumps({"url": URL, "html_base64": base64.b64encode(PAGE.encode("gb2312")).decode()})
    made = api.client.post("/api/v1/save", content=body, headers=headers)
    assert made.status_code == 201, made.text
    assert TEXT in api.get(f"/articles/{made.json()['id']}", format="text")["content"]
    again = api.ask("POST", "/save", {"url": URL, "html": PAGE, "more": "ignored"})
    assert (again.status_code, again.json()["change"]) == (200, "same")
    bodies: list[object] = [[], {"url": 7}, {"url": "ftp://x/"}, {"html_base64": "%%%"}, {"html": PAGE}, {}]
    for wrong in bodies:
        assert api.problem("POST", "/save", wrong)["status"] in (400, 422), wrong


def test_a_body_that_is_too_large_is_refused(api: Program) -> None:
    assert api.problem("POST", "/marks", {"articles": [1], "add_tags": ["x" * 1_100_000]})["status"] == 413
    assert api.problem("POST", "/save", {"url": URL, "html": "x" * 10_100_000})["status"] == 413
