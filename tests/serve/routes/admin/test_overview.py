"""The page for administrators: real figures, backups that are checked, for administrators alone."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

import tests.archive.conftest as both
from tests.serve.running_app import HTML, NOW, Desk, make_article, running, settings_in, wait_until
from unabridged.archive.facade.archive import Archive
from unabridged.archive.facade.database import restore
from unabridged.archive.records.accounts import FRESH, Device
from unabridged.archive.records.core import Failure
from unabridged.archive.records.polling import PollOutcome
from unabridged.serve.authentication import PLAIN_COOKIE
from unabridged.serve.routes.admin.runs import list_backups

archive, dsn = both.archive, both.dsn
open_archive, postgresql = both.open_archive, both.postgresql
"""Fixtures: an archive on SQLite and on PostgreSQL."""


@dataclass
class Stage:
    """The app with a login. now: its clock."""

    desk: Desk
    open: Callable[[str], httpx.Client]
    folder: Path
    now: datetime = NOW


@pytest.fixture
def stage(archive: Archive, tmp_path: Path) -> Iterator[Stage]:
    settings = settings_in(tmp_path / "home")
    settings = replace(settings, serve=replace(settings.serve, login="always"))
    desk = Desk(archive=archive, settings=settings)
    desk.subscribe([make_article(0), make_article(1)])
    archive.accounts.add("Ada", "admin", now=NOW)
    archive.accounts.add("Bo", now=NOW)
    with ExitStack() as stack:

        def start(name: str) -> httpx.Client:
            made_at = archive.accounts.open_session(
                archive.accounts.find(name).id, Device(agent="x"), now=made.now
            )
            headers = {"Accept": HTML, "Cookie": f"{PLAIN_COOKIE}={made_at.secret}"}
            return stack.enter_context(httpx.Client(base_url=address, headers=headers, timeout=120))

        made = Stage(desk, start, tmp_path / "home" / "backups")
        address = stack.enter_context(running(desk, settings, clock=lambda: made.now))
        yield made


def post(client: httpx.Client, path: str, **form: str) -> httpx.Response:
    token = client.get("/admin").text.split('name="csrf-token" content="')[1].split('"')[0]
    return client.post(path, data={"csrf": token} | form)


def ended(client: httpx.Client) -> None:
    wait_until(lambda: client.get("/admin/run").json()["running"] is False)


def test_the_page_shows_what_there_is(stage: Stage, dsn: str) -> None:
    stage.desk.fail(stage.desk.articles[0], "https://news.example/secret-token says 500.", NOW)
    page = stage.open("Ada").get("/admin").text
    for words in ("Storage", "Raw pages", "Growth", "Work in progress", "Backups", "Versions"):
        assert words in page, words
    is_sqlite = dsn.startswith("sqlite")
    assert ("On SQLite one process does everything" in page) == is_sqlite
    assert ("No worker has used this database yet" in page) != is_sqlite
    assert "news.example</b>" in page and "1 page</b>" in page, "a failure, by its host"
    assert "accounts, postgresql" in page and "was not checked from here yet" in page
    assert '<rect class="whole"' in page, "today's growth"


def test_a_backup_is_written_checked_downloaded_restored_and_removed(stage: Stage, tmp_path: Path) -> None:
    ada = stage.open("Ada")
    assert ada.get("/admin/run").json() == {"running": False}
    assert post(ada, "/admin/backup").status_code == 303
    ended(ada)
    [made] = list_backups(stage.folder)
    assert (made.name, made.broken) == (f"unabridged-{NOW:%Y%m%d-%H%M%S}.sqlite", 0)
    assert (stage.folder / made.name).stat().st_mode & 0o077 == 0
    page = ada.get("/admin").text
    assert "checked, complete" in page and "is written" in page
    answer = ada.get(f"/admin/backups/{made.name}")
    assert answer.headers["content-disposition"] == f'attachment; filename="{made.name}"'
    assert answer.headers["cache-control"] == "no-store"
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes(answer.content)
    restored = f"sqlite:///{tmp_path / 'restored.sqlite'}"
    assert restore(copy, restored).broken == 0
    with Archive(restored) as again:
        assert again.library().counts().articles == 2
    assert post(ada, f"/admin/backups/{made.name}/remove").status_code == 303
    assert list(stage.folder.iterdir()) == []


def test_who_logged_in_long_ago_has_to_do_it_again_for_a_backup(stage: Stage) -> None:
    ada = stage.open("Ada")
    post(ada, "/admin/backup")
    ended(ada)
    [made] = list_backups(stage.folder)
    stage.now = NOW + FRESH + timedelta(seconds=1)
    refused = ada.get(f"/admin/backups/{made.name}")
    assert refused.status_code == 403 and "Log in again" in refused.text
    assert post(ada, f"/admin/backups/{made.name}/remove").status_code == 403
    page = ada.get("/admin").text
    assert "Log in again" in page and "Download" not in page
    token = stage.desk.archive.library(stage.desk.archive.accounts.find("Ada").id).tokens.add(
        "a program", "write", now=NOW
    )
    headers = {"Authorization": f"Bearer {token.secret}"}
    assert httpx.get(f"{ada.base_url}/admin/backups/{made.name}", headers=headers).status_code == 403
    assert stage.open("Ada").get(f"/admin/backups/{made.name}").status_code == 200
    assert len(list_backups(stage.folder)) == 1


def test_nobody_but_administrators_gets_in(stage: Stage) -> None:
    ada, bo = stage.open("Ada"), stage.open("Bo")
    post(ada, "/admin/backup")
    ended(ada)
    [made] = list_backups(stage.folder)
    for path in ("/admin", "/admin/run", f"/admin/backups/{made.name}"):
        assert bo.get(path).status_code == 403, path
    csrf = bo.get("/account").text.split('name="csrf-token" content="')[1].split('"')[0]
    for path in ("/admin/backup", "/admin/check", f"/admin/backups/{made.name}/remove"):
        assert bo.post(path, data={"csrf": csrf}).status_code == 403, path
    assert "/admin" not in bo.get("/account").text and "/admin" in ada.get("/account").text


def test_only_backups_can_be_had_by_their_names(stage: Stage) -> None:
    stage.folder.mkdir(parents=True)
    (stage.folder / "notes.txt").write_text("hush")
    ada = stage.open("Ada")
    for name in ("notes.txt", "..%2farchive.sqlite", "unabridged-20260101-000000.sqlite", "x" * 300):
        answer = ada.get(f"/admin/backups/{name}")
        assert answer.status_code == 404 and "hush" not in answer.text, name


def test_a_check_finds_damage_and_says_so(stage: Stage) -> None:
    ada = stage.open("Ada")
    post(ada, "/admin/check")
    ended(ada)
    assert "everything is as it was stored" in ada.get("/admin").text
    stage.desk.archive._db.writing(
        lambda conn: conn.exec_driver_sql("UPDATE revisions SET content_hash = record")
    )
    post(ada, "/admin/check")
    ended(ada)
    page = ada.get("/admin").text
    assert "damaged part" in page and "Restore a backup" in page


def test_a_backup_that_cannot_be_written_is_told_in_words(stage: Stage) -> None:
    stage.folder.parent.mkdir(parents=True, exist_ok=True)
    stage.folder.write_text("a file in the place of the folder")
    ada = stage.open("Ada")
    post(ada, "/admin/backup")
    ended(ada)
    page = ada.get("/admin").text
    assert "The backup failed." in page and "Traceback" not in page


def test_a_damaged_backup_is_marked(stage: Stage) -> None:
    ada = stage.open("Ada")
    stage.desk.archive._db.writing(
        lambda conn: conn.exec_driver_sql("UPDATE revisions SET content_hash = record")
    )
    post(ada, "/admin/backup")
    ended(ada)
    [made] = list_backups(stage.folder)
    assert made.broken is not None and made.broken > 0
    assert "damaged" in ada.get("/admin").text
    with sqlite3.connect(stage.folder / made.name) as copy:
        assert copy.execute("SELECT count(*) FROM articles").fetchone() == (2,)


def test_failures_of_feeds_show_no_secret_of_their_addresses(stage: Stage) -> None:
    secret = "https://private.example/feed?key=hunter2"
    feed = stage.desk.archive.library().subscriptions.add(secret, now=NOW).feed
    failing = Failure(kind="status", message=f"{secret} answered 500. See {secret}&x=hunter2.")
    outcome = PollOutcome(polled=NOW, next_poll_at=NOW + FRESH, failure=failing)
    stage.desk.archive.schedule.record_poll(feed.id, outcome)
    page = stage.open("Ada").get("/admin").text
    assert "private.example</b>" in page and "1 feed</b>" in page and "hunter2" not in page
    assert "private.example answered 500. See private.example." in page
