"""Files that are whole or absent: the one module that writes files and makes folders.

The folder that a person names is opened once, and what is below it is reached from its descriptor. No link is
followed there: a file is made anew (O_EXCL) under a name of its own and moved into its place when it is
whole, so that what a link, a hard link or a pipe in that place leads to is never opened. A lock on the
half-made file says that its writer lives; what a killed one left is removed by the next writer there.

Raises OSError, of which BlockingIOError says that another run writes the same file.
"""

import errno
import fcntl
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Self

PART = ".unabridged.part"
"""How the name of what is half-made ends; it begins with a dot."""

INNER = "archive.sqlite"
"""The file of a workshop."""

_TRIES = 50
_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_LOCKLESS = (errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK, errno.EINVAL, errno.EBADF)
"""What file systems without locks of this kind answer."""


class Folder:
    """An open folder, to be used as a context manager."""

    def __init__(self, handle: int, path: Path, swept: set[int], made: Iterable[Path] = ()) -> None:
        self.handle, self.path = handle, path
        self._made = tuple(made)
        self._swept = swept

    @classmethod
    def at(cls, path: Path, *, private: bool = False) -> Self:
        """Open the folder that a person named, made if missing. private: made for its owner alone."""
        made = make_folders(path, private=private)
        return cls(os.open(path, _OPEN_FOLDER), path, set(), made)

    def below(self, *names: str, private: bool = False) -> "Folder":
        """Open a folder below this one, made if missing. Raises OSError for a link on the way."""
        folder = Folder(os.dup(self.handle), self.path, self._swept)
        for name in names:
            with folder:
                folder = folder._child(name, private)
        return folder

    def _child(self, name: str, private: bool) -> "Folder":
        _check(name)
        with suppress(FileExistsError):
            os.mkdir(name, 0o700 if private else 0o777, dir_fd=self.handle)
        if not stat.S_ISDIR(os.lstat(name, dir_fd=self.handle).st_mode):
            raise OSError(
                errno.ENOTDIR, f"{self.path / name} is a link, or no folder; links are not followed here"
            )
        handle = os.open(name, _OPEN_FOLDER | os.O_NOFOLLOW, dir_fd=self.handle)
        return Folder(handle, self.path / name, self._swept)

    def lock(self) -> None:
        """Hold the folder until it is closed. Raises BlockingIOError where another run does."""
        fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def bytes_of(self, name: str) -> bytes | None:
        """A file's bytes; None where there is no regular file: what is behind a link counts as not there."""
        handle = self._opened(name, os.O_RDONLY)
        if handle is None:
            return None
        with os.fdopen(handle, "rb") as file:
            return file.read()

    def _opened(self, name: str, flags: int) -> int | None:
        """Open a regular file, None where there is none."""
        _check(name)
        try:
            flags |= os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            handle = os.open(name, flags, dir_fd=self.handle)
        except FileNotFoundError:
            return None
        except OSError as exc:
            if exc.errno in (errno.ELOOP, errno.ENXIO, errno.EISDIR):
                return None
            raise
        if stat.S_ISREG(os.fstat(handle).st_mode):
            return handle
        os.close(handle)
        return None

    @contextmanager
    def whole_file(self, name: str, *, private: bool = False) -> Iterator[BinaryIO]:
        """Write a file and move it to its place at the end; whatever fails, nothing is left.

        private: for its owner alone; else as the umask says.
        """
        _check(name)
        self.sweep()
        part = part_name(name)
        handle = self._begin(part, 0o600 if private else 0o666)
        try:
            with os.fdopen(handle, "w+b", closefd=False) as file:
                yield file
                file.flush()
                os.fsync(handle)
            if not self._is_at(part, handle):
                raise BlockingIOError(errno.EAGAIN, "another run took it over")
            os.replace(part, name, src_dir_fd=self.handle, dst_dir_fd=self.handle)
        except BaseException:
            if self._is_at(part, handle):
                os.unlink(part, dir_fd=self.handle)
            self._unmake()
            raise
        finally:
            os.close(handle)

    def _begin(self, part: str, mode: int) -> int:
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        for _ in range(_TRIES):
            try:
                handle = os.open(part, flags, mode, dir_fd=self.handle)
            except FileExistsError:
                self._remove_left(part)
                continue
            if _locked(handle) and self._is_at(part, handle):
                return handle
            os.close(handle)  # somebody who sweeps was quicker
        raise BlockingIOError(errno.EAGAIN, "another run writes it")

    def _is_at(self, name: str, handle: int) -> bool:
        try:
            return os.path.samestat(os.fstat(handle), os.lstat(name, dir_fd=self.handle))
        except FileNotFoundError:
            return False

    def _remove_left(self, part: str) -> None:
        """Remove what lies where a half-made file belongs. Raises BlockingIOError where its writer lives."""
        handle = self._opened(part, os.O_RDWR)
        if handle is not None:
            try:
                if not _locked(handle):
                    raise BlockingIOError(errno.EAGAIN, "another run writes it")
            finally:
                os.close(handle)
        with suppress(FileNotFoundError):
            os.unlink(part, dir_fd=self.handle)

    def sweep(self) -> None:
        """Remove, once, what killed runs left half-made in this folder."""
        number = os.fstat(self.handle).st_ino
        if number in self._swept:
            return
        self._swept.add(number)
        for name in os.listdir(self.handle):  # noqa: PTH208 - no path
            if name.startswith(".") and name.endswith(PART):
                with suppress(OSError):  # in use, somebody else's, or gone
                    self._sweep(name)

    def _sweep(self, name: str) -> None:
        found = os.lstat(name, dir_fd=self.handle)
        if found.st_uid != os.geteuid():
            return
        if stat.S_ISDIR(found.st_mode):
            with self._child(name, True) as left:
                left.lock()
                self._clear(name, left)
        else:
            self._remove_left(name)

    def _clear(self, name: str, workshop: "Folder") -> None:
        for inner in os.listdir(workshop.handle):  # noqa: PTH208
            os.unlink(inner, dir_fd=workshop.handle)
        os.rmdir(name, dir_fd=self.handle)

    @contextmanager
    def staged_path(self, name: str) -> Iterator[Path]:
        """Make a file that another library writes by its path; when it is whole it becomes `name` here.

        Gives the path of an empty file in a hidden folder that nobody else can enter. Whatever fails, nothing
        is left. Where the file is gone at the end, nothing is moved.
        """
        _check(name)
        self.sweep()
        part = part_name(name)
        try:
            os.mkdir(part, 0o700, dir_fd=self.handle)
        except FileExistsError as exc:
            raise BlockingIOError(errno.EAGAIN, "another run writes it") from exc
        with self._child(part, True) as inside:
            try:
                inside.lock()
                _new_file(INNER, inside.handle)
                yield self.path / part / INNER
                self._move_out(inside, name)
            except BaseException:
                self._clear(part, inside)
                self._unmake()
                raise
            self._clear(part, inside)

    def _move_out(self, inside: "Folder", name: str) -> None:
        handle = inside._opened(INNER, os.O_RDWR)
        if handle is None:
            return
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        os.replace(INNER, name, src_dir_fd=inside.handle, dst_dir_fd=self.handle)
        os.fsync(self.handle)

    def _unmake(self) -> None:
        """Remove the folders that were made for what did not become a file."""
        for path in reversed(self._made):
            with suppress(OSError):
                path.rmdir()

    def close(self) -> None:
        os.close(self.handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


def part_name(name: str) -> str:
    """The name of a file while it is half-made; long ones are cut, since names have 255 bytes."""
    return f".{os.fsencode(name)[:200].decode('utf-8', 'ignore')}{PART}"


def _check(name: str) -> None:
    if name in ("", ".", "..") or "/" in name or "\0" in name:
        raise OSError(errno.EINVAL, f"{name!r} is no name of a file or folder")


def _locked(handle: int) -> bool:
    """Lock an open file for this run; the lock goes with the program, whatever ends it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as exc:
        return exc.errno in _LOCKLESS
    return True


def _new_file(name: str | Path, folder: int | None = None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    os.close(os.open(name, flags, 0o600, dir_fd=folder))


def make_folders(path: Path, *, private: bool = False) -> list[Path]:
    """Make a folder and those above it; returns those that were missing, the uppermost first."""
    missing = [one for one in (path, *path.parents) if not one.exists()]
    made: list[Path] = []
    for one in reversed(missing):
        with suppress(FileExistsError):
            one.mkdir(0o700 if private else 0o777)
            made.append(one)
    return made


def make_private(path: Path, beside: Iterable[str] = ()) -> list[Path]:
    """Make an empty file for its owner alone, or close one that is there to others; returns what was closed.

    beside: endings of files next to it that are closed as well. Files of other owners are left alone. A file
    that exists is not opened: closing it again would take SQLite's locks away from this process.
    """
    real = Path(os.path.realpath(path))
    with suppress(FileExistsError):
        _new_file(real)
    return [
        one for one in (real, *(real.with_name(real.name + end) for end in beside)) if _close_to_others(one)
    ]


def _close_to_others(path: Path) -> bool:
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or not found.st_mode & 0o077:
            return False
        _set_mode(path, stat.S_IMODE(found.st_mode) & 0o700)
    except OSError:  # read-only file systems, and those without modes
        return False
    return True


def _set_mode(path: Path, mode: int) -> None:
    if not hasattr(os, "O_PATH"):
        path.chmod(mode)
        return
    handle = os.open(path, os.O_PATH | os.O_NOFOLLOW)
    try:
        Path(f"/proc/self/fd/{handle}").chmod(mode)
    finally:
        os.close(handle)


def open_scratch(path: Path, *, append: bool = False) -> int:
    """Open a file of our own for writing, made if missing, never through a link; returns its descriptor."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | (os.O_APPEND if append else 0)
    return os.open(path, flags, 0o666 if append else 0o600)


def free_bytes(path: Path) -> int:
    """Room on the file system on which a file would lie."""
    there = next(one for one in path.absolute().parents if one.exists())
    found = os.statvfs(there)
    return found.f_bavail * found.f_frsize
