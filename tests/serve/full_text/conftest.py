"""A site to read, and clients of the full-text services; shared by the tests of a module."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.serve.full_text.site import fill, settings_for
from tests.serve.running_app import Desk, Shelf, copied, in_thread, letting_in, running, serving
from unabridged.config import Settings


@pytest.fixture(scope="module")
def shelf() -> Iterator[Shelf]:
    with in_thread(serving(Shelf())) as site:
        yield fill(site)


@pytest.fixture(scope="module")
def shared(templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An empty archive."""
    desk = copied(templates / "empty", tmp_path_factory.mktemp("services"))
    with desk.archive:
        yield desk


def program(desk: Desk, settings: Settings) -> Iterator[httpx.Client]:
    with (
        running(desk, settings) as address,
        httpx.Client(base_url=address, headers={"Accept": "*/*"}, timeout=120) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def client(shared: Desk, shelf: Shelf) -> Iterator[httpx.Client]:
    """A program on this machine, where no login is asked."""
    yield from program(shared, letting_in(shared.settings, "127.0.0.1"))


@pytest.fixture(scope="module")
def stranger(shared: Desk, shelf: Shelf) -> Iterator[httpx.Client]:
    """A program without a login, of an app with one key."""
    yield from program(shared, settings_for(shared))
