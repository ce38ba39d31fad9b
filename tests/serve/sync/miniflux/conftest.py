"""An app that speaks the Miniflux API."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.serve.sync.conftest import App, app_on, filled
from unabridged.archive.facade.archive import Archive
from unabridged.archive.facade.library.library import Library


@dataclass
class Api:
    """The Miniflux API of a person's app."""

    app: App

    def send(self, method: str, path: str, body: Any = None, **params: Any) -> httpx.Response:
        """Send a call; `path` is below /v1/."""
        headers = {"X-Auth-Token": self.app.secret}
        return self.app.client.request(method, f"/v1/{path}", json=body, params=params, headers=headers)

    def get(self, path: str, **params: Any) -> Any:
        """Return the answer of a GET, which must be 200."""
        answer = self.send("GET", path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ids(self, path: str = "entries", **params: Any) -> list[int]:
        """Return the numbers of the entries of a list, and check its total."""
        found = self.get(path, **params)
        assert found["total"] >= len(found["entries"])
        return [one["id"] for one in found["entries"]]

    def refused(self, status: int, method: str, path: str, body: Any = None, **params: Any) -> str:
        """Return the message of an error, which must have a status."""
        answer = self.send(method, path, body, **params)
        assert answer.status_code == status, (answer.status_code, answer.text)
        assert list(answer.json()) == ["error_message"]
        return str(answer.json()["error_message"])

    @property
    def library(self) -> Library:
        return self.app.desk.archive.library()


@pytest.fixture
def api(app: App) -> Api:
    """An app on an archive with two feeds and five items, on both databases."""
    return Api(app)


@pytest.fixture
def read_only(archive: Archive, tmp_path: Path) -> Iterator[Api]:
    with app_on(filled(archive, tmp_path), scope="read") as found:
        yield Api(found)
