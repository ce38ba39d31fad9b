"""Opening of new, old and newer archives, of other files, and in folders without write permission."""

import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from tests.archive.sample_feeds import NOW, URL, an_entry, save
from unabridged.archive import Archive, Query
from unabridged.archive.migrations.runner import prepare
from unabridged.archive.storage.engine import Database, database_address
from unabridged.archive.storage.tables import metadata
from unabridged.errors import ArchiveError, ArchiveLocked, ArchiveUnwritable, NotAnArchive, SchemaTooNew


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_the_migrations_make_exactly_the_schema(dsn: str) -> None:
    database = Database(dsn)
    prepare(database)
    with database.reading() as conn:
        own_sql = ("search_index", "unread_counts")  # which the migrations make for SQLite by SQL
        ours = {"include_name": lambda name, kind, _: kind != "table" or not name.startswith(own_sql)}
        difference = compare_metadata(MigrationContext.configure(conn, opts=ours), metadata)
    database.close()
    assert difference == []


def test_the_migrations_run_on_an_empty_postgresql(postgresql: str) -> None:
    with psycopg.connect(f"{postgresql}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE bare")
    with Archive(f"{postgresql}/bare") as archive:
        assert archive.library().counts().articles == 0


def test_an_archive_is_made_with_its_folders_and_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "archive.db"
    with Archive(str(path)) as archive:
        feed = archive.library().subscriptions.add(URL, now=NOW).feed
        save(archive, feed.id, an_entry(1))
    with Archive(f"sqlite:///{path}") as archive:
        assert archive.library().counts().articles == 1


def test_an_archive_in_memory_serves_for_trying_out() -> None:
    with Archive("sqlite://") as archive:
        archive.library().subscriptions.add(URL, now=NOW)
        assert len(archive.library().subscriptions.all()) == 1


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("These are my notes, which are no database at all. " * 50)
    with pytest.raises(NotAnArchive, match=r"notes\.db is no Unabridged archive"):
        Archive(str(path))
    assert path.read_text().startswith("These are my notes")


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE articles (id INTEGER)")
    connection.close()
    with pytest.raises(NotAnArchive, match="another program"):
        Archive(str(path))


def test_a_newer_schema_is_refused_with_what_to_do(dsn: str) -> None:
    Archive(dsn).close()
    database = Database(dsn)
    database.writing(lambda conn: conn.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    database.close()
    with pytest.raises(SchemaTooNew, match="Update Unabridged"):
        Archive(dsn)


def test_a_damaged_file_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive(str(path)) as archive:
        feed = archive.library().subscriptions.add(URL, now=NOW).feed
        save(archive, feed.id, *(an_entry(number) for number in range(200)))
    size = path.stat().st_size
    with path.open("r+b") as file:
        for place in range(8192, size, 4096):
            file.seek(place)
            file.write(b"\xff" * 2000)
    with pytest.raises(ArchiveError), Archive(str(path)) as damaged:
        tuple(damaged.library().articles.all(Query()))


def test_a_stored_text_that_fails_its_hash_is_a_clear_error(archive: Archive, dsn: str) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    [number] = save(archive, feed.id, an_entry(1)).new
    database = Database(dsn)
    database.writing(
        lambda conn: conn.execute(text("UPDATE revisions SET content_hash = :other"), {"other": b"\x00" * 32})
    )
    with pytest.raises(ArchiveError, match="fails its hash"):
        archive.library().articles.revision(number, 0)
    database.writing(
        lambda conn: conn.execute(text("UPDATE revisions SET record = :other"), {"other": b"x" * 40})
    )
    database.close()
    with pytest.raises(ArchiveError, match="damaged"):
        archive.library().articles.get(number)


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveUnwritable):
        Archive(str(tmp_path / "file" / "archive.db"))


def test_a_path_that_is_a_folder_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnwritable):
        Archive(str(tmp_path))


@pytest.mark.parametrize("dsn", ["mysql://x/y", "sqlite", "://"])
def test_addresses_are_read_or_refused(dsn: str) -> None:
    if "://" not in dsn:
        assert database_address(dsn).database == "sqlite"
    else:
        with pytest.raises(ArchiveError):
            database_address(dsn)


def test_a_driver_that_is_not_installed_is_named_with_how_to_add_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)  # as without the extra
    with pytest.raises(ArchiveError, match=r"psycopg.*uv tool install '\.\[postgresql\]'"):
        Database("postgresql://ada@127.0.0.1/news")


