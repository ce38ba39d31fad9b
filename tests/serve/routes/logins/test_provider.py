"""Logins by a provider of OpenID Connect: oidc-provider-mock on loopback, and the whole way of a browser."""

import json
import logging
import socket
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.serve.running_app import HTML, Desk, Shelf, in_thread, running, serving
from unabridged.archive.accounts.login_limits import FREE_ADDRESS
from unabridged.archive.records.accounts import FRESH, Device
from unabridged.config import FetchSettings, ServeSettings
from unabridged.dates.parse import utc_now
from unabridged.errors import ConfigError, LoginRefused
from unabridged.serve import app
from unabridged.serve.authentication import PLAIN_COOKIE
from unabridged.serve.logins.ceremonies import LIFE, ProviderLogin
from unabridged.serve.logins.provider import Provider

with warnings.catch_warnings(record=True):  # it uses names of authlib that will go
    from oidc_provider_mock import User, run_server_in_thread

pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")

ADA = User(sub="ada-1", claims={"preferred_username": "Ada", "email": "ada@example.org"})
NAMELESS = User(sub="no-name")
Query = dict[str, str]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A real provider on a free port."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with run_server_in_thread(user_claims=[ADA, NAMELESS], require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@dataclass
class Stage:
    """The app with a login provider. ahead: seconds by which its clock is ahead."""

    desk: Desk
    stack: ExitStack
    address: str = ""
    ahead: float = 0.0

    def now(self) -> datetime:
        return utc_now() + timedelta(seconds=self.ahead)

    def browser(self, name: str = "") -> httpx.Client:
        """A browser; of a person who is logged in if a name is given."""
        client = httpx.Client(base_url=self.address, headers={"Accept": HTML}, timeout=120)
        if name:
            user = self.desk.archive.accounts.find(name).id
            made = self.desk.archive.accounts.open_session(user, Device(), now=self.now())
            client.cookies.set(PLAIN_COOKIE, made.secret)
        return self.stack.enter_context(client)


Start = Callable[..., Stage]


@pytest.fixture
def start(full: Desk, issuer: str) -> Iterator[Start]:
    """Run the app with settings of a provider."""
    with ExitStack() as stack:

        def run(**changed: Any) -> Stage:
            serve = ServeSettings(
                login="always", oidc_issuer=issuer, oidc_client_id="reader", oidc_client_secret="hush"
            )
            settings = replace(full.settings, serve=replace(serve, **changed))
            stage = Stage(full, stack)
            stage.address = stack.enter_context(running(full, settings, clock=stage.now))
            return stage

        yield run


def post(client: httpx.Client, page: str, path: str, **form: str) -> httpx.Response:
    token = client.get(page).text.split('name="csrf-token" content="')[1].split('"')[0]
    return client.post(path, data={"csrf": token} | form)


def leave(client: httpx.Client, page: str = "/login", path: str = "/login/provider", **form: str) -> str:
    """Go to the provider; gives its address."""
    answer = post(client, page, path, **form)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text.split('content="0; url=')[1].split('"')[0])


def confirm(address: str, user: User = ADA) -> str:
    """Log in at the provider; gives the address at which it leads back, with the query of a code."""
    answer = httpx.post(address, data={"sub": user.sub}, timeout=120)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def query_of(address: str) -> Query:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_the_whole_way_with_an_account_that_is_linked(start: Start) -> None:
    stage = start(oidc_name="Example Login")
    accounts = stage.desk.archive.accounts
    ada = accounts.add("Ada", now=stage.now())
    mine = stage.browser("Ada")
    assert "Link my login at" in mine.get("/account").text
    back = confirm(leave(mine, "/account", "/account/identities"))
    answer = mine.get(back)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account#logins")
    assert "ada-1" in mine.get("/account").text
    other = stage.browser()
    assert "Example Login" in other.get("/login").text
    answer = other.get(confirm(leave(other, next="/a/3")))
    assert answer.status_code == 200 and 'content="0; url=/a/3"' in answer.text
    assert 'You are logged in as <b dir="auto">Ada' in other.get("/account").text
    assert len(accounts.all()) == 2
    [identity] = accounts.identities.all(ada.id)
    refused = post(mine, "/account", f"/account/identities/{identity.id}/remove")
    assert refused.status_code == 422 and "only way" in refused.text
    accounts.set_password(ada.id, "correct horse battery")
    mine = stage.browser("Ada")
    assert post(mine, "/account", f"/account/identities/{identity.id}/remove").status_code == 303
    assert accounts.identities.all(ada.id) == ()


