"""Backup of an archive into one file while it is in use, checked restore, copy to another database."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from unabridged.archive.maintenance.copy_archive import copy_archive, is_empty, tables
from unabridged.archive.maintenance.salvage import add_placeholder_versions, is_intact, salvage
from unabridged.archive.maintenance.verify import verify
from unabridged.archive.migrations.runner import has_archive, prepare
from unabridged.archive.records.maintenance import Copied, Problem, Verified, Watch
from unabridged.archive.search_index.rebuild import index_all
from unabridged.archive.search_index.writer import start_over
from unabridged.archive.storage.engine import Database
from unabridged.atomic_files import Folder, free_bytes
from unabridged.errors import ArchiveError, ArchiveUnwritable, NotAnArchive, NotFound

PAGES = 2000
"""Database pages per step: 8 MB between two reports of progress."""


def back_up(db: Database, file: Path, watch: Watch, *, replace: bool = False) -> int:
    """Write a snapshot of the archive into one SQLite file; returns its size in bytes.

    Others can read and write meanwhile. The file appears complete or not at all: it is written beside its
    place and moved there when it is on the disk. Raises ArchiveUnwritable.
    """
    if file.exists() and not replace:
        raise ArchiveUnwritable(f"{file} exists already. Name another file, or allow --replace.")
    if db.on_sqlite and db.url.database and file.absolute() == Path(db.url.database).absolute():
        raise ArchiveUnwritable(f"{file} is the archive itself. Name another file.")
    with disk_errors(file):
        check_free_space(file, size_of(db))
        with Folder.at(file.parent, private=True) as folder, folder.staged_path(file.name) as part:
            if db.on_sqlite and db.url.database:
                _copy_file(db.url.database, part, watch)
            else:
                _copy_rows(db, part, watch)
            return part.stat().st_size


def _copy_file(source: str, part: Path, watch: Watch) -> None:
    """Copy with SQLite's backup API; the open read transaction holds the snapshot."""
    with closing(_connect(Path(source), "rw")) as here, closing(sqlite3.connect(part)) as there:
        here.execute("BEGIN")
        here.execute("SELECT count(*) FROM sqlite_master").fetchone()

        def report(_status: int, remaining: int, total: int) -> None:
            watch("copying", total - remaining, total)

        here.backup(there, pages=PAGES, progress=report)
        here.execute("COMMIT")
        _make_single(there)


def _copy_rows(db: Database, part: Path, watch: Watch) -> None:
    with closing(Database(str(part))) as target:
        prepare(target)
        copy_archive(db, target, watch)
    make_single(part)


def make_single(file: Path) -> None:
    """Turn a closed archive into a single file, without a log beside it."""
    with closing(sqlite3.connect(file)) as there:
        _make_single(there)


def size_of(db: Database) -> int:
    """Return the smallest size in bytes of a copy of an archive, as reported by its database."""
    with db.reading() as conn:
        if db.on_sqlite:
            return int(
                conn.execute(text("PRAGMA page_count")).scalar_one()
                * conn.execute(text("PRAGMA page_size")).scalar_one()
            )
        return sum(
            int(conn.execute(text("SELECT pg_relation_size(:name)"), {"name": table.name}).scalar_one())
            for table in tables()
        )


def check_free_space(file: Path, needed: int) -> None:
    """Raise ArchiveUnwritable if the disk of a file has fewer free bytes than needed."""
    free = free_bytes(file)
    if needed > free:
        raise ArchiveUnwritable(
            f"{file} needs {_megabytes(needed)}, and its disk has {_megabytes(free)} free. "
            "Nothing was written. Free some space there (older backups?), or name a file on another disk."
        )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _make_single(connection: sqlite3.Connection) -> None:
    """Switch to a journal mode without a log file beside the database."""
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=DELETE").fetchone()


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=20)


