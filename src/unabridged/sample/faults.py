"""The ways in which a host misbehaves: each turns a good answer into what a bad day makes of it."""

import asyncio
import socket
import struct
import zlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import brotli
from aiohttp import web

from unabridged.sample.answers import Answer

BOMB_BYTES: Final = 300_000_000
"""Decoded size of a bomb: thirty times what a page may have."""

RETRY_AFTER: Final = 120
"""Seconds that the host which answers 429 asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Input of a fault. good: the response without it. asked: requests for this path before.

    elsewhere: the origin of a good host with the same pages. pace: seconds between two dripped bytes.
    closing: set when the publisher stops, so that nobody waits for a host that hangs.
    """

    request: web.Request
    good: Answer
    asked: int
    elsewhere: str
    pace: float
    closing: asyncio.Event


Fault = Callable[[Circumstances], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultCase:
    """A host with one fault. about: one sentence for people."""

    fault: Fault = field(repr=False)
    about: str


def plain_response(made: Answer) -> web.Response:
    """An answer as aiohttp sends it."""
    return web.Response(status=made.status, body=made.body, headers=dict(made.headers))


def _status(status: int, words: str, headers: Mapping[str, str] | None = None) -> Fault:
    async def refuse(_: Circumstances) -> web.StreamResponse:
        page = f"<!doctype html><title>{status}</title><h1>{words}</h1>"
        return web.Response(status=status, text=page, content_type="text/html", headers=headers)

    return refuse


async def _flap(around: Circumstances) -> web.StreamResponse:
    """Every first, third, fifth … request fails."""
    if around.asked % 2 == 0:
        return web.Response(status=503, text="Back in a minute.")
    return plain_response(around.good)


async def _drip(around: Circumstances) -> web.StreamResponse:
    """The right answer, a byte at a time."""
    response = web.StreamResponse(headers=dict(around.good.headers))
    response.content_length = len(around.good.body)
    await response.prepare(around.request)
    for place in range(len(around.good.body)):
        if around.closing.is_set() or around.request.transport is None:
            break
        await response.write(around.good.body[place : place + 1])
        with suppress(TimeoutError):
            async with asyncio.timeout(around.pace):
                await around.closing.wait()
    return response


async def _hang(around: Circumstances) -> web.StreamResponse:
    """Nothing, until the publisher stops."""
    await around.closing.wait()
    return web.Response(status=503)


async def _reset(around: Circumstances) -> web.StreamResponse:
    """Half an answer, then the connection is reset."""
    response = web.StreamResponse(headers=dict(around.good.headers))
    response.content_length = len(around.good.body)
    await response.prepare(around.request)
    await response.write(around.good.body[: len(around.good.body) // 2])
    transport = around.request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        # A linger of zero seconds makes the kernel send RST in place of FIN.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return response


async def _loop(around: Circumstances) -> web.StreamResponse:
    """Two addresses that redirect to one another."""
    path = around.request.path
    other = path.removesuffix("/again") if path.endswith("/again") else f"{path}/again"
    return web.Response(status=302, headers={"Location": other})


def _moved(status: int) -> Fault:
    async def move(around: Circumstances) -> web.StreamResponse:
        return web.Response(status=status, headers={"Location": around.elsewhere + around.request.path_qs})

    return move


@lru_cache(maxsize=2)
def _bomb(coding: str) -> bytes:
    """A document of BOMB_BYTES that begins like a feed and goes on with spaces, compressed."""
    start, blank = b'<?xml version="1.0"?><rss version="2.0"><channel><title>', b" " * 1_000_000
    times = BOMB_BYTES // len(blank)
    if coding == "br":
        press = brotli.Compressor(quality=1)
        return b"".join([press.process(start), *(press.process(blank) for _ in range(times)), press.finish()])
    return _gzip_repeated(start, blank, times)


def _gzip_repeated(start: bytes, blank: bytes, times: int) -> bytes:
    """Return gzip of start + blank × times, compressing `blank` once: a full flush resets the window."""
    press = zlib.compressobj(6, wbits=-zlib.MAX_WBITS)
    first = press.compress(start) + press.flush(zlib.Z_FULL_FLUSH)
    one = press.compress(blank) + press.flush(zlib.Z_FULL_FLUSH)
    check = zlib.crc32(start)
    for _ in range(times):
        check = zlib.crc32(blank, check)
    length = len(start) + len(blank) * times
    head = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
    return head + first + one * times + press.flush() + struct.pack("<II", check, length & 0xFFFFFFFF)


def _send_bomb(coding: str) -> Fault:
    async def explode(around: Circumstances) -> web.StreamResponse:
        body = await asyncio.to_thread(_bomb, coding)
        kind = around.good.headers.get("Content-Type", "text/html")
        return web.Response(body=body, headers={"Content-Type": kind, "Content-Encoding": coding})

    return explode


async def _half(around: Circumstances) -> web.StreamResponse:
    """The first half of the document, as if it were all of it."""
    half = around.good.body[: len(around.good.body) // 2]
    return plain_response(Answer(status=around.good.status, body=half, headers=around.good.headers))


async def _empty(around: Circumstances) -> web.StreamResponse:
    return web.Response(body=b"", headers={"Content-Type": "application/xml"})


FAULTS: Final[Mapping[str, FaultCase]] = {
    "forbidden": FaultCase(fault=_status(403, "Forbidden"), about="answers 403 to everybody"),
    "too-many": FaultCase(
        fault=_status(429, "Too many requests", {"Retry-After": str(RETRY_AFTER)}),
        about=f"answers 429 with Retry-After: {RETRY_AFTER}",
    ),
    "server-error": FaultCase(fault=_status(500, "Internal server error"), about="answers 500"),
    "gone-host": FaultCase(fault=_status(410, "Gone"), about="answers 410: feed and pages are gone for good"),
    "flap": FaultCase(fault=_flap, about="fails every other time"),
    "drip": FaultCase(fault=_drip, about="sends the right answer a byte at a time"),
    "hang": FaultCase(fault=_hang, about="takes the request and never answers"),
    "reset": FaultCase(fault=_reset, about="resets the connection half-way"),
    "loop": FaultCase(fault=_loop, about="redirects in a circle"),
    "gzip-bomb": FaultCase(fault=_send_bomb("gzip"), about="sends 300 MB of blanks packed with gzip"),
    "br-bomb": FaultCase(fault=_send_bomb("br"), about="sends 300 MB of blanks packed with brotli"),
    "half": FaultCase(fault=_half, about="sends the first half of every document"),
    "empty": FaultCase(fault=_empty, about="answers 200 with an empty body"),
    "maintenance": FaultCase(
        fault=_status(200, "We are working on the site. Please come back later."),
        about="answers 200 with a page about repairs in place of everything",
    ),
    "redirect": FaultCase(fault=_moved(302), about="redirects to the good host for now"),
    "moved": FaultCase(fault=_moved(301), about="redirects to the good host forever"),
}
