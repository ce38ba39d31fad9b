"""Marks: read, starred, all of a list; saving to other services."""

from datetime import timedelta

from tests.serve.running_app import Desk, make_article, page_of
from tests.serve.sync.conftest import LATER
from tests.serve.sync.miniflux.conftest import Api
from unabridged.archive.records.items import ItemStream, StreamPart
from unabridged.serve.sync.miniflux.categories import ALL


def unread(api: Api) -> list[int]:
    return api.library.items.numbers(ItemStream(parts=(StreamPart(kind="unread"),)))


def test_entries_are_marked_and_starred(api: Api) -> None:
    assert api.send("PUT", "entries", {"entry_ids": [1, 2, 99], "status": "read"}).status_code == 204
    assert unread(api) == [3, 4, 5]
    api.send("PUT", "entries", {"entry_ids": [2], "status": "unread", "starred": True})
    assert api.app.marks()[2] == (False, True)
    api.send("PUT", "entries", {"entry_ids": [2], "starred": False})
    assert api.app.marks()[2] == (False, False)
    assert api.refused(404, "PUT", "entries", {"entry_ids": [99], "status": "read"})


def test_wrong_marks_are_refused(api: Api) -> None:
    before = api.app.marks()
    for body in ({}, {"entry_ids": [], "status": "read"}, {"entry_ids": None, "status": "read"}):
        assert api.refused(400, "PUT", "entries", body) == "the list of entries cannot be empty"
    for wrong in ({"entry_ids": [1]}, {"entry_ids": [1], "status": "removed"}):
        assert "invalid entry status" in api.refused(400, "PUT", "entries", wrong)
    assert api.app.marks() == before


def test_a_star_is_toggled_under_both_names(api: Api) -> None:
    for name, starred in (("bookmark", True), ("star", False), ("star", True)):
        assert api.send("PUT", f"entries/3/{name}").status_code == 204
        assert api.app.marks()[3] == (False, starred)
    assert api.refused(404, "PUT", "entries/99/bookmark")


def test_all_of_a_feed_a_category_or_everything_is_marked(api: Api) -> None:
    api.send("PUT", "feeds/1/mark-all-as-read")
    assert unread(api) == [4, 5]
    api.send("PUT", f"categories/{ALL}/mark-all-as-read")
    assert unread(api) == []
    api.send("PUT", "entries", {"entry_ids": [1, 4], "status": "unread"})
    api.send("PUT", "categories/1/mark-all-as-read")
    assert unread(api) == [4]
    api.send("PUT", "users/1/mark-all-as-read")
    assert unread(api) == []
    for path in ("feeds/99", "categories/99"):
        assert api.refused(404, "PUT", f"{path}/mark-all-as-read")
    assert api.refused(403, "PUT", "users/2/mark-all-as-read") == "access forbidden"


def test_what_comes_later_is_not_marked(api: Api) -> None:
    desk: Desk = api.app.desk
    api.send("PUT", "users/1/mark-all-as-read")
    page = make_article(77)
    desk.archive.library().articles.save(page, page_of(page), now=LATER + timedelta(seconds=2))
    api.send("PUT", "users/1/mark-all-as-read")
    assert unread(api) == [6]


def test_there_are_no_services_to_save_to(api: Api) -> None:
    assert api.refused(400, "POST", "entries/1/save") == "no third-party integration enabled"
    assert api.get("integrations/status") == {"has_integrations": False}
