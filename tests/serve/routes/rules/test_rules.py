"""Rules in the reader: tried, added, changed and removed; the reason beside an article."""

import html
import re

import httpx
import pytest

from tests.serve.conftest import Visit
from tests.serve.running_app import NOW, Desk, token_of
from unabridged.archive.records.rules import RuleDraft


@pytest.fixture
def client(full: Desk, visit: Visit) -> httpx.Client:
    return visit(full)


def post(client: httpx.Client, path: str, **form: str) -> httpx.Response:
    return client.post(path, data={"csrf": token_of(client), **form}, follow_redirects=True)


def test_a_rule_is_tried_saved_named_as_the_reason_and_removed(full: Desk, client: httpx.Client) -> None:
    assert "/muted" not in client.get("/").text
    tried = client.get("/rules/preview", params={"author": "Ada Writer"})
    assert "3 of the last 3 articles would be set aside." in tried.text
    assert full.archive.library().rules.all() == ()
    fields = dict(re.findall(r'<input type="hidden" name="(action|query|scope)" value="([^"]*)"', tried.text))
    sent = {name: html.unescape(value) for name, value in fields.items()}
    assert sent == {"action": "mute", "query": 'author:"Ada Writer"', "scope": ""}
    shown = post(client, "/rules", **sent)
    assert shown.status_code == 200 and shown.url.path == "/rules"
    assert "author:&#34;Ada Writer&#34;" in shown.text
    assert full.archive.library().counts().unread == 0
    reason = "set aside by the rule: mute author:&#34;Ada Writer&#34;"
    assert client.get("/muted").text.count(reason) == 3
    assert reason in client.get("/a/3").text
    [rule] = full.archive.library().rules.all()
    post(client, f"/rules/{rule.id}/remove")
    assert full.archive.library().rules.all() == ()
    assert full.archive.library().counts().unread == 3


def test_words_of_a_title_are_muted_in_one_feed(full: Desk, client: httpx.Client) -> None:
    feed = full.archive.library().subscriptions.all()[0].feed.id
    asked = {"title": 'number "2', "feed": str(feed), "here": "1"}
    tried = client.get("/rules/preview", params=asked).text
    assert f'value="feed:{feed}" selected' in tried
    assert "1 of the last 3 articles would be set aside." in tried
    assert 'value="title:&#34;number 2&#34;"' in tried


def test_a_keep_rule_of_a_folder_says_what_stays_for_its_star(full: Desk, client: httpx.Client) -> None:
    mine = full.archive.library()
    mine.marks.set_starred([1], True, now=NOW)
    folder = mine.subscriptions.folders()[0].id
    asked = {"action": "keep", "query": "title:3", "scope": f"folder:{folder}"}
    tried = client.get("/rules/preview", params=asked).text
    assert tried.count("stays: starred or tagged") == 1
    post(client, "/rules", **asked)
    [rule] = mine.rules.all()
    assert (rule.action, rule.folder_id, rule.feed_id) == ("keep", folder, None)
    assert mine.articles.get(1).muted is None
    page = client.get(f"/rules?edit={rule.id}").text
    assert 'value="keep" checked' in page and 'value="title:3"' in page
    post(client, f"/rules/{rule.id}", action="mute", query="title:2")
    [changed] = mine.rules.all()
    assert (changed.id, changed.action, changed.query, changed.folder_id) == (
        rule.id,
        "mute",
        "title:2",
        None,
    )


@pytest.mark.parametrize(
    ("query", "here", "said"),
    [
        ("story tilte:x", "tilte:x", "Did you mean title:x?"),
        ("story title:/(/", "/(/", "no regular expression"),
        ('story "open', "&#34;open", "not closed"),
        ("", "", "no words"),
    ],
)
def test_an_error_in_a_query_is_shown_at_its_place(
    client: httpx.Client, query: str, here: str, said: str
) -> None:
    for answer in (
        client.get("/rules/preview", params={"query": query}),
        post(client, "/rules", query=query),
    ):
        assert answer.status_code == 422
        assert said in answer.text
        assert ("<mark>" in answer.text) is bool(here)
        if here:
            assert f"<mark>{here}</mark>" in answer.text


def test_a_rule_for_what_is_not_there_is_refused(full: Desk, client: httpx.Client) -> None:
    assert post(client, "/rules", query="x", scope="feed:99").status_code == 422
    assert post(client, "/rules/99", query="x").status_code == 404
    assert post(client, "/rules/99/remove").status_code == 404
    assert client.post("/rules", data={"query": "x"}).status_code == 403
    assert full.archive.library().rules.all() == ()


def test_the_page_says_how_far_the_rules_are_applied(full: Desk, client: httpx.Client) -> None:
    mine = full.archive.library()
    mine.rules.add(RuleDraft(action="mute", query="nothing"), now=NOW)
    assert "are being applied" not in client.get("/rules").text
    for path in ("/settings", "/feeds/1/settings", "/a/3"):
        assert "/rules" in client.get(path).text
