"""A second database beside the one that is tested."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.archive.maintenance.filled_archive import _names


@pytest.fixture
def other_dsn(tmp_path: Path, postgresql: str) -> Iterator[Callable[[str], str]]:
    """Return a function that makes empty databases of either kind."""
    made: list[str] = []

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / f'other{next(_names)}.db'}"
        made.append(f"other_{next(_names)}")
        with psycopg.connect(f"{postgresql}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {made[-1]}")
        return f"{postgresql}/{made[-1]}"

    yield make
    with psycopg.connect(f"{postgresql}/postgres", autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP DATABASE {name}")
