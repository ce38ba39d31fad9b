"""Exported files and folders; errors of the file system become ExportError with a readable message."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from unabridged.atomic_files import Folder
from unabridged.errors import ExportError


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Write a file atomically: it is complete, or the old one stays.

    path: named by the user. Raises ExportError, also while another run writes the same file.
    """
    with _export_errors(path), Folder.at(path.parent) as folder, folder.whole_file(path.name) as file:
        yield file


@contextmanager
def _export_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except BlockingIOError as exc:
        raise ExportError(f"Another run is writing {path}. Wait for it, or name another file.") from exc
    except OSError as exc:
        raise _write_error(path, exc) from exc


def _write_error(path: Path, exc: OSError) -> ExportError:
    if exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return ExportError(
            f"{path} cannot be written: the disk is full. Free some space and run the same command again, "
            "which continues where this one stopped, or write to another disk."
        )
    return ExportError(f"{path} cannot be written: {exc.strerror}.")


def write_if_changed(root: Folder, path: str, content: bytes) -> bool:
    """Write a file below a folder unless it has this content already. Returns True if it was written.

    path: relative to the folder, with "/" between names.
    """
    *folders, name = path.split("/")
    with _export_errors(root.path / path), root.below(*folders) as folder:
        if folder.bytes_of(name) == content:
            return False
        with folder.whole_file(name) as file:
            file.write(content)
    return True


def bytes_of(root: Folder, path: str) -> bytes | None:
    """Return the bytes of a file below a folder, None if there is no file."""
    *folders, name = path.split("/")
    with _export_errors(root.path / path), root.below(*folders) as folder:
        return folder.bytes_of(name)


@contextmanager
def locked_folder(path: Path) -> Iterator[Folder]:
    """Open and lock a folder; the lock ends with the process at the latest.

    Raises ExportError if another run holds the lock.
    """
    with open_folder(path) as folder:
        lock_folder(folder)
        yield folder


def open_folder(path: Path) -> Folder:
    """Open the folder that the user named; create it if missing. Raises ExportError."""
    try:
        return Folder.at(path)
    except OSError as exc:
        raise ExportError(f"{path} cannot be used: {exc.strerror}.") from exc


def lock_folder(folder: Folder) -> None:
    """Lock an open folder until it is closed. Raises ExportError if another run holds the lock."""
    try:
        folder.lock()
    except BlockingIOError as exc:
        raise ExportError(
            f"Another run is writing into {folder.path}. Wait for it, or use another folder."
        ) from exc
