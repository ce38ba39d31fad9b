"""One-time addresses used with a passkey instead of a password: made, taken over, refused, used once."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from tests.serve.logins.software_authenticator import SoftwareAuthenticator
from tests.serve.running_app import HTML, NOW, Desk, running
from unabridged.archive.records.accounts import Device
from unabridged.archive.records.core import OWNER
from unabridged.serve.authentication import PLAIN_COOKIE

GOOD = "correct horse battery"


@dataclass
class Stage:
    """The app on localhost; `open` gives a browser."""

    desk: Desk
    address: str
    open: Callable[[], httpx.Client]

    def key(self) -> SoftwareAuthenticator:
        return SoftwareAuthenticator(origin=self.address)


@pytest.fixture
def stage(full: Desk) -> Iterator[Stage]:
    with ExitStack() as stack:
        settings = replace(full.settings, serve=replace(full.settings.serve, login="always"))
        address = stack.enter_context(running(full, settings)).replace("127.0.0.1", "localhost")

        def start() -> httpx.Client:
            return stack.enter_context(httpx.Client(base_url=address, headers={"Accept": HTML}, timeout=120))

        yield Stage(full, address, start)


def post(client: httpx.Client, page: str, path: str, **form: str) -> httpx.Response:
    token = client.get(page).text.split('name="csrf-token" content="')[1].split('"')[0]
    return client.post(path, data={"csrf": token} | form)


def options(client: httpx.Client, path: str, name: str = "") -> dict[str, Any]:
    answer = post(client, path, f"{path}/passkey/options", name=name)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def accept(client: httpx.Client, path: str, key: SoftwareAuthenticator, name: str = "") -> httpx.Response:
    """Use a one-time address with a passkey."""
    made = key.create(options(client, path, name))
    return post(client, path, f"{path}/passkey", credential=made, name=name)


def log_in(client: httpx.Client, key: SoftwareAuthenticator) -> httpx.Response:
    key.count += 1
    asked = post(client, "/login", "/login/passkey/options").json()
    return post(client, "/login", "/login/passkey", credential=key.get(asked))


def test_the_first_account_and_a_further_one_are_made_with_passkeys_alone(stage: Stage) -> None:
    accounts, owner, key = stage.desk.archive.accounts, stage.open(), stage.key()
    path = f"/invitation/{accounts.invite_owner(now=NOW)}"
    assert "Go on with a passkey" in owner.get(path).text
    answer = accept(owner, path, key, "Ada")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "修伞人" in owner.get("/").text, "the owner has everything that was there before"
    assert accounts.is_claimed() and not accounts.get(OWNER).has_password
    assert owner.get(path).status_code == 404
    assert log_in(stage.open(), key).status_code == 303
    bo, his = stage.open(), stage.key()
    assert accept(bo, f"/invitation/{accounts.invite(now=NOW)}", his, "Bo").status_code == 303
    assert 'You are logged in as <b dir="auto">Bo' in bo.get("/account").text
    other = stage.open()
    assert log_in(other, his).status_code == 303
    assert 'You are logged in as <b dir="auto">Bo' in other.get("/account").text


def test_a_second_passkey_of_an_account_made_with_one_is_known_to_the_device(stage: Stage) -> None:
    client, key = stage.open(), stage.key()
    accept(client, f"/invitation/{stage.desk.archive.accounts.invite(now=NOW)}", key, "Bo")
    asked = post(client, "/account", "/account/passkeys/options").json()
    assert len(asked["excludeCredentials"]) == 1
    second = stage.key()
    made = second.create(asked)
    assert second.handle == key.handle
    assert post(client, "/account", "/account/passkeys", credential=made, name="Tablet").status_code == 200
    assert log_in(stage.open(), second).status_code == 303


def test_somebody_with_passkeys_alone_gets_back_in_by_a_one_time_address(stage: Stage) -> None:
    accounts, lost = stage.desk.archive.accounts, stage.key()
    client = stage.open()
    accept(client, f"/invitation/{accounts.invite(now=NOW)}", lost, "Bo")
    bo = accounts.find("Bo").id
    path = f"/invitation/{accounts.invite_to_password(bo, now=NOW)}"
    fresh, new = stage.open(), stage.key()
    assert "A new way to log in for Bo" in fresh.get(path).text
    assert accept(fresh, path, new, "Mallory").status_code == 303
    assert [one.name for one in accounts.all()] == ["owner", "Bo"], "the name is not asked for"
    assert client.get("/account").status_code == 303, "logged out everywhere else"
    assert log_in(stage.open(), new).status_code == 303
    assert len(accounts.passkeys.all(bo)) == 2


def test_a_name_that_is_taken_or_none_is_refused_before_a_passkey_is_made(stage: Stage) -> None:
    accounts, client = stage.desk.archive.accounts, stage.open()
    accounts.add("Ada", password=GOOD, now=NOW)
    path = f"/invitation/{accounts.invite(now=NOW)}"
    for name, why in (("ADA", "already"), ("", "no name"), ("a:b", "no name")):
        answer = post(client, path, f"{path}/passkey/options", name=name)
        assert answer.status_code == 422 and why in answer.text, name
    late = post(client, path, f"/invitation/{'x' * 43}/passkey/options", name="Cy")
    assert late.status_code == 403 and "Ask for a new one" in late.text
    assert accept(client, path, stage.key(), "Cy").status_code == 303


def test_a_name_that_was_taken_meanwhile_leaves_the_address_as_it_was(stage: Stage) -> None:
    accounts, client, key = stage.desk.archive.accounts, stage.open(), stage.key()
    path = f"/invitation/{accounts.invite(now=NOW)}"
    made = key.create(options(client, path, "Cy"))
    accounts.add("cy", now=NOW)
    refused = post(client, path, f"{path}/passkey", credential=made, name="Cy")
    assert refused.status_code == 422 and "already" in refused.text and 'value="Cy"' in refused.text
    assert accept(client, path, stage.key(), "Di").status_code == 303


def test_a_passkey_for_one_address_does_not_open_another(stage: Stage) -> None:
    accounts, client, key = stage.desk.archive.accounts, stage.open(), stage.key()
    first, second = (f"/invitation/{accounts.invite(now=NOW)}" for _ in range(2))
    made = key.create(options(client, first, "Cy"))
    refused = post(client, second, f"{second}/passkey", credential=made, name="Cy")
    assert refused.status_code == 422 and "begun in another window" in refused.text
    stolen = stage.open()
    answer = post(stolen, first, f"{first}/passkey", credential=made, name="Cy")
    assert answer.status_code == 422, "of another browser"
    assert [one.name for one in accounts.all()] == ["owner"]


def test_an_address_that_is_used_up_meanwhile_makes_nothing(stage: Stage) -> None:
    accounts, client, key = stage.desk.archive.accounts, stage.open(), stage.key()
    secret = accounts.invite(now=NOW)
    path = f"/invitation/{secret}"
    made = key.create(options(client, path, "Cy"))
    token = client.get(path).text.split('name="csrf-token" content="')[1].split('"')[0]
    accounts.accept(secret, "Di", GOOD, Device(), now=NOW)
    answer = client.post(f"{path}/passkey", data={"csrf": token, "credential": made})
    assert answer.status_code == 404 and "used up" in answer.text
    assert PLAIN_COOKIE not in answer.headers.get("set-cookie", "")
    assert {one.name for one in accounts.all()} == {"owner", "Di"}
