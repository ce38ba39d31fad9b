"""The Fever API: every argument, alone and together; marks; the key; off by default."""

import base64
import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.serve.running_app import NOW, make_article, page_of, running
from tests.serve.sync.conftest import App, app_on, filled
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.items import ItemEdit
from unabridged.config import ServeSettings
from unabridged.serve.sync.fever import OTHER_GROUP
from unabridged.serve.sync.google_reader.streams import OTHER_FEED

GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
BASE = {"api_version": 3, "auth": 1, "last_refreshed_on_time": int(NOW.timestamp())}


def numbers(found: dict[str, Any]) -> list[int]:
    return [one["id"] for one in found["items"]]


def test_a_wrong_key_gets_no_more_than_that(app: App) -> None:
    for key in ("", "x", "0" * 32, "é"):
        answer = app.client.post("/fever/?api&items&groups", data={"api_key": key})
        assert (answer.status_code, answer.json()) == (200, {"api_version": 3, "auth": 0})
    assert app.client.get("/fever/?api").json() == {"api_version": 3, "auth": 0}


def test_a_right_key_gets_in_at_every_address_in_either_case(app: App) -> None:
    key = hashlib.md5(f"owner:{app.secret}".encode()).hexdigest()
    for path in ("/fever/", "/fever", "/api/fever.php", "/fever.php"):
        for given in (key, key.upper()):
            assert app.client.post(f"{path}?api", data={"api_key": given}).json() == BASE, path
    assert app.client.post(f"/fever/?api&api_key={key}").json() == BASE
    token = app.desk.archive.library().tokens.all()[0]
    assert token.last_used is not None
    app.desk.archive.library().tokens.remove(token.id)
    assert app.client.post("/fever/?api", data={"api_key": key}).json()["auth"] == 0


def test_all_arguments_of_one_request_are_answered(app: App) -> None:
    found = app.fever(
        groups="", feeds="", favicons="", items="", links="", unread_item_ids="", saved_item_ids=""
    )
    assert found["groups"] == [
        {"id": 1, "title": "Reading"},
        {"id": OTHER_GROUP, "title": "Uncategorized"},
    ]
    assert found["feeds_groups"] == [
        {"group_id": 1, "feed_ids": "1"},
        {"group_id": OTHER_GROUP, "feed_ids": "2"},
    ]
    assert found["favicons"] == [] and found["links"] == []
    assert found["unread_item_ids"] == "1,2,3,4,5"
    assert found["saved_item_ids"] == ""
    assert numbers(found) == [5, 4, 3, 2, 1]
    assert found["total_items"] == 5
    first = next(one for one in found["feeds"] if one["id"] == 1)
    assert first == {
        "id": 1,
        "favicon_id": 0,
        "title": "The News",
        "url": "https://news.example/0.xml",
        "site_url": "https://news.example/",
        "is_spark": 0,
        "last_updated_on_time": first["last_updated_on_time"],
    }
    assert first["last_updated_on_time"] > 0


def test_arguments_of_the_address_and_of_the_body_count_alike(app: App) -> None:
    key = hashlib.md5(f"owner:{app.secret}".encode()).hexdigest()
    answer = app.client.post("/fever/?api&unread_item_ids", data={"api_key": key, "saved_item_ids": ""})
    assert answer.json() == BASE | {"unread_item_ids": "1,2,3,4,5", "saved_item_ids": ""}


def test_an_item_is_the_whole_article(app: App) -> None:
    app.desk.archive.library().marks.set_starred([app.desk.articles[0]], True, now=NOW)
    [item] = app.fever(items="", with_ids="5")["items"]
    [stored] = app.desk.archive.library().items.articles([5])
    assert item == {
        "id": 5,
        "feed_id": 2,
        "title": "Story number 7",
        "author": "Ada Writer, Bo Second",
        "html": stored.article.html,
        "url": "https://news.example/story-7",
        "is_saved": 1,
        "is_read": 0,
        "created_on_time": int((NOW - timedelta(hours=7)).timestamp()),
    }


def test_items_come_after_before_or_by_number(app: App) -> None:
    asked: tuple[tuple[dict[str, str], list[int]], ...] = (
        ({"since_id": "0"}, [1, 2, 3, 4, 5]),
        ({"since_id": "3"}, [4, 5]),
        ({"since_id": "5"}, []),
        ({"max_id": "3"}, [2, 1]),
        ({"max_id": "0"}, [5, 4, 3, 2, 1]),
        ({"max_id": "1"}, []),
        ({"with_ids": "2,4,junk,99,2"}, [2, 4]),
        ({"with_ids": ""}, []),
        ({"feed_ids": "2"}, [5, 4]),
        ({"group_ids": "1"}, [3, 2, 1]),
        ({"feed_ids": "2", "group_ids": "1"}, [5, 4, 3, 2, 1]),
        ({"group_ids": "1", "since_id": "1"}, [2, 3]),
        ({"since_id": "-1"}, [1, 2, 3, 4, 5]),
        ({"since_id": ""}, [1, 2, 3, 4, 5]),
        ({"since_id": "9007199254740991"}, []),
        ({"max_id": "9007199254740991"}, [5, 4, 3, 2, 1]),
        ({"group_ids": "2147483647"}, [5, 4]),
    )
    for arguments, expected in asked:
        assert numbers(app.fever(items="", **arguments)) == expected, arguments


def test_an_app_that_goes_on_gets_every_item_once_fifty_at_a_time(app: App) -> None:
    app.desk.subscribe([make_article(number) for number in range(100, 230)], title="Many")
    seen: list[int] = []
    while batch := numbers(app.fever(items="", since_id=str(seen[-1] if seen else 0))):
        assert len(batch) <= 50
        seen += batch
    assert seen == list(range(1, 136))


