"""The app: its routes, and the headers and words of every answer."""

import re
import sqlite3
from collections.abc import Callable

import httpx
import pytest

from tests.serve.app_routes import POSTS, fingerprint, walk
from tests.serve.running_app import HTML, Desk
from unabridged.api_records.base import is_api
from unabridged.serve.app import create_app
from unabridged.serve.context import PACKAGE_DIR
from unabridged.serve.security import (
    CSP,
)

PATHS = (
    "/",
    "/?show=unread",
    "/account",
    "/settings",
    "/counts",
    "/counts?list=/&beyond=1",
    "/?order=oldest",
    "/users",
    "/admin",
    "/admin/run",
    "/sources",
    "/sources.opml",
    "/add",
    "/health",
    "/sidebar/1",
    "/feeds/1",
    "/feeds/1/settings",
    "/feeds/1/rules",
    "/feeds/1/site",
    "/jobs",
    "/feeds/1.rss?raw",
    "/feeds/1.atom?raw",
    "/feeds/1.json?raw",
    "/feeds/all.rss?raw",
    "/feeds/all.rss?show=starred",
    "/feeds/1.atom",
    "/feeds/1.rss?archive=2&raw",
    "/folders/Reading",
    "/sources/the-news",
    "/sources/the-news.rss?raw",
    "/folders/Reading.atom?raw",
    "/search?q=story",
    "/search.rss?q=story",
    "/search.json?q=story",
    "/a/3",
    "/a/3/v/0",
    "/a/3/v/1/page",
    "/a/3/v/1/raw",
    "/a/3/v/1/proof.zip",
    "/a/3/versions",
    "/a/3/diff/0..2",
    "/muted",
    "/stories",
    "/stories?show=large",
    "/changes",
    "/event-log",
    "/event-log?kind=feeds&before=3",
    "/event-log.rss",
    "/changes?kind=edited",
    "/changes.rss",
    "/web/*/https://news.example/story-0",
    "/web/20260320090000/https://news.example/story-0",
    "/web/timemap/link/https://news.example/story-0",
    "/web/20260320090000id_/https://news.example/story-0",
    "/changes/feeds/1",
    "/changes/a/3.rss?raw",
    "/rules",
    "/rules?feed=1",
    "/rules/preview?query=story&action=keep&scope=feed:1",
    "/searches",
    "/shares",
    "/highlights",
    "/highlights.md",
    "/healthz",
    "/sw.js",
    "/offline",
    "/save?text=See+https://x.example/1",
    "/offline.json",
    "/metrics",
    "/manifest.webmanifest",
    "/static/reader.css",
    "/media?u=http://127.0.0.1/x.png&s=0",
    "/stream?u=http://127.0.0.1/x.mp3&s=0",
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
    "/feeds/1.rss?archive=x": 404,
    "/tags/999999.rss": 404,
    "/tags/x": 404,
    "/folders/none": 404,
    "/rules?edit=77": 404,
    "/rules/preview?query=title:/(/": 422,
    "/searches/77": 404,
    "/searches/77.rss": 404,
    "/story/77": 404,
    "/story/77.rss": 404,
    "/stories?before=x": 404,
    "/stories?show=x": 400,
    "/searches/x": 404,
    "/sources/none": 404,
    "/static/none.css": 404,
    "/static/../app.py": 404,
    "/?show=everything": 400,
    "/?before=garbage": 404,
    "/feed": 400,
    "/read/ftp://example.org/": 400,
    "/feed?url=ftp://example.org/": 400,
    "/feed?url=http://169.254.169.254/latest": 403,
    "/feed?url=http://10.0.0.1/feed": 403,
    "/media": 400,
    "/add?url=http://10.0.0.1/feed": 403,
    "/add?url=ftp://example.org/": 400,
    "/admin/backups/unabridged-20260101-000000.sqlite": 404,
    "/read-all": 405,
    "/login/provider/callback?code=x&state=y": 404,
    "/a/1/read": 405,
}


@pytest.mark.parametrize("path", PATHS)
def test_every_page_forbids_what_it_does_not_need(web: httpx.Client, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == (403 if path.startswith(("/media", "/stream")) else 200)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    alone = path.startswith(("/media", "/stream")) or path.endswith(("/raw", "/proof.zip")) or "id_/" in path
    expected = "default-src 'none'; sandbox" if alone else CSP
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
    routes = [route for route in walk(app.routes) if not is_api(route.path)]  # tests/serve/api/
    known = {route.path for route in routes if "GET" in (route.methods or ())} - {
        "/hub/{token}",
        "/makefulltextfeed.php",  # tests/serve/full_text/
        "/extract.php",
        "/parser",
        "/icons/{feed_id}",
        "/events",  # tests/serve/test_events.py
        "/login",  # tests/serve/test_authentication.py
        "/invitation/{secret}",  # tests/serve/routes/test_accounts.py
        "/accounts/ClientLogin",  # tests/serve/sync/
        "/reader",
        "/reader/check/compatibility",
        "/reader/api/0/{call:path}",
        "/reader/atom/{stream:path}",
        "/fever/",
        "/v1/{call:path}",  # tests/serve/sync/miniflux
        "/v1/entries/{entry}/fetch-content",
        "/healthcheck",
        "/liveness",
        "/readiness",
        "/version",
        "/s/{secret}",  # tests/serve/routes/article/test_shares.py
    }
    seen = {path.split("?")[0] for path in (*PATHS, *WRONG)}
    for path in known:
        pattern = path.split("{")[0]
        assert any(one.startswith(pattern) for one in seen), path


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


def test_no_get_changes_anything(full: Desk, visit: Callable[..., httpx.Client]) -> None:
    client, before = visit(full), fingerprint(full)
    for path in (*PATHS, *WRONG, "/a/1/star", "/a/1/read?value=1", "/feeds/1/remove", "/read-all"):
        client.get(path)
        client.head(path)
    assert fingerprint(full) == before


def test_the_posts_above_are_all_there_are(full: Desk) -> None:
    app = create_app(full.archive, settings=full.settings)
    # What hubs post is let in by their signatures: tests/serve/routes/test_websub.py.
    hub = "/hub/{token}"
    posts = [route for route in walk(app.routes) if "POST" in (route.methods or ()) and route.path != hub]
    routes = [route for route in posts if not is_api(route.path)]
    assert {re.sub(r"\{\w+(?::path)?\}", "1", route.path) for route in routes} == set(POSTS)


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


def test_every_icon_that_a_template_names_has_its_shape() -> None:
    shapes = set(re.findall(r'<symbol id="([^"]+)"', (PACKAGE_DIR / "static/icons.svg").read_text()))
    named = {
        name
        for path in (PACKAGE_DIR / "templates").rglob("*.html")
        for name in re.findall(r'icon\("([^"]+)"\)', path.read_text())
    }
    assert len(named) > 15
    assert named - shapes == set()
