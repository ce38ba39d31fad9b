"""Secrets: what one feed's settings and a reader's cookies send, where to, and where never."""

from base64 import b64decode
from dataclasses import replace

import pytest
from aiohttp import web

from tests.fetch.conftest import MakeFetcher, Serve, as_page
from unabridged.config import FeedSettings
from unabridged.errors import ConfigError, FetchRefused
from unabridged.fetch.client import Fetcher
from unabridged.fetch.credentials import Credentials, check_header, cookie_for, cookie_site
from unabridged.fetch.proxies import proxy_guard
from unabridged.fetch.ssrf_guard import NOTHING_ALLOWED, check_url, parse_allowance

OWN = FeedSettings(user_agent="Mine/1", headers=(("X-Key", "k"),), username="ada", password="pässword")


class Recorder:
    """A server that keeps every request and answers, or sends on where a test says so."""

    def __init__(self) -> None:
        self.seen: list[web.Request] = []
        self.ways: dict[str, str] = {}

    async def answer(self, request: web.Request) -> web.Response:
        self.seen.append(request)
        if request.path in self.ways:
            return web.Response(status=302, headers={"Location": self.ways[request.path]})
        return web.Response(text="x")


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


def secrets_of(request: web.Request) -> set[str]:
    return {name for name in ("X-Key", "Authorization", "Cookie") if name in request.headers}


async def test_a_feeds_own_settings_are_sent_with_its_request(
    serve: Serve, fetcher: Fetcher, recorder: Recorder
) -> None:
    base = await serve(recorder.answer)
    await fetcher.get(base + "/feed", own=OWN.bound_to(base))
    [request] = recorder.seen
    assert request.headers["User-Agent"] == "Mine/1"
    assert request.headers["X-Key"] == "k"
    kind, _, pair = request.headers["Authorization"].partition(" ")
    assert (kind, b64decode(pair).decode()) == ("Basic", "ada:pässword")


async def test_a_redirect_to_another_origin_gets_no_secret_of_the_feed(
    serve: Serve, fetcher: Fetcher, recorder: Recorder
) -> None:
    here, there = await serve(recorder.answer), await serve(recorder.answer)
    recorder.ways |= {"/feed": f"{there}/else", "/else": f"{here}/back"}
    await fetcher.get(here + "/feed", own=OWN.bound_to(here))
    assert [secrets_of(request) for request in recorder.seen] == [{"X-Key", "Authorization"}, set(), set()]
    assert {request.headers["User-Agent"] for request in recorder.seen} == {"Mine/1"}


async def test_a_cookie_goes_to_its_site_alone(
    serve: Serve, make_fetcher: MakeFetcher, recorder: Recorder
) -> None:
    fetcher = await make_fetcher(allow_private=("127.0.0.0/8",))
    here, there = await serve(recorder.answer), await serve(recorder.answer, host="127.0.0.2")
    fetcher.use_cookies({cookie_of(here): "id=1"})
    recorder.ways["/away"] = f"{there}/else"
    await fetcher.get(here + "/page")
    await fetcher.get(here + "/away")
    assert [request.headers.get("Cookie") for request in recorder.seen] == ["id=1", "id=1", None]


def cookie_of(base: str) -> str:
    target = check_url(base, parse_allowance(("127.0.0.0/8",)))
    return f"{target.scheme}://{target.host}:{target.port}"


async def test_a_site_that_another_host_redirects_to_gets_no_cookie(
    serve: Serve, make_fetcher: MakeFetcher, recorder: Recorder
) -> None:
    fetcher = await make_fetcher(allow_private=("127.0.0.0/8",))
    here, there = await serve(recorder.answer), await serve(recorder.answer, host="127.0.0.2")
    fetcher.use_cookies({cookie_of(there): "id=1"})
    recorder.ways["/away"] = f"{there}/logout"
    await fetcher.get(here + "/away")
    assert [request.headers.get("Cookie") for request in recorder.seen] == [None, None]


async def test_a_cookie_joins_the_one_that_a_rule_sends(
    serve: Serve, fetcher: Fetcher, recorder: Recorder
) -> None:
    base = await serve(recorder.answer)
    fetcher.use_cookies({cookie_of(base): "id=1"})
    rule = Credentials(origin=base, headers=(("cookie", "consent=yes"),))
    await fetcher.get(base + "/page", credentials=rule)
    assert recorder.seen[0].headers["Cookie"] == "consent=yes; id=1"


COOKIES = {"example.org": "a", "http://plain.example:8080": "b", "members.example.com": "c"}


