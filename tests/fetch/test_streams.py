"""Streams: pieces as they come, and an end to what is too slow, too long or too large."""

import asyncio

import pytest
from aiohttp import web

from tests.fetch.conftest import MakeFetcher, Serve
from unabridged.errors import BadStatus, ConnectionFailed, FetchError, FetchRefused, FetchTimeout, TooLarge
from unabridged.fetch import streams
from unabridged.fetch.client import Fetcher

BODY = bytes(range(256)) * 1000


async def read(fetcher: Fetcher, url: str, wanted: str | None = None) -> tuple[int, dict[str, str], bytes]:
    async with fetcher.stream(url, wanted) as stream:
        parts = [piece async for piece in stream.pieces]
        return stream.status, dict(stream.headers), b"".join(parts)


async def file(request: web.Request) -> web.StreamResponse:
    """Answer ranges of BODY, through a redirect."""
    if request.path == "/moved":
        return web.Response(status=302, headers={"Location": "/file"})
    given = request.headers.get("Range")
    if given is None:
        return web.Response(body=BODY, content_type="audio/mpeg")
    start = int(given.removeprefix("bytes=").rstrip("-"))
    if start >= len(BODY):
        return web.Response(status=416, headers={"Content-Range": f"bytes */{len(BODY)}"})
    headers = {"Content-Range": f"bytes {start}-{len(BODY) - 1}/{len(BODY)}"}
    return web.Response(status=206, body=BODY[start:], content_type="audio/mpeg", headers=headers)


async def test_a_file_and_a_part_of_it_arrive_through_a_redirect(
    serve: Serve, make_fetcher: MakeFetcher
) -> None:
    origin = await serve(file)
    fetcher = await make_fetcher()
    status, headers, body = await read(fetcher, f"{origin}/moved")
    assert (status, headers["content-type"], body) == (200, "audio/mpeg", BODY)
    status, headers, body = await read(fetcher, f"{origin}/moved", "bytes=200000-")
    assert (status, body) == (206, BODY[200_000:])
    assert headers["content-range"] == f"bytes 200000-{len(BODY) - 1}/{len(BODY)}"
    assert (await read(fetcher, f"{origin}/file", "bytes=999999-"))[0] == 416


async def test_no_private_address_is_asked_not_even_through_a_redirect(
    serve: Serve, make_fetcher: MakeFetcher
) -> None:
    async def away(request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": "http://169.254.169.254/latest"})

    origin = await serve(away)
    with pytest.raises(FetchRefused):
        await read(await make_fetcher(), f"{origin}/x")
    with pytest.raises(FetchRefused):
        await read(await make_fetcher(allow_private=()), f"{origin}/x")


async def test_what_cannot_be_played_is_refused(serve: Serve, make_fetcher: MakeFetcher) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/packed":
            return web.Response(body=b"x", headers={"Content-Encoding": "gzip"})
        return web.Response(status=403)

    origin = await serve(answer)
    fetcher = await make_fetcher()
    with pytest.raises(ConnectionFailed, match="packed"):
        await read(fetcher, f"{origin}/packed")
    with pytest.raises(BadStatus):
        await read(fetcher, f"{origin}/forbidden")


async def test_a_file_that_is_larger_than_allowed_ends(serve: Serve, make_fetcher: MakeFetcher) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        made = web.StreamResponse(headers={"Content-Type": "audio/mpeg"})
        await made.prepare(request)
        while True:
            await made.write(BODY)

    fetcher = await make_fetcher(max_media_bytes=1_000_000)
    with pytest.raises(TooLarge, match="1,000,000"):
        await asyncio.wait_for(read(fetcher, f"{await serve(endless)}/x"), 60)
    stated = await make_fetcher(max_media_bytes=len(BODY) - 1)
    with pytest.raises(TooLarge, match="max_media_bytes"):
        await read(stated, f"{await serve(file)}/file")


class Dripping:
    """A body that gives a byte whenever it is asked, on a clock that goes on by `pause` seconds."""

    def __init__(self, pause: float, piece: bytes = b"x") -> None:
        self.now, self.pause, self.piece = 0.0, pause, piece

    async def readany(self) -> bytes:
        self.now += self.pause
        return self.piece

    async def read_all(self) -> int:
        pieces = streams.bounded_pieces(self, "http://x/", 10**9, clock=lambda: self.now)  # type: ignore[arg-type]
        read = 0
        try:
            async for piece in pieces:
                read += len(piece)
        except FetchError as exc:
            self.error = exc
        return read


async def test_a_server_that_drips_is_left_and_a_slow_one_is_not() -> None:
    drip = Dripping(1.0)
    assert await asyncio.wait_for(drip.read_all(), 60) <= streams.PATIENCE
    assert isinstance(drip.error, FetchTimeout) and "slowly" in str(drip.error)
    radio = Dripping(1.0, b"x" * 4000)
    assert await radio.read_all() == streams.LONGEST * 4000
    assert isinstance(radio.error, FetchTimeout) and "hours" in str(radio.error)


async def test_a_connection_that_breaks_is_an_error(serve: Serve, make_fetcher: MakeFetcher) -> None:
    async def breaking(request: web.Request) -> web.StreamResponse:
        made = web.StreamResponse(headers={"Content-Type": "audio/mpeg", "Content-Length": "1000000"})
        await made.prepare(request)
        await made.write(BODY)
        assert request.transport is not None
        request.transport.abort()
        return made

    with pytest.raises(ConnectionFailed, match="broke off"):
        await read(await make_fetcher(), f"{await serve(breaking)}/x")