def test_an_address_may_say_how_long_it_waits_for_other_programs(tmp_path: Path) -> None:
    file = tmp_path / "archive.db"
    Archive(str(file)).close()
    with (
        closing(sqlite3.connect(file, isolation_level=None)) as holder,
        Archive(f"sqlite:///{file}?timeout=0.2") as one,
    ):
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(ArchiveLocked, match=r"longer than 0\.2 s"):
            one.library().subscriptions.add(URL, now=NOW)
    with pytest.raises(ArchiveError, match="not a number of seconds"):
        Archive(f"sqlite:///{file}?timeout=soon")


def test_a_server_that_is_not_there_is_a_clear_error() -> None:
    with pytest.raises(ArchiveError, match=r"127\.0\.0\.1") as caught:
        Archive("postgresql://owner:secret@127.0.0.1:1/none")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("rudely", [False, True])
def test_a_server_that_hangs_up_is_one_that_is_away(rudely: bool) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        hangs_up = threading.Thread(target=_hang_up, args=(listener, rudely), daemon=True)
        hangs_up.start()
        port = listener.getsockname()[1]
        with pytest.raises(ArchiveUnwritable, match="start the server, and try again"):
            Archive(f"postgresql://owner@127.0.0.1:{port}/none")
        hangs_up.join()


def _hang_up(listener: socket.socket, rudely: bool) -> None:
    caller, _ = listener.accept()
    with caller:
        caller.recv(1)
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", rudely, 0))


def _in_a_child(code: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


FILL = """
import resource, sys
from datetime import UTC, datetime
from unabridged.archive import Archive, Imported, Query
from unabridged.errors import ArchiveUnwritable
from unabridged.model import Article
import random
now = datetime(2024, 2, 1, tzinfo=UTC)
archive = Archive(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
saved = 0
noise = random.Random(1)
try:
    for number in range(10_000):
        text = " ".join(str(noise.random()) for _ in range(2000))
        article = Article(url=f"https://a.example/{number}", title=str(number), html=text, text=text)
        archive.library().imports.add(Imported(article=article, origin="jsonl", source="a"), now=now)
        saved += 1
except ArchiveUnwritable as error:
    library = archive.library()
    print(saved, library.counts().articles, len(library.articles.page(Query()).articles) > 0, error)
"""


def test_a_full_disk_refuses_the_save_loses_nothing_and_reading_goes_on(tmp_path: Path) -> None:
    done = _in_a_child(FILL, str(tmp_path / "archive.db"))

    assert done.returncode == 0, done.stderr
    saved, there, readable, *message = done.stdout.split()
    assert int(saved) > 2
    assert (saved, readable) == (there, "True")
    assert "disk" in " ".join(message)
    with Archive(str(tmp_path / "archive.db")) as archive:
        assert archive.library().counts().articles == int(saved)
        archive.library().subscriptions.add(URL, now=NOW)


READ_ONLY = """
import os, sys
from unabridged.archive import Archive
Archive("sqlite://").close()  # everything imported, before the rights to read it are given up
if os.geteuid() == 0:
    os.setresuid(65534, 65534, 65534)
Archive(sys.argv[1])
"""


def test_a_read_only_folder_is_a_clear_error(tmp_path: Path) -> None:
    folder = Path(tempfile.mkdtemp(prefix="unabridged-readonly-"))
    folder.chmod(0o555)
    try:
        done = _in_a_child(READ_ONLY, str(folder / "archive.db"))
    finally:
        folder.rmdir()
    assert "ArchiveUnwritable" in done.stderr
    assert "Check that its folder can be written" in done.stderr


def test_two_programs_make_one_new_archive(tmp_path: Path) -> None:
    path = str(tmp_path / "archive.db")
    code = "import sys; from unabridged.archive import Archive; Archive(sys.argv[1]).close()"
    children = [subprocess.Popen([sys.executable, "-c", code, path]) for _ in range(2)]
    assert [child.wait(timeout=120) for child in children] == [0, 0]


def test_what_one_opening_saved_the_other_reads(open_archive: Callable[[], Archive]) -> None:
    first, second = open_archive(), open_archive()
    feed = first.library().subscriptions.add(URL, now=NOW).feed
    save(first, feed.id, an_entry(1))
    assert second.library().counts().articles == 1