@pytest.mark.parametrize(
    ("url", "cookie"),
    [
        ("https://example.org/", "a"),
        ("https://www.example.org/", "a"),
        ("https://deep.er.example.org/", "a"),
        ("http://example.org/", None),
        ("https://example.org:8443/", None),
        ("https://notexample.org/", None),
        ("https://example.org.evil.test/", None),
        ("http://plain.example:8080/", "b"),
        ("https://plain.example/", None),
        ("https://members.example.com/", "c"),
        ("https://example.com/", None),
        ("https://other.example.com/", None),
    ],
)
def test_a_cookie_is_for_its_site_and_the_names_below_it_over_https(url: str, cookie: str | None) -> None:
    assert cookie_for(check_url(url, NOTHING_ALLOWED), COOKIES) == cookie


@pytest.mark.parametrize(
    ("typed", "site"),
    [
        ("example.org", "example.org"),
        ("www.Example.org", "example.org"),
        ("https://www.example.co.uk/login?x=1", "example.co.uk"),
        ("https://news.example.co.uk/", "news.example.co.uk"),
        ("www.co.uk", "www.co.uk"),
        ("http://example.org/", "http://example.org:80"),
        ("https://example.org:8443/", "https://example.org:8443"),
    ],
)
def test_a_site_is_read_as_people_mean_it(typed: str, site: str) -> None:
    assert cookie_site(typed) == site


@pytest.mark.parametrize("typed", ["ftp://example.org/", "https://a@example.org/", "two words"])
def test_what_is_no_site_gets_no_cookie(typed: str) -> None:
    with pytest.raises(FetchRefused):
        cookie_site(typed)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Host", "evil"),
        ("Content-Length", "0"),
        ("X Y", "z"),
        ("X-Y", "a\r\nEvil: 1"),
        ("X-Y", "a\x00"),
        ("", "z"),
    ],
)
def test_a_header_that_would_break_the_request_is_refused(name: str, value: str) -> None:
    with pytest.raises(ConfigError):
        check_header(name, value)


@pytest.mark.parametrize(
    "proxy", ["socks5://a:1", "proxy.example", "http:proxy.example", "http://a:b@/", "http://[::1"]
)
def test_a_proxy_that_cannot_be_one_is_named_without_its_password(proxy: str) -> None:
    with pytest.raises(ConfigError) as failure:
        proxy_guard(proxy.replace("//", "//ada:secret@") if "@" not in proxy else proxy)
    assert "secret" not in str(failure.value)


@pytest.fixture
async def proxy(serve: Serve) -> tuple[str, list[str]]:
    """A proxy that answers for every site and keeps what it was asked for."""
    asked = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.raw_path)
        return web.Response(text="through the proxy")

    return await serve(answer, host="127.0.0.3"), asked


async def test_a_feeds_own_proxy_is_the_way_out_for_that_feed_alone(
    serve: Serve, fetcher: Fetcher, proxy: tuple[str, list[str]], recorder: Recorder
) -> None:
    address, asked = proxy
    base = await serve(recorder.answer)
    page = as_page(await fetcher.get(base + "/feed", own=FeedSettings(proxy=address)))
    assert page.body == b"through the proxy"
    assert asked == [base + "/feed"]
    assert as_page(await fetcher.get(base + "/other")).body == b"x"
    assert len(asked) == 1


@pytest.mark.parametrize(
    "url", ["http://127.0.0.9/", "http://10.0.0.1/", "http://localhost/", "http://[::1]/"]
)
async def test_a_proxy_of_a_feed_does_not_switch_the_guard_off(
    url: str, make_fetcher: MakeFetcher, proxy: tuple[str, list[str]]
) -> None:
    address, asked = proxy
    fetcher = await make_fetcher(allow_private=())
    with pytest.raises(FetchRefused):
        await fetcher.get(url, own=FeedSettings(proxy=address))
    assert asked == []


async def test_direct_goes_round_the_proxy_of_all_others(
    serve: Serve, make_fetcher: MakeFetcher, proxy: tuple[str, list[str]], recorder: Recorder
) -> None:
    address, asked = proxy
    fetcher = await make_fetcher(proxy=address)
    base = await serve(recorder.answer)
    assert as_page(await fetcher.get(base + "/a", own=FeedSettings(proxy="direct"))).body == b"x"
    assert as_page(await fetcher.get(base + "/b")).body == b"through the proxy"
    assert asked == [base + "/b"]


def test_settings_show_no_secret_when_they_are_printed() -> None:
    shown = repr(replace(OWN, proxy="http://ada:secret@proxy.example:1"))
    assert "ada" in shown
    for secret in ("pässword", "'k'", "secret"):
        assert secret not in shown
