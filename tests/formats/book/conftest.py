"""A book of articles."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.formats.book.sample_articles import fill, write
from unabridged.archive import Archive


@pytest.fixture
def book(archive: Archive, tmp_path: Path) -> Iterator[zipfile.ZipFile]:
    fill(archive)
    write(archive, tmp_path / "book.epub")
    with zipfile.ZipFile(tmp_path / "book.epub") as opened:
        yield opened
