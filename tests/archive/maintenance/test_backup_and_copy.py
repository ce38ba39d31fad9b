"""Integrity checks, backups, copies to another database, sizes."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, text

from tests.archive.sample_feeds import NOW, URL, a_page, an_article, an_entry, save
from unabridged.archive import Archive, Query
from unabridged.archive.maintenance import verify
from unabridged.archive.maintenance.backup import restore
from unabridged.archive.maintenance.copy_archive import copy_archive, fingerprint, tables
from unabridged.archive.migrations.runner import prepare
from unabridged.archive.records.maintenance import Fingerprint
from unabridged.archive.search_index.consistency import index_problem
from unabridged.archive.storage.engine import Database
from unabridged.errors import ArchiveError, ArchiveUnwritable, NotAnArchive, NotFound

_names = count()


def unwatched(_what: str, _done: int, _total: int) -> None:
    pass


def fill(archive: Archive, start: int = 0, articles: int = 7) -> None:
    """Articles with raw pages of one site, versions, a subscription, a deleted article."""
    feed = archive.library().subscriptions.add(URL, now=NOW, folder="World").feed
    numbers = save(archive, feed.id, *(an_entry(start + place) for place in range(articles))).new
    for place, number in enumerate(numbers):
        url = f"https://news.example/{start + place}"
        for version in range(2):
            words = f"Text of story {start + place}, version {version}. " * 20
            page = a_page(url, b"<html>frame</html>" * 30 + words.encode(), NOW)
            archive.ingest.save_page(number, an_article(url, text=words), page, now=NOW)
    archive.library().marks.set_starred(numbers[:2], True, now=NOW)
    archive.library().articles.delete(numbers[-1])


def prints(dsn: str) -> dict[str, Fingerprint]:
    database = Database(dsn)
    with database.reading() as conn:
        found = {table.name: fingerprint(conn, table) for table in tables()}
    database.close()
    return found


@pytest.fixture
def other_dsn(tmp_path: Path, postgresql: str) -> Iterator[Callable[[str], str]]:
    """Return a function that makes empty databases of either kind."""
    made: list[str] = []

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / f'other{next(_names)}.db'}"
        made.append(f"other_{next(_names)}")
        with psycopg.connect(f"{postgresql}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {made[-1]}")
        return f"{postgresql}/{made[-1]}"

    yield make
    with psycopg.connect(f"{postgresql}/postgres", autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP DATABASE {name}")


def test_a_sound_archive_verifies_and_every_kind_is_counted(archive: Archive) -> None:
    fill(archive)
    stages: set[str] = set()

    found = archive.maintenance.verify(watch=lambda what, _done, _total: stages.add(what))

    assert found.problems == ()
    assert found.counts["revisions"] == 6 * 3
    assert found.counts["snapshots"] == 6 * 2
    assert found.counts["dictionaries"] >= 1
    assert {"versions", "raw pages", "references"} <= stages


BREAKS = {
    "revision": "UPDATE revisions SET content_hash = :zero WHERE article_id = 3 AND number = 1",
    "snapshot": "UPDATE snapshots SET body = :zero WHERE dictionary_id IS NULL",
    "dictionary": "UPDATE dictionaries SET hash = :zero",
    "reference": "UPDATE articles SET revision = 9 WHERE id = 4",
    "search": "DELETE FROM search_docs WHERE article_id = 2",
}


def test_what_is_broken_is_named_and_the_rest_is_checked(archive: Archive, dsn: str) -> None:
    fill(archive)
    database = Database(dsn)
    for statement in BREAKS.values():
        values = {"zero": bytes(32)} if ":zero" in statement else {}
        database.writing(partial(Connection.execute, statement=text(statement), parameters=values))
    database.close()

    found = archive.maintenance.verify()

    assert {problem.kind for problem in found.problems} == set(BREAKS)
    assert found.counts["revisions"] == 18
    assert found.broken == len(found.problems)


def test_a_row_that_refers_to_nothing_is_found(tmp_path: Path) -> None:
    with Archive(str(tmp_path / "a.db")) as archive:
        fill(archive)
        raw = sqlite3.connect(tmp_path / "a.db")
        raw.execute("DELETE FROM articles WHERE id = 2")  # foreign keys are off in this connection
        raw.commit()
        raw.close()
        found = archive.maintenance.verify()
    assert any("revisions.article_id" in problem.what for problem in found.problems)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_archive_moves_to_another_database_row_for_row(
    archive: Archive, dsn: str, other_dsn: Callable[[str], str], kind: str
) -> None:
    fill(archive)
    target = other_dsn(kind)

    copied = archive.maintenance.copy_to(target)

    assert prints(target) == prints(dsn) == copied.tables
    assert not copied.late
    with Archive(target) as moved:
        assert moved.maintenance.verify().problems == ()
        last = max(one.id for one in archive.library().articles.all(Query()))
        feed = moved.library().subscriptions.add("https://more.example/feed", now=NOW).feed
        [number] = save(moved, feed.id, an_entry(500, url="https://more.example/500")).new
        assert number > last + 1  # the erased article's number is not given again
        with pytest.raises(ArchiveError, match="holds an archive already"):
            archive.maintenance.copy_to(target)
        assert moved.library().articles.get(number).id == number


def test_what_is_saved_while_it_is_looked_at_is_no_problem(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    first, second, third = save(archive, feed.id, *(an_entry(number) for number in range(3))).new
    look = index_problem
    before: list[Callable[[], object]] = [
        lambda: archive.library().articles.delete(second),
        lambda: archive.ingest.save_page(first, an_article("https://news.example/0"), a_page("x"), now=NOW),
    ]

    def look_later(conn: Connection, row: Any) -> str | None:
        if before:
            before.pop()()
        return look(conn, row)

    monkeypatch.setattr(verify, "index_problem", look_later)
    found = archive.maintenance.verify()
    assert (found.problems, found.counts["indexed"], before) == ((), 3, [])
    assert archive.library().articles.get(third).revision == 0


def test_a_copy_that_fails_half_way_leaves_the_target_empty(
    archive: Archive, dsn: str, other_dsn: Callable[[str], str]
) -> None:
    fill(archive)
    target = Database(other_dsn("postgresql"))
    prepare(target)

    def stop(what: str, done: int, _total: int) -> None:
        if what == "revisions" and done:
            raise KeyboardInterrupt

    source = Database(dsn)
    with pytest.raises(KeyboardInterrupt):
        copy_archive(source, target, stop)
    source.close()
    address = target.url.render_as_string(hide_password=False)
    target.close()
    assert archive.maintenance.copy_to(address).tables == prints(dsn)


def test_a_backup_is_one_file_equal_to_the_archive_and_restores_into_either_database(
    archive: Archive, dsn: str, tmp_path: Path, other_dsn: Callable[[str], str]
) -> None:
    fill(archive)
    file = tmp_path / "backup.db"

    assert archive.maintenance.back_up(file) == file.stat().st_size

    assert [path.name for path in tmp_path.glob("backup*")] == ["backup.db"]
    for kind in ("sqlite", "postgresql"):
        target = other_dsn(kind)
        assert restore(file, target, unwatched).problems == ()
        assert prints(target) == prints(dsn)
        with pytest.raises(ArchiveError, match="holds an archive already"):
            restore(file, target, unwatched)
    with pytest.raises(ArchiveUnwritable, match="exists already"):
        archive.maintenance.back_up(file)
    archive.maintenance.back_up(file, replace=True)


def backups_while_written(archive: Archive, writer: Archive, folder: Path, rounds: int) -> None:
    """Backups while another thread writes: each is a complete snapshot."""
    done = threading.Event()

    def write() -> None:
        for start in count(1000, 100):
            fill(writer, start, 3)
            if done.is_set():
                return

    fill(archive)
    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(rounds):
            archive.maintenance.back_up(folder / f"{number}.db")
    finally:
        done.set()
        thread.join()
    for number in range(rounds):
        target = f"sqlite:///{folder / f'restored{number}.db'}"
        assert restore(folder / f"{number}.db", target, unwatched).problems == ()
        with Archive(target) as restored:
            assert restored.library().counts().articles >= 6
        restored_prints, file_prints = prints(target), prints(f"sqlite:///{folder / f'{number}.db'}")
        assert restored_prints == file_prints


def test_backups_while_written_are_whole(
    archive: Archive, open_archive: Callable[[], Archive], tmp_path: Path
) -> None:
    backups_while_written(archive, open_archive(), tmp_path, 2)


@pytest.mark.long
def test_twenty_backups_while_written_are_whole(
    archive: Archive, open_archive: Callable[[], Archive], tmp_path: Path
) -> None:
    backups_while_written(archive, open_archive(), tmp_path, 20)


def test_a_damaged_backup_is_refused_and_what_is_readable_can_be_had(tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    with Archive(str(tmp_path / "a.db")) as archive:
        fill(archive)
        archive.maintenance.back_up(file)
    raw = sqlite3.connect(file)
    raw.execute("UPDATE snapshots SET body = zeroblob(10) WHERE hash = (SELECT min(hash) FROM snapshots)")
    raw.commit()
    raw.close()
    target = str(tmp_path / "new.db")

    with pytest.raises(ArchiveError, match=r"is damaged in .* Nothing was restored"):
        restore(file, target, unwatched)
    assert not Path(target).exists()

    assert restore(file, target, unwatched, damaged=True).broken >= 1
    with Archive(target) as archive:
        assert archive.library().counts().articles == 6


@pytest.mark.parametrize("content", [b"", b"my notes " * 1000])
def test_a_file_that_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "notes.txt"
    with pytest.raises(NotFound):
        restore(file, str(tmp_path / "new.db"), unwatched)
    file.write_bytes(content)
    with pytest.raises(NotAnArchive, match="is no backup"):
        restore(file, str(tmp_path / "new.db"), unwatched)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt"]


def test_sizes_add_up(archive: Archive) -> None:
    fill(archive)
    sizes = archive.maintenance.sizes()
    parts = {part.name: part for part in sizes.parts}
    assert parts["articles"].count == 6
    assert parts["versions"].count == 18
    assert parts["raw pages"].raw is not None
    assert 0 < parts["raw pages"].stored < parts["raw pages"].raw
    assert sum(part.stored for part in sizes.parts) < sizes.total
    assert [(site.site, site.pages) for site in sizes.sites] == [("news.example", 12)]
