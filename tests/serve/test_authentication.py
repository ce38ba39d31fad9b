"""Who is let in: sessions, tokens, proxies, and where no login is asked."""

import asyncio
import base64
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from tests.serve.running_app import HTML, NOW, Desk, running, token_of
from unabridged.archive.records.accounts import Device
from unabridged.archive.records.core import OWNER
from unabridged.archive.records.library import TOKEN_SCOPES
from unabridged.config import ServeSettings
from unabridged.errors import ConfigError
from unabridged.serve.app import create_app
from unabridged.serve.authentication import (
    PLAIN_COOKIE,
    SECURE_COOKIE,
    AuthenticationGuard,
    Authenticator,
    check_bind,
    needs_login,
)
from unabridged.serve.viewer import Viewer

GOOD = "correct horse battery"


@pytest.fixture
def door(full: Desk) -> Iterator[Any]:
    """Run the app with a login; gives a maker of clients, each a browser of its own."""
    with ExitStack() as stack:
        settings = replace(full.settings, serve=replace(full.settings.serve, login="always"))
        address = stack.enter_context(running(full, settings))

        def client(**headers: str) -> httpx.Client:
            made = httpx.Client(base_url=address, headers={"Accept": HTML} | headers, timeout=120)
            return stack.enter_context(made)

        yield client


def csrf_of(html: str) -> str:
    return html.split('name="csrf-token" content="')[1].split('"')[0]


def log_in(client: httpx.Client, name: str, password: str = GOOD, wanted: str = "/") -> httpx.Response:
    token = csrf_of(client.get("/login").text)
    form = {"csrf": token, "name": name, "password": password, "next": wanted}
    return client.post("/login", data=form)


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ({}, False),
        ({"login": "always"}, True),
        ({"address": "0.0.0.0"}, True),
        ({"address": "::"}, True),
        ({"address": "192.168.1.5"}, True),
        ({"base_url": "https://news.example.org"}, True),
        ({"base_url": "http://localhost:8200"}, False),
        ({"address": "0.0.0.0", "allow_open": True}, False),
        ({"base_url": "https://news.example.org", "allow_open": True}, False),
    ],
)
def test_a_login_is_asked_where_others_can_reach_the_reader(changed: dict[str, Any], asked: bool) -> None:
    assert needs_login(ServeSettings(**changed)) is asked


def test_passwords_do_not_cross_a_network_in_plain_text_unless_a_setting_says_so() -> None:
    with pytest.raises(ConfigError, match="allow_http"):
        check_bind(ServeSettings(address="0.0.0.0"))
    with pytest.raises(ConfigError, match="https"):
        check_bind(ServeSettings(address="::", base_url="http://news.example.org"))
    for settings in (
        ServeSettings(),
        ServeSettings(address="0.0.0.0", allow_http=True),
        ServeSettings(address="0.0.0.0", allow_open=True),
        ServeSettings(address="0.0.0.0", base_url="https://news.example.org"),
    ):
        check_bind(settings)


def test_nobody_gets_anything_but_the_login(door: Any, full: Desk) -> None:
    page = door().get("/a/1?x=%26")
    assert page.status_code == 303
    assert page.headers["location"] == "/login?next=%2Fa%2F1%3Fx%3D%2526"
    program = httpx.get(f"{door().base_url}/feeds/1.rss", headers={"Accept": "application/rss+xml"})
    assert program.status_code == 401 and "Basic" in program.headers["www-authenticate"]
    script = door(**{"Sec-Fetch-Mode": "cors", "Accept": "application/json"}).get("/")
    assert script.status_code == 401 and "www-authenticate" not in script.headers
    assert door().get("/healthz").json() == {"status": "ok"}
    assert door().post("/a/1/star", data={"value": "1"}).status_code == 401
    assert not full.archive.library().articles.get(1).starred


def test_a_login_leads_on_and_a_logout_ends_it(door: Any, full: Desk) -> None:
    full.archive.accounts.add("Ada", "admin", GOOD, now=NOW)
    browser = door()
    before = browser.get("/login").cookies.get(PLAIN_COOKIE)
    answer = log_in(browser, "ada", wanted="/sources")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sources")
    given = answer.headers["set-cookie"]
    assert "HttpOnly" in given and "SameSite=lax" in given and "Path=/" in given and before is None
    assert browser.get("/sources").status_code == 200
    assert browser.get("/healthz").json()["feeds"] == 1
    assert browser.get("/login").headers["location"] == "/"
    assert browser.get("/logout").status_code == 405
    secret = browser.cookies[PLAIN_COOKIE]
    out = browser.post("/logout", data={"csrf": csrf_of(browser.get("/account").text)})
    assert out.status_code == 303 and "Max-Age=0" in out.headers["set-cookie"]
    thief = door(Cookie=f"{PLAIN_COOKIE}={secret}")
    assert thief.get("/").headers["location"].startswith("/login")


