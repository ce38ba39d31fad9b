"""What goes wrong is a page in the person's language that says what to do: sessions, tokens, files, sites."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.serve.languages.test_pages import KNOWN, english
from tests.serve.running_app import HTML, NOW, Desk, copied, letting_in, running, token_of

PASSWORD = "a long walk by the harbour"
JAPANESE = {"accept": HTML, "accept-language": "ja"}


def assert_clear(answer: httpx.Response, status: int) -> None:
    """A page in Japanese, with a heading and a way on."""
    assert answer.status_code == status
    assert answer.headers["content-language"] == "ja"
    assert "<h1" in answer.text and "href=" in answer.text
    assert english(answer.text, KNOWN) == []


@pytest.fixture
def client(full: Desk) -> Iterator[httpx.Client]:
    with (
        running(full, letting_in(full.settings, "127.0.0.1")) as address,
        httpx.Client(base_url=address, headers=JAPANESE, timeout=120) as made,
    ):
        yield made


def test_an_ended_session_leads_to_the_login_and_back_to_the_page(templates: Path, tmp_path: Path) -> None:
    desk = copied(templates / "full", tmp_path)
    settings = replace(desk.settings, serve=replace(desk.settings.serve, login="always"))
    with desk.archive:
        desk.archive.accounts.add("Ada", password=PASSWORD, now=NOW)
        with running(desk, settings) as address, httpx.Client(base_url=address, headers=JAPANESE) as client:
            page = client.get("/login").text
            token = page.split('name="csrf" value="')[1].split('"')[0]
            client.post("/login", data={"csrf": token, "name": "Ada", "password": PASSWORD})
            assert client.get("/account").status_code == 200
            user = desk.archive.accounts.find("Ada").id
            for session in desk.archive.accounts.sessions(user, now=NOW):
                desk.archive.accounts.end_session(user, session.id)
            answer = client.get("/account?a=1", follow_redirects=True)
            assert answer.url.path == "/login" and "%2Faccount%3Fa%3D1" in str(answer.url)
            assert_clear(answer, 200)


def test_a_wrong_token_is_named(client: httpx.Client) -> None:
    answer = client.get("/account", headers={"authorization": "Bearer unabridged-no-such-token"})
    assert_clear(answer, 401)


def test_a_list_of_feeds_of_50_mb_is_refused_before_it_is_read(client: httpx.Client) -> None:
    big = b"<opml><body>" + b"<outline text='a' xmlUrl='https://x.example/feed'/>" * 1_000_000
    answer = client.post("/sources.opml", data={"csrf": token_of(client)}, files={"file": ("list.opml", big)})
    assert_clear(answer, 422)
    assert "10 MB" in answer.text


def test_an_article_that_is_gone_has_a_way_on(client: httpx.Client, full: Desk) -> None:
    full.archive.library().articles.delete(1, now=NOW)
    for path in ("/a/1", "/a/1/versions", "/a/1/v/1", "/a/1/diff/0..1"):
        assert_clear(client.get(path), 404)


def test_a_site_that_cannot_be_reached_is_said_where_its_address_stands(client: httpx.Client) -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))  # nobody listens there
        address = f"http://127.0.0.1:{unheard.getsockname()[1]}/feed"
        answer = client.get("/add", params={"url": address})
    assert_clear(answer, 502)
    assert f'value="{address}"' in answer.text
    assert 'role="alert"' in answer.text
