"""The client against real servers: conditions, redirects, credentials, caps, failures."""

import asyncio
import gzip
import socket
from collections.abc import Callable
from functools import partial
from typing import NoReturn

import brotli
import pytest
import zstandard
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.conftest import present
from tests.fetch.conftest import MakeFetcher, Serve, as_page
from unabridged.config import FetchSettings
from unabridged.errors import (
    BadStatus,
    ConnectionFailed,
    FetchRefused,
    FetchTimeout,
    HostNotFound,
    TooLarge,
    TooManyRedirects,
)
from unabridged.fetch.client import Fetcher
from unabridged.fetch.connection_guard import AddressRefused, ConnectionGuard
from unabridged.fetch.credentials import Credentials
from unabridged.fetch.guarded_sockets import guarded_sockets, make_socket
from unabridged.fetch.ssrf_guard import NOTHING_ALLOWED
from unabridged.model import NotModified, Page

LOCAL = FetchSettings(allow_private=("127.0.0.1",), per_host_gap=0.0)


async def test_a_page_comes_whole_with_headers_and_sizes(serve: Serve, fetcher: Fetcher) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(body="héllo".encode("latin-1"), content_type="text/html", charset="iso-8859-1")

    base = await serve(page)
    got = await fetcher.get(base + "/a?b=1#part")
    assert isinstance(got, Page)
    assert got.body == b"h\xe9llo"
    assert got.final_url == base + "/a?b=1"
    assert got.headers["content-type"] == "text/html; charset=iso-8859-1"
    assert got.wire_bytes == 5
    assert got.fetched.tzinfo is not None


async def test_we_say_who_we_are_and_send_no_cookie_no_referer_no_query(
    serve: Serve, make_fetcher: MakeFetcher
) -> None:
    fetcher = await make_fetcher(contact="https://reader.example/about")
    seen = []

    async def page(request: web.Request) -> web.Response:
        seen.append(request)
        answer = web.Response(text="x")
        answer.set_cookie("id", "1")
        return answer

    base = await serve(page)
    await fetcher.get(base + "/one")
    got = await fetcher.get(base + "/two")
    second = seen[1]
    assert second.headers["User-Agent"].startswith("Unabridged/")
    assert second.headers["User-Agent"].endswith("+https://reader.example/about")
    assert "Cookie" not in second.headers
    assert "Referer" not in second.headers
    assert second.query_string == ""
    assert "set-cookie" not in got.headers


async def test_validators_are_sent_byte_for_byte_and_a_304_is_not_modified(
    serve: Serve, fetcher: Fetcher
) -> None:
    seen: dict[str, str] = {}

    async def page(request: web.Request) -> web.Response:
        seen.update(request.headers)
        return web.Response(status=304, headers={"Cache-Control": "max-age=7200"})

    base = await serve(page)
    got = await fetcher.get(base + "/", etag='W/"a b"', last_modified="Sun, 06 Nov 1994 08:49:37 GMT")
    assert isinstance(got, NotModified)
    assert seen["If-None-Match"] == 'W/"a b"'
    assert seen["If-Modified-Since"] == "Sun, 06 Nov 1994 08:49:37 GMT"
    assert got.headers["cache-control"] == "max-age=7200"


async def test_a_200_with_the_etag_we_hold_is_not_modified(serve: Serve, fetcher: Fetcher) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text="same", headers={"ETag": '"1"'})

    base = await serve(page)
    assert isinstance(await fetcher.get(base + "/", etag='"1"'), NotModified)
    assert isinstance(await fetcher.get(base + "/", etag='"2"'), Page)
    assert isinstance(await fetcher.get(base + "/"), Page)


async def test_a_304_to_an_unconditional_request_is_a_failure(serve: Serve, fetcher: Fetcher) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(status=304)

    base = await serve(page)
    with pytest.raises(BadStatus) as failure:
        await fetcher.get(base + "/")
    assert failure.value.status == 304


async def test_redirects_are_followed_and_recorded_with_their_status(serve: Serve, fetcher: Fetcher) -> None:
    async def page(request: web.Request) -> web.Response:
        ways = {"/a": (301, "/b"), "/b": (302, "c?x=1"), "/c": (200, "")}
        status, onwards = ways[request.path]
        return web.Response(status=status, headers={"Location": onwards} if onwards else {}, text="end")

    base = await serve(page)
    got = await fetcher.get(base + "/a")
    assert got.final_url == base + "/c?x=1"
    assert [(hop.url, hop.status) for hop in got.redirects] == [(base + "/a", 301), (base + "/b", 302)]


