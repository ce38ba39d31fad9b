"""Who may ask, what a browser may do with the answer, what may change."""

import asyncio
import hashlib
import re
import socket
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import replace

import httpx
import pytest
from fastapi.routing import APIRoute
from starlette.datastructures import Headers

from tests.serve.running_app import HTML, Desk, make_article, token_of
from unabridged.errors import ConfigError
from unabridged.serve.app import create_app
from unabridged.serve.security import (
    CSP,
    ForeignRequest,
    Signer,
    check_bind,
    check_same_origin,
    host_allowed,
    safe_next,
)
from unabridged.serve.server import open_listener

PATHS = (
    "/",
    "/?show=unread",
    "/sources",
    "/sources.opml",
    "/feeds/1",
    "/feeds/1.rss?raw",
    "/feeds/1.atom?raw",
    "/feeds/1.json?raw",
    "/feeds/all.rss?raw",
    "/folders/Reading",
    "/sources/the-news",
    "/sources/the-news.rss?raw",
    "/folders/Reading.atom?raw",
    "/search?q=story",
    "/search.rss?q=story",
    "/search.json?q=story",
    "/a/3",
    "/a/3/v/0",
    "/a/3/versions",
    "/a/3/diff/0..2",
    "/muted",
    "/healthz",
    "/metrics",
    "/manifest.webmanifest",
    "/static/reader.css",
    "/media?u=http://127.0.0.1/x.png&s=0",
)
WRONG = {
    "/nothing": 404,
    "/a/999999": 404,
    "/tags/999999": 404,
    "/a/0": 404,
    "/a/x": 404,
    "/a/99999999999999999999999999": 404,
    "/a/1/v/77": 404,
    "/a/1/diff/0..99": 404,
    "/feeds/77": 404,
    "/feeds/77.rss": 404,
    "/feeds/x.rss": 404,
    "/folders/none": 404,
    "/sources/none": 404,
    "/static/none.css": 404,
    "/static/../app.py": 404,
    "/?show=everything": 400,
    "/?before=garbage": 404,
    "/feed": 400,
    "/feed?url=ftp://example.org/": 400,
    "/feed?url=http://169.254.169.254/latest": 403,
    "/feed?url=http://10.0.0.1/feed": 403,
    "/media": 400,
    "/add": 405,
    "/a/1/read": 405,
}


@pytest.mark.parametrize("path", PATHS)
def test_every_page_forbids_what_it_does_not_need(web: httpx.Client, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == (403 if path.startswith("/media") else 200)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    expected = "default-src 'none'; sandbox" if path.startswith("/media") else CSP
    assert answer.headers["content-security-policy"] == expected


@pytest.mark.parametrize(("path", "status"), WRONG.items())
def test_a_wrong_address_is_answered_in_words_with_all_headers(
    web: httpx.Client, path: str, status: int
) -> None:
    for accept in (HTML, "*/*"):
        answer = web.get(path, headers={"Accept": accept})
        assert answer.status_code == status
        assert answer.headers["content-security-policy"] == CSP
        assert len(answer.text.split()) >= 5
        assert "Traceback" not in answer.text


def test_the_paths_above_are_all_there_are(full: Desk) -> None:
    app = create_app(full.archive, settings=full.settings)
    known = {route.path for route in walk(app.routes) if "GET" in (route.methods or ())} - {
        "/hub/{token}",
        "/icons/{feed_id}",
    }
    seen = {path.split("?")[0] for path in (*PATHS, *WRONG)}
    for path in known:
        pattern = path.split("{")[0]
        assert any(one.startswith(pattern) for one in seen), path


def walk(routes: Iterable[object]) -> list[APIRoute]:
    """Every route of the app, those of its routers too."""
    found: list[APIRoute] = []
    for route in routes:
        if isinstance(route, APIRoute):
            found.append(route)
        found += walk(getattr(getattr(route, "original_router", None), "routes", []))
    return found


def test_a_fault_in_the_program_is_a_page_with_all_headers(
    full: Desk, visit: Callable[..., httpx.Client]
) -> None:
    client = visit(full)
    full.archive.close()
    with sqlite3.connect(full.settings.database.removeprefix("sqlite:///")) as database:
        database.execute("drop table items")
    answer = client.get("/")
    assert answer.status_code in (500, 503)
    assert answer.headers["content-security-policy"] == CSP
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "192.168.1.5", "a b", "[::2]"],
)
def test_a_name_that_is_not_ours_gets_nothing(web: httpx.Client, host: str) -> None:
    for path in ("/", "/feeds/1.rss", "/static/reader.css", "/healthz"):
        answer = web.get(path, headers={"Host": host})
        assert answer.status_code in (400, 421)
        assert "Story" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1", "LOCALHOST:80", "[::1]:9", "127.0.0.2"])