def test_marks_are_set_once_and_answered_with_the_list(app: App) -> None:
    for _ in range(2):
        found = app.fever(mark="item", **{"as": "read"}, id="2")
        assert found == BASE | {"unread_item_ids": "1,3,4,5"}
        assert app.fever(mark="item", **{"as": "saved"}, id="3")["saved_item_ids"] == "3"
    assert app.marks()[2] == (True, False)
    assert app.marks()[3] == (False, True)
    for _ in range(2):
        assert app.fever(mark="item", **{"as": "unread"}, id="2")["unread_item_ids"] == "1,2,3,4,5"
        assert app.fever(mark="item", **{"as": "unsaved"}, id="3")["saved_item_ids"] == ""
    assert not any(read or starred for read, starred in app.marks().values())


def test_feeds_and_groups_are_read_up_to_a_second(app: App) -> None:
    at = int(NOW.timestamp())
    app.fever(mark="feed", **{"as": "read"}, id="1", before=str(at - 1))
    app.fever(mark="group", **{"as": "read"}, id="-1", before=str(at))
    assert not any(read for read, _ in app.marks().values())
    assert app.fever(mark="feed", **{"as": "read"}, id="2", before=str(at))["unread_item_ids"] == "1,2,3"
    app.desk.archive.library().articles.save(
        make_article(60), page_of(make_article(60)), now=NOW + timedelta(seconds=5)
    )
    app.fever(mark="group", **{"as": "read"}, id="0", before=str(at + 4))
    assert [number for number, (read, _) in app.marks().items() if not read] == [6]
    app.fever(mark="group", **{"as": "read"}, id="0")
    assert all(read for read, _ in app.marks().values())


def test_feeds_in_no_folder_are_a_group_with_other_articles(app: App) -> None:
    library = app.desk.archive.library()
    library.subscriptions.move(1, None)
    library.items.edit([5], ItemEdit(starred=True), now=NOW)
    library.subscriptions.remove(2)
    found = app.fever(groups="", feeds="")
    assert found["feeds_groups"] == [{"group_id": OTHER_GROUP, "feed_ids": f"1,{OTHER_FEED}"}]
    assert {one["id"] for one in found["feeds"]} == {1, OTHER_FEED}
    assert app.fever(mark="group", **{"as": "read"}, id=str(OTHER_GROUP))["unread_item_ids"] == ""


def test_no_group_is_named_for_feeds_in_no_folder_without_any(app: App) -> None:
    app.desk.archive.library().subscriptions.move(2, "Reading")
    assert app.fever(groups="")["groups"] == [{"id": 1, "title": "Reading"}]
    assert app.fever(items="", group_ids=str(OTHER_GROUP))["items"] == []
    marked = app.fever(mark="group", **{"as": "read"}, id=str(OTHER_GROUP))
    assert marked["unread_item_ids"] == "1,2,3,4,5"


def test_a_group_is_read_alone(app: App) -> None:
    assert app.fever(mark="group", **{"as": "read"}, id="1")["unread_item_ids"] == "4,5"


def test_what_no_mark_is_changes_nothing_and_is_answered(app: App) -> None:
    for form in (
        {"mark": "item", "as": "read"},
        {"mark": "item", "as": "read", "id": "0"},
        {"mark": "item", "as": "read", "id": "-3"},
        {"mark": "item", "as": "eaten", "id": "1"},
        {"mark": "planet", "as": "read", "id": "1"},
        {"mark": "feed", "as": "unread", "id": "1"},
    ):
        assert app.fever(**form) == BASE, form
    assert not any(read for read, _ in app.marks().values())


def test_a_get_and_a_token_that_reads_mark_nothing(archive: Archive, tmp_path: Path) -> None:
    with app_on(filled(archive, tmp_path), scope="read") as app:
        assert "error" in app.fever(mark="item", **{"as": "read"}, id="1")
        assert numbers(app.fever(items=""))
    with app_on(app.desk) as app:
        key = hashlib.md5(f"owner:{app.secret}".encode()).hexdigest()
        app.client.get("/fever/", params={"api_key": key, "mark": "item", "as": "read", "id": "1"})
        assert not any(read for read, _ in app.marks().values())


def test_icons_and_saved_pages_are_there(app: App) -> None:
    images, page = app.desk.archive.images, make_article(50)
    images.queue_icons(NOW)
    [pending] = images.claim(NOW, 1)
    images.save(pending.id, "image/gif", GIF, now=NOW)
    app.desk.archive.library().articles.save(page, page_of(page), now=NOW)
    found = app.fever(favicons="", feeds="")
    assert found["favicons"][0]["data"] == f"image/gif;base64,{base64.b64encode(GIF).decode()}"
    icons = {one["id"] for one in found["favicons"]}
    assert {one["favicon_id"] for one in found["feeds"]} - {0} == icons
    assert found["feeds"][-1]["id"] == OTHER_FEED
    assert numbers(app.fever(items="", feed_ids=str(OTHER_FEED))) == [6]


def test_the_api_is_off_unless_it_is_switched_on(app: App) -> None:
    settings = replace(app.desk.settings, serve=replace(app.desk.settings.serve, fever=False))
    assert ServeSettings().fever is False
    with running(app.desk, settings) as address:
        answer = httpx.post(f"{address}/fever/?api", data={"api_key": "x"})
        assert answer.status_code == 404
        assert "fever = true" in answer.text