def test_a_session_that_somebody_planted_is_not_taken_over(door: Any, full: Desk) -> None:
    full.archive.accounts.add("Ada", password=GOOD, now=NOW)
    answer = log_in(door(Cookie=f"{PLAIN_COOKIE}=planted"), "Ada")
    assert answer.status_code == 303 and "planted" not in answer.headers["set-cookie"]
    assert full.archive.accounts.session("planted", now=NOW) is None


@pytest.mark.parametrize("wanted", ["//evil.example", "/\\evil.example", "https://evil.example", "/%09/evil"])
def test_a_login_leads_to_no_other_site(door: Any, full: Desk, wanted: str) -> None:
    full.archive.accounts.add("Ada", password=GOOD, now=NOW)
    assert log_in(door(), "Ada", wanted=wanted).headers["location"] == "/"


def test_a_wrong_password_is_told_and_too_many_have_to_wait(door: Any, full: Desk) -> None:
    full.archive.accounts.add("Ada", password=GOOD, now=NOW)
    browser = door()
    for _ in range(5):
        answer = log_in(browser, "Ada", "wrong")
        assert answer.status_code == 401 and "do not belong together" in answer.text
        assert 'value="Ada"' in answer.text and "wrong" not in answer.text.replace("belong", "")
    answer = log_in(browser, "Ada")
    assert answer.status_code == 429 and answer.headers["retry-after"] == "2"
    assert PLAIN_COOKIE not in browser.cookies


def test_a_form_of_another_session_is_refused(door: Any, full: Desk) -> None:
    for name in ("Ada", "Bo"):
        full.archive.accounts.add(name, password=GOOD, now=NOW)
    ada, bo = door(), door()
    log_in(ada, "Ada")
    log_in(bo, "Bo")
    stolen = csrf_of(bo.get("/account").text)
    form = {"csrf": stolen, "name": "phone", "scope": "write"}
    assert ada.post("/account/tokens", data=form).status_code == 403
    foreign = {"Origin": "https://evil.example"}
    own = {"csrf": csrf_of(ada.get("/account").text), "name": "phone", "scope": "write"}
    assert ada.post("/account/tokens", data=own, headers=foreign).status_code == 403
    assert ada.post("/account/tokens", data=own).status_code == 200
    assert door().post("/login", data={"name": "Ada", "password": GOOD}).status_code == 403, "no token"


@pytest.mark.parametrize("way", ["bearer", "basic", "header", "address"])
def test_a_token_lets_a_program_in_by_every_way(door: Any, full: Desk, way: str) -> None:
    secret = full.archive.library().tokens.add("phone", "read", now=NOW).secret
    basic = base64.b64encode(f"anything:{secret}".encode()).decode()
    headers = {
        "bearer": {"Authorization": f"Bearer {secret}"},
        "basic": {"Authorization": f"Basic {basic}"},
        "header": {"X-Auth-Token": secret},
        "address": {},
    }[way]
    query = f"?token={secret}" if way == "address" else ""
    answer = door(Accept="application/rss+xml", **headers).get(f"/feeds/1.rss{query}")
    assert answer.status_code == 200 and "修伞人" in answer.text
    wrong = {name: value.replace(secret, "unabridged_no") for name, value in headers.items()}
    if way in ("bearer", "header"):
        assert door(**wrong).get("/feeds/1.rss").status_code == 401


@pytest.mark.parametrize("path", ["/changes.rss?", "/changes/feeds/1.atom?", "/search.json?q=story&"])
def test_an_address_with_a_token_opens_feeds_of_changes_and_searches(
    door: Any, full: Desk, path: str
) -> None:
    secret = full.archive.library().tokens.add("feed", "read", now=NOW).secret
    program = door(Accept="application/rss+xml")
    assert program.get(f"{path}token={secret}").status_code == 200
    assert program.get(f"{path}token=unabridged_no").status_code == 401


def test_an_address_with_a_token_opens_no_page(door: Any, full: Desk) -> None:
    secret = full.archive.library().tokens.add("phone", "write", now=NOW).secret
    assert door().get(f"/?token={secret}").status_code == 303
    for path in ("/account?", "/search?q=story&", "/health?", "/add?url=https://x.example/&"):
        assert door().get(f"{path}token={secret}").status_code == 303, path


def test_a_token_does_what_its_scope_says(door: Any, full: Desk) -> None:
    reading, writing = (full.archive.library().tokens.add("phone", scope, now=NOW) for scope in TOKEN_SCOPES)
    number = 1
    form = {"value": "1"}
    refused = door(Authorization=f"Bearer {reading.secret}").post(f"/a/{number}/star", data=form)
    assert refused.status_code == 403 and "may only read" in refused.text
    done = door(Authorization=f"Bearer {writing.secret}", Accept="application/json")
    assert done.post(f"/a/{number}/star", data=form).json() == {"done": True}
    assert full.archive.library().articles.get(number).starred
    full.archive.library().tokens.remove(writing.token.id)
    assert done.get("/").status_code == 401


