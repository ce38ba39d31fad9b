"""Settings of a person, and the order of one list."""

import re

import httpx
import pytest

from tests.archive.stored_rows import add_user
from tests.serve.conftest import Visit
from tests.serve.running_app import Desk, token_of
from unabridged.serve.views.preferences import CHOICES


@pytest.fixture
def client(full: Desk, visit: Visit) -> httpx.Client:
    return visit(full)


def post(client: httpx.Client, path: str, **form: str) -> httpx.Response:
    return client.post(path, data={"csrf": token_of(client), **form})


def first(client: httpx.Client, path: str) -> str:
    found = re.search(r'data-id="(\d+)"', client.get(path).text.partition("<ol")[2])
    return found[1] if found else ""


def test_settings_are_attributes_of_every_page_and_of_one_person(full: Desk, client: httpx.Client) -> None:
    chosen = {name: values[-1] for name, values in CHOICES.items()}
    assert post(client, "/settings", **chosen).headers["location"] == "/settings?saved=1"
    head = '<html lang="ar" dir="rtl" data-theme="dark" data-density="compact" data-font="sans"'
    for path in ("/", "/a/1", "/sources", "/search?q=story", "/nothing-here"):
        shown = client.get(path).text
        assert head in shown or path == "/nothing-here", path
    other = full.archive.library(add_user(full.archive, "bo")).preferences
    assert other.get(CHOICES) == {}
    post(client, "/settings", **{name: values[0] for name, values in CHOICES.items()})
    assert full.archive.library().preferences.get(CHOICES) == {}, "a default is not stored"


def test_unknown_settings_are_left_out(full: Desk, client: httpx.Client) -> None:
    post(client, "/settings", theme='"><script>', font="comic", size="large", other="x")
    assert full.archive.library().preferences.get([*CHOICES, "other"]) == {"size": "large"}


def test_the_order_of_a_list_is_remembered_for_it_alone(client: httpx.Client) -> None:
    newest = first(client, "/feeds/1")
    done = post(client, "/settings/order", list="/feeds/1", order="oldest", show="unread")
    assert done.headers["location"] == "/feeds/1?show=unread"
    assert first(client, "/feeds/1") != newest
    assert first(client, "/feeds/1?order=newest") == newest == first(client, "/")
    assert 'href="/feeds/1?show=unread&amp;order=oldest"' in client.get("/feeds/1").text
    post(client, "/settings/order", list="/feeds/1", order="newest")
    assert first(client, "/feeds/1") == newest


def test_the_usual_order_holds_for_all_lists_but_those_with_their_own(client: httpx.Client) -> None:
    newest = first(client, "/")
    post(client, "/settings", order="oldest")
    assert first(client, "/") != newest
    post(client, "/settings/order", list="/", order="newest")
    assert first(client, "/") == newest != first(client, "/feeds/1")
    assert "list=%2F%3Forder" not in client.get("/").text.partition("<ol")[2]


@pytest.mark.parametrize("form", [{"list": "//evil"}, {"list": "/?x"}, {"list": "/" * 2}, {"order": "best"}])
def test_an_order_of_no_list_is_refused(client: httpx.Client, form: dict[str, str]) -> None:
    assert post(client, "/settings/order", **{"list": "/", "order": "oldest", **form}).status_code == 404


def test_an_article_is_unread_again_after_an_edit_for_those_who_chose_it(
    full: Desk, client: httpx.Client
) -> None:
    shown = client.get("/settings").text
    assert 'name="edited" value="keep" checked' in shown
    assert post(client, "/settings", edited="always").status_code == 303
    assert 'name="edited" value="always" checked' in client.get("/settings").text
    post(client, "/settings", edited="sometimes")
    assert full.archive.library().preferences.get(["edited"]) == {"edited": "always"}
    post(client, "/settings", edited="keep")
    assert full.archive.library().preferences.get(["edited"]) == {}
