"""What the tests of bulk work share."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def small_disk(make_disk: Callable[[str], Path]) -> Path:
    """A file system of 1 MB."""
    return make_disk("1m")