def test_accounts_are_made_and_opened_again_with_a_providers_login_alone(start: Start) -> None:
    stage = start()  # where nobody but the invited gets an account
    accounts, client = stage.desk.archive.accounts, stage.browser()
    path = f"/invitation/{accounts.invite_owner(now=stage.now())}"
    answer = client.get(confirm(leave(client, path, f"{path}/provider", name=" ")))
    assert answer.status_code == 200 and 'content="0; url=/"' in answer.text
    assert 'You are logged in as <b dir="auto">Ada' in client.get("/account").text
    assert accounts.get(1).name == "Ada" and not accounts.get(1).has_password
    path = f"/invitation/{accounts.invite(now=stage.now())}"
    other = stage.browser()
    refused = other.get(confirm(leave(other, path, f"{path}/provider", name="Bo")))
    assert refused.status_code == 422 and "another account" in refused.text and 'value="Bo"' in refused.text
    assert other.get(confirm(leave(other, path, f"{path}/provider", name="Bo"), NAMELESS)).status_code == 200
    assert 'You are logged in as <b dir="auto">Bo' in other.get("/account").text
    bo = accounts.find("Bo").id
    assert [one.subject for one in accounts.identities.all(bo)] == ["no-name"]
    accounts.set_password(bo, "correct horse battery")
    accounts.identities.unlink(bo, accounts.identities.all(bo)[0].id)
    path = f"/invitation/{accounts.invite_to_password(bo, now=stage.now())}"
    third = stage.browser()
    assert third.get(confirm(leave(third, path, f"{path}/provider"), NAMELESS)).status_code == 200
    assert 'You are logged in as <b dir="auto">Bo' in third.get("/account").text


def test_a_one_time_address_that_is_none_leads_nowhere(start: Start) -> None:
    stage = start()
    client = stage.browser()
    for name in ("", "Bo"):
        answer = post(client, "/login", f"/invitation/{'x' * 43}/provider", name=name)
        assert answer.status_code == 404 and "used up" in answer.text
    path = f"/invitation/{stage.desk.archive.accounts.invite(now=stage.now())}"
    taken = post(client, path, f"{path}/provider", name="OWNER")
    assert taken.status_code == 422 and "already" in taken.text


def test_the_request_has_pkce_state_and_nonce_and_no_secret(start: Start) -> None:
    address = leave(start().browser())
    asked = query_of(address)
    assert asked["code_challenge_method"] == "S256" and len(asked["code_challenge"]) == 43
    assert asked["response_type"] == "code" and "openid" in asked["scope"].split()
    assert len(asked["state"]) >= 43 and len(asked["nonce"]) >= 43
    assert asked["redirect_uri"].endswith("/login/provider/callback")
    assert "hush" not in address


def test_an_unknown_person_is_refused_in_words(start: Start) -> None:
    stage = start()
    stage.desk.archive.accounts.add("Ada", now=stage.now())
    client = stage.browser()
    answer = client.get(confirm(leave(client)))
    assert answer.status_code == 401 and "There is no account for this login yet" in answer.text
    assert PLAIN_COOKIE not in client.cookies
    assert len(stage.desk.archive.accounts.all()) == 2


def test_an_unknown_person_becomes_a_reader_where_the_settings_say_so(start: Start) -> None:
    stage = start(oidc_create=True)
    accounts = stage.desk.archive.accounts
    taken = accounts.add("Ada", now=stage.now())
    client = stage.browser()
    assert "You are logged in" in client.get(confirm(leave(client))).text
    made = accounts.all()[-1]
    assert (made.name, made.role, made.has_password) == ("Ada 2", "reader", False)
    assert made.id != taken.id
    again = stage.browser()
    assert "You are logged in" in again.get(confirm(leave(again))).text
    nameless = stage.browser()
    assert "You are logged in" in nameless.get(confirm(leave(nameless), NAMELESS)).text
    assert [one.name for one in accounts.all()[2:]] == ["Ada 2", "reader 2"]


