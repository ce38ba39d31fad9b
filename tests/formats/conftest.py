"""Archives and files that publishing is tested on."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from unabridged.archive import Archive


@pytest.fixture
def open_archive(tmp_path: Path, empty_file: Path) -> Iterator[Callable[[str], Archive]]:
    """Opens an archive by name; the same name is the same archive."""
    opened: dict[str, Archive] = {}

    def opener(name: str) -> Archive:
        if name not in opened:
            shutil.copy(empty_file, tmp_path / f"{name}.db")
            opened[name] = Archive(str(tmp_path / f"{name}.db"))
        return opened[name]

    yield opener
    for one in opened.values():
        one.close()


@pytest.fixture
def archive(open_archive: Callable[[str], Archive]) -> Archive:
    return open_archive("first")
