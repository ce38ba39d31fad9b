"""A program with a token of a person, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

import tests.archive.conftest as databases
from tests.serve.running_app import NOW, Desk, fill, letting_in, make_article, running, settings_in
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.library import TokenScope

archive, dsn = databases.archive, databases.dsn
open_archive, postgresql = databases.open_archive, databases.postgresql
"""Fixtures: an archive on SQLite and on PostgreSQL."""

HERE = Path(__file__).parent
LATER = NOW + timedelta(days=1)
PROBLEM = "application/problem+json"


@dataclass
class Program:
    """A program with a token of a person."""

    client: httpx.Client
    desk: Desk
    secret: str

    def ask(self, method: str, path: str, body: object = None, **params: Any) -> httpx.Response:
        """Send a request of the API. Of a stream, which has no end, only the first moment is read."""
        headers = {"Authorization": f"Bearer {self.secret}"}
        request = self.client.build_request(
            method, f"/api/v1{path}", headers=headers, params=params or None, json=body
        )
        answer = self.client.send(request, stream=True)
        if answer.headers.get("content-type", "").startswith("text/event-stream"):
            return _beginning(answer)
        answer.read()
        return answer

    def get(self, path: str, **params: Any) -> Any:
        """Return what is at a path, which must be there."""
        answer = self.ask("GET", path, **params)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/json"
        return answer.json()

    def problem(self, method: str, path: str, body: object = None, **params: Any) -> Any:
        """Return the problem that a request meets, which is one by its form too."""
        answer = self.ask(method, path, body, **params)
        assert answer.headers["content-type"] == PROBLEM, answer.text
        found = answer.json()
        assert found["status"] == answer.status_code >= 400
        assert found["type"].startswith("urn:unabridged:problem:") and found["title"] and found["detail"]
        return found

    def of(self, secret: str) -> "Program":
        """Return the same program with another token."""
        return replace(self, secret=secret)


def filled(archive: Archive, home: Path) -> Desk:
    """An archive with two feeds: three articles in the folder Reading, one in two versions; two in none."""
    settings = letting_in(settings_in(home), "127.0.0.1")
    settings = replace(settings, serve=replace(settings.serve, login="always"))
    desk = Desk(archive=archive, settings=settings)
    desk.subscribe([make_article(number) for number in (7, 8)], title="Other News", folder=None)
    fill(desk, edited=NOW + timedelta(hours=2))
    return desk


@contextmanager
def program_on(desk: Desk, *, scope: TokenScope = "write", clock: datetime = LATER) -> Iterator[Program]:
    """Run the app and give a program of the owner's."""
    secret = desk.archive.library().tokens.add("script", scope, now=NOW).secret
    with (
        running(desk, desk.settings, clock=lambda: clock) as address,
        httpx.Client(base_url=address, timeout=120, verify=False) as client,
    ):
        yield Program(client=client, desk=desk, secret=secret)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave PostgreSQL to the long tests, but for who may read what, which the archive tests beneath, too."""
    for item in items:
        is_here = item.path.is_relative_to(HERE) and item.path.name != "test_access.py"
        if is_here and "[postgresql" in item.nodeid:
            item.add_marker(pytest.mark.long)


@pytest.fixture
def api(archive: Archive, tmp_path: Path) -> Iterator[Program]:
    """A program on an archive with two feeds and five articles, on both databases."""
    with program_on(filled(archive, tmp_path)) as found:
        yield found


def _beginning(answer: httpx.Response) -> httpx.Response:
    """Return what a stream gives within a moment."""
    answer.request.extensions["timeout"]["read"] = 0.3
    text = b""
    with suppress(httpx.ReadTimeout), closing(answer):
        for part in answer.iter_raw():
            text += part
    return httpx.Response(answer.status_code, headers=answer.headers, content=text)
