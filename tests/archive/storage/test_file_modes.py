"""Archives, their logs, backups and folders are private to their owner; a failed backup leaves no file."""

import os
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from unabridged.archive.facade.archive import Archive
from unabridged.archive.maintenance import backup
from unabridged.archive.maintenance.salvage import is_intact
from unabridged.archive.records.maintenance import unwatched
from unabridged.errors import ArchiveError, ArchiveUnwritable, NotAnArchive


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """Set a umask that lets everybody read and write new files."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def large(tmp_path: Path, empty_file: Path) -> Path:
    """An archive of about 6 MB, most of it noise."""
    folder = tmp_path / "large"
    folder.mkdir()
    path = folder / "archive.db"
    shutil.copy(empty_file, path)
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE noise (data BLOB)")
    connection.executemany("INSERT INTO noise VALUES (?)", [(os.urandom(1_000_000),) for _ in range(6)])
    connection.commit()
    connection.close()
    return path


def modes(folder: Path) -> dict[str, int]:
    return {str(one.relative_to(folder)): stat.S_IMODE(one.stat().st_mode) for one in folder.rglob("*")}


def test_archive_log_backup_and_their_folders_are_their_owners_alone(tmp_path: Path) -> None:
    with Archive(str(tmp_path / "new" / "deep" / "archive.db")) as archive:
        archive.library().counts()
        archive.maintenance.back_up(tmp_path / "backups" / "b.db")
        archive.maintenance.copy_to(str(tmp_path / "moved" / "m.db"))
        found = modes(tmp_path)
    backup.restore(tmp_path / "backups" / "b.db", str(tmp_path / "again" / "r.db"), unwatched)
    found |= modes(tmp_path)
    folders = {"new", "new/deep", "backups", "moved", "again"}
    assert "new/deep/archive.db-wal" in found
    assert {name: oct(mode) for name, mode in found.items() if name in folders} == dict.fromkeys(
        folders, "0o700"
    )
    assert {oct(mode) for name, mode in found.items() if name not in folders} == {"0o600"}


def test_there_is_no_moment_in_which_a_file_can_be_read_by_others(tmp_path: Path) -> None:
    code = """
import os, sys
from pathlib import Path
from unabridged.archive.facade.archive import Archive
os.umask(0)
root, seen = Path(sys.argv[1]), []
def watch(event, arguments):
    if event in ("open", "os.rename", "os.chmod", "sqlite3.connect"):
        seen.extend((str(one), oct(os.lstat(one).st_mode & 0o77)) for one in root.rglob("*"))
sys.addaudithook(watch)
with Archive(str(root / "x" / "archive.db")) as archive:
    archive.library().counts()
    archive.maintenance.back_up(root / "y" / "b.db")
