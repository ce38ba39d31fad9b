"""Programs with windows subscribe, sync, read and star; Newsboat sees it after a restart of the server."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.debian_package import Unavailable
from tests.serve.running_app import NOW, Shelf, in_thread, serving
from tests.serve.sync import newsboat
from tests.serve.sync.conftest import App, app_on, filled
from tests.serve.sync.graphical.liferea import Liferea
from tests.serve.sync.graphical.rss_guard import RssGuard
from tests.serve.sync.graphical.screen import screen
from tests.serve.sync.test_clients import FEED, address
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.items import ItemEdit

WHOLE = "The second one, with more words in it."
"""Words that stand in no summary of the feed."""


def or_skip(use: Callable[[], None]) -> None:
    try:
        use()
    except Unavailable as exc:
        pytest.skip(str(exc))


def unread_in_newsboat(app: App, home: Path) -> str:
    """Return what a new Newsboat says of unread articles; skips where there is none."""
    command = newsboat.installed()
    if command is None:
        pytest.skip("newsboat is not installed")
    program = newsboat.Newsboat(command, home)
    program.configure("feedhq", address(app), "owner", app.secret)
    return program.reload()


def marked(app: App) -> list[int]:
    """Return the items that are read and starred."""
    return [number for number, marks in app.marks().items() if marks == (True, True)]


def test_rss_guard_syncs_reads_stars_and_shows_marks_of_others(archive: Archive, tmp_path: Path) -> None:
    desk = filled(archive, tmp_path)

    def use() -> None:
        with app_on(desk) as app, screen(tmp_path / "screen", "rssguard") as shown:
            program = RssGuard(shown)
            program.start()
            program.add_account(address(app), "owner", app.secret)
            feeds = program.query("SELECT custom_id, title FROM Feeds ORDER BY custom_id")
            assert feeds == [("feed/1", "The News"), ("feed/2", "Other News")]
            assert program.query("SELECT title FROM Categories") == [("Reading",)]
            program.fetch()
            messages = "SELECT contents, is_read, is_important FROM Messages"
            shown.wait(lambda: len(program.query(messages)) == 5, "showing the articles")
            assert all(WHOLE in str(text) for text, _, _ in program.query(messages))
            program.read_next()
            shown.wait(lambda: program.query(f"{messages} WHERE is_read"), "reading")
            program.star()
            shown.wait(lambda: program.query(f"{messages} WHERE is_important"), "starring")
            program.fetch()
            shown.wait(lambda: marked(app), "sending the marks")
            other = next(number for number in app.marks() if number not in marked(app))
            desk.archive.library().items.edit([other], ItemEdit(read=True, starred=True), now=NOW)
            program.fetch()
            both = f"{messages} WHERE is_read AND is_important"
            shown.wait(lambda: len(program.query(both)) == 2, "showing the marks of others")

    or_skip(use)
    with app_on(desk) as app:
        assert len(marked(app)) == 2
        assert sum(read or starred for read, starred in app.marks().values()) == 2
        assert "3 unread articles" in unread_in_newsboat(app, tmp_path / "newsboat")


def test_liferea_subscribes_syncs_reads_and_stars(archive: Archive, tmp_path: Path) -> None:
    desk = filled(archive, tmp_path)

    def use() -> None:
        with (
            in_thread(serving(Shelf(answers={"/feed": ("application/rss+xml", FEED)}))) as site,
            app_on(desk) as app,
            screen(tmp_path / "screen", "liferea") as shown,
        ):
            program = Liferea(shown)
            program.start(address(app), "owner", app.secret)
            items = "SELECT description, read, marked FROM items"
            shown.wait(lambda: len(program.query(items)) == 5, "showing the articles")
            assert all(WHOLE in str(text) for text, _, _ in program.query(items))
            program.read_next()
            shown.wait(lambda: any(read for read, _ in app.marks().values()), "reading")
            program.star()
            shown.wait(lambda: marked(app), "starring")
            program.subscribe(f"{site.origin}/feed")
            shown.wait(lambda: len(program.query(items)) == 6, "showing the new feed's article")
        added = next(
            one for one in desk.archive.library().subscriptions.all() if one.feed.url == f"{site.origin}/feed"
        )
        assert added.title == "Added"

    or_skip(use)
    with app_on(desk) as app:
        assert len(marked(app)) == 1
        assert sum(read or starred for read, starred in app.marks().values()) == 1
        assert "5 unread articles" in unread_in_newsboat(app, tmp_path / "newsboat")
