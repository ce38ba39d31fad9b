"""Ceremonies: the cookie that binds the two steps of a login to one browser, once."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from tests.serve.running_app import KEY, NOW
from unabridged.archive.records.accounts import User
from unabridged.errors import LoginRefused
from unabridged.serve.logins import ceremonies as module
from unabridged.serve.logins.ceremonies import LIFE, Ceremonies, Kind
from unabridged.serve.security import Signer
from unabridged.serve.viewer import Viewer

CHOSEN = {"state": "x"}


def asking(cookies: str = "", viewer: Viewer | None = None, scheme: str = "http") -> Request:
    scope: dict[str, Any] = {
        "type": "http",
        "scheme": scheme,
        "headers": [(b"cookie", cookies.encode())],
        "state": {"viewer": viewer},
    }
    return Request(scope)


def begun(known: Ceremonies, kind: Kind = "provider", viewer: Viewer | None = None) -> str:
    """Begin a ceremony; gives the cookie as the browser sends it back."""
    answer = Response()
    known.begin(answer, asking(viewer=viewer), kind, CHOSEN, now=NOW)
    return answer.headers["set-cookie"].partition(";")[0]


@pytest.fixture
def known() -> Ceremonies:
    return Ceremonies(Signer(KEY), None)


def test_what_was_chosen_comes_back_once(known: Ceremonies) -> None:
    cookie = begun(known)
    assert known.end(asking(cookie), "provider", now=NOW + LIFE) == CHOSEN
    with pytest.raises(LoginRefused, match="another window"):
        known.end(asking(cookie), "provider", now=NOW)


def test_another_viewer_kind_time_or_key_is_refused(known: Ceremonies) -> None:
    cookie = begun(known)
    ada = Viewer(user=User(id=7, name="Ada", role="reader", created=NOW), way="session", session=3)
    name, _, value = cookie.partition("=")
    packed, _, mark = value.partition(".")
    for request in (
        asking(cookie, ada),
        asking(""),
        asking(f"{name}={packed}"),
        asking(f"{name}={packed}x.{mark}"),
        asking(f"{name}={packed}.{'0' * 40}"),
        asking(f"{name}=.{mark}"),
        asking(cookie.replace("provider", "passkey-new")),
    ):
        with pytest.raises(LoginRefused):
            known.end(request, "provider", now=NOW)
    with pytest.raises(LoginRefused):
        known.end(asking(cookie.replace("-provider", "-passkey-login")), "passkey-login", now=NOW)
    with pytest.raises(LoginRefused):
        known.end(asking(cookie), "provider", now=NOW + LIFE + timedelta(seconds=1))
    with pytest.raises(LoginRefused):
        Ceremonies(Signer(KEY[::-1]), None).end(asking(cookie), "provider", now=NOW)
    assert known.end(asking(cookie), "provider", now=NOW) == CHOSEN


def test_over_https_the_cookie_is_of_one_host_and_no_script_reads_it(known: Ceremonies) -> None:
    answer = Response()
    known.begin(answer, asking(scheme="https"), "passkey-login", CHOSEN, now=NOW)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-unabridged-passkey-login=")
    for part in ("Secure", "HttpOnly", "SameSite=strict", "Path=/", "Max-Age=300"):
        assert part in cookie


def test_memory_is_bounded_and_freed(known: Ceremonies, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ENDED", 2)
    first, second, third = (begun(known, viewer=None) for _ in range(3))
    assert first == second == third, "what is signed is the same at the same time"
    for kind in ("provider", "passkey-login"):
        known.end(asking(begun(known, kind)), kind, now=NOW)
    with pytest.raises(LoginRefused, match="Too many people"):
        known.end(asking(begun(known, "passkey-new")), "passkey-new", now=NOW)
    later = NOW + LIFE + timedelta(seconds=1)
    answer = Response()
    known.begin(answer, asking(), "provider", CHOSEN, now=later)
    cookie = answer.headers["set-cookie"].partition(";")[0]
    assert known.end(asking(cookie), "provider", now=later) == CHOSEN


def test_secrets_follow_from_a_text(known: Ceremonies) -> None:
    assert known.secret("nonce", "x") == known.secret("nonce", "x") != known.secret("verifier", "x")
    assert 43 <= len(known.secret("verifier", "x")) <= 128, "RFC 7636, 4.1"
