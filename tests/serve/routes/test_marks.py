"""Marks of lists, their undoing, and counts for scripts."""

import httpx
import pytest

from tests.serve.conftest import Visit
from tests.serve.running_app import NOW, Desk, token_of
from unabridged.archive.records.core import Query

JSON = {"Accept": "application/json"}


@pytest.fixture
def client(full: Desk, visit: Visit) -> httpx.Client:
    return visit(full)


def post(client: httpx.Client, path: str, **form: str) -> httpx.Response:
    return client.post(path, data={"csrf": token_of(client), **form}, headers=JSON)


def test_counts_are_those_of_the_sidebar_and_of_what_came_since(full: Desk, client: httpx.Client) -> None:
    got = client.get("/counts", params={"list": "/feeds/1", "beyond": "1"}).json()
    assert (got["unread"], got["counts"]["/feeds/1"], got["counts"]["/folders/Reading"]) == (3, 3, 3)
    assert got["fresh"] == 2
    full.archive.library().marks.set_read([1], True, now=NOW)
    again = client.get("/counts", params={"list": "/feeds/1", "beyond": "3"}).json()
    assert (again["unread"], again["fresh"]) == (2, 0)
    assert "fresh" not in client.get("/counts", params={"list": "//evil", "beyond": "1"}).json()
    assert client.get("/counts", params={"beyond": "-1"}).status_code == 400


def test_a_list_is_marked_and_its_marks_are_taken_back(full: Desk, client: httpx.Client) -> None:
    done = post(client, "/read-all", feed="1").json()
    assert done["marked"] == 3 and full.archive.library().counts().unread == 0
    assert post(client, "/read-all", feed="1").json()["stamp"] == ""
    for wrong in ("", "x", "2026-01-01", "2020-01-01T00:00:00+00:00"):
        assert post(client, "/read-all/undo", at=wrong).json()["restored"] == 0
    assert post(client, "/read-all/undo", at=done["stamp"]).json()["restored"] == 3
    assert full.archive.library().counts().unread == 3


@pytest.mark.parametrize(
    ("order", "side", "places"),
    [("newest", "above", [0]), ("newest", "below", [2]), ("oldest", "above", [2]), ("oldest", "below", [0])],
)
def test_above_and_below_follow_the_order_of_the_list(
    full: Desk, client: httpx.Client, order: str, side: str, places: list[int]
) -> None:
    lines = full.archive.library().articles.headlines(Query()).headlines
    address = f"/feeds/1?order={order}"
    post(client, f"/a/{lines[1].id}/read-beside", value=side, next=address)
    after = full.archive.library().articles.headlines(Query()).headlines
    assert [place for place, line in enumerate(after) if line.read] == places


def test_above_and_below_need_a_list_and_an_article_of_it(client: httpx.Client) -> None:
    assert post(client, "/a/1/read-beside", value="above", next="//evil").status_code == 404
    assert post(client, "/a/999/read-beside", value="above", next="/").status_code == 404


def test_a_few_are_marked_at_once(full: Desk, client: httpx.Client) -> None:
    assert post(client, "/read-some", ids="1,x,,-2,3,99999").status_code == 200
    read = {line.id for line in full.archive.library().articles.headlines(Query()).headlines if line.read}
    assert read == {1, 3}
