"""Archives and clients for tests of the web doors."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.serve.running_app import HTML, Desk, copied, fill, running, settings_in
from unabridged.archive.facade.archive import Archive

Visit = Callable[..., httpx.Client]


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty archive and a full one, to be copied: making one takes a second."""
    folder = tmp_path_factory.mktemp("templates")
    for name, filling in (("empty", None), ("full", fill)):
        (folder / name).mkdir()
        settings = settings_in(folder / name)
        with Archive(settings.database) as archive:
            if filling:
                filling(Desk(archive=archive, settings=settings))
    return folder


@pytest.fixture
def desk(templates: Path, tmp_path: Path) -> Iterator[Desk]:
    """An empty archive."""
    desk = copied(templates / "empty", tmp_path)
    with desk.archive:
        yield desk


@pytest.fixture
def full(templates: Path, tmp_path: Path) -> Iterator[Desk]:
    """An archive with a feed of three articles; number 3 is in Chinese and in two versions of its page."""
    desk = copied(templates / "full", tmp_path)
    with desk.archive:
        yield desk


@pytest.fixture(scope="session")
def web(templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A browser-like client of the app on the full archive, shared: for asking only."""
    desk = copied(templates / "full", tmp_path_factory.mktemp("shared"))
    with (
        desk.archive,
        running(desk) as address,
        httpx.Client(base_url=address, headers={"Accept": HTML}, timeout=120, verify=False) as client,
    ):
        yield client


@pytest.fixture
def visit() -> Iterator[Visit]:
    """Run the app on any desk and give a client of it."""
    with ExitStack() as stack:

        def start(desk: Desk, **options: Any) -> httpx.Client:
            address = stack.enter_context(running(desk, **options))
            return stack.enter_context(
                httpx.Client(base_url=address, headers={"Accept": HTML}, timeout=120, verify=False)
            )

        yield start
