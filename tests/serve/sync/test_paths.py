"""Addresses of the sync APIs in every convention; CORS; no cookie counts."""

from dataclasses import replace

import httpx
import pytest

from tests.serve.running_app import running
from tests.serve.sync.conftest import App
from unabridged.serve.sync.paths import sync_path


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("/accounts/ClientLogin", "/accounts/ClientLogin"),
        ("/api/greader.php/accounts/ClientLogin", "/accounts/ClientLogin"),
        ("/api/greader.php/api/greader.php/accounts/ClientLogin", "/accounts/ClientLogin"),
        ("/api/greader.php/greader.php/reader/api/0/token", "/reader/api/0/token"),
        ("/api/greader.php/api/reader/api/0/token", "/reader/api/0/token"),
        ("/reader/api/0/token", "/reader/api/0/token"),
        ("/reader/atom/feed/1", "/reader/atom/feed/1"),
        ("/api/greader.php/reader/api/0/stream/contents/feed/1", "/reader/api/0/stream/contents/feed/1"),
        ("//accounts/ClientLogin", "/accounts/ClientLogin"),
        ("//reader/api/0/token", "/reader/api/0/token"),
        ("/api/greader.php//accounts/ClientLogin", "/accounts/ClientLogin"),
        (
            "/api/greader.php//reader/api/0/stream/contents/feed/http://a.example/f",
            "/reader/api/0/stream/contents/feed/http://a.example/f",
        ),
        ("//api/greader.php", "/reader"),
        ("//a/1", None),
        ("/api/greader.php", "/reader"),
        ("/api/greader.php/", "/reader"),
        ("/api/greader.php/check/compatibility", "/reader/check/compatibility"),
        ("/fever", "/fever/"),
        ("/fever/", "/fever/"),
        ("/fever.php", "/fever/"),
        ("/api/fever.php", "/fever/"),
        ("/fever/index.php", "/fever/"),
        ("/v1/entries/1", "/v1/entries/1"),
        ("/v1", None),
        ("/v11/me", None),
        ("/api/greader.php/a/1", None),
        ("/api/greader.phpx", None),
        ("/accounts", None),
        ("/account", None),
        ("/readers/1", None),
        ("/feverish", None),
        ("/", None),
    ],
)
def test_every_convention_leads_to_one_path(path: str, ours: str | None) -> None:
    assert sync_path(path) == ours


def test_the_address_that_people_type_says_that_it_is_right(app: App) -> None:
    assert app.client.get("/api/greader.php").text == "OK"
    check = "/api/greader.php/check/compatibility"
    assert app.client.get(check, headers=app.headers).text == "PASS"
    assert app.client.get(check).text.startswith("FAIL")


def test_an_address_that_ends_in_a_slash_is_as_good(app: App) -> None:
    origin = str(app.client.base_url).rstrip("/")
    for base in (f"{origin}/", f"{origin}/api/greader.php/"):
        login = app.client.post(f"{base}/accounts/ClientLogin", data={"Email": "owner", "Passwd": app.secret})
        assert f"Auth={app.auth}" in login.text
        user = app.client.get(f"{base}/reader/api/0/user-info", headers=app.headers)
        assert user.json()["userName"] == "owner"


def test_pages_of_other_sites_may_ask_with_a_token(app: App) -> None:
    foreign = {"Origin": "https://app.example", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
    for path in ("/reader/api/0/user-info", "/api/greader.php/reader/api/0/edit-tag", "/api/fever.php"):
        asked = app.client.options(path, headers=foreign | {"Access-Control-Request-Method": "POST"})
        assert asked.status_code == 204
        assert asked.headers["access-control-allow-origin"] == "*"
        assert "Authorization" in asked.headers["access-control-allow-headers"]
        assert "access-control-allow-credentials" not in asked.headers
    answer = app.client.get("/reader/api/0/user-info", headers=foreign | app.headers)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in app.client.get("/healthz", headers=foreign).headers


def test_where_no_login_is_asked_an_app_still_needs_its_token(app: App) -> None:
    settings = replace(app.desk.settings, serve=replace(app.desk.settings.serve, login="auto"))
    with running(app.desk, settings) as address, httpx.Client(base_url=address) as client:
        assert client.get("/").status_code == 200
        assert client.get("/reader/api/0/user-info").status_code == 401
        assert client.post("/reader/api/0/edit-tag", data={"i": "1", "a": "x"}).status_code == 401
        assert client.get("/reader/api/0/user-info", headers=app.headers).status_code == 200


def test_a_session_of_the_reader_is_no_session_of_an_app(app: App) -> None:
    app.desk.archive.accounts.set_password(1, "a long password")
    with httpx.Client(base_url=app.client.base_url) as browser:
        browser.post("/login", data={"name": "owner", "password": "a long password"})
        assert browser.get("/reader/api/0/user-info").status_code == 401
        assert browser.get("/reader/atom/feed/1").status_code == 401
        assert browser.post("/fever/?api&items").json() == {"api_version": 3, "auth": 0}


def test_the_sub_path_of_a_proxy_stands_before_every_convention(app: App) -> None:
    serve = replace(app.desk.settings.serve, base_url="http://127.0.0.1/news")
    with running(app.desk, replace(app.desk.settings, serve=serve)) as address:
        for path in ("/news/reader/api/0/user-info", "/news/api/greader.php/reader/api/0/user-info"):
            assert httpx.get(address + path, headers=app.headers).json()["userName"] == "owner"
