"""Files that are whole or absent, and folders that one program writes at a time."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from unabridged.errors import ExportError


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Write a file beside its place and move it there at the end; on an error nothing changes.

    What a killed run left half-written is begun anew by the next one. Raises ExportError, also while
    another run writes the same file.
    """
    part = path.with_name(f".{path.name[:200]}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = _own(part)
    except BlockingIOError as exc:
        raise ExportError(f"Another run is writing {path}. Wait for it, or name another file.") from exc
    except OSError as exc:
        raise _unwritten(path, exc) from exc
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            part.chmod(0o644)
            part.replace(path)
    except BaseException as exc:
        part.unlink(missing_ok=True)
        if isinstance(exc, OSError):
            raise _unwritten(path, exc) from exc
        raise


def _unwritten(path: Path, exc: OSError) -> ExportError:
    if exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return ExportError(
            f"{path} cannot be written: the disk that holds it is full. Make room and run the same command "
            "again, which goes on where this one stopped, or write to another disk."
        )
    return ExportError(f"{path} cannot be written: {exc.strerror}.")


def _own(part: Path) -> BinaryIO:
    """Open a half-written file for this run alone. The lock goes with the program, whatever ends it."""
    while True:
        file = os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT, 0o644), "r+b")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(file, part):
                file.truncate(0)
                return file
        except BaseException:
            file.close()
            raise
        file.close()  # another run moved it into place meanwhile


def _is_at(file: BinaryIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def write_if_changed(path: Path, content: bytes) -> bool:
    """Write a file unless it holds these bytes already. Returns whether it was written."""
    if bytes_of(path) == content:
        return False
    with whole_file(path) as file:
        file.write(content)
    return True


def bytes_of(path: Path) -> bytes | None:
    """A file's bytes, None where there is no file."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as exc:
        raise ExportError(f"{path} cannot be read: {exc.strerror}.") from exc


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Hold a folder alone while writing into it; the lock goes with the program, whatever ends it.

    Raises ExportError when another run holds it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    except OSError as exc:
        raise ExportError(f"{folder} cannot be used: {exc.strerror}.") from exc
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as exc:
        raise ExportError(
            f"Another run is writing into {folder}. Wait for it, or use another folder."
        ) from exc
    finally:
        os.close(handle)
