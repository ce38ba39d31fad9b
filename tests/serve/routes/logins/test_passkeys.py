"""Passkeys over HTTP, with an authenticator in software: added, used, replayed, copied, removed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.serve.logins.software_authenticator import SoftwareAuthenticator
from tests.serve.running_app import HTML, NOW, Desk, running
from unabridged.archive.accounts.login_limits import FREE_ADDRESS
from unabridged.archive.records.accounts import FRESH, Device
from unabridged.serve.authentication import PLAIN_COOKIE
from unabridged.serve.logins import passkey_site
from unabridged.serve.logins.ceremonies import LIFE

GOOD = "correct horse battery"
ADDED = "The passkey is added"
TOO_LATE = "more than five minutes ago"


@dataclass
class Stage:
    """The app on localhost, with the account of Ada. now: its clock."""

    desk: Desk
    address: str
    user: int
    open: Callable[[], httpx.Client]
    now: datetime = NOW

    def browser(self, *, logged_in: bool = False) -> httpx.Client:
        client = self.open()
        if logged_in:
            made = self.desk.archive.accounts.open_session(self.user, Device(), now=self.now)
            client.cookies.set(PLAIN_COOKIE, made.secret)
        return client


@pytest.fixture
def stage(full: Desk) -> Iterator[Stage]:
    with ExitStack() as stack:
        settings = replace(full.settings, serve=replace(full.settings.serve, login="always"))

        def start() -> httpx.Client:
            client = httpx.Client(base_url=made.address, headers={"Accept": HTML}, timeout=120)
            return stack.enter_context(client)

        made = Stage(full, "", full.archive.accounts.add("Ada", password=GOOD, now=NOW).id, start)
        address = stack.enter_context(running(full, settings, clock=lambda: made.now))
        made.address = address.replace("127.0.0.1", "localhost")
        yield made


def post(client: httpx.Client, page: str, path: str, **form: str) -> httpx.Response:
    token = client.get(page).text.split('name="csrf-token" content="')[1].split('"')[0]
    return client.post(path, data={"csrf": token} | form)


def options(client: httpx.Client, page: str, path: str) -> dict[str, Any]:
    answer = post(client, page, path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def add(stage: Stage, name: str = "Phone") -> tuple[httpx.Client, SoftwareAuthenticator]:
    """Add a passkey in a browser that is logged in."""
    client, key = stage.browser(logged_in=True), SoftwareAuthenticator(origin=stage.address)
    made = key.create(options(client, "/account", "/account/passkeys/options"))
    answer = post(client, "/account", "/account/passkeys", credential=made, name=name)
    assert answer.status_code == 200 and ADDED in answer.text, answer.text
    return client, key


def log_in(client: httpx.Client, key: SoftwareAuthenticator, wanted: str = "/") -> httpx.Response:
    made = key.get(options(client, "/login", "/login/passkey/options"))
    return post(client, "/login", "/login/passkey", credential=made, next=wanted)


def test_a_passkey_is_added_used_named_and_removed(stage: Stage) -> None:
    mine, key = add(stage, "My <b>phone</b>")
    assert "My &lt;b&gt;phone" in mine.get("/account").text
    other = stage.browser()
    key.count = 1
    answer = log_in(other, key, "/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert 'You are logged in as <b dir="auto">Ada' in other.get("/account").text
    [known] = stage.desk.archive.accounts.passkeys.all(stage.user)
    assert known.last_used == NOW
    post(other, "/account", f"/account/passkeys/{known.id}/name", name="Tablet")
    assert "Tablet" in other.get("/account").text
    post(other, "/account", f"/account/passkeys/{known.id}/remove")
    key.count = 2
    refused = log_in(stage.browser(), key)
    assert refused.status_code == 401 and "not known here" in refused.text


def test_a_login_by_passkey_goes_to_this_site_only(stage: Stage) -> None:
    _, key = add(stage)
    assert log_in(stage.browser(), key, "//evil.example/").headers["location"] == "/"


def test_a_challenge_counts_once_for_one_browser_and_five_minutes(stage: Stage) -> None:
    _, key = add(stage)
    first, second = stage.browser(), stage.browser()
    asked = options(first, "/login", "/login/passkey/options")
    cookies = dict(first.cookies)
    stolen = post(second, "/login", "/login/passkey", credential=key.get(asked))
    assert stolen.status_code == 401 and TOO_LATE in stolen.text, "of another browser"
    assert post(first, "/login", "/login/passkey", credential=key.get(asked)).status_code == 303
    replayed = stage.browser()
    replayed.cookies.update(cookies)
    again = post(replayed, "/login", "/login/passkey", credential=key.get(asked))
    assert again.status_code == 401 and TOO_LATE in again.text, "a second time"
    late = stage.browser()
    asked = options(late, "/login", "/login/passkey/options")
    stage.now += LIFE + timedelta(seconds=1)
    answer = post(late, "/login", "/login/passkey", credential=key.get(asked))
    assert answer.status_code == 401 and TOO_LATE in answer.text, "after five minutes"


def test_a_challenge_to_add_a_passkey_logs_nobody_in_and_belongs_to_its_session(stage: Stage) -> None:
    mine, key = add(stage)
    new = SoftwareAuthenticator(origin=stage.address)
    asked = options(mine, "/account", "/account/passkeys/options")
    [cookie] = [one for one in mine.cookies.jar if one.name == "unabridged-passkey-new"]
    outside = stage.browser()
    outside.cookies.set("unabridged-passkey-login", str(cookie.value))
    assert post(outside, "/login", "/login/passkey", credential=key.get(asked)).status_code == 401
    other = stage.browser(logged_in=True)
    other.cookies.set("unabridged-passkey-new", str(cookie.value))
    assert post(other, "/account", "/account/passkeys", credential=new.create(asked)).status_code == 422
    assert len(stage.desk.archive.accounts.passkeys.all(stage.user)) == 1


def test_a_copied_passkey_and_one_of_another_origin_are_refused(stage: Stage) -> None:
    _, key = add(stage)
    key.count = 9
    assert log_in(stage.browser(), key).status_code == 303
    copied = log_in(stage.browser(), replace(key, count=5))
    assert copied.status_code == 401 and "may have been copied" in copied.text
    elsewhere = log_in(stage.browser(), replace(key, count=10, origin="https://evil.example"))
    assert elsewhere.status_code == 401 and "not valid here" in elsewhere.text
    assert log_in(stage.browser(), replace(key, count=10)).status_code == 303


def test_another_way_to_log_in_is_added_soon_after_a_login_only(stage: Stage) -> None:
    client = stage.browser(logged_in=True)
    assert "Add a passkey" in client.get("/account").text
    stage.now += FRESH + timedelta(seconds=1)
    page = client.get("/account").text
    assert "Add a passkey" not in page and 'href="/login?again=1&amp;next=/account"' in page
    answer = post(client, "/account", "/account/passkeys/options")
    assert answer.status_code == 403 and "Log in again" in answer.text
    answer = post(client, "/account", "/account/passkeys", credential="{}")
    assert answer.status_code == 422 and "Log in again" in answer.text
    assert "<h1>Log in</h1>" in client.get("/login?again=1&next=/account").text
    again = post(client, "/login?again=1", "/login", name="Ada", password=GOOD, next="/account")
    assert again.headers["location"] == "/account"
    assert "Add a passkey" in client.get("/account").text
    devices = stage.desk.archive.accounts.sessions(stage.user, now=stage.now)
    assert len(devices) == 1, "the session before ends"


def test_tokens_touch_no_passkey(stage: Stage) -> None:
    mine, _ = add(stage)
    token = stage.desk.archive.library(stage.user).tokens.add("script", "write", now=NOW).secret
    headers = {"Authorization": f"Bearer {token}"}
    for path in ("options", "1/name", "1/remove"):
        answer = stage.browser().post(f"/account/passkeys/{path}", headers=headers)
        assert answer.status_code == 403 and "in a browser" in answer.text
    assert "Phone" in mine.get("/account").text


def test_failed_passkeys_are_limited_by_the_address(stage: Stage) -> None:
    _, key = add(stage)
    client, stranger = stage.browser(), SoftwareAuthenticator(origin=stage.address)
    for _ in range(FREE_ADDRESS):
        assert log_in(client, stranger).status_code == 401
    asked = post(client, "/login", "/login/passkey/options")
    assert asked.status_code == 429 and "Too many" in asked.text
    answer = post(client, "/login", "/login/passkey", credential="{}")
    assert answer.status_code == 429 and "retry-after" in answer.headers
    stage.now += timedelta(minutes=1)
    assert log_in(client, key).status_code == 303


def test_an_address_without_a_name_has_no_passkeys_and_says_so(stage: Stage) -> None:
    client = stage.browser(logged_in=True)
    client.base_url = httpx.URL(stage.address.replace("localhost", "127.0.0.1"))
    client.cookies.set(PLAIN_COOKIE, str(client.cookies[PLAIN_COOKIE]), domain="127.0.0.1")
    page = client.get("/account").text
    port = stage.address.rpartition(":")[2]
    assert f"Open the reader as http://localhost:{port} instead" in page and "Add a passkey" not in page
    assert "passkey" not in httpx.get(str(client.base_url) + "/login").text
    assert post(client, "/account", "/account/passkeys/options").status_code == 403


def test_without_the_extra_the_page_says_what_to_install(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passkey_site, "find_spec", lambda name: None)
    assert "passkey" not in stage.browser().get("/login").text
    page = stage.browser(logged_in=True).get("/account").text
    assert ".[accounts]" in page and "Add a passkey" not in page