def test_the_names_of_this_machine_are_ours(web: httpx.Client, host: str) -> None:
    assert web.get("/", headers={"Host": host}).status_code == 200


def test_a_name_from_the_settings_is_ours(full: Desk, visit: Callable[..., httpx.Client]) -> None:
    settings = replace(full.settings, serve=replace(full.settings.serve, allow_hosts=("News.Lan",)))
    client = visit(full, settings=settings)
    assert client.get("/", headers={"Host": "news.lan:8200"}).status_code == 200
    assert client.get("/", headers={"Host": "other.lan"}).status_code == 421


def test_host_headers_are_compared_by_name_alone() -> None:
    assert host_allowed("Example.org:8200".lower(), {"example.org"})
    assert not host_allowed("example.org.evil", {"example.org"})
    assert not host_allowed("example.org/evil", {"example.org"})


def fingerprint(desk: Desk) -> str:
    """A digest of everything in the database."""
    with sqlite3.connect(desk.settings.database.removeprefix("sqlite:///")) as database:
        return hashlib.sha256("\n".join(database.iterdump()).encode()).hexdigest()


def test_no_get_changes_anything(full: Desk, visit: Callable[..., httpx.Client]) -> None:
    client, before = visit(full), fingerprint(full)
    for path in (*PATHS, *WRONG, "/a/1/star", "/a/1/read?value=1", "/feeds/1/remove", "/read-all"):
        client.get(path)
        client.head(path)
    assert fingerprint(full) == before


POSTS = (
    "/a/1/read",
    "/a/1/star",
    "/a/1/fetch",
    "/a/1/tag",
    "/a/1/untag",
    "/a/1/delete",
    "/mute",
    "/mute/1/remove",
    "/read-all",
    "/add",
    "/sources.opml",
    "/feeds/1/remove",
    "/feeds/1/status",
    "/feeds/1/move",
)


def test_the_posts_above_are_all_there_are(full: Desk) -> None:
    app = create_app(full.archive, settings=full.settings)
    # What hubs post is let in by their signatures: tests/serve/routes/test_websub.py.
    hub = "/hub/{token}"
    routes = [route for route in walk(app.routes) if "POST" in (route.methods or ()) and route.path != hub]
    assert {re.sub(r"\{\w+\}", "1", route.path) for route in routes} == set(POSTS)


def test_a_post_from_elsewhere_changes_nothing(full: Desk, visit: Callable[..., httpx.Client]) -> None:
    client, before = visit(full), fingerprint(full)
    for path in POSTS:
        refuse_from_elsewhere(client, path)
    assert fingerprint(full) == before


def refuse_from_elsewhere(client: httpx.Client, path: str) -> None:
    token = token_of(client)
    good = {"csrf": token, "value": "1", "url": "https://news.example/other"}
    foreign: list[dict[str, str]] = [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": str(client.base_url) + "0"},
    ]
    for headers in foreign:
        assert client.post(path, data=good, headers=headers).status_code == 403
    for data in ({**good, "csrf": "0" * 40}, {"value": "1"}, {**good, "csrf": ""}):
        assert client.post(path, data=data).status_code == 403
    assert client.post(path, content=b"x" * 20_000).status_code == 403
    assert client.post(path, content=b"&".join([b"a=1"] * 100)).status_code == 403