async def test_a_redirect_loop_ends_with_its_reason(serve: Serve, fetcher: Fetcher) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "/b" if request.path == "/a" else "/a"})

    base = await serve(page)
    with pytest.raises(TooManyRedirects, match="in a circle"):
        await fetcher.get(base + "/a")


async def test_five_redirects_are_followed_and_a_sixth_is_not(serve: Serve, fetcher: Fetcher) -> None:
    async def page(request: web.Request) -> web.Response:
        step = int(request.path[1:])
        if step == 0:
            return web.Response(text="end")
        return web.Response(status=307, headers={"Location": f"/{step - 1}"})

    base = await serve(page)
    assert as_page(await fetcher.get(base + "/5")).body == b"end"
    with pytest.raises(TooManyRedirects, match="more than 5"):
        await fetcher.get(base + "/6")


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "http://10.0.0.1/", "http://[::1]/", "//169.254.169.254/", "gopher://x/"],
)
async def test_a_redirect_to_a_refused_place_is_not_followed(
    serve: Serve, fetcher: Fetcher, location: str
) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(status=301, headers={"Location": location})

    base = await serve(page)
    with pytest.raises(FetchRefused, match="redirects to a refused address"):
        await fetcher.get(base + "/")


async def test_credentials_stay_with_their_origin(serve: Serve, fetcher: Fetcher) -> None:
    seen = []

    async def other(request: web.Request) -> web.Response:
        seen.append(dict(request.headers))
        return web.Response(text="other")

    there = await serve(other)

    async def page(request: web.Request) -> web.Response:
        seen.append(dict(request.headers))
        where = {"/": "/inside", "/inside": there + "/away"}[request.path]
        return web.Response(status=302, headers={"Location": where})

    base = await serve(page)
    secrets = (("Authorization", "Basic eDp5"), ("cookie", "login=1"), ("X-Key", "1"))
    await fetcher.get(base + "/", credentials=Credentials(origin=base, headers=secrets))
    assert [one.get("Authorization") for one in seen] == ["Basic eDp5", "Basic eDp5", None]
    assert [one.get("Cookie", one.get("cookie")) for one in seen] == ["login=1", "login=1", None]
    assert [one.get("X-Key") for one in seen] == ["1", "1", None]


async def test_private_addresses_are_refused_unless_allowed(serve: Serve, make_fetcher: MakeFetcher) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text="secret")

    base = await serve(page)
    closed = await make_fetcher(allow_private=())
    with pytest.raises(FetchRefused, match=r"loopback address 127\.0\.0\.1.*allow_private"):
        await closed.get(base + "/")
    port = base.rpartition(":")[2]
    for entry in (f"127.0.0.1:{port}", "127.0.0.1", "127.0.0.0/8"):
        opened = await make_fetcher(allow_private=(entry,))
        assert as_page(await opened.get(base + "/")).body == b"secret"
    wrong = await make_fetcher(allow_private=("127.0.0.1:1",))
    with pytest.raises(FetchRefused):
        await wrong.get(base + "/")


async def test_localhost_is_allowed_by_name_and_port(serve: Serve, make_fetcher: MakeFetcher) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text="here")

    base = await serve(page)
    port = base.rpartition(":")[2]
    fetcher = await make_fetcher(allow_private=(f"localhost:{port}",))
    assert as_page(await fetcher.get(f"http://localhost:{port}/")).body == b"here"
    with pytest.raises(FetchRefused):
        await fetcher.get(f"http://127.0.0.1:{port}/")


async def test_no_proxy_is_taken_from_the_environment(
    serve: Serve, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    async def page(request: web.Request) -> web.Response:
        return web.Response(text="direct")

    base = await serve(page)
    assert as_page(await fetcher.get(base + "/")).body == b"direct"


async def test_the_proxy_of_the_settings_is_used_and_the_guard_stays(
    serve: Serve, make_fetcher: MakeFetcher
) -> None:
    asked = []

    async def proxy(request: web.Request) -> web.Response:
        asked.append(str(request.url))
        return web.Response(text="by proxy")

    fetcher = await make_fetcher(proxy=await serve(proxy), allow_private=())
    assert as_page(await fetcher.get("http://93.184.215.14/feed")).body == b"by proxy"
    with pytest.raises(FetchRefused):
        await fetcher.get("http://10.0.0.1/")
    with pytest.raises(FetchRefused):
        await fetcher.get("http://localhost/")
    assert len(asked) == 1


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": partial(gzip.compress, compresslevel=1),
    "br": partial(brotli.compress, quality=2),
    "zstd": zstandard.compress,
}


