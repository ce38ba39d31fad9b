"""Files that are whole or absent, and folders that one program writes at a time."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from unabridged.errors import ExportError


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Write a file beside its place and move it there at the end; on an error nothing changes."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".unabridged-", suffix=".part")
    except OSError as exc:
        raise ExportError(f"{path} cannot be written: {exc.strerror}.") from exc
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)
        part.replace(path)
    except OSError as exc:
        raise ExportError(f"{path} cannot be written: {exc.strerror}.") from exc
    finally:
        part.unlink(missing_ok=True)


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