bad = {one for one in seen if one[1] != "0o0"}
assert seen and not bad, bad
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_an_older_archive_is_closed_to_others_once_with_a_note_and_its_folder_is_left(
    tmp_path: Path, empty_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "archive.db"
    shutil.copy(empty_file, path)
    path.chmod(0o644)
    tmp_path.chmod(0o755)
    for _ in range(2):
        with Archive(str(path)) as archive:
            archive.library().counts()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert caplog.text.count("could be read by other users") == 1


def test_closing_a_file_to_others_keeps_the_locks_of_an_archive_that_is_open(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive(str(path)) as first:
        first.library().counts()
        path.chmod(0o644)
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with Archive(str(path)) as second:
            second.library().counts()
        code = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
        done = subprocess.run(
            [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False
        )
        holder.close()
    assert "database is locked" in done.stderr


@pytest.mark.parametrize("name", ["archive.db-wal", "archive.db-shm", "archive.db-journal"])
def test_a_link_in_the_place_of_a_log_is_not_written_through(tmp_path: Path, name: str) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / name).symlink_to(victim)
    try:
        with Archive(str(folder / "archive.db")) as archive:
            archive.library().counts()
    except ArchiveError:
        pass
    assert victim.read_bytes() == b"precious"


@pytest.mark.parametrize("name", ["b.db", ".b.db.unabridged.part", "b.db.part"])
def test_a_backup_is_not_written_through_a_link(tmp_path: Path, large: Path, name: str) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"")
    folder = tmp_path / "shared"
    folder.mkdir()
    (folder / name).symlink_to(victim)
    with Archive(str(large)) as archive:
        archive.maintenance.back_up(folder / "b.db", replace=True)
    assert victim.read_bytes() == b""
    assert is_intact(folder / "b.db")
    assert not (folder / "b.db").is_symlink()


# Full disks


def test_the_room_is_asked_for_before_anything_is_written(
    large: Path, make_disk: Callable[[str], Path]
) -> None:
    disk = make_disk("2m")
    with Archive(str(large)) as archive:
        for attempt in (
            lambda: archive.maintenance.back_up(disk / "b.db"),
            lambda: archive.maintenance.copy_to(str(disk / "m.db")),
        ):
            with pytest.raises(
                ArchiveUnwritable, match=r"needs [67]\.\d MB, and its disk has 2\.1 MB free"
            ) as caught:
                attempt()
            assert "Free some space" in str(caught.value)
    with pytest.raises(ArchiveUnwritable, match="needs"):
        backup.restore(large, str(disk / "r.db"), unwatched)
    assert list(disk.iterdir()) == []


@pytest.mark.parametrize("kept", [b"", b"the older one"])
def test_a_disk_that_fills_up_meanwhile_leaves_nothing_and_the_older_one(
    large: Path, make_disk: Callable[[str], Path], kept: bytes
) -> None:
    disk = make_disk("8m")
    if kept:
        (disk / "b.db").write_bytes(kept)
    before = sorted(one.name for one in disk.iterdir())

    def fill(_what: str, _done: int, _total: int) -> None:
        with (disk / "other").open("ab") as other:
            os.posix_fallocate(other.fileno(), 0, 3_000_000)

    with Archive(str(large)) as archive, pytest.raises(ArchiveUnwritable):
        archive.maintenance.back_up(disk / "b.db", replace=True, watch=fill)

    (disk / "other").unlink(missing_ok=True)
    assert sorted(one.name for one in disk.iterdir()) == before
    assert not kept or (disk / "b.db").read_bytes() == kept


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, RuntimeError])
@pytest.mark.parametrize("what", ["backup", "copy", "restore"])
def test_an_end_in_the_middle_leaves_nothing(tmp_path: Path, large: Path, error: type, what: str) -> None:
    folder = tmp_path / "to"

    def end(*_progress: object) -> None:
        raise error

    with Archive(str(large)) as archive, pytest.raises(error):
        match what:
            case "backup":
                archive.maintenance.back_up(folder / "b.db", watch=end)
            case "copy":
                archive.maintenance.copy_to(str(folder / "b.db"), watch=end)
            case "restore":
                backup.restore(large, str(folder / "b.db"), end)
    assert not folder.exists() or list(folder.iterdir()) == []


def test_a_file_that_is_no_backup_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "no.db").write_bytes(b"no database" * 1000)
    folder = tmp_path / "to"
    folder.mkdir()
    with pytest.raises(NotAnArchive):
        backup.restore(tmp_path / "no.db", str(folder / "b.db"), unwatched)
    assert list(folder.iterdir()) == []


SLOW = """
import os, signal, sys
import unabridged.archive.maintenance.backup as backups
backups.PAGES = 50
from unabridged.cli.support.progress import ProgressBar
before = ProgressBar.watch
def watch(self, *progress):
    before(self, *progress)
    os.kill(os.getpid(), int(os.environ["ENDED_BY"]))
ProgressBar.watch = watch
from unabridged.cli.app import main
sys.argv[0] = "unabridged"
main()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_a_signal_in_the_middle_of_a_backup_leaves_nothing_at_the_latest_after_the_next(
    tmp_path: Path, large: Path, number: signal.Signals
) -> None:
    folder = tmp_path / "to"
    folder.mkdir()
    command = [sys.executable, "-c", SLOW, "-d", str(large), "backup", str(folder / "monday.db")]
    done = subprocess.run(
        command,
        env=os.environ | {"ENDED_BY": str(int(number))},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode in (-number, 130 if number == signal.SIGINT else -number), done.stderr
    left = [one.name for one in folder.iterdir()]
    assert left == ([".monday.db.unabridged.part"] if number == signal.SIGKILL else [])

    with Archive(str(large)) as archive:
        archive.maintenance.back_up(folder / "tuesday.db")

    assert [one.name for one in folder.iterdir()] == ["tuesday.db"]


def test_a_limit_on_the_size_of_files_is_a_clear_error(tmp_path: Path, large: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    (tmp_path / "to").mkdir()
    with Archive(str(large)) as archive:
        archive.library().counts()
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
        try:
            with pytest.raises(ArchiveUnwritable, match=r"b\.db cannot be written"):
                archive.maintenance.back_up(tmp_path / "to" / "b.db")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, old)
    assert list((tmp_path / "to").iterdir()) == []