@pytest.mark.parametrize("encoding", PACKERS)
async def test_compressed_answers_are_unpacked(serve: Serve, fetcher: Fetcher, encoding: str) -> None:
    text = b"<p>whole article</p>" * 20_000

    async def page(request: web.Request) -> web.Response:
        assert encoding in request.headers["Accept-Encoding"]
        return web.Response(body=PACKERS[encoding](text), headers={"Content-Encoding": encoding})

    base = await serve(page)
    got = as_page(await fetcher.get(base + "/"))
    assert got.body == text
    assert got.wire_bytes < len(text)


@pytest.mark.parametrize("encoding", PACKERS)
async def test_a_bomb_is_stopped(serve: Serve, make_fetcher: MakeFetcher, encoding: str) -> None:
    bomb = PACKERS[encoding](b"\0" * 20_000_000)

    async def page(request: web.Request) -> web.Response:
        return web.Response(body=bomb, headers={"Content-Encoding": encoding})

    base = await serve(page)
    with pytest.raises(TooLarge, match="times its size"):
        await (await make_fetcher(max_ratio=50)).get(base + "/")
    with pytest.raises(TooLarge, match="bytes when decompressed"):
        await (await make_fetcher(max_ratio=10**9)).get(base + "/")


async def test_the_cap_on_the_wire_holds_with_and_without_a_length(serve: Serve, fetcher: Fetcher) -> None:
    async def page(request: web.Request) -> web.StreamResponse:
        if request.path == "/stated":
            return web.Response(body=b"x" * 5000)
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(50):
            await answer.write(b"x" * 100)
        return answer

    base = await serve(page)
    for path in ("/stated", "/unstated"):
        with pytest.raises(TooLarge, match="larger than 4,999 bytes"):
            await fetcher.get(base + path, max_bytes=4999)
        assert len(as_page(await fetcher.get(base + path, max_bytes=5000)).body) == 5000


async def test_the_body_of_a_redirect_or_an_error_is_never_read(serve: Serve, fetcher: Fetcher) -> None:
    async def page(request: web.Request) -> web.StreamResponse:
        if request.path == "/end":
            return web.Response(text="end")
        answer = web.StreamResponse(
            status=302 if request.path == "/go" else 500,
            headers={"Location": "/end", "Content-Length": str(10**9)},
        )
        await answer.prepare(request)
        await answer.write(b"x")
        await asyncio.sleep(30)
        return answer

    base = await serve(page)
    assert as_page(await fetcher.get(base + "/go")).body == b"end"
    with pytest.raises(BadStatus):
        await fetcher.get(base + "/bad")


async def test_a_dripping_answer_ends_at_the_deadline(serve: Serve, make_fetcher: MakeFetcher) -> None:
    async def page(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b"x")
            await asyncio.sleep(0.01)

    base = await serve(page)
    with pytest.raises(FetchTimeout, match=r"within 0\.3 seconds"):
        await (await make_fetcher(timeout=0.3)).get(base + "/")


async def test_the_deadline_covers_all_redirects_together(serve: Serve, make_fetcher: MakeFetcher) -> None:
    async def page(request: web.Request) -> web.Response:
        await asyncio.sleep(0.2)
        return web.Response(status=302, headers={"Location": request.path + "x"})

    base = await serve(page)
    with pytest.raises(FetchTimeout):
        await (await make_fetcher(timeout=0.5)).get(base + "/")


