"""Logins in a real browser: a passkey of Chromium's virtual authenticator, and a provider's page."""

import logging
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.serve.browser_stage import add_authenticator
from tests.serve.running_app import CHROMIUM, CHROMIUM_FLAGS, Desk, copied, running
from unabridged.dates.parse import utc_now

with warnings.catch_warnings(record=True):  # it uses names of authlib that will go
    from oidc_provider_mock import User, run_server_in_thread

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: install it (Debian: chromium)"),
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]

GOOD = "correct horse battery"


@dataclass
class Stage:
    """The app on http://localhost with a provider, and a browser. trouble: complaints of the browser."""

    desk: Desk
    address: str
    issuer: str
    browser: Browser
    trouble: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        page = self.browser.new_context(viewport={"width": 390, "height": 844}).new_page()
        page.route(
            lambda url: "//localhost:" not in url, lambda route: route.abort()
        )  # the provider's styles
        page.on("console", lambda said: self._note(page, said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self._note(page, str(error)))
        page.on("request", lambda asked: self._note_request(page, asked.url))
        page.goto(self.address + path)
        return page

    def _note(self, page: Page, text: str) -> None:
        if page.url.startswith(self.address) and "401 (Unauthorized)" not in text:  # a refused login
            self.trouble.append(text)

    def _note_request(self, page: Page, url: str) -> None:
        ours = (self.address + "/", self.issuer + "/oauth2/authorize?")
        if page.url.startswith(self.address) and not url.startswith(ours):
            self.trouble.append(f"asked {url}")


@pytest.fixture(scope="module")
def shared(templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    desk = copied(templates / "full", tmp_path_factory.mktemp("logins"))
    ada = User(sub="ada-1", claims={"preferred_username": "Ada"})
    with desk.archive, run_server_in_thread(user_claims=[ada, User(sub="cy-1")]) as server:
        issuer = f"http://localhost:{server.server_port}"
        serve = replace(desk.settings.serve, login="always", oidc_issuer=issuer, oidc_client_id="reader")
        serve = replace(serve, oidc_client_secret="hush", oidc_name="Example")
        settings = replace(desk.settings, serve=serve)
        with running(desk, settings, clock=utc_now) as address, sync_playwright() as driver:
            desk.archive.accounts.add("Ada", password=GOOD, now=utc_now())
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
            yield Stage(desk, address.replace("127.0.0.1", "localhost"), issuer, browser)
            browser.close()


@pytest.fixture
def stage(shared: Stage) -> Iterator[Stage]:
    yield shared
    for context in shared.browser.contexts:
        context.close()
    trouble, shared.trouble = shared.trouble, []
    assert trouble == []


def log_in(page: Page) -> None:
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Password").fill(GOOD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/account")


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Log out", exact=True).first.click()
    page.wait_for_url("**/login")


def test_a_passkey_is_added_logs_in_and_is_refused_when_it_is_removed(stage: Stage) -> None:
    page = stage.open("/login?next=/account")
    session, number = add_authenticator(page)
    log_in(page)
    page.get_by_label("Name", exact=True).fill("Laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("status").filter(has_text="The passkey is added")).to_be_visible()
    expect(page.get_by_text("never used")).to_be_visible()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("This device has a passkey of your account already.")).to_be_visible()
    log_out(page)
    page.goto(stage.address + "/login?next=/account")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url("**/account")
    expect(page.get_by_text("Laptop", exact=True)).to_be_visible()
    expect(page.get_by_text("never used")).to_have_count(0)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove Laptop").click()
    expect(page.get_by_text("Laptop", exact=True)).to_have_count(0)
    log_out(page)
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="not known here")).to_be_visible()
    session.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": number})


def test_an_account_is_made_with_a_passkey_alone_and_opened_again_with_another(stage: Stage) -> None:
    accounts = stage.desk.archive.accounts
    page = stage.open(f"/invitation/{accounts.invite(now=utc_now())}")
    session, number = add_authenticator(page)
    page.get_by_role("button", name="Go on with a passkey").click()  # without a name: the field says so
    assert page.get_by_label("Name").evaluate("one => one.validity.valueMissing")
    page.get_by_label("Name").fill("Ada")
    page.get_by_role("button", name="Go on with a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="There is an account Ada already")).to_be_visible()
    page.get_by_label("Name").fill("Bo")
    page.get_by_role("button", name="Go on with a passkey").click()
    page.wait_for_url(stage.address + "/")
    page.goto(stage.address + "/account")
    expect(page.locator(".sidebar [title='Account: Bo']")).to_have_count(1)
    log_out(page)
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url(stage.address + "/")
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": number})
    bo = accounts.find("Bo").id
    again = stage.open(f"/invitation/{accounts.invite_to_password(bo, now=utc_now())}")
    session, number = add_authenticator(again)
    again.get_by_role("button", name="Go on with a passkey").click()
    again.wait_for_url(stage.address + "/")
    assert len(accounts.passkeys.all(bo)) == 2 and not accounts.get(bo).has_password
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": number})
    stage.trouble = [one for one in stage.trouble if "422" not in one]  # the name that was taken


def test_an_account_is_made_with_a_providers_login_alone(stage: Stage) -> None:
    accounts = stage.desk.archive.accounts
    page = stage.open(f"/invitation/{accounts.invite(now=utc_now())}")
    page.get_by_label("Name").fill("Cy")
    page.get_by_role("button", name="Go on with Example").click()
    page.get_by_label("Subject").or_(page.locator("input[name=sub]")).first.fill("cy-1")
    page.locator(
        "form:has(input[name=sub][type=text]) button, form:has(input[name=sub]:not([type])) button"
    ).first.click()
    page.wait_for_url(stage.address + "/")
    assert [one.subject for one in accounts.identities.all(accounts.find("Cy").id)] == ["cy-1"]


def test_somebody_who_cancels_is_told_so(stage: Stage) -> None:
    page = stage.open("/login")
    session, number = add_authenticator(page)
    refusing = "() => Promise.reject(new DOMException('no', 'NotAllowedError'))"
    page.evaluate(f"() => {{ navigator.credentials.get = {refusing}; }}")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="The passkey was not used")).to_be_visible()
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": number})


def test_by_the_number_of_this_machine_there_is_no_passkey(stage: Stage) -> None:
    page = stage.browser.new_context().new_page()
    page.goto(stage.address.replace("localhost", "127.0.0.1") + "/login")
    expect(page.get_by_role("button", name="Log in with a passkey")).to_have_count(0)
    expect(page.get_by_role("button", name="Log in with Example")).to_be_visible()


def test_a_providers_login_is_linked_and_logs_in(stage: Stage) -> None:
    page = stage.open("/login?next=/account")
    log_in(page)
    page.get_by_role("button", name="Link my login at Example").click()
    page.get_by_role("button", name="ada-1").click()
    page.wait_for_url("**/account#logins")
    expect(page.get_by_text("ada-1")).to_be_visible()
    log_out(page)
    page.goto(stage.address + "/login?next=/search%3Fq%3Dstory")
    page.get_by_role("button", name="Log in with Example").click()
    page.get_by_role("button", name="ada-1").click()
    page.wait_for_url("**/search?q=story")
    expect(page.locator(".sidebar [title='Account: Ada']")).to_have_count(1)
