"""Pages of one's own account: one-time addresses, password, devices, tokens."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import httpx
import pytest

from tests.serve.running_app import HTML, NOW, Desk, running
from unabridged.archive.records.accounts import Device
from unabridged.serve.authentication import PLAIN_COOKIE

GOOD, OTHER = "correct horse battery", "another horse entirely"
Browser = Callable[..., httpx.Client]


@pytest.fixture
def browser(full: Desk) -> Iterator[Browser]:
    """Run the app with a login; gives a browser, of a person who is logged in if a name is given."""
    with ExitStack() as stack:
        settings = replace(full.settings, serve=replace(full.settings.serve, login="always"))
        address = stack.enter_context(running(full, settings))

        def start(name: str = "") -> httpx.Client:
            headers = {"Accept": HTML}
            if name:
                user = full.archive.accounts.find(name).id
                made = full.archive.accounts.open_session(user, Device(agent="Firefox; Linux"), now=NOW)
                headers["Cookie"] = f"{PLAIN_COOKIE}={made.secret}"
            return stack.enter_context(httpx.Client(base_url=address, headers=headers, timeout=120))

        yield start


def post(client: httpx.Client, page: str, path: str, **form: str) -> httpx.Response:
    """Send a form of one of our pages."""
    token = client.get(page).text.split('name="csrf-token" content="')[1].split('"')[0]
    return client.post(path, data={"csrf": token} | form)


def test_the_first_account_is_made_at_a_one_time_address(browser: Browser, full: Desk) -> None:
    path = f"/invitation/{full.archive.accounts.invite_owner(now=NOW)}"
    client = browser()
    assert "Make the first account" in client.get(path).text
    answer = post(client, path, path, name="Ada", password=GOOD, again=OTHER)
    assert answer.status_code == 422 and "not the same" in answer.text and 'value="Ada"' in answer.text
    assert GOOD not in answer.text
    answer = post(client, path, path, name="Ada", password="short", again="short")
    assert answer.status_code == 422 and "characters" in answer.text
    answer = post(client, path, path, name="Ada", password=GOOD, again=GOOD)
    assert answer.status_code == 303 and PLAIN_COOKIE in answer.headers["set-cookie"]
    assert "修伞人" in client.get("/").text, "the owner has everything that was there before"
    again = browser().get(path)
    assert again.status_code == 404 and "used up" in again.text
    assert again.headers["referrer-policy"] == "no-referrer"


def test_a_login_without_any_account_tells_what_to_do(browser: Browser, full: Desk) -> None:
    assert "There is no account yet" in browser().get("/login").text
    full.archive.accounts.set_password(1, GOOD)
    assert "There is no account yet" not in browser().get("/login").text


def test_a_new_password_logs_the_other_devices_out(browser: Browser, full: Desk) -> None:
    full.archive.accounts.add("Ada", password=GOOD, now=NOW)
    here, elsewhere = browser("Ada"), browser("Ada")
    wrong = post(here, "/account", "/account/password", old=OTHER, password=OTHER, again=OTHER)
    assert wrong.status_code == 422 and "present password" in wrong.text
    unequal = post(here, "/account", "/account/password", old=GOOD, password=OTHER, again=GOOD)
    assert unequal.status_code == 422
    done = post(here, "/account", "/account/password", old=GOOD, password=OTHER, again=OTHER)
    assert done.status_code == 200 and "is changed" in done.text
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303


def test_devices_are_shown_and_logged_out(browser: Browser, full: Desk) -> None:
    full.archive.accounts.add("Ada", now=NOW)
    here, second, third = browser("Ada"), browser("Ada"), browser("Ada")
    page = here.get("/account").text
    assert page.count("Firefox on Linux") == 3 and page.count("this one") == 1
    sessions = full.archive.accounts.sessions(full.archive.accounts.find("Ada").id, now=NOW)
    assert post(here, "/account", f"/account/devices/{sessions[1].id}/end").status_code == 303
    assert [one.get("/account").status_code for one in (here, second, third)] == [200, 303, 200]
    post(here, "/account", "/account/devices/end-others")
    assert third.get("/account").status_code == 303


def test_a_token_is_shown_once_and_revoked(browser: Browser, full: Desk) -> None:
    full.archive.accounts.add("Ada", now=NOW)
    client = browser("Ada")
    page = post(client, "/account", "/account/tokens", name="Phone", scope="write").text
    secret = page.split('<code class="secret">')[1].split("<")[0]
    assert secret.startswith("unabridged_") and secret not in client.get("/account").text
    token = full.archive.accounts.apps.by_token(secret, now=NOW)
    assert token is not None and token.user_name == "Ada"
    nameless = post(client, "/account", "/account/tokens", name=" ", scope="read")
    assert nameless.status_code == 422 and "needs a name" in nameless.text
    post(client, "/account", f"/account/tokens/{token.id}/remove")
    assert full.archive.accounts.apps.by_token(secret, now=NOW) is None
