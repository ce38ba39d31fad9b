"""Categories: folders, and one of all other feeds."""

from tests.serve.sync.miniflux.conftest import Api
from unabridged.serve.sync.miniflux.categories import ALL


def category(number: int, title: str) -> dict[str, object]:
    return {"id": number, "title": title, "user_id": 1, "hide_globally": False}


def test_folders_are_categories_beside_the_one_of_all_other_feeds(api: Api) -> None:
    assert api.get("categories") == [category(ALL, "All"), category(1, "Reading")]
    counted = api.get("categories", counts="true")
    assert [(one["title"], one["feed_count"], one["total_unread"]) for one in counted] == [
        ("All", 1, 2),
        ("Reading", 1, 3),
    ]
    assert [one["id"] for one in api.get(f"categories/{ALL}/feeds")] == [2]
    assert [one["id"] for one in api.get("categories/1/feeds")] == [1]


def test_a_category_is_made_renamed_and_removed(api: Api) -> None:
    made = api.send("POST", "categories", {"title": " Later ", "hide_globally": True})
    assert (made.status_code, made.json()) == (201, category(2, "Later"))
    renamed = api.send("PUT", "categories/2", {"title": "Never"})
    assert (renamed.status_code, renamed.json()) == (201, category(2, "Never"))
    assert api.send("PUT", "categories/2", {"title": "Never"}).status_code == 201
    api.send("PUT", "feeds/2", {"category_id": 2})
    api.send("PUT", "feeds/2", {"category_id": 1})
    assert category(2, "Never") in api.get("categories")  # without a feed
    assert api.send("DELETE", "categories/1").status_code == 204
    assert api.get("categories") == [category(ALL, "All"), category(2, "Never")]
    assert {one["id"] for one in api.get(f"categories/{ALL}/feeds")} == {1, 2}


def test_wrong_titles_and_numbers_are_refused(api: Api) -> None:
    api.send("POST", "categories", {"title": "Later"})
    for title in ("Reading", "reading", "All", "ALL "):
        assert api.refused(400, "POST", "categories", {"title": title}) == "This category already exists."
        assert api.refused(400, "PUT", "categories/2", {"title": title}) == "This category already exists."
    for body in ({}, {"title": ""}, {"title": " "}):
        assert api.refused(400, "POST", "categories", body) == "The title is mandatory."
        assert api.refused(400, "PUT", "categories/1", body) == "The title is mandatory."
    for method in ("PUT", "DELETE"):
        assert api.refused(404, method, "categories/99", {"title": "x"}) == "resource not found"
        assert "cannot be changed" in api.refused(400, method, f"categories/{ALL}", {"title": "x"})
    assert api.refused(404, "GET", "categories/99/feeds")
