"""Backups: one whole file, also while the archive is written, and what is no backup is refused."""

import sqlite3
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from tests.archive.maintenance.filled_archive import fill, prints
from unabridged.archive import Archive
from unabridged.archive.maintenance.backup import restore
from unabridged.errors import ArchiveError, ArchiveUnwritable, NotAnArchive, NotFound


def unwatched(_what: str, _done: int, _total: int) -> None:
    pass


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
