"""The client against real servers: conditions, redirects, credentials, caps, failures."""

import asyncio
import gzip
from collections.abc import Callable
from functools import partial

import brotli
import pytest
import zstandard
from aiohttp import web

from tests.conftest import present
from tests.fetch.conftest import MakeFetcher, Serve, as_page
from tests.fetch.local_servers import raw_server, replying_server
from unabridged.errors import (
    BadStatus,
    ConnectionFailed,
    FetchRefused,
    FetchTimeout,
    TooLarge,
)
from unabridged.fetch.client import ACCEPT_FEED, ACCEPT_IMAGE, ACCEPT_PAGE, Fetcher
from unabridged.fetch.credentials import Credentials
from unabridged.fetch.rate_limit import MAX_CONSECUTIVE_FAILURES
from unabridged.model import NotModified, Page


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


async def test_header_bytes_that_are_no_text_do_no_harm(fetcher: Fetcher) -> None:
    head = b'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nX-Name: caf\xe9\r\nETag: "\xe9"\r\n\r\nx'
    server, url = await raw_server(head)
    async with server:
        page = await fetcher.get(url)
    assert page.headers["x-name"] == "café"
    "".join(page.headers.values()).encode()


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


@pytest.mark.parametrize("stated", [{}, {"Content-Encoding": "identity"}, {"Content-Encoding": "utf-8"}])
@pytest.mark.parametrize("times", [1, 2])
async def test_gzip_that_no_header_states_is_unpacked(
    stated: dict[str, str], times: int, fetcher: Fetcher
) -> None:
    body = b"<rss/>"
    for _ in range(times):
        body = gzip.compress(body)

    def reply(head: str) -> bytes:
        lines = "".join(f"{name}: {value}\r\n" for name, value in stated.items())
        length = f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        return f"HTTP/1.1 200 OK\r\n{lines}{length}".encode() + body

    async with replying_server(reply) as base:
        assert as_page(await fetcher.get(base + "/feed.xml.gz")).body == b"<rss/>"


async def test_gzip_that_no_header_states_has_the_same_caps(serve: Serve, make_fetcher: MakeFetcher) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(body=gzip.compress(b"x" * 3_000_000))

    base = await serve(page)
    with pytest.raises(TooLarge, match="200 times its size"):
        await (await make_fetcher()).get(base + "/")
    with pytest.raises(TooLarge, match=r"more than 5,000 bytes.*Raise max_page_bytes under"):
        await (await make_fetcher(max_ratio=10**9)).get(base + "/", max_bytes=5000)


@pytest.mark.parametrize(
    ("accept", "setting"),
    [
        (ACCEPT_FEED, "max_feed_bytes"),
        (ACCEPT_PAGE, "max_page_bytes"),
        (ACCEPT_IMAGE, "max_image_bytes"),
    ],
)
async def test_a_body_that_is_too_large_names_the_setting_that_caps_it(
    accept: str, setting: str, serve: Serve, fetcher: Fetcher
) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(body=b"x" * 5000)

    with pytest.raises(TooLarge, match=f"Raise {setting} under"):
        await fetcher.get(await serve(page) + "/", accept=accept, max_bytes=4000)


async def test_a_port_without_tls_does_not_rest_for_http(serve: Serve, fetcher: Fetcher) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text="here")

    base = await serve(page)
    for _ in range(MAX_CONSECUTIVE_FAILURES):
        with pytest.raises(ConnectionFailed):
            await fetcher.get(base.replace("http:", "https:") + "/")
    assert as_page(await fetcher.get(base + "/")).body == b"here"
