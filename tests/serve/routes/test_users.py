"""The page of administrators: invitations, roles, removal."""

from dataclasses import replace
from datetime import timedelta

import httpx

from tests.serve.routes.test_accounts import Browser, browser, post
from tests.serve.running_app import HTML, NOW, Desk, running
from unabridged.archive.records.accounts import FRESH, Device
from unabridged.serve.authentication import PLAIN_COOKIE

__all__ = ["browser"]


def invite(client: httpx.Client, path: str, **form: str) -> str:
    page = post(client, "/users", path, **form).text
    return page.split('<code class="secret">')[1].split("<")[0]


def test_somebody_is_invited_and_finds_an_empty_library_of_their_own(browser: Browser, full: Desk) -> None:
    full.archive.accounts.add("Ada", "admin", now=NOW)
    admin, guest = browser("Ada"), browser()
    address = invite(admin, "/users/invite", role="reader")
    assert address.startswith(str(admin.base_url).rstrip("/") + "/invitation/")
    path = httpx.URL(address).path
    password = "correct horse battery"
    answer = post(guest, path, path, name="Bo", password=password, again=password)
    assert answer.status_code == 303
    assert "修伞人" not in guest.get("/").text
    assert guest.get("/a/1").status_code == 404
    assert 'dir="auto">Bo</b>' in admin.get("/users").text


def test_roles_passwords_and_removal(browser: Browser, full: Desk) -> None:
    full.archive.accounts.add("Ada", "admin", now=NOW)
    bo = full.archive.accounts.add("Bo", now=NOW).id
    admin, his = browser("Ada"), browser("Bo")
    post(admin, "/users", f"/users/{bo}/role", role="admin")
    assert his.get("/users").status_code == 200
    address = invite(admin, f"/users/{bo}/password")
    assert "A new way to log in for Bo" in his.get(httpx.URL(address).path).text
    post(admin, "/users", f"/users/{bo}/remove")
    assert his.get("/users").status_code == 303
    refused = post(admin, "/users", "/users/1/remove")
    assert refused.status_code == 422 and "owner" in refused.text
    assert post(admin, "/users", "/users/1/role", role="reader").status_code == 422
    assert post(admin, "/users", "/users/99/remove").status_code == 422


def test_an_old_session_or_a_token_makes_nobody_an_administrator(full: Desk) -> None:
    accounts = full.archive.accounts
    ada, bo = accounts.add("Ada", "admin", now=NOW), accounts.add("Bo", now=NOW)
    secret = accounts.open_session(ada.id, Device(), now=NOW).secret
    token = full.archive.library(ada.id).tokens.add("script", "write", now=NOW).secret
    settings = replace(full.settings, serve=replace(full.settings.serve, login="always"))
    later = NOW + FRESH + timedelta(seconds=1)
    with running(full, settings, clock=lambda: later) as address:
        for headers in ({"Cookie": f"{PLAIN_COOKIE}={secret}"}, {"Authorization": f"Bearer {token}"}):
            client = httpx.Client(base_url=address, headers={"Accept": HTML} | headers, timeout=120)
            for path, form in (
                ("/users/invite", {"role": "admin"}),
                ("/users/1/password", {}),
                (f"/users/{bo.id}/role", {"role": "admin"}),
                (f"/users/{bo.id}/remove", {}),
            ):
                answer = post(client, "/users", path, **form)
                assert answer.status_code == 422 and "Log in again" in answer.text, path
                assert "/invitation/" not in answer.text
            client.close()
    assert [one.role for one in accounts.all()] == ["admin", "admin", "reader"]