def test_a_token_is_its_persons_also_where_no_login_is_asked(full: Desk) -> None:
    bo = full.archive.accounts.add("Bo", now=NOW)
    secret = full.archive.library(bo.id).tokens.add("phone", now=NOW).secret
    with running(full) as address:
        mine = httpx.get(f"{address}/healthz", headers={"X-Auth-Token": secret})
        assert mine.status_code == 200
        feed = httpx.get(f"{address}/feeds/1.rss", headers={"X-Auth-Token": secret})
        assert feed.status_code == 404, "Bo does not subscribe to it"


def test_only_administrators_see_people_and_figures(door: Any, full: Desk) -> None:
    full.archive.accounts.add("Ada", "admin", GOOD, now=NOW)
    full.archive.accounts.add("Bo", "reader", GOOD, now=NOW)
    ada, bo = door(), door()
    log_in(ada, "Ada")
    log_in(bo, "Bo")
    for path in ("/users", "/metrics"):
        assert ada.get(path).status_code == 200
        assert bo.get(path).status_code == 403
    form = {"csrf": csrf_of(bo.get("/account").text), "role": "admin"}
    number = full.archive.accounts.find("Bo").id
    assert bo.post(f"/users/{number}/role", data=form).status_code == 403
    assert full.archive.accounts.get(number).role == "reader"


# Reverse proxies


def test_a_trusted_proxy_names_the_person_and_nobody_else_does(full: Desk) -> None:
    serve = replace(full.settings.serve, login="always", auth_header="Remote-User", proxies=("127.0.0.1/32",))
    with running(full, replace(full.settings, serve=serve)) as address:
        named = {"Remote-User": "Grace", "Accept": HTML}
        assert httpx.get(f"{address}/", headers=named).status_code == 200
        assert full.archive.accounts.find("grace").role == "reader"
        assert httpx.get(f"{address}/", headers={"Accept": HTML}).status_code == 303
    elsewhere = replace(serve, proxies=("10.0.0.0/8",))
    with running(full, replace(full.settings, serve=elsewhere)) as address:
        assert httpx.get(f"{address}/", headers=named).status_code == 303
    closed = replace(serve, auth_create=False)
    with running(full, replace(full.settings, serve=closed)) as address:
        unknown = httpx.get(f"{address}/", headers=named | {"Remote-User": "Mallory"})
        assert unknown.status_code == 403 and "Mallory" in unknown.text


@pytest.mark.parametrize(
    "changed", [{"proxies": ("no address",)}, {"auth_header": "Remote-User", "proxies": ()}]
)
def test_a_header_is_not_believed_from_everybody(full: Desk, changed: dict[str, Any]) -> None:
    settings = replace(full.settings, serve=ServeSettings(**changed))
    with pytest.raises(ConfigError, match="proxies"):
        create_app(full.archive, settings=settings)


def test_over_https_the_cookie_is_for_this_host_alone(full: Desk) -> None:
    serve = replace(full.settings.serve, base_url="https://news.example.org")
    full.archive.accounts.set_password(OWNER, GOOD)
    with running(full, replace(full.settings, serve=serve)) as address:
        headers = {"Host": "news.example.org", "Accept": HTML}
        with httpx.Client(base_url=address, headers=headers, timeout=120) as browser:
            answer = log_in(browser, "owner")
    given = answer.headers["set-cookie"]
    assert given.startswith(f"{SECURE_COOKIE}=") and "Secure" in given and "Domain" not in given


def test_a_session_of_a_removed_person_is_over(door: Any, full: Desk) -> None:
    bo = full.archive.accounts.add("Bo", now=NOW)
    made = full.archive.accounts.open_session(bo.id, Device(), now=NOW)
    browser = door(Cookie=f"{PLAIN_COOKIE}={made.secret}")
    assert browser.get("/account").status_code == 200
    full.archive.accounts.remove(bo.id)
    assert browser.get("/account").status_code == 303


def test_without_a_login_everything_is_the_owners(full: Desk) -> None:
    with running(full) as address, httpx.Client(base_url=address, headers={"Accept": HTML}) as client:
        page = client.get("/account").text
        assert "No login is asked here" in page and "Log out" not in page
        answer = client.post(
            "/account/tokens", data={"csrf": token_of(client), "name": "phone", "scope": "read"}
        )
        assert "unabridged_" in answer.text


class NobodyIsAsked(Authenticator):
    """An authenticator that must not be asked."""

    def viewer(self, scope: Scope) -> Viewer | None:
        raise AssertionError(scope["path"])


def test_files_of_the_program_and_signed_addresses_are_answered_without_looking_anybody_up(
    full: Desk,
) -> None:
    asked: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])

    nobody = NobodyIsAsked(archive=full.archive, settings=full.settings.serve, clock=lambda: NOW)
    guard = AuthenticationGuard(app, nobody)
    paths = ["/static/reader.css", "/manifest.webmanifest", "/media"]

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        raise AssertionError(message)

    async def ask(path: str) -> None:
        await guard({"type": "http", "method": "GET", "path": path, "headers": []}, receive, send)

    for path in paths:
        asyncio.run(ask(path))
    assert asked == paths
    with pytest.raises(AssertionError, match="/login"):
        asyncio.run(ask("/login"))
