"""An app of a person, on SQLite and on PostgreSQL."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

import tests.archive.conftest as databases
from tests.serve.running_app import NOW, Desk, make_article, running, settings_in
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.library import TokenScope
from unabridged.config import Settings

archive, dsn = databases.archive, databases.dsn
open_archive, postgresql = databases.open_archive, databases.postgresql
"""Fixtures: an archive on SQLite and on PostgreSQL."""

HERE = Path(__file__).parent
API = "/reader/api/0"
STATE = "user/-/state/com.google"
LATER = NOW + timedelta(days=1)


@dataclass
class App:
    """An app with a token of a person. secret: the token; auth: as Google Reader's header has it."""

    client: httpx.Client
    desk: Desk
    secret: str
    name: str = "owner"
    params: dict[str, str] = field(default_factory=lambda: {"output": "json"})

    @property
    def auth(self) -> str:
        return f"{self.name}/{self.secret}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"GoogleLogin auth={self.auth}"}

    def get(self, call: str, **params: Any) -> httpx.Response:
        """Send a GET of the Google Reader API."""
        return self.client.get(f"{API}/{call}", params=self.params | params, headers=self.headers)

    def post(self, call: str, body: str = "", **form: Any) -> httpx.Response:
        """Send a POST of the Google Reader API. body: a form as it is sent, instead of `form`."""
        headers = self.headers | {"Content-Type": "application/x-www-form-urlencoded"}
        if body:
            return self.client.post(f"{API}/{call}", content=body, headers=headers)
        return self.client.post(f"{API}/{call}", data=form, headers=headers)

    def ids(self, stream: str = f"{STATE}/reading-list", **params: Any) -> list[int]:
        """Return the numbers of a stream's items."""
        found = self.get("stream/items/ids", s=stream, **params).json()
        return [int(ref["id"]) for ref in found["itemRefs"]]

    def items(self, stream: str = f"{STATE}/reading-list", **params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get(f"stream/contents/{stream}", **params).json()["items"]
        return found

    def fever(self, **asked: Any) -> dict[str, Any]:
        """Send a request of the Fever API."""
        key = hashlib.md5(f"{self.name}:{self.secret}".encode()).hexdigest()
        answer = self.client.post("/fever/?api", data={"api_key": key} | asked)
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found

    def marks(self) -> dict[int, tuple[bool, bool]]:
        """Map the numbers of the owner's items to what the archive has of them: read, starred."""
        library = self.desk.archive.library()
        stored = library.articles.items_after(0, 100)
        return {one.item_id or 0: (one.read, one.starred) for one in stored}


def sync_settings(home: Path) -> Settings:
    settings = settings_in(home)
    return replace(
        settings,
        serve=replace(settings.serve, fever=True, login="always"),
        fetch=replace(settings.fetch, allow_private=("127.0.0.1",)),
    )


def filled(archive: Archive, home: Path) -> Desk:
    """An archive with two feeds: three articles in the folder Reading, two in none."""
    desk = Desk(archive=archive, settings=sync_settings(home))
    desk.subscribe([make_article(number) for number in (0, 1, 2)])
    desk.subscribe([make_article(number) for number in (7, 8)], title="Other News", folder=None)
    return desk


@contextmanager
def app_on(desk: Desk, *, scope: TokenScope = "write", clock: datetime = LATER) -> Iterator[App]:
    """Run the program and give an app of the owner's."""
    secret = desk.archive.library().tokens.add("phone", scope, now=NOW).secret
    with (
        running(desk, desk.settings, clock=lambda: clock) as address,
        httpx.Client(base_url=address, timeout=120, verify=False) as client,
    ):
        yield App(client=client, desk=desk, secret=secret)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave PostgreSQL to the long tests; streams of items are tested on it beneath the routes."""
    for item in items:
        if item.path.is_relative_to(HERE) and "[postgresql" in item.nodeid:
            item.add_marker(pytest.mark.long)


@pytest.fixture
def app(archive: Archive, tmp_path: Path) -> Iterator[App]:
    """An app on an archive with two feeds and five items, on both databases."""
    with app_on(filled(archive, tmp_path)) as found:
        yield found