def test_a_post_of_our_own_page_marks_and_goes_back(full: Desk, visit: Callable[..., httpx.Client]) -> None:
    client = visit(full)
    headers = {"Origin": str(client.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    data = {"csrf": token_of(client), "value": "1", "next": "/?show=unread"}
    answer = client.post("/a/1/star", data=data, headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?show=unread")
    assert full.archive.library().articles.get(1).starred
    client.post("/a/1/star", data={**data, "value": "0"}, headers=headers)
    assert not full.archive.library().articles.get(1).starred


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "/%09/evil.example",
        "https://evil.example",
        "/\t/evil",
        "",
        "evil",
        "/%2f/x",
    ],
)
def test_the_way_back_stays_on_this_site(target: str) -> None:
    assert safe_next(target) == "/"


def test_a_form_does_not_lead_away(full: Desk, visit: Callable[..., httpx.Client]) -> None:
    client = visit(full)
    for target in ("//evil.example", "/\\evil.example", "https://evil.example"):
        answer = client.post("/a/1/read", data={"csrf": token_of(client), "value": "1", "next": target})
        assert answer.headers["location"] == "/"


def test_the_way_back_keeps_a_path_with_its_query() -> None:
    assert safe_next("/feeds/3?show=unread&before=1_2") == "/feeds/3?show=unread&before=1_2"


def test_an_origin_is_compared_with_the_host_that_was_asked() -> None:
    good = Headers({"host": "127.0.0.1:8200", "origin": "http://127.0.0.1:8200"})
    check_same_origin(good, scheme="http")
    check_same_origin(Headers({"host": "news.lan", "origin": "https://news.lan"}), scheme="http")
    check_same_origin(
        Headers({"host": "news.lan", "origin": "null", "sec-fetch-site": "same-origin"}), scheme="http"
    )
    for origin in (
        "http://127.0.0.1:9",
        "null",
        "https://evil.example",
        "http://127.0.0.1:8200.evil.example",
    ):
        with pytest.raises(ForeignRequest):
            check_same_origin(Headers({"host": "127.0.0.1:8200", "origin": origin}), scheme="http")


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.5", "example.org"])
def test_listening_to_others_without_a_login_is_refused_with_words(address: str) -> None:
    with pytest.raises(ConfigError, match="allow_open"):
        check_bind(address, allow_open=False)
    check_bind(address, allow_open=True)


def test_the_reader_does_not_start_beyond_loopback_unasked(desk: Desk) -> None:
    settings = replace(desk.settings.serve, address="0.0.0.0", port=0)
    with pytest.raises(ConfigError, match="no login"), open_listener(settings):
        pass


def test_a_taken_port_is_an_error_with_advice(desk: Desk) -> None:
    with open_listener(replace(desk.settings.serve, port=0)) as (door, _):
        door.listen()
        taken = replace(desk.settings.serve, port=door.getsockname()[1])
        with pytest.raises(ConfigError, match="another port"), open_listener(taken):
            pass


async def test_an_answer_in_two_pieces_does_not_wait_for_the_first_to_be_acknowledged(desk: Desk) -> None:
    delays: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def look(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken = writer.get_extra_info("socket")
        delays.set_result(taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    with open_listener(replace(desk.settings.serve, port=0)) as (door, _):
        async with await asyncio.start_server(look, sock=door):
            _, writer = await asyncio.open_connection(*door.getsockname())
            assert await delays == 1
            writer.close()
            await writer.wait_closed()


def test_signatures_hold_for_one_purpose_and_one_text() -> None:
    signer = Signer(b"0123456789abcdef")
    signature = signer.sign("media", "https://a/")
    assert signer.accepts(signature, "media", "https://a/")
    for purpose, text in (("form", "https://a/"), ("media", "https://b/"), ("mediahttps", "://a/")):
        assert not signer.accepts(signature, purpose, text)
    assert not signer.accepts("é", "media", "https://a/")
    with pytest.raises(ConfigError):
        Signer(b"short")


EVIL = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'\u202e{{7*7}}"


def test_hostile_names_are_text_on_every_page(desk: Desk, visit: Callable[..., httpx.Client]) -> None:
    article = make_article(
        1,
        title=EVIL,
        authors=(EVIL,),
        summary=EVIL,
        tags=(EVIL,),
        site_name=EVIL,
        section=EVIL,
        warnings=(EVIL,),
    )
    feed = desk.subscribe([article], title=EVIL, folder=EVIL)
    desk.fail(desk.articles[0], EVIL, None)
    client = visit(desk)
    pages = ("/", "/sources", f"/feeds/{feed}", "/a/1", "/a/1/versions", "/a/1/v/0", "/a/1/diff/0..1")
    for path in pages:
        html = client.get(path).text
        assert "<script>alert" not in html
        assert "onerror=alert(1)>" not in html
        assert "49" not in html or "{{7*7}}" in html
    assert "&lt;script&gt;" in client.get("/a/1").text


def test_no_page_holds_inline_script_or_style(web: httpx.Client) -> None:
    for path in PATHS:
        html = web.get(path).text
        if html.lstrip().lower().startswith("<!doctype"):
            assert "<script>" not in html
            assert "<style" not in html
            assert " style=" not in html
            assert "http://cdn" not in html and "https://cdn" not in html


def test_head_answers_like_get_without_a_body(web: httpx.Client) -> None:
    for path in ("/", "/feeds/1.rss?raw", "/healthz"):
        head, get = web.head(path), web.get(path)
        assert head.status_code == get.status_code == 200
        assert head.content == b""
        assert head.headers["content-type"] == get.headers["content-type"]
