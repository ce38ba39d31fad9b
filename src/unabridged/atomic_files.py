"""Atomic writing of files, and all other writing: no other module writes files or makes folders.

The folder given by the user is opened once, and everything below it is reached from its descriptor without
following links. A file is created (O_EXCL) under a temporary name and renamed when it is complete, so the
target of a link, hard link or pipe at its place is never opened. The writer holds a lock on the temporary
file; the next writer in the folder removes temporary files without a lock, which killed runs left.

Raises OSError; BlockingIOError means that another run writes the same file.
"""

import errno
import fcntl
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, Self

PART = ".unabridged.part"
"""Suffix of temporary files and folders; their names begin with a dot."""

INNER = "archive.sqlite"
"""Name of the file in the temporary folder of `Folder.staged_path`."""

_TRIES = 50
_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_LOCKLESS = (errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK, errno.EINVAL, errno.EBADF)
"""Errors of file systems that do not support flock."""


class Folder:
    """An open folder; a context manager."""

    def __init__(self, handle: int, path: Path, swept: set[int], made: Iterable[Path] = ()) -> None:
        self.handle, self.path = handle, path
        self._made = tuple(made)
        self._swept = swept

    @classmethod
    def at(cls, path: Path, *, private: bool = False) -> Self:
        """Open the folder given by the user; made if missing. private: made with mode 0700."""
        made = make_folders(path, private=private)
        return cls(os.open(path, _OPEN_FOLDER), path, set(), made)

    def below(self, *names: str, private: bool = False) -> "Folder":
        """Open a folder below this one; made if missing. Raises OSError for a link in the path."""
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
                errno.ENOTDIR, f"{self.path / name} is a link or not a folder; links are not followed here"
            )
        handle = os.open(name, _OPEN_FOLDER | os.O_NOFOLLOW, dir_fd=self.handle)
        return Folder(handle, self.path / name, self._swept)

    def lock(self) -> None:
        """Lock the folder until it is closed. Raises BlockingIOError if another run holds the lock."""
        fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def bytes_of(self, name: str) -> bytes | None:
        """Return a file's bytes; None if it is missing, a link, or not a regular file."""
        handle = self._opened(name, os.O_RDONLY)
        if handle is None:
            return None
        with os.fdopen(handle, "rb") as file:
            return file.read()

    def _opened(self, name: str, flags: int) -> int | None:
        """Open a regular file; None if there is none."""
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
        """Write a temporary file and rename it at the end. After an error no file is left.

        private: mode 0600; else according to the umask.
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
            self._remove_made_folders()
            raise
        finally:
            os.close(handle)

    def _begin(self, part: str, mode: int) -> int:
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        for _ in range(_TRIES):
            try:
                handle = os.open(part, flags, mode, dir_fd=self.handle)
            except FileExistsError:
                self._remove_stale(part)
                continue
            if _locked(handle) and self._is_at(part, handle):
                return handle
            os.close(handle)  # removed by the sweep of another run
        raise BlockingIOError(errno.EAGAIN, "another run writes it")

    def _is_at(self, name: str, handle: int) -> bool:
        try:
            return os.path.samestat(os.fstat(handle), os.lstat(name, dir_fd=self.handle))
        except FileNotFoundError:
            return False

    def _remove_stale(self, part: str) -> None:
        """Remove a stale temporary file. Raises BlockingIOError if its writer still holds the lock."""
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
        """Remove the temporary files of killed runs in this folder, once."""
        number = os.fstat(self.handle).st_ino
        if number in self._swept:
            return
        self._swept.add(number)
        for name in os.listdir(self.handle):  # noqa: PTH208 - a descriptor, not a path
            if name.startswith(".") and name.endswith(PART):
                with suppress(OSError):  # in use, of another user, or already removed
                    self._sweep_one(name)

    def _sweep_one(self, name: str) -> None:
        found = os.lstat(name, dir_fd=self.handle)
        if found.st_uid != os.geteuid():
            return
        if stat.S_ISDIR(found.st_mode):
            with self._child(name, True) as left:
                left.lock()
                self._clear(name, left)
        else:
            self._remove_stale(name)

    def _clear(self, name: str, inside: "Folder") -> None:
        for inner in os.listdir(inside.handle):  # noqa: PTH208
            os.unlink(inner, dir_fd=inside.handle)
        os.rmdir(name, dir_fd=self.handle)

    @contextmanager
    def staged_path(self, name: str) -> Iterator[Path]:
        """Give a path for another library to write to; the file is renamed to `name` at the end.

        The path is that of an empty file in a hidden folder of mode 0700. After an error no file is left. If
        the file does not exist at the end, nothing is renamed.
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
                self._remove_made_folders()
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

    def _remove_made_folders(self) -> None:
        """Remove the folders that were made for a file that was not written."""
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
    """Return the temporary name of a file; a long name is cut, because names have at most 255 bytes."""
    return f".{os.fsencode(name)[:200].decode('utf-8', 'ignore')}{PART}"


