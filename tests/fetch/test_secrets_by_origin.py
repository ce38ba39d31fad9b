"""Secrets by a matrix: every way to another origin × every secret, with servers that note what they get."""

import ast
import inspect
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.conftest import present
from tests.fetch.conftest import MakeFetcher, Serve
from unabridged.config import FeedSettings
from unabridged.errors import BadStatus, FetchRefused
from unabridged.fetch import client
from unabridged.fetch.client import Fetcher
from unabridged.fetch.credentials import Credentials, keeps_secrets, rule_cookie
from unabridged.fetch.ssrf_guard import NOTHING_ALLOWED, check_url
from unabridged.urls import origin

SOURCE = Path(client.__file__).parents[1]
PAIR = b64encode(b"ada:hunter2").decode()
SECRETS = (PAIR, "hunter2", "token-1", "from-rule", "from-site")
OWN = FeedSettings(username="ada", password="hunter2", headers=(("X-Token", "token-1"),), user_agent="Mine/1")
PLACES = ("port", "host", "name", "scheme")
REDIRECTS = (301, 302, 303, 307, 308)


class Sites:
    """A home with secrets, and the places that differ from it: in port, host, name of the host, scheme."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.ways: dict[str, tuple[int, str]] = {}
        self.at: dict[str, str] = {}

    async def answer(self, request: web.Request) -> web.Response:
        here = f"{request.scheme}://{request.host}"
        self.got.append((here, dict(request.headers), await request.read()))
        if here == self.at["home"] and request.path in self.ways:
            status, where = self.ways[request.path]
            return web.Response(status=status, headers={"Location": where})
        return web.Response(text="x")

    def elsewhere(self) -> list[str]:
        """All that other origins than the home were told."""
        return [f"{headers} {body!r}" for here, headers, body in self.got if here != self.at["home"]]

    def told_at_home(self, secret: str) -> int:
        return sum(secret in str(headers) for here, headers, _ in self.got if here == self.at["home"])


@pytest.fixture
async def sites(authority: Path) -> AsyncIterator[Sites]:
    """Start the home and the four places."""
    one, runners = Sites(), []

    async def start(host: str, port: int = 0, context: ssl.SSLContext | None = None) -> int:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", one.answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        runners.append(runner)
        await web.TCPSite(runner, host, port, ssl_context=context).start()
        return int(runner.addresses[0][1])

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(authority / "good.pem", authority / "good.key")
    home = await start("127.0.0.1")
    one.at = {
        "home": f"http://127.0.0.1:{home}",
        "port": f"http://127.0.0.1:{await start('127.0.0.1')}",
        "host": f"http://127.0.0.2:{await start('127.0.0.2', home)}",
        "name": f"http://localhost:{home}",
        "scheme": f"https://127.0.0.1:{await start('127.0.0.1', 0, context)}",
    }
    yield one
    for runner in runners:
        await runner.cleanup()


@pytest.fixture
async def asking(sites: Sites, authority: Path, make_fetcher: MakeFetcher) -> Fetcher:
    """A fetcher that may ask all places and holds a cookie for the home."""
    fetcher = await make_fetcher(
        allow_private=("127.0.0.0/8", "localhost"), ca_file=str(authority / "ca.pem")
    )
    fetcher.use_cookies({sites.at["home"]: "from-site=1"})
    return fetcher


def held(sites: Sites) -> dict[str, Any]:
    """All that a request can be made with, for the home."""
    rule = Credentials(origin=sites.at["home"], headers=(("Cookie", "from-rule=1"),))
    return {"own": OWN.bound_to(origin(sites.at["home"])), "credentials": rule}


async def test_the_home_gets_all_of_its_secrets(sites: Sites, asking: Fetcher) -> None:
    await asking.get(sites.at["home"] + "/page", **held(sites))
    assert [sites.told_at_home(secret) for secret in (PAIR, "token-1", "from-rule", "from-site")] == [1] * 4


@pytest.mark.parametrize("place", PLACES)
async def test_another_origin_that_is_asked_gets_no_secret(sites: Sites, asking: Fetcher, place: str) -> None:
    await asking.get(sites.at[place] + "/page", **held(sites))
    [told] = sites.elsewhere()
    assert not [secret for secret in SECRETS if secret in told]
    assert "Mine/1" in told


@pytest.mark.parametrize("status", REDIRECTS)
@pytest.mark.parametrize("place", PLACES)
async def test_another_origin_that_home_redirects_to_gets_no_secret(
    sites: Sites, asking: Fetcher, place: str, status: int
) -> None:
    sites.ways["/page"] = (status, sites.at[place] + "/else")
    await asking.get(sites.at["home"] + "/page", **held(sites))
    assert sites.told_at_home("token-1") == 1
    [told] = sites.elsewhere()
    assert not [secret for secret in SECRETS if secret in told]


@pytest.mark.parametrize("status", REDIRECTS)
@pytest.mark.parametrize("place", PLACES)
async def test_a_form_goes_nowhere_but_to_the_origin_it_was_meant_for(
    sites: Sites, asking: Fetcher, place: str, status: int
) -> None:
    sites.ways["/hub"] = (status, sites.at[place] + "/else")
    with pytest.raises(FetchRefused, match="redirects to"):
        await asking.post(sites.at["home"] + "/hub", b"hub.secret=hunter2")
    secret = Credentials(origin=sites.at["home"], headers=(("X-Token", "token-1"),))
    with pytest.raises(FetchRefused, match="redirects to"):
        await asking.call(sites.at["home"] + "/hub", b"code=hunter2", secret)
    assert sites.elsewhere() == []
    sites.ways["/hub"] = (status, "/inside")
    assert await asking.post(sites.at["home"] + "/hub", b"hub.secret=hunter2") == 200
    before = sites.told_at_home("token-1")
    assert await asking.call(sites.at["home"] + "/hub", b"code=hunter2", secret) == b"x"
    assert sites.told_at_home("token-1") == before + 2


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://hub.example/", True),
        ("HTTPS://hub.example/", True),
        ("http://hub.example/", False),
        ("http://127.0.0.1.example/", False),
        ("http://localhost.example/", False),
        ("http://127.0.0.1:8080/", True),
        ("http://[::1]/", True),
        ("http://localhost/", True),
        ("http://10.0.0.1/", False),
        ("http://127.0.0.1@hub.example/", False),
        ("ftp://127.0.0.1/", False),
    ],
)
def test_a_secret_is_read_on_the_way_but_over_https_and_on_this_machine(url: str, safe: bool) -> None:
    assert keeps_secrets(url) is safe


async def test_a_form_is_not_sent_over_http_beyond_this_machine(make_fetcher: MakeFetcher) -> None:
    fetcher = await make_fetcher(allow_private=())
    with pytest.raises(FetchRefused, match="Only https"):
        await fetcher.post("http://hub.example/", b"hub.secret=hunter2")


@pytest.mark.parametrize(
    ("bound", "asked", "belongs"),
    [
        ("https://example.org", "https://example.org:443/x", True),
        ("https://example.org:443", "https://EXAMPLE.org./x", True),
        ("https://bücher.example", "https://xn--bcher-kva.example/", True),
        ("http://example.org", "http://example.org:80/", True),
        ("http://example.org", "https://example.org/", False),
        ("https://example.org", "http://example.org/", False),
        ("https://example.org", "http://example.org:443/", False),
        ("https://example.org", "https://example.org:8443/", False),
        ("https://example.org", "https://www.example.org/", False),
        ("https://example.org", "https://example.org.evil.test/", False),
        ("https://example.org", "https://evil.test/?https://example.org", False),
        ("https://ada:pw@example.org", "https://example.org/", False),
        ("example.org", "https://example.org/", False),
        ("", "https://example.org/", False),
    ],
)
def test_an_origin_is_one_whatever_its_spelling(bound: str, asked: str, belongs: bool) -> None:
    secret = Credentials(origin=bound, headers=(("X-Token", "token-1"),))
    assert bool(secret.headers_for(check_url(asked, NOTHING_ALLOWED))) is belongs


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("HTTPS://Example.ORG:443/feed?x", "https://example.org"),
        ("https://example.org./", "https://example.org"),
        ("https://bücher.example/", "https://xn--bcher-kva.example"),
        ("http://example.org:8080/", "http://example.org:8080"),
        ("http://[::1]:80/", "http://[::1]"),
    ],
)
def test_an_origin_is_kept_in_one_spelling(typed: str, same: str) -> None:
    assert origin(typed) == same


@pytest.mark.parametrize(
    "url", ["http://paper.example/a", "https://paper.example:8443/a", "ftp://paper.example/"]
)
def test_the_cookie_of_a_rule_goes_over_https_alone(url: str) -> None:
    assert rule_cookie(url, "login=1") is None
    assert present(rule_cookie("https://paper.example/a", "login=1")).headers == (("Cookie", "login=1"),)


async def test_settings_without_an_origin_send_no_secret(sites: Sites, asking: Fetcher) -> None:
    await asking.get(sites.at["port"] + "/page", own=OWN)
    assert not [secret for secret in SECRETS if secret in str(sites.got)]


async def test_a_site_that_wants_the_login_of_another_origin_is_named(
    sites: Sites, asking: Fetcher, serve: Serve
) -> None:
    async def refuse(request: web.Request) -> web.Response:
        return web.Response(status=401)

    there = await serve(refuse)
    with pytest.raises(BadStatus, match=f"login of this feed belongs to {sites.at['home']} and was not sent"):
        await asking.get(there + "/feed", own=OWN.bound_to(sites.at["home"]))


async def test_the_login_of_a_proxy_goes_to_the_proxy_alone(
    sites: Sites, asking: Fetcher, serve: Serve
) -> None:
    seen = []

    async def proxy(request: web.Request) -> web.Response:
        seen.append(dict(request.headers))
        return web.Response(text="x")

    address = (await serve(proxy, host="127.0.0.3")).replace("//", "//eve:proxy-pw@")
    own = FeedSettings(proxy=address)
    await asking.get(sites.at["port"] + "/page", own=own)
    await asking.get(sites.at["port"] + "/page", own=FeedSettings(proxy="direct"))
    assert "Proxy-Authorization" in seen[0]
    assert [b64encode(b"eve:proxy-pw").decode() in told for told in sites.elsewhere()] == [False]


# What callers can do


def test_a_request_takes_secrets_only_as_records_that_name_their_origin() -> None:
    asked = inspect.signature(Fetcher.get).parameters
    assert set(asked) == {
        "self", "url", "etag", "last_modified", "accept", "max_bytes", "own", "credentials"
    }  # fmt: skip
    assert set(inspect.signature(Fetcher.post).parameters) == {"self", "url", "form"}
    assert set(inspect.signature(Fetcher.call).parameters) == {"self", "url", "form", "credentials"}
    for record in (FeedSettings, Credentials):
        assert "origin" in {field.name for field in fields(record)}


@cache
def calls(path: Path) -> set[str]:
    """Names that a module calls or takes from another."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    taken = {alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
    return taken | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


MAY = {
    "headers_for": {"fetch/client.py", "fetch/credentials.py"},
    "feed_credentials": {"fetch/client.py", "fetch/credentials.py"},
    "cookie_for": {"fetch/client.py", "fetch/credentials.py"},
    "Credentials": {"fetch/client.py", "fetch/credentials.py", "serve/logins/provider.py"},
    "rule_cookie": {"fetch/credentials.py", "poll/pages/fetch_article.py"},
    "bound_to": {
        "config.py",
        "archive/feeds/fetch_settings.py",
        "poll/poller.py",
        "poll/feeds/discovery.py",
        "poll/feeds/setting_changes.py",
    },
}
"""Who deals with secrets: a further caller has to be looked at, and written down here."""


@pytest.mark.parametrize("name", MAY)
def test_nobody_else_touches_secrets(name: str) -> None:
    found = {str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*.py") if name in calls(path)}
    assert found <= MAY[name]
