"""Redirects: followed, counted and recorded; none leads to a refused address."""

import pytest
from aiohttp import web

from tests.fetch.conftest import Serve, as_page
from tests.fetch.local_servers import raw_server, replying_server
from unabridged.errors import (
    FetchRefused,
    TooManyRedirects,
)
from unabridged.fetch.client import Fetcher


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


async def test_a_redirect_to_raw_bytes_keeps_them(fetcher: Fetcher) -> None:
    server, url = await raw_server(b"HTTP/1.1 302 Found\r\nLocation: /caf\xe9\r\nContent-Length: 0\r\n\r\n")
    async with server:
        with pytest.raises(TooManyRedirects, match="caf%E9"):
            await fetcher.get(url)


@pytest.mark.parametrize(
    ("location", "asked"),
    [
        (b"/my feed.xml", "/my%20feed.xml"),
        (b"/a?q=two words", "/a?q=two%20words"),
        (b"my feed.xml", "/my%20feed.xml"),
        (b"/ni\xc3\xb1o feed", "/ni%C3%B1o%20feed"),
        (b"/ni\xf1o", "/ni%F1o"),
        (b"/already%20there and not", "/already%20there%20and%20not"),
    ],
)
async def test_a_location_is_encoded_as_browsers_do(location: bytes, asked: str, fetcher: Fetcher) -> None:
    seen: list[str] = []

    def reply(head: str) -> bytes:
        seen.append(head.split(" ")[1])
        if len(seen) == 1:
            moved = b"Location: " + location + b"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
            return b"HTTP/1.1 301 Moved\r\n" + moved
        return b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"

    async with replying_server(reply) as base:
        assert as_page(await fetcher.get(base + "/old")).body == b"ok"
    assert seen == ["/old", asked]


async def test_a_space_in_the_host_of_a_location_is_refused(serve: Serve, fetcher: Fetcher) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "http://127.0.0.1 .example/"})

    with pytest.raises(FetchRefused, match="spaces"):
        await fetcher.get(await serve(page) + "/a")