def _check(name: str) -> None:
    if name in ("", ".", "..") or "/" in name or "\0" in name:
        raise OSError(errno.EINVAL, f"{name!r} is not a valid name of a file or folder")


def _locked(handle: int) -> bool:
    """Try to lock an open file. The lock ends with the process, however it ends."""
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
    """Make a folder and its parents; return those that were missing, the uppermost first."""
    missing = [one for one in (path, *path.parents) if not one.exists()]
    made: list[Path] = []
    for one in reversed(missing):
        with suppress(FileExistsError):
            one.mkdir(0o700 if private else 0o777)
            made.append(one)
    if not path.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
    return made


def remove_flat_folder(path: Path) -> None:
    """Remove a folder of files, if there is one; a folder inside it is kept, and so is this one then."""
    try:
        handle = os.open(path, _OPEN_FOLDER | os.O_NOFOLLOW)
    except FileNotFoundError:
        return
    try:
        for name in os.listdir(handle):  # noqa: PTH208 - a descriptor, not a path
            if not stat.S_ISDIR(os.lstat(name, dir_fd=handle).st_mode):
                os.unlink(name, dir_fd=handle)
    finally:
        os.close(handle)
    with suppress(OSError):
        path.rmdir()


def make_private(path: Path) -> None:
    """Make an empty file of mode 0600 if there is none yet.

    An existing file is not opened, because closing it would release the SQLite locks of this process.
    """
    with suppress(FileExistsError):
        _new_file(Path(os.path.realpath(path)))


def restrict_to_owner(path: Path, beside: Iterable[str] = ()) -> list[Path]:
    """Remove other users' access to a file, without opening it; return the files that changed.

    beside: suffixes of neighbouring files to treat likewise. Files of other owners are left unchanged.
    """
    real = Path(os.path.realpath(path))
    return [
        one for one in (real, *(real.with_name(real.name + end) for end in beside)) if _restrict_to_owner(one)
    ]


def _restrict_to_owner(path: Path) -> bool:
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or not found.st_mode & 0o077:
            return False
        _set_mode(path, stat.S_IMODE(found.st_mode) & 0o700)
    except OSError:  # a read-only file system, or one without modes
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
    """Open a scratch file for writing, made if missing; links are refused. Return its descriptor."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | (os.O_APPEND if append else 0)
    return os.open(path, flags, 0o666 if append else 0o600)


def free_bytes(path: Path) -> int:
    """Return the free bytes of the file system of a path, which need not exist."""
    there = next(one for one in path.absolute().parents if one.exists())
    found = os.statvfs(there)
    return found.f_bavail * found.f_frsize


@contextmanager
def temporary_copy(stream: BinaryIO, prefix: str) -> Iterator[Path]:
    """Give a file with the rest of a stream, which can be read several times; it is removed afterwards."""
    with NamedTemporaryFile(prefix=prefix) as copy:
        shutil.copyfileobj(stream, copy)
        copy.flush()
        yield Path(copy.name)
