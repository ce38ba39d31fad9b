"""Programs that others wrote speak the Miniflux API: its author's library, Newsboat, miniflux-tui."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.debian_package import Unavailable
from tests.serve.running_app import Desk, Shelf, in_thread, serving
from tests.serve.sync import app_libraries, newsboat
from tests.serve.sync.conftest import App, app_on, filled
from tests.serve.sync.test_clients import FEED, READ_AND_STAR, address
from unabridged.archive.facade.archive import Archive

miniflux = pytest.importorskip("miniflux", reason="the client of Miniflux is in the extra dev")

READ = [
    ("The News", "n\r"),  # to the first unread feed, and open it
    ("Story", "\r"),  # open its first article
    ("paragraph", "q"),
    ("Story", "q"),
    ("News", "q"),
]


@pytest.fixture
def desk(archive: Archive, tmp_path: Path) -> Desk:
    return filled(archive, tmp_path)


@pytest.fixture
def site() -> Iterator[Shelf]:
    with in_thread(serving(Shelf(answers={"/feed": ("application/rss+xml", FEED)}))) as found:
        found.answers["/"] = (
            "text/html",
            b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>',
        )
        yield found


def test_the_library_of_miniflux_syncs_reads_stars_and_subscribes(desk: Desk, site: Shelf) -> None:
    with app_on(desk) as app:
        client = miniflux.Client(address(app), api_key=app.secret)
        assert (client.me()["username"], client.get_version()["version"]) == ("owner", "2.2.6")
        assert [one["title"] for one in client.get_categories()] == ["All", "Reading"]
        assert [one["title"] for one in client.get_feeds()] == ["Other News", "The News"]
        found = client.get_entries(status="unread", limit=10, order="id", direction="asc")
        assert [one["id"] for one in found["entries"]] == [1, 2, 3, 4, 5]
        stored = [one.article.html for one in desk.archive.library().items.articles([1, 2, 3, 4, 5])]
        assert [one["content"] for one in found["entries"]] == stored
        assert client.fetch_entry_content(1)["content"] == stored[0]
        assert client.update_entries(entry_ids=[1, 2], status="read")
        assert client.toggle_bookmark(3)
        assert app.marks() == {
            1: (True, False),
            2: (True, False),
            3: (False, True),
            4: (False, False),
            5: (False, False),
        }
        assert client.get_feed_counters() == {"reads": {"1": 2}, "unreads": {"1": 1, "2": 2}}
        made = client.create_category("New")
        assert client.discover(f"{site.origin}/")[0]["url"] == f"{site.origin}/feed"
        number = client.create_feed(f"{site.origin}/feed", category_id=made["id"])
        assert client.update_feed(number, title="Mine")["category"] == made
        assert [one["title"] for one in client.get_category_feeds(made["id"])] == ["Mine"]
        [entry] = client.get_feed_entries(number)["entries"]
        assert (entry["title"], entry["content"]) == ("First of all", "<p>Words of the first.</p>")
        file = client.get_entry(1)["enclosures"][0]
        client.update_enclosure(file["id"], media_progression=30)
        assert client.get_enclosure(file["id"])["media_progression"] == 30
        assert f"{site.origin}/feed" in client.export_feeds()
        with pytest.raises(miniflux.ResourceNotFound):
            client.get_entry(99)
        with pytest.raises(miniflux.BadRequest, match="already exists"):
            client.create_feed(f"{site.origin}/feed")
    with app_on(desk) as app:
        second = miniflux.Client(address(app), "owner", app.secret)
        assert [one["id"] for one in second.get_entries(starred=True)["entries"]] == [3]
        assert second.get_entries(status="read")["total"] == 2
        assert second.delete_feed(number) is None
        assert second.import_feeds(second.export_feeds())["message"] == "Feeds imported successfully"
        second.flush_history()
        assert second.get_entries(status="read")["total"] == 0


def test_newsboat_reads_as_of_miniflux(desk: Desk, tmp_path: Path) -> None:
    command = newsboat.installed()
    if command is None:
        pytest.skip("newsboat is not installed")
    with app_on(desk) as app:
        program = newsboat.Newsboat(command, tmp_path / "one")
        program.configure("miniflux", address(app), "owner", app.secret, more=())
        assert "5 unread articles" in program.reload()
        assert "The second one, with more words in it." in program.type(READ)
        assert sum(read for read, _ in app.marks().values()) == 1
    with app_on(desk) as app:
        second = newsboat.Newsboat(command, tmp_path / "two")
        second.configure("miniflux", address(app), "owner", app.secret, more=())
        assert "4 unread articles" in second.reload()


def test_newsboat_of_today_reads_and_stars_as_of_miniflux(desk: Desk, tmp_path: Path) -> None:
    try:
        command = newsboat.of_trixie()
    except Unavailable as exc:
        pytest.skip(str(exc))
    with app_on(desk) as app:
        program = newsboat.Newsboat(command, tmp_path / "one")
        program.configure("miniflux", address(app), "owner", app.secret)
        assert "5 unread articles" in program.reload()
        assert "The second one, with more words in it." in program.type(READ_AND_STAR)
        [marked] = [number for number, marks in app.marks().items() if marks == (True, True)]
    with app_on(desk) as app:
        assert stars(app) == [marked]


def test_miniflux_tui_lists_reads_stars_and_shows_the_marks_after_a_restart(desk: Desk) -> None:
    tui = app_libraries.MINIFLUX_TUI
    app_libraries.installed(tui)
    with app_on(desk) as app:
        seen = app_libraries.run("miniflux_tui_session.py", address(app), app.secret, "mark", packages=tui)
        assert seen["categories"] == ["All", "Reading"]
        assert seen["feeds"] == {"Other News": "All", "The News": "Reading"}
        assert seen["unread"] == [1, 2, 3, 4, 5]
        stars_of, opened, kept = seen["starred"], seen["read"], seen["unread_again"]
        assert len({stars_of, opened, kept}) == 3
        assert "The second one, with more words in it." in seen["shown"]
        assert seen["original"] == seen["shown"]
        marks = dict.fromkeys(range(1, 6), (False, False)) | {stars_of: (False, True), opened: (True, False)}
        assert app.marks() == marks
        assert seen["errors"] == []
    with app_on(desk) as app:
        again = app_libraries.run("miniflux_tui_session.py", address(app), app.secret, "", packages=tui)
        assert again["unread"] == sorted(set(range(1, 6)) - {opened})
        assert (again["starred"], again["history"]) == ([stars_of], [opened])
        assert again["errors"] == []
        assert app.marks() == marks


def test_miniflux_tui_says_that_a_token_is_wrong(desk: Desk) -> None:
    tui = app_libraries.MINIFLUX_TUI
    app_libraries.installed(tui)
    with app_on(desk) as app:
        seen = app_libraries.run("miniflux_tui_session.py", address(app), "unabridged_no", "", packages=tui)
        assert (seen["unread"], seen["feeds"], seen["starred"], seen["history"]) == ([], {}, [], [])
        assert any("401" in one or "nauthorized" in one for one in seen["errors"])


def stars(app: App) -> list[int]:
    client = miniflux.Client(address(app), api_key=app.secret)
    return [one["id"] for one in client.get_entries(starred=True)["entries"]]
