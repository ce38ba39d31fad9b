"""Pages saved for reading later: by address, with their HTML, by a program, from the bookmark."""

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from tests.serve.running_app import (
    HTML,
    NOW,
    Desk,
    Shelf,
    in_thread,
    letting_in,
    running,
    serving,
    token_of,
)
from unabridged.archive.records.library import TOKEN_SCOPES
from unabridged.serve.routes.save import bookmarklet

TEXT = "铺子的主人叫陶明远，今年六十七岁，修伞已经四十二年。" * 6
PAGE = (
    '<!doctype html><html lang="zh"><head><meta charset="gb2312"><title>修伞人</title></head>'
    f"<body><article><h1>修伞人</h1><p>{TEXT}</p><p>{TEXT[::-1]}</p></article></body></html>"
)
URL = "https://paper.example/umbrellas"


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with in_thread(serving(Shelf())) as running_shelf:
        yield running_shelf


@pytest.fixture
def client(desk: Desk) -> Iterator[httpx.Client]:
    with (
        running(desk, letting_in(desk.settings, "127.0.0.1")) as address,
        httpx.Client(base_url=address, headers={"Accept": HTML}, timeout=120) as made,
    ):
        yield made


def send(client: httpx.Client, url: str = "", html: bytes = b"") -> httpx.Response:
    files = {"file": ("page.html", html, "text/html")} if html else {"file": ("", b"")}
    return client.post("/save", data={"csrf": token_of(client), "url": url}, files=files)


def test_a_page_is_saved_by_its_address(client: httpx.Client, desk: Desk, shelf: Shelf) -> None:
    shelf.answers = {"/story": ("text/html; charset=utf-8", PAGE.encode())}
    answer = send(client, f"{shelf.origin}/story")
    assert answer.status_code == 303
    assert TEXT in client.get(answer.headers["location"]).text


@pytest.mark.parametrize("url", ["", "no address", "ftp://example.org/", "http://10.0.0.1/"])
def test_an_address_that_cannot_be_read_is_told(client: httpx.Client, url: str) -> None:
    answer = send(client, url)
    assert 400 <= answer.status_code < 500
    assert "could not be saved" in answer.text and "Traceback" not in answer.text


def test_a_page_that_only_a_person_can_see_is_saved_as_a_file(client: httpx.Client, desk: Desk) -> None:
    page = PAGE.replace("<html", f"<!-- Page saved with SingleFile \n url: {URL} \n--><html")
    answer = send(client, html=page.encode("gb2312"))
    assert answer.status_code == 303
    found = desk.archive.library().articles.find(URL)
    assert found is not None and TEXT in found.article.text
    snapshot = desk.archive.library().articles.revisions(found.id)[0].snapshot
    assert snapshot is not None, "the page itself is stored, too"


def test_a_file_that_names_no_address_needs_one(client: httpx.Client, desk: Desk) -> None:
    assert "Give its address" in send(client, html=PAGE.encode("gb2312")).text
    assert send(client, URL, PAGE.encode("gb2312")).status_code == 303


@pytest.mark.parametrize("html", [b"\x89PNG\r\n\x1a\n" + bytes(200), b"<html><body></body></html>"])
def test_what_is_no_article_is_refused_and_nothing_is_stored(
    client: httpx.Client, desk: Desk, html: bytes
) -> None:
    assert send(client, URL, html).status_code == 422
    assert desk.archive.library().counts().articles == 0


def test_a_program_saves_for_the_person_of_its_token(desk: Desk) -> None:
    bo = desk.archive.accounts.add("Bo", now=NOW)
    theirs = desk.archive.library(bo.id)
    reading, secret = (theirs.tokens.add("clip", scope, now=NOW).secret for scope in TOKEN_SCOPES)
    settings = replace(desk.settings, serve=replace(desk.settings.serve, login="always"))
    with running(desk, settings) as address:

        def post(token: str, body: object) -> httpx.Response:
            headers = {"Authorization": f"Bearer {token}"}
            return httpx.post(f"{address}/api/v1/save", json=body, headers=headers, timeout=120)

        made = post(secret, {"url": URL, "html": PAGE})
        assert made.status_code == 201, made.text
        assert made.json()["title"] == "修伞人" and made.json()["url"].startswith(address)
        assert post(secret, {"url": URL, "html": PAGE}).status_code == 200, "the same page makes no version"
        assert theirs.counts().articles == 1
        assert post(reading, {"url": URL}).status_code == 403
        bodies: list[object] = [[], {"url": 7}, {"url": "ftp://x/"}, {"html_base64": "%%%"}, {"html": PAGE}]
        for body in bodies:
            wrong = post(secret, body)
            assert wrong.status_code in (400, 422), body
            assert wrong.headers["content-type"] == "application/problem+json"
            assert wrong.json()["detail"]


def test_a_worse_page_does_not_replace_a_better_one(client: httpx.Client, desk: Desk) -> None:
    send(client, URL, PAGE.encode("gb2312"))
    wall = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
    cut = PAGE.replace(TEXT[::-1], "").replace(TEXT, TEXT[:30]).replace("</head>", f"{wall}</head>")
    send(client, URL, cut.encode("gb2312"))
    found = desk.archive.library().articles.find(URL)
    assert found is not None and TEXT in found.article.text


def test_other_apps_share_an_address_within_a_text(client: httpx.Client) -> None:
    page = client.get("/save", params={"title": "A story", "text": f"Look: {URL} (long)"})
    assert f'value="{URL}"' in page.text
    assert page.headers["cross-origin-opener-policy"] == "unsafe-none"
    target = client.get("/manifest.webmanifest").json()["share_target"]
    assert target["action"] == "/save" and target["params"]["text"] == "text"


def test_the_bookmark_is_of_this_reader() -> None:
    code = bookmarklet("https://x.example/news")
    assert code.startswith("javascript:") and "'https://x.example/news/save?url='" in code
    assert "'https://x.example')" in code
