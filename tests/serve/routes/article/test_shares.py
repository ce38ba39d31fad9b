"""A share link: one version, read-only, for whoever has it; nothing of the library is around it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx
import pytest

from tests.serve.running_app import HTML, Desk, running, token_of
from unabridged.serve.security import CSP

Visit = Callable[..., httpx.Client]


@pytest.fixture
def client(full: Desk, visit: Visit) -> httpx.Client:
    return visit(full)


@pytest.fixture
def stranger(full: Desk) -> Iterator[httpx.Client]:
    """Somebody without a login, at the same archive served with one."""
    settings = replace(full.settings, serve=replace(full.settings.serve, login="always"))
    with (
        running(full, settings) as address,
        httpx.Client(base_url=address, headers={"Accept": HTML}, timeout=120) as client,
    ):
        yield client


def shared(client: httpx.Client, path: str = "/a/3/v/1/share") -> str:
    """Make a link; returns its path."""
    answer = client.post(path, data={"csrf": token_of(client)})
    assert answer.status_code == 200
    found = re.search(r"(/s/[\w-]{43})\"", answer.text)
    assert found, answer.text
    return found[1]


def test_a_link_shows_one_version_to_a_stranger_and_nothing_else(
    client: httpx.Client, stranger: httpx.Client
) -> None:
    path = shared(client)
    answer = stranger.get(path)
    assert answer.status_code == 200
    assert "四十二年" in answer.text and "四十三年" not in answer.text, "the version that was shared"
    assert answer.headers["content-security-policy"] == CSP
    assert answer.headers["x-robots-tag"] == "noindex, nofollow" and '"noindex, nofollow"' in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "private, no-store"
    assert "set-cookie" not in answer.headers
    ours = set(re.findall(r'(?:href|src|action)="(/[^"]*)"', answer.text))
    assert all(link.startswith(("/static/", "/media?")) for link in ours), ours
    assert "<form" not in answer.text and "reader.js" not in answer.text
    image = next(link for link in ours if link.startswith("/media?")).replace("&amp;", "&")
    assert stranger.get(image).status_code != 401
    for other in ("/", "/a/3", "/a/3/v/1", "/a/3/v/1/proof.zip", "/shares"):
        assert stranger.get(other).headers.get("location", "").startswith("/login"), other


def test_a_link_that_was_taken_back_opens_nothing(client: httpx.Client, stranger: httpx.Client) -> None:
    path = shared(client)
    assert stranger.get(path).status_code == 200
    listed = client.get("/shares").text
    number = re.search(r"/shares/(\d+)/remove", listed)
    assert number and path not in listed, "the secret is shown once"
    assert client.post(f"/shares/{number[1]}/remove", data={"csrf": token_of(client)}).status_code == 303
    answer = stranger.get(path)
    assert answer.status_code == 404 and "taken back" in answer.text
    assert stranger.get("/s/none").status_code == 404


def test_only_versions_that_exist_can_be_shared(client: httpx.Client) -> None:
    csrf = token_of(client)
    assert client.post("/a/3/v/9/share", data={"csrf": csrf}).status_code == 404
    assert client.post("/a/99/v/1/share", data={"csrf": csrf}).status_code == 404
    assert client.post("/a/3/v/1/share").status_code == 403
