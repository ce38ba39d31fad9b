"""Long work that administrators start: backups and checks, one at a time, in the background."""

import asyncio
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from unabridged.archive.facade.archive import Archive
from unabridged.archive.facade.database import check_backup
from unabridged.archive.records.maintenance import Watch
from unabridged.atomic_files import Folder
from unabridged.config import Settings
from unabridged.errors import ArchiveError, InvalidValue, NotFound
from unabridged.serve.languages.messages import gettext, later
from unabridged.serve.views.admin import BackupFile, Measured, Run, RunKind

BUSY = later("A backup or a check is going on. Wait for its end.")
UNFINISHED = "It did not come to its end. The program's log says why."
_NAME = re.compile(r"unabridged-\d{8}-\d{6}\.sqlite")
_MARK = ".checked"


class Stopped(Exception):
    """The program ends while a backup or a check goes on."""


@dataclass(slots=True)
class AdminState:
    """Facts for administrators that are in no database. polls: this process polls the feeds itself.

    run: the present or last backup or check. measured: the last measurement of sizes.
    """

    polls: bool = False
    run: Run | None = None
    measured: Measured | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, kind: RunKind, now: datetime) -> Run:
        """Begin a run. Raises InvalidValue while another one goes on."""
        with self.lock:
            if self.run is not None and self.run.is_running:
                raise InvalidValue(gettext(BUSY))
            self.run = Run(kind, now)
            return self.run


def backup_folder(settings: Settings) -> Path:
    """Return the folder of the backups that the reader makes."""
    chosen = settings.archive.backups
    return Path(chosen).expanduser() if chosen else settings.home / "backups"


def list_backups(folder: Path) -> tuple[BackupFile, ...]:
    """Return the backups in a folder, the newest first."""
    if not folder.is_dir():
        return ()
    names = sorted((path for path in folder.iterdir() if _NAME.fullmatch(path.name)), reverse=True)
    return tuple(_backup(path) for path in names if path.is_file())


def _backup(path: Path) -> BackupFile:
    mark = path.with_name(path.name + _MARK)
    told = mark.read_text(encoding="ascii", errors="replace").strip() if mark.is_file() else ""
    made = datetime.strptime(path.name, "unabridged-%Y%m%d-%H%M%S.sqlite").replace(tzinfo=UTC)
    broken = int(told) if told.isdecimal() and told.isascii() else None
    return BackupFile(name=path.name, size=path.stat().st_size, made=made, broken=broken)


def backup_path(folder: Path, name: str) -> Path:
    """Return the path of a backup. Raises NotFound for any other name."""
    path = folder / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound(gettext("There is no such backup."))
    return path


def remove_backup(folder: Path, name: str) -> None:
    """Remove a backup with the mark of its check. Raises NotFound."""
    path = backup_path(folder, name)
    path.unlink()
    path.with_name(path.name + _MARK).unlink(missing_ok=True)


async def work(run: Run, task: Callable[[Watch], None]) -> None:
    """Do long work in a thread. It ends early, and leaves nothing behind, when the program ends."""
    ends = threading.Event()

    def watch(what: str, done: int, total: int) -> None:
        if ends.is_set():
            raise Stopped
        run.what, run.done, run.total = what, done, total

    run.error = UNFINISHED
    try:
        await asyncio.to_thread(task, watch)
        run.error = ""
    except (ArchiveError, OSError) as exc:
        run.error = str(exc)
    except asyncio.CancelledError:
        ends.set()
        raise
    finally:
        run.is_running = False


def make_backup(archive: Archive, folder: Path, now: datetime, watch: Watch) -> None:
    """Write a backup, check it, and note the result beside it."""
    path = folder / f"unabridged-{now.astimezone(UTC):%Y%m%d-%H%M%S}.sqlite"
    archive.maintenance.back_up(path, watch=watch)
    found = check_backup(path, watch=watch)
    if found.unchecked:
        raise ArchiveError(f"The backup was written, but could not be checked: {found.unchecked[0]}")
    with Folder.at(folder) as opened, opened.whole_file(path.name + _MARK, private=True) as mark:
        mark.write(f"{found.broken}\n".encode())
