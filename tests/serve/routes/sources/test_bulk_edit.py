"""Several feeds edited at a time, by a form without scripts: moved, paused, marked, removed, restored."""

from dataclasses import replace

import httpx
import pytest

from tests.serve.conftest import Visit
from tests.serve.running_app import HTML, NOW, Desk, make_article, token_of
from unabridged.archive.records.accounts import Device
from unabridged.archive.records.core import ListedFeed, Query
from unabridged.serve.authentication import PLAIN_COOKIE


@pytest.fixture
def client(full: Desk, visit: Visit) -> httpx.Client:
    """Feed 1 with three articles in a folder, feeds 2 to 61 without any, every third in no folder."""
    listed = [
        ListedFeed(
            url=f"https://site-{number}.example/feed",
            title=f"Site {number:02}",
            folder=f"Folder {number % 3}" if number % 3 else None,
        )
        for number in range(60)
    ]
    full.archive.library().subscriptions.add_many(listed, now=NOW)
    return visit(full)


def post(client: httpx.Client, path: str, **form: str) -> httpx.Response:
    return client.post(path, data={"csrf": token_of(client, "/sources"), **form}, follow_redirects=True)


def edit(client: httpx.Client, action: str, *feeds: int, **form: str) -> httpx.Response:
    boxes = {f"feed-{number}": "1" for number in feeds}
    return post(client, "/sources/edit", action=action, next="/sources?q=site", **boxes, **form)


def folders_of(desk: Desk, *feeds: int) -> list[str | None]:
    return [desk.archive.library().subscriptions.get(number).folder for number in feeds]


def test_each_row_has_a_box_of_the_form_and_the_page_stays_small(client: httpx.Client) -> None:
    page = client.get("/sources").text
    assert page.count('type="checkbox" form="bulk"') == 50
    assert '<form class="bulk" id="bulk" method="post" action="/sources/edit"' in page
    assert "All 61 feeds of this list" in page
    assert len(page) < 60_000


def test_chosen_feeds_move_to_a_folder_and_out_of_it(full: Desk, client: httpx.Client) -> None:
    shown = edit(client, "move", 2, 3, folder=" New & shiny ")
    assert str(shown.url).endswith("/sources?q=site&edited=move&count=2")
    assert "2 feeds moved." in shown.text
    assert folders_of(full, 2, 3, 4) == ["New & shiny", "New & shiny", "Folder 2"]
    edit(client, "move", 2, 3, folder="")
    assert folders_of(full, 2, 3) == [None, None]


def test_state_interval_and_full_text_are_set(full: Desk, client: httpx.Client) -> None:
    mine = full.archive.library().subscriptions
    assert "2 feeds paused." in edit(client, "pause", 2, 3).text
    assert [mine.feed(one).status for one in (2, 3, 4)] == ["paused", "paused", "active"]
    edit(client, "resume", 2)
    assert [mine.feed(one).status for one in (2, 3)] == ["active", "paused"]
    assert "the time between polls is set" in edit(client, "every-1800", 2, 3).text
    assert [mine.feed(one).interval for one in (2, 3, 4)] == [1800, 1800, None]
    edit(client, "every-learned", 2)
    assert [mine.feed(one).interval for one in (2, 3)] == [None, 1800]
    edit(client, "full-off", 2, 3)
    edit(client, "full-on", 3)
    assert [mine.feed(one).full_text for one in (2, 3)] == [False, True]


def test_articles_of_chosen_feeds_are_marked_as_read(full: Desk, client: httpx.Client) -> None:
    other = full.subscribe([make_article(9)], title="Other")
    edit(client, "read", 1, 2)
    lines = full.archive.library().articles.headlines(Query(unread=True)).headlines
    assert [line.feed_id for line in lines] == [other]