async def _raw_server(answer: bytes, *, reset: bool = False) -> tuple[asyncio.Server, str]:
    """Answer every connection with raw bytes, then close (or reset) it."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        if reset:
            linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


HALF_GZIP = gzip.compress(b"whole article " * 1000)[:-20]


HALF_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
HALF_PACKED = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s" % (
    len(HALF_GZIP),
    HALF_GZIP,
)


@pytest.mark.parametrize(
    ("answer", "reset", "words"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", False, "broke off in the middle"),
        (HALF_CHUNKED, False, "broke off in the middle"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", True, "tried again later"),
        (b"", False, "without an answer"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", False, "not HTTP"),
        (HALF_PACKED, False, "stops in the middle"),
    ],
)
async def test_half_answers_are_failures_and_never_pages(
    fetcher: Fetcher, answer: bytes, reset: bool, words: str
) -> None:
    server, url = await _raw_server(answer, reset=reset)
    async with server:
        with pytest.raises(ConnectionFailed, match=words):
            await fetcher.get(url)


async def test_a_closed_port_says_what_it_is(fetcher: Fetcher) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(ConnectionFailed, match="cannot be reached"):
        await fetcher.get(f"http://127.0.0.1:{port}/")


class Names(AbstractResolver):
    """Name servers of our own: host -> addresses; an unknown host does not exist."""

    def __init__(self, **known: list[str]) -> None:
        self.known = known

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host not in self.known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            {"hostname": host, "host": one, "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}
            for one in self.known[host]
        ]

    async def close(self) -> None:
        pass


async def test_an_unknown_host_says_so() -> None:
    async with Fetcher(LOCAL, resolver=Names()) as fetcher:
        with pytest.raises(HostNotFound, match=r"There is no host named gone\.example"):
            await fetcher.get("http://gone.example/")


async def test_one_private_address_refuses_the_whole_answer_before_any_connection() -> None:
    def never(info: object) -> NoReturn:
        raise AssertionError(f"a socket was made for {info}")

    names = Names(**{"mixed.example": ["93.184.215.14", "10.0.0.1"]})
    async with Fetcher(LOCAL, resolver=names, socket_factory=never) as fetcher:
        with pytest.raises(FetchRefused, match=r"mixed\.example resolves to the private address 10\.0\.0\.1"):
            await fetcher.get("http://mixed.example/")


async def test_the_socket_guard_refuses_what_a_resolver_let_through() -> None:
    guard = ConnectionGuard(NOTHING_ALLOWED, frozenset())
    made = guarded_sockets(guard, make_socket)
    with pytest.raises(AddressRefused, match="loopback"):
        made((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 80)))
    made((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("93.184.215.14", 80))).close()


async def test_header_bytes_that_are_no_text_do_no_harm(fetcher: Fetcher) -> None:
    head = b'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nX-Name: caf\xe9\r\nETag: "\xe9"\r\n\r\nx'
    server, url = await _raw_server(head)
    async with server:
        page = await fetcher.get(url)
    assert page.headers["x-name"] == "café"
    "".join(page.headers.values()).encode()


async def test_a_redirect_to_raw_bytes_keeps_them(fetcher: Fetcher) -> None:
    server, url = await _raw_server(b"HTTP/1.1 302 Found\r\nLocation: /caf\xe9\r\nContent-Length: 0\r\n\r\n")
    async with server:
        with pytest.raises(TooManyRedirects, match="caf%E9"):
            await fetcher.get(url)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 451, 500, 503, 520])
async def test_an_error_status_is_an_error_with_its_number(
    serve: Serve, fetcher: Fetcher, status: int
) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(status=status, text="sorry")

    base = await serve(page)
    with pytest.raises(BadStatus) as failure:
        await fetcher.get(base + "/")
    assert failure.value.status == status
    assert str(status) in str(failure.value)


async def test_retry_after_keeps_us_from_the_whole_host(serve: Serve, fetcher: Fetcher) -> None:
    asked = []

    async def page(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=429, headers={"Retry-After": "120"})

    base = await serve(page)
    with pytest.raises(BadStatus) as first:
        await fetcher.get(base + "/a")
    with pytest.raises(BadStatus, match="not asked") as second:
        await fetcher.get(base + "/b")
    assert first.value.retry_after == 120
    assert 0 < present(second.value.retry_after) <= 120
    assert asked == ["/a"]


async def test_a_host_is_asked_one_thing_at_a_time(serve: Serve, fetcher: Fetcher) -> None:
    now = most = 0

    async def page(request: web.Request) -> web.Response:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.01)
        now -= 1
        return web.Response(text="x")

    base = await serve(page)
    await asyncio.gather(*(fetcher.get(f"{base}/{number}") for number in range(8)))
    assert most == 1


async def test_long_header_lines_of_real_sites_are_read(serve: Serve, fetcher: Fetcher) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text="x", headers={"Content-Security-Policy": "a" * 30_000})

    base = await serve(page)
    assert as_page(await fetcher.get(base + "/")).body == b"x"
