"""The server on standard input and output: one client, one person."""

import asyncio
import logging
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from mcp.server.stdio import stdio_server

from unabridged.config import Settings
from unabridged.mcp_server.caller import Caller, Writer
from unabridged.mcp_server.server import make_server
from unabridged.poll.poller import Poller, open_poller

if TYPE_CHECKING:
    import anyio

log = logging.getLogger(__name__)

FETCHES = 4
"""Calls that ask other sites at the same time."""

MAX_LINE = 1_000_000
"""Bytes of a message. The longest arguments are a few thousand."""


async def serve_stdio(caller: Caller, settings: Settings, *, write: bool) -> None:
    """Answer the client on standard input until it closes it.

    write: also offer the tools that change the library and ask other sites.
    """
    async with AsyncExitStack() as stack:
        if write:
            poller = await stack.enter_async_context(open_poller(settings, caller.archive))
            read_soon = await stack.enter_async_context(_reading(poller))
            caller = replace(
                caller, writer=Writer(poller=poller, slots=asyncio.Semaphore(FETCHES), read_soon=read_soon)
            )
        server = make_server(lambda _request: caller)
        lines = cast("anyio.AsyncFile[str]", lines_of(sys.stdin.fileno()))
        reading, writing = await stack.enter_async_context(stdio_server(stdin=lines))
        await server.run(reading, writing, server.create_initialization_options())


async def lines_of(descriptor: int) -> AsyncIterator[str]:
    """Yield the lines that a file descriptor gives, until its end.

    A thread that waits in `readline` cannot be cancelled: with the SDK's own reader a signal would end the
    program only once the client closes its end. This thread is left behind.
    """
    loop = asyncio.get_running_loop()
    stream = asyncio.StreamReader(limit=MAX_LINE)

    def read() -> None:
        with suppress(OSError, RuntimeError):  # RuntimeError: the loop is closed
            while data := os.read(descriptor, 65_536):
                loop.call_soon_threadsafe(stream.feed_data, data)
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(stream.feed_eof)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = await stream.readline()
        except ValueError:  # longer than MAX_LINE: no message
            line = b"\n"
        if not line:
            return
        yield line.decode("utf-8", "replace")


@asynccontextmanager
async def _reading(poller: Poller) -> AsyncIterator[Callable[[str], None]]:
    """Give a function that has the due pages read in the background, by one task at a time."""
    wanted = asyncio.Event()

    async def read() -> None:
        while True:
            await wanted.wait()
            wanted.clear()
            try:
                await poller.read_due_pages()
            except Exception:
                log.exception("reading the pages of a new feed failed")

    task = asyncio.create_task(read())
    try:
        yield lambda _url: wanted.set()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
