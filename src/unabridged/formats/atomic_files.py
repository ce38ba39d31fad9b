"""Exported files and folders, with what went wrong in words."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from unabridged.atomic_files import Folder
from unabridged.errors import ExportError


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Write the file that a person named; it is there whole, or nothing changes.

    Raises ExportError, also while another run writes the same file.
    """
    with _said(path), Folder.at(path.parent) as folder, folder.whole_file(path.name) as file:
        yield file


@contextmanager
def _said(path: Path) -> Iterator[None]:
    try:
        yield
    except BlockingIOError as exc:
        raise ExportError(f"Another run is writing {path}. Wait for it, or name another file.") from exc
    except OSError as exc:
        raise _unwritten(path, exc) from exc


def _unwritten(path: Path, exc: OSError) -> ExportError:
    if exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return ExportError(
            f"{path} cannot be written: the disk that holds it is full. Make room and run the same command "
            "again, which goes on where this one stopped, or write to another disk."
        )
    return ExportError(f"{path} cannot be written: {exc.strerror}.")


def write_if_changed(root: Folder, path: str, content: bytes) -> bool:
    """Write a file below a folder unless it holds these bytes already. Returns whether it was written.

    path: of the file from there, with "/" between names.
    """
    *folders, name = path.split("/")
    with _said(root.path / path), root.below(*folders) as folder:
        if folder.bytes_of(name) == content:
            return False
        with folder.whole_file(name) as file:
            file.write(content)
    return True


def bytes_of(root: Folder, path: str) -> bytes | None:
    """The bytes of a file below a folder, None where there is no file."""
    *folders, name = path.split("/")
    with _said(root.path / path), root.below(*folders) as folder:
        return folder.bytes_of(name)


@contextmanager
def sole_writer(path: Path) -> Iterator[Folder]:
    """Hold a folder alone while writing into it; the lock goes with the program, whatever ends it.

    Raises ExportError when another run holds it.
    """
    with open_folder(path) as folder:
        hold(folder)
        yield folder


def open_folder(path: Path) -> Folder:
    """Open the folder that a person named, made if missing. Raises ExportError."""
    try:
        return Folder.at(path)
    except OSError as exc:
        raise ExportError(f"{path} cannot be used: {exc.strerror}.") from exc


def hold(folder: Folder) -> None:
    """Hold an open folder alone until it is closed. Raises ExportError when another run does."""
    try:
        folder.lock()
    except BlockingIOError as exc:
        raise ExportError(
            f"Another run is writing into {folder.path}. Wait for it, or use another folder."
        ) from exc