@contextmanager
def disk_errors(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as exc:
        raise ArchiveUnwritable(f"{file} cannot be written: {exc}. Is the disk full?") from exc
    except BlockingIOError as exc:
        raise ArchiveUnwritable(f"Another run is writing {file}. Wait for it, or name another file.") from exc
    except OSError as exc:
        raise ArchiveUnwritable(f"{file} cannot be written: {exc.strerror}.") from exc


def check_backup(file: Path, watch: Watch) -> Verified:
    """Verify a backup that this program wrote. Raises ArchiveError."""
    try:
        with closing(Database(str(file))) as copy:
            return verify(copy, watch)
    finally:
        with disk_errors(file):
            make_single(file)


# Restoring


def restore(file: Path, db_address: str, watch: Watch, *, damaged: bool = False) -> Verified:
    """Restore a backup into a new or empty archive, after checking all of it; returns what the check found.

    The file is not changed: a copy of it is upgraded and checked. damaged: restore what can be read
    although the check found damage. Raises NotFound, NotAnArchive, ArchiveError.
    """
    if not file.is_file():
        raise NotFound(f"There is no file {file}.")
    with closing(Database(db_address)) as target:
        beside = Path(target.url.database or "restored") if target.on_sqlite else file
        new = target.on_sqlite and not beside.exists()
        with disk_errors(beside):
            check_free_space(beside, file.stat().st_size * (1 if new or not target.on_sqlite else 2))
            with Folder.at(beside.parent, private=True) as folder, folder.staged_path(beside.name) as part:
                found = _checked_copy(file, part, watch, damaged=damaged)
                if not new:
                    _fill(part, target, watch)
                    part.unlink()
    return found


def _checked_copy(file: Path, part: Path, watch: Watch, *, damaged: bool) -> Verified:
    _read_backup(file, part, watch)
    lost = _salvaged(file, part, watch) if damaged and not is_intact(part) else ()
    with closing(Database(str(part))) as copy:
        if not has_archive(copy):
            raise _not_a_backup(file)
        prepare(copy)
        if lost and (count := add_placeholder_versions(copy, datetime.now(UTC))):
            why = f"{count:,} lost every version; `unabridged poll` fetches their pages again"
            lost += (Problem(kind="file", what="articles", why=why),)
        index_all(copy, watch)
        found = verify(copy, watch)
        if any(problem.kind == "search" for problem in found.problems):
            copy.writing(start_over)  # the index is derived from the texts, so it is rebuilt
            index_all(copy, watch)
            found = verify(copy, watch)
    if found.unchecked:  # for example, a full disk
        raise ArchiveUnwritable(f"{file} could not be checked: {found.unchecked[0]} Nothing was restored.")
    found = replace(found, problems=(*lost, *found.problems), broken=found.broken + len(lost))
    if found.broken and not damaged:
        first = found.problems[0]
        raise ArchiveError(
            f"{file} is damaged in {found.broken} places, first: {first.what}: {first.why} "
            "Nothing was restored. Use another backup, or restore what can be read with --damaged."
        )
    make_single(part)
    return found


def _salvaged(file: Path, part: Path, watch: Watch) -> tuple[Problem, ...]:
    """Replace a damaged copy by its readable rows; returns the tables with gaps."""
    try:
        with Folder.at(part.parent) as folder, folder.staged_path(part.name) as repaired:
            result = salvage(part, repaired, watch)
    except sqlite3.DatabaseError as exc:
        raise ArchiveError(
            f"{file} is damaged where it lists its tables ({exc}); nothing can be read. Use another backup."
        ) from exc
    return tuple(
        Problem(kind="file", what=table, why=f"{result.rows[table]:,} rows read; others are unreadable")
        for table in result.gaps
    )


def _read_backup(file: Path, part: Path, watch: Watch) -> None:
    """Copy the file's pages. Raises NotAnArchive if it is not a database."""
    try:
        with closing(_connect(file, "ro")) as here, closing(sqlite3.connect(part)) as there:
            here.backup(
                there, pages=PAGES, progress=lambda _, left, total: watch("reading", total - left, total)
            )
    except sqlite3.DatabaseError as exc:
        if "not a database" in str(exc):
            raise _not_a_backup(file) from exc
        raise


def _not_a_backup(file: Path) -> NotAnArchive:
    return NotAnArchive(f"{file} is no backup of an Unabridged archive. Name another file.")


def _fill(part: Path, target: Database, watch: Watch) -> None:
    prepare(target)
    with target.reading() as conn:
        if not is_empty(conn):
            raise ArchiveError(
                f"{target.where} holds an archive already; nothing was restored. Move it away first, or "
                "restore into another place: unabridged --database FILE restore …"
            )
    with closing(Database(str(part))) as source:
        copy_archive(source, target, watch)
    index_all(target, watch)


# Copying to another database


def copy_to(db: Database, address: str, watch: Watch) -> Copied:
    """Copy everything into an empty database at another address, in one transaction, checked by hashes.

    A new SQLite file appears complete or not at all. Raises ArchiveError if the target is not empty; then
    nothing is changed there.
    """
    with closing(Database(address)) as target:
        file = Path(target.url.database or "") if target.on_sqlite else None
        if file is None or not file.name or file.exists():
            return _copied(db, target, watch)
    with disk_errors(file):
        check_free_space(file, size_of(db))
        with Folder.at(file.parent, private=True) as folder, folder.staged_path(file.name) as part:
            with closing(Database(str(part))) as target:
                copied = _copied(db, target, watch)
            make_single(part)
    return copied


def _copied(db: Database, target: Database, watch: Watch) -> Copied:
    prepare(target)
    copied = copy_archive(db, target, watch)
    index_all(target, watch)
    return copied