def test_a_state_of_another_browser_or_time_or_one_that_is_used_is_refused(start: Start) -> None:
    stage = start(oidc_create=True)
    mine, other = stage.browser(), stage.browser()
    back = confirm(leave(mine))
    leave(other)
    for client in (stage.browser(), other):
        answer = client.get(back)
        assert answer.status_code == 401 and PLAIN_COOKIE not in client.cookies
    cookies = dict(mine.cookies)
    assert mine.get(back).status_code == 200
    replayed = stage.browser()
    replayed.cookies.update({name: value for name, value in cookies.items() if name != PLAIN_COOKIE})
    assert "Try again" in replayed.get(back).text and PLAIN_COOKIE not in replayed.cookies
    late = stage.browser()
    back = confirm(leave(late))
    stage.ahead = LIFE.total_seconds() + 1
    assert late.get(back).status_code == 401
    assert len(stage.desk.archive.accounts.all()) == 2


def spoilt(query: Query) -> list[Query]:
    return [
        query | {"state": "x" * 43},
        query | {"state": ""},
        query | {"state": "é"},
        {"code": query["code"]},
        {"state": query["state"]},
        query | {"code": "made up"},
        query | {"iss": "https://evil.example"},
        query | {"error": "access_denied"},
    ]


def test_a_spoilt_answer_of_the_provider_logs_nobody_in(start: Start) -> None:
    stage = start(oidc_create=True)
    for place in range(8):
        client = stage.browser()
        query = query_of(confirm(leave(client)))
        answer = client.get("/login/provider/callback", params=spoilt(query)[place])
        assert answer.status_code == 401 and "Log in" in answer.text, place
        assert PLAIN_COOKIE not in client.cookies
    assert len(stage.desk.archive.accounts.all()) == 1


def test_a_code_of_another_login_is_refused(start: Start) -> None:
    """Somebody else's code, in a login that this browser began: nonce and verifier differ."""
    stage = start(oidc_create=True)
    mine, other = stage.browser(), stage.browser()
    stolen = query_of(confirm(leave(other)))["code"]
    own = query_of(leave(mine))["state"]
    answer = mine.get("/login/provider/callback", params={"code": stolen, "state": own})
    assert answer.status_code == 401
    assert len(stage.desk.archive.accounts.all()) == 1


def test_a_link_belongs_to_the_session_that_began_it(start: Start) -> None:
    stage = start()
    accounts = stage.desk.archive.accounts
    ada, eve = accounts.add("Ada", now=stage.now()), accounts.add("Eve", now=stage.now())
    mine = stage.browser("Eve")
    back = confirm(leave(mine, "/account", "/account/identities"))
    victim = stage.browser("Ada")
    for name, value in mine.cookies.items():
        if name != PLAIN_COOKIE:
            victim.cookies.set(name, value)
    assert victim.get(back).status_code in (401, 422)
    assert accounts.identities.all(ada.id) == accounts.identities.all(eve.id) == ()


def test_a_login_is_linked_soon_after_a_login_only(start: Start) -> None:
    stage = start()
    stage.desk.archive.accounts.add("Ada", now=stage.now())
    client = stage.browser("Ada")
    stage.ahead = FRESH.total_seconds() + 1
    assert "To link a login, log in again" in client.get("/account").text
    answer = post(client, "/account", "/account/identities")
    assert answer.status_code == 422 and "Log in again" in answer.text


def test_failures_are_limited_by_the_address(start: Start) -> None:
    client = start().browser()
    for _ in range(FREE_ADDRESS):
        assert client.get("/login/provider/callback?code=x&state=y").status_code == 401
    assert client.get("/login/provider/callback?code=x&state=y").status_code == 429
    assert post(client, "/login", "/login/provider").status_code == 429


def test_a_token_that_is_out_of_date_is_refused(start: Start) -> None:
    with run_server_in_thread(user_claims=[ADA], access_token_max_age=timedelta(seconds=-3600)) as server:
        stage = start(oidc_issuer=f"http://localhost:{server.server_port}", oidc_create=True)
        client = stage.browser()
        answer = client.get(confirm(leave(client)))
    assert answer.status_code == 401 and "not valid" in answer.text


def test_a_provider_that_is_silent_is_told_in_words(start: Start) -> None:
    with silent_port() as port:
        answer = post(start(oidc_issuer=f"http://localhost:{port}").browser(), "/login", "/login/provider")
    assert answer.status_code == 401 and "localhost does not answer as it should" in answer.text