def test_a_removal_is_undone_from_the_page_that_tells_of_it(full: Desk, client: httpx.Client) -> None:
    before = [(one.feed.id, one.title, one.folder) for one in full.archive.library().subscriptions.all()]
    shown = edit(client, "remove", 1, 2, 3)
    assert "3 feeds removed." in shown.text and 'action="/sources/restore"' in shown.text
    assert len(full.archive.library().subscriptions.all()) == 58
    assert len(full.archive.library().articles.headlines(Query()).headlines) == 3
    back = post(client, "/sources/restore", next="/sources")
    assert "3 feeds restored." in back.text
    after = [(one.feed.id, one.title, one.folder) for one in full.archive.library().subscriptions.all()]
    assert after == before
    assert 'action="/sources/restore"' in post(client, "/feeds/2/remove").text
    post(client, "/sources/restore")
    assert full.archive.library().subscriptions.get(2).title == "Site 00"


def test_all_feeds_of_a_filtered_list_are_chosen_at_once(full: Desk, client: httpx.Client) -> None:
    [folder] = [one.id for one in full.archive.library().subscriptions.folders() if one.name == "Folder 1"]
    edit(client, "move", folder="All ones", every="1", folder_id=str(folder), words="site 1")
    moved = [one.title for one in full.archive.library().subscriptions.all() if one.folder == "All ones"]
    assert moved == ["Site 01", "Site 10", "Site 13", "Site 16", "Site 19", "Site 31"]


def test_nothing_chosen_changes_nothing_and_says_so(full: Desk, client: httpx.Client) -> None:
    assert "No feed was chosen" in edit(client, "remove").text
    assert len(full.archive.library().subscriptions.all()) == 61


@pytest.mark.parametrize("action", ["", "explode", "every-7", "every-"])
def test_what_is_not_offered_is_refused(full: Desk, client: httpx.Client, action: str) -> None:
    assert edit(client, action, 2).status_code == 422
    assert full.archive.library().subscriptions.feed(2).interval is None


def test_one_foreign_number_changes_nothing(full: Desk, client: httpx.Client) -> None:
    assert edit(client, "pause", 2, 999).status_code == 404
    assert full.archive.library().subscriptions.feed(2).status == "active"


def test_a_title_is_changed_in_place_by_a_script(full: Desk, client: httpx.Client) -> None:
    headers = {"Accept": "application/json", "X-CSRF-Token": token_of(client, "/sources")}
    answer = client.post("/feeds/1/rename", data={"title": " Mine "}, headers=headers)
    assert answer.json() == {"done": True, "title": "Mine"}
    answer = client.post("/feeds/1/rename", data={"title": ""}, headers=headers)
    assert answer.json()["title"] == "The News"
    assert client.post("/feeds/999/rename", data={"title": "x"}, headers=headers).status_code == 404


def test_who_is_no_administrator_is_offered_what_is_their_own(full: Desk, visit: Visit) -> None:
    bo = full.archive.accounts.add("Bo", now=NOW)
    full.archive.library(bo.id).subscriptions.add("https://news.example/0.xml", now=NOW)
    session = full.archive.accounts.open_session(bo.id, Device(), now=NOW)
    settings = replace(full.settings, serve=replace(full.settings.serve, login="always"))
    client = visit(full, settings=settings)
    headers = {"Accept": HTML, "Cookie": f"{PLAIN_COOKIE}={session.secret}"}
    with httpx.Client(base_url=client.base_url, headers=headers, timeout=60) as his:
        page = his.get("/sources").text
        assert 'value="move"' in page and 'value="remove"' in page
        assert 'value="pause"' not in page and 'value="full-off"' not in page
        form = {"csrf": token_of(his, "/sources"), "feed-1": "1"}
        assert his.post("/sources/edit", data=form | {"action": "pause"}).status_code == 422
        assert his.post("/feeds/1/reading", data=form).status_code == 403
        assert his.get("/feeds/1/rules").status_code == 403
    assert full.archive.library().subscriptions.feed(1).status == "active"
