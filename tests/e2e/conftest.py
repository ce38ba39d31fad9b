"""A reader's desk whose feeds and pages are read by the children of all tests."""

import shutil
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.sample_stage import OpenDesk, desk


@pytest.fixture
def open_desk(tmp_path: Path, children: dict[str, Any], empty_file: Path) -> OpenDesk:
    """Opens a desk in the test's folder: `async with open_desk(["quillhaven"]) as reader`."""
    shutil.copy(empty_file, tmp_path / "desk.sqlite")
    return partial(desk, tmp_path, children=children)