@pytest.mark.parametrize(
    ("wrong", "good"),
    [
        ({}, True),
        ({"issuer": "https://evil.example"}, False),
        ({"issuer": None}, False),
        ({"authorization_endpoint": "http://login.example/authorize"}, False),
        ({"authorization_endpoint": "javascript:alert(1)"}, False),
        ({"token_endpoint": "http://login.example/token"}, False),
        ({"token_endpoint": None}, False),
        ({"jwks_uri": "http://login.example/keys"}, False),
        ({"jwks_uri": "https://10.0.0.1/keys"}, False),
    ],
)
async def test_documents_that_cannot_be_trusted_lead_nowhere(wrong: dict[str, Any], good: bool) -> None:
    login = ProviderLogin(redirect="http://localhost/x", state="s", nonce="n", verifier="v" * 43)
    async with serving(Shelf()) as shelf:
        documents = {
            "issuer": shelf.origin,
            "authorization_endpoint": f"{shelf.origin}/authorize?a=1",
            "token_endpoint": f"{shelf.origin}/token",
            "jwks_uri": f"{shelf.origin}/keys",
        }
        shelf.answers["/.well-known/openid-configuration"] = answer_of(documents | wrong)
        shelf.answers["/keys"] = answer_of({"keys": []})
        settings = ServeSettings(oidc_issuer=shelf.origin + "/", oidc_client_id="reader")
        async with Provider(settings, FetchSettings()) as provider:
            if good:
                assert "/authorize?a=1&" in await provider.login_address(login, now=utc_now())
                return
            for _ in range(2):  # the second time it is not asked
                with pytest.raises(LoginRefused, match="does not answer as it should"):
                    await provider.login_address(login, now=utc_now())
            assert shelf.asked.count("/.well-known/openid-configuration") == 1


def test_a_name_that_the_id_token_lacks_is_asked_for(start: Start) -> None:
    """Authelia and others tell names at the endpoint of claims alone."""
    key = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
    with in_thread(serving(Shelf())) as shelf:
        urls = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        urls |= {"userinfo_endpoint": "claims"}
        documents = {"issuer": shelf.origin} | {name: f"{shelf.origin}/{end}" for name, end in urls.items()}
        shelf.answers["/.well-known/openid-configuration"] = answer_of(documents)
        shelf.answers["/keys"] = answer_of({"keys": [key.as_dict(private=False)]})
        shelf.answers["/claims"] = answer_of({"sub": "grace-1", "preferred_username": "Grace"})
        stage = start(oidc_issuer=shelf.origin, oidc_create=True)
        for subject in ("grace-1", "other"):
            client = stage.browser()
            asked = query_of(leave(client))
            now = int(stage.now().timestamp())
            claims = {"iss": shelf.origin, "aud": "reader", "exp": now + 60, "iat": now, "sub": subject}
            token = jwt.encode({"alg": "RS256", "kid": "one"}, claims | {"nonce": asked["nonce"]}, key)
            shelf.answers["/token"] = answer_of({"access_token": "secret", "id_token": token})
            back = {"code": "c", "state": asked["state"]}
            assert client.get("/login/provider/callback", params=back).status_code == 200
    names = [one.name for one in stage.desk.archive.accounts.all()]
    assert names == ["owner", "Grace", "reader 2"], "claims of another subject count for nothing"


def answer_of(value: object) -> tuple[str, bytes]:
    return "application/json", json.dumps(value).encode()


@contextmanager
def silent_port() -> Iterator[int]:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def test_without_a_provider_there_is_no_button_and_no_way(start: Start) -> None:
    stage = start(oidc_issuer=None, oidc_client_id=None)
    client = stage.browser()
    assert "Log in with" not in client.get("/login").text
    assert post(client, "/login", "/login/provider").status_code == 404
    assert client.get("/login/provider/callback?code=x&state=y").status_code == 404


def test_a_provider_without_the_extra_is_told_at_the_start(
    full: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "find_spec", lambda name: None)
    serve = ServeSettings(oidc_issuer="https://login.example.org", oidc_client_id="reader")
    with pytest.raises(ConfigError, match=r"\.\[accounts\]"):
        app.create_app(full.archive, settings=replace(full.settings, serve=serve))
