"""What failed connections say, and to whom it happened."""

import gzip
import socket

import pytest
from aiohttp import web

from tests.fetch.conftest import Serve
from tests.fetch.local_servers import Names, raw_server
from unabridged.config import FetchSettings
from unabridged.errors import (
    BadStatus,
    ConnectionFailed,
    HostNotFound,
)
from unabridged.fetch.client import Fetcher

LOCAL = FetchSettings(allow_private=("127.0.0.1",), per_host_gap=0.0)


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
    server, url = await raw_server(answer, reset=reset)
    async with server:
        with pytest.raises(ConnectionFailed, match=words):
            await fetcher.get(url)


async def test_a_closed_port_says_what_it_is(fetcher: Fetcher) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(ConnectionFailed, match="cannot be reached"):
        await fetcher.get(f"http://127.0.0.1:{port}/")


async def test_an_unknown_host_says_so() -> None:
    async with Fetcher(LOCAL, resolver=Names()) as fetcher:
        with pytest.raises(HostNotFound, match=r"There is no host named gone\.example"):
            await fetcher.get("http://gone.example/")


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


async def test_a_missing_page_is_said_in_words_that_name_no_command(serve: Serve, fetcher: Fetcher) -> None:
    async def page(request: web.Request) -> web.Response:
        return web.Response(status=404)

    base = await serve(page)
    with pytest.raises(BadStatus) as failure:
        await fetcher.get(base + "/gone")
    assert str(failure.value) == f"{base}/gone answered 404: the site has nothing at this address."
