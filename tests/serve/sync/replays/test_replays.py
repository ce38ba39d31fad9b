"""Replays of apps that do not run here: subscribe, sync, read, star; Newsboat sees it after a restart."""

from pathlib import Path

import pytest

from tests.serve.running_app import NOW, Shelf, in_thread, serving
from tests.serve.sync import newsboat
from tests.serve.sync.conftest import App, app_on, filled
from tests.serve.sync.replays.capy import Capy
from tests.serve.sync.replays.fever import FluentFever, ReadropsFever, ReadYouFever
from tests.serve.sync.replays.fluent_reader import FluentReader
from tests.serve.sync.replays.netnewswire import NetNewsWire
from tests.serve.sync.replays.read_you import ReadYou
from tests.serve.sync.replays.replay import FORM, READ, Replay
from tests.serve.sync.replays.vienna import Vienna
from tests.serve.sync.test_clients import FEED, address
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.items import ItemEdit

APPS: list[type[Replay]] = [
    NetNewsWire,
    ReadYou,
    FluentReader,
    Capy,
    Vienna,
    FluentFever,
    ReadYouFever,
    ReadropsFever,
]
ADDS_FEEDS = [NetNewsWire, ReadYou, Capy, Vienna]
WHOLE = "The second one, with more words in it."


def logged_in(kind: type[Replay], app: App, base: int = 0) -> Replay:
    entered = address(app) + kind.bases[base]
    made = kind(client=app.client, base=entered, name="owner", password=app.secret)
    made.log_in()
    return made


@pytest.mark.parametrize("kind", APPS)
def test_an_app_syncs_reads_and_stars_and_newsboat_sees_it_after_a_restart(
    kind: type[Replay], archive: Archive, tmp_path: Path
) -> None:
    desk = filled(archive, tmp_path)
    with app_on(desk) as app:
        program = logged_in(kind, app)
        first = program.sync()
        assert {number: one.feed for number, one in first.items()} == {
            1: "The News",
            2: "The News",
            3: "The News",
            4: "Other News",
            5: "Other News",
        }
        assert all(WHOLE in one.html for one in first.values())
        assert not any(one.read or one.starred for one in first.values())
        program.mark_read(5)
        program.mark_read(4)
        program.mark_unread(4)
        program.star(2)
        marks = {1: (False, False), 2: (False, True), 3: (False, False), 4: (False, False), 5: (True, False)}
        assert app.marks() == marks
        assert {number: (one.read, one.starred) for number, one in program.sync().items()} == marks
    command = newsboat.installed()
    if command is None:
        pytest.skip("newsboat is not installed")
    with app_on(desk) as app:
        second = newsboat.Newsboat(command, tmp_path / "newsboat")
        second.configure("feedhq", address(app), "owner", app.secret)
        assert "4 unread articles" in second.reload()
        again = logged_in(kind, app, base=1).sync()  # the other address
        assert [number for number, one in again.items() if one.starred] == [2]


@pytest.mark.parametrize("kind", ADDS_FEEDS)
def test_an_app_subscribes_into_a_folder_with_a_title(
    kind: type[Replay], archive: Archive, tmp_path: Path
) -> None:
    desk = filled(archive, tmp_path)
    with (
        in_thread(serving(Shelf(answers={"/feed": ("application/rss+xml", FEED)}))) as site,
        app_on(desk) as app,
    ):
        program = logged_in(kind, app)
        program.subscribe(f"{site.origin}/feed", "New")
        library = desk.archive.library()
        added = next(one for one in library.subscriptions.all() if one.feed.url == f"{site.origin}/feed")
        title = "Added" if kind is Vienna else "Mine"  # Vienna's own titles stay in Vienna
        assert (added.title, added.folder) == (title, "New")
        assert program.sync()[6].feed == title
    with app_on(desk) as app:
        folders = app.get("subscription/list").json()["subscriptions"]
        assert {one["title"]: [part["label"] for part in one["categories"]] for one in folders} == {
            title: ["New"],
            "Other News": [],
            "The News": ["Reading"],
        }


