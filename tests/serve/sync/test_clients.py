"""Programs that others wrote: subscribe, sync, read, star; a second one looks after a restart."""

from pathlib import Path

import pytest

from bench.debian_package import Unavailable
from tests.serve.running_app import NOW, Desk, Shelf, in_thread, make_article, serving
from tests.serve.sync import app_libraries, newsboat
from tests.serve.sync.conftest import STATE, App, app_on, sync_settings
from unabridged.archive.facade.archive import Archive

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Added</title><link>https://a.example/</link>
<description>d</description><item><title>First of all</title><guid>1</guid>
<description>&lt;p&gt;Words of the first.&lt;/p&gt;</description></item></channel></rss>"""


@pytest.fixture
def desk(archive: Archive, tmp_path: Path) -> Desk:
    """Two feeds of five articles without enclosures, whose shape google-reader does not take."""
    desk = Desk(archive=archive, settings=sync_settings(tmp_path))
    desk.subscribe([make_article(number, enclosures=()) for number in (0, 1, 2)])
    desk.subscribe(
        [make_article(number, enclosures=()) for number in (7, 8)], title="Other News", folder=None
    )
    return desk


def address(app: App) -> str:
    return str(app.client.base_url).rstrip("/")


def test_the_library_google_reader_syncs_reads_stars_and_subscribes(desk: Desk) -> None:
    app_libraries.installed()
    with in_thread(serving(Shelf(answers={"/feed": ("application/rss+xml", FEED)}))) as site:
        with app_on(desk) as app:
            feed = f"{site.origin}/feed"
            seen = app_libraries.run("google_reader_session.py", address(app), "owner", app.secret, feed)
            library = desk.archive.library()
            assert seen["user"] == {
                "user_id": "1",
                "user_name": "owner",
                "user_email": "owner",
                "user_profile_id": "1",
            }
            assert seen["unread"] == ["5", "4", "3", "2", "1"]
            texts = [one["content"]["content"] for one in seen["items"]]
            stored = [one.article.html for one in library.items.articles([5, 4, 3, 2, 1])]
            assert texts == stored
            assert app.marks()[5] == (True, False)
            assert app.marks()[4] == (False, True)
            assert seen["added"]["num_results"] == 1
            added = next(one for one in library.subscriptions.all() if one.feed.url == feed)
            assert (added.title, added.folder) == ("Mine", "New")
            assert {one.name for one in library.subscriptions.folders()} == {"World", "New"}
        with app_on(desk) as app:
            again = app_libraries.run("google_reader_session.py", address(app), "owner", app.secret, "")
            assert again["unread"] == ["6", "4", "3", "2", "1"]
            assert again["starred"] == ["4"]
            assert {one["id"]: one["title"] for one in again["subscriptions"]}[
                f"feed/{added.feed.id}"
            ] == "Mine"
            assert {"id": "user/-/label/World", "label": "World", "type": "folder"} in again["tags"]


def test_the_library_freshrss_api_syncs_reads_and_saves_by_fever(desk: Desk) -> None:
    app_libraries.installed()
    with app_on(desk) as app:
        seen = app_libraries.run("fever_session.py", address(app), "owner", app.secret, "mark")
        assert seen["unread"] == [1, 2, 3, 4, 5]
        assert seen["saved"] == [2]
        assert app.marks() == {
            1: (True, False),
            2: (False, True),
            3: (False, False),
            4: (False, False),
            5: (False, False),
        }
        stored = [one.article.html for one in desk.archive.library().items.articles([1, 2, 3, 4, 5])]
        assert [one["html"] for one in seen["items"]] == stored
        assert [one["title"] for one in seen["feeds"]] == ["Other News", "The News"]
        assert [one["title"] for one in seen["groups"]["groups"]] == ["Reading", "Uncategorized"]
        assert [one["feed_ids"] for one in seen["groups"]["feeds_groups"]] == ["1", "2"]
    with app_on(desk) as app:
        again = app_libraries.run("fever_session.py", address(app), "owner", app.secret, "")
        assert (again["unread"], again["saved"]) == ([2, 3, 4, 5], [2])


READ_AND_STAR = [
    ("The News", "n\r"),  # to the first unread feed, and open it
    ("Story", "\r"),  # open its first article
    ("paragraph", "q"),
    ("Story", "\x05s\r"),  # edit flags: s is the star
    ("Story", "q"),
    ("News", "q"),
]


def use_newsboat(program: newsboat.Newsboat, app: App, source: str, path: str) -> str:
    """Sync, read the first unread article and star it; returns what was on the screen."""
    program.configure(source, address(app) + path, "owner", app.secret)
    assert "5 unread articles" in program.reload()
    return program.type(READ_AND_STAR)


def test_newsboat_reads_and_stars_by_atom(desk: Desk, tmp_path: Path) -> None:
    command = newsboat.installed()
    if command is None:
        pytest.skip("newsboat is not installed")
    with app_on(desk) as app:
        shown = use_newsboat(newsboat.Newsboat(command, tmp_path / "one"), app, "feedhq", "")
        assert "The second one, with more words in it." in shown
        [marked] = [number for number, marks in app.marks().items() if marks == (True, True)]
        assert marked in (4, 5)
    with app_on(desk) as app:
        second = newsboat.Newsboat(command, tmp_path / "two")
        second.configure("feedhq", address(app), "owner", app.secret)
        assert "4 unread articles" in second.reload()


def test_newsboat_reads_and_stars_as_of_freshrss(desk: Desk, tmp_path: Path) -> None:
    try:
        command = newsboat.of_trixie()
    except Unavailable as exc:
        pytest.skip(str(exc))
    path = "/api/greader.php"
    with app_on(desk) as app:
        shown = use_newsboat(newsboat.Newsboat(command, tmp_path / "one"), app, "freshrss", path)
        assert "The second one, with more words in it." in shown
        [marked] = [number for number, marks in app.marks().items() if marks == (True, True)]
        assert marked in (4, 5)
    with app_on(desk) as app:
        second = newsboat.Newsboat(command, tmp_path / "two")
        second.configure("freshrss", address(app) + path, "owner", app.secret)
        assert "4 unread articles" in second.reload()
        assert app.ids(f"{STATE}/starred") == [marked]


def test_a_revoked_token_ends_the_app(desk: Desk, tmp_path: Path) -> None:
    command = newsboat.installed()
    if command is None:
        pytest.skip("newsboat is not installed")
    with app_on(desk) as app:
        program = newsboat.Newsboat(command, tmp_path / "one")
        program.configure("feedhq", address(app), "owner", app.secret)
        tokens = desk.archive.library().tokens
        tokens.remove(tokens.all()[0].id)
        assert "unread articles" not in program.reload()


def test_apps_of_another_person_see_nothing_of_this_one(desk: Desk) -> None:
    app_libraries.installed()
    bo = desk.archive.accounts.add("Bo Müller/2", now=NOW)
    with app_on(desk) as app:
        secret = desk.archive.library(bo.id).tokens.add("phone", now=NOW).secret
        seen = app_libraries.run("google_reader_session.py", address(app), bo.name, secret, "")
        assert (seen["unread"], seen["subscriptions"], seen["items"]) == ([], [], [])
        assert seen["user"]["user_name"] == "Bo Müller/2"
