"""The server on standard input and output: one client, one person."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

from mcp.server.stdio import stdio_server

from unabridged.config import Settings
from unabridged.mcp_server.caller import Caller, Writer
from unabridged.mcp_server.server import make_server
from unabridged.poll.poller import Poller, open_poller

log = logging.getLogger(__name__)


async def serve_stdio(caller: Caller, settings: Settings, *, write: bool) -> None:
    """Answer the client on standard input until it closes it.

    write: also offer the tools that change the library and ask other sites.
    """
    async with AsyncExitStack() as stack:
        if write:
            poller = await stack.enter_async_context(open_poller(settings, caller.archive))
            read_soon = await stack.enter_async_context(_reading(poller))
            caller = replace(caller, writer=Writer(poller=poller, read_soon=read_soon))
        server = make_server(lambda _request: caller)
        reading, writing = await stack.enter_async_context(stdio_server())
        await server.run(reading, writing, server.create_initialization_options())


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