LOGGED: dict[str, tuple[str, ...]] = {
    # FreshRSS/FreshRSS, issue 4618: FeedMe 3.16
    "FeedMe": (
        "tag/list?output=json",
        "subscription/list?output=json",
        "unread-count?output=json",
        "stream/items/ids?output=json&n=500&ot=0&s=user%2F-%2Fstate%2Fcom.google%2Fstarred",
    ),
    # jangernert/FeedReader, issue 59, and FreshRSS/FreshRSS, issue 2566: News+
    "News+": (
        "tag/list?client=newsplus&output=json&ck=1538982165918",
        "subscription/list?client=newsplus&output=json&ck=1538982165918",
        "stream/contents/user%2F-%2Fstate%2Fcom.google%2Freading-list?client=newsplus&ck=1473611612571"
        "&xt=user/-/state/com.google/read&c=5&n=1000&r=n",
    ),
    # Alkarex/EasyRSS, issue 72: EasyRSS, the stream of all without a name
    "EasyRSS": (
        "tag/list?client=android&output=json&ck=1634229965268",
        "subscription/list?client=android&output=json&ck=1634229965526",
        "stream/contents/?n=5&likes=false&comments=false&r=n&client=android&output=json&ck=1634229966475",
        "stream/contents/?c=3&n=50&likes=false&comments=false&r=n&client=android&output=json&ck=1634229966639",
    ),
    # YunoHost-Apps/freshrss_ynh, issue 69: an app of Android, feed by feed
    "feed by feed": ("stream/contents/feed/1?output=json", "stream/contents/feed/2?output=json"),
}
"""Requests of apps without public source, from logs that people published."""

ANSWERED = {
    "tag/list": "tags",
    "subscription/list": "subscriptions",
    "unread-count": "unreadcounts",
    "stream/items/ids": "itemRefs",
    "stream/contents": "items",
}


@pytest.mark.parametrize("name", LOGGED)
def test_logged_requests_are_answered_in_the_shape_of_their_call(
    name: str, archive: Archive, tmp_path: Path
) -> None:
    with app_on(filled(archive, tmp_path)) as app:
        app.desk.archive.library().items.edit([4], ItemEdit(starred=True), now=NOW)
        for request in LOGGED[name]:
            path, _, query = request.partition("?")
            answer = app.client.get(f"/api/greader.php/reader/api/0/{path}?{query}", headers=app.headers)
            key = next(value for call, value in ANSWERED.items() if path.startswith(call))
            assert answer.status_code == 200, request
            assert answer.json()[key], request


def test_an_app_without_a_name_for_the_stream_pages_through_all(archive: Archive, tmp_path: Path) -> None:
    with app_on(filled(archive, tmp_path)) as app:
        seen, place = [], ""
        while True:
            query = f"n=2&likes=false&comments=false&r=n&client=android&output=json{place}"
            answer = app.client.get(
                f"/api/greader.php/reader/api/0/stream/contents/?{query}", headers=app.headers
            )
            seen += [int(item["id"].rpartition("/")[2], 16) for item in answer.json()["items"]]
            if "continuation" not in answer.json():
                break
            place = f"&c={answer.json()['continuation']}"
        assert seen == [5, 4, 3, 2, 1]


def test_a_wrong_token_for_forms_is_told_by_the_header_that_capy_reads(
    archive: Archive, tmp_path: Path
) -> None:
    with app_on(filled(archive, tmp_path)) as app:
        program = logged_in(Capy, app)
        body = f"i=0000000000000005&a={READ}&T=owner/old"
        headers = app.headers | FORM
        path = "/api/greader.php/reader/api/0/edit-tag?output=json"
        answer = app.client.post(path, content=body, headers=headers)
        assert (answer.status_code, answer.headers["X-Reader-Google-Bad-Token"]) == (401, "true")
        assert app.marks()[5] == (False, False)
        program.mark_read(5)
        assert app.marks()[5] == (True, False)
