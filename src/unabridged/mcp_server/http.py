"""The server over streamable HTTP, without sessions: every request says who sends it."""

import asyncio
from typing import Any

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.types import Receive, Scope, Send

from unabridged.mcp_server.caller import Caller
from unabridged.mcp_server.server import make_server

MAX_BODY = 1_000_000
"""Bytes of a request. The longest arguments are a few thousand."""

STATE = "mcp_caller"
"""Name under which the state of a request holds its caller."""


class HttpServer:
    """The server as an ASGI application. It answers while `run` runs.

    Hosts and origins are checked by the web app around it, which also finds the caller of each request.
    """

    def __init__(self) -> None:
        self._manager = StreamableHTTPSessionManager(
            make_server(_caller_of), json_response=True, stateless=True, max_request_body_size=MAX_BODY
        )
        self.ready = asyncio.Event()

    async def run(self) -> None:
        """Hold the tasks of the server until cancelled."""
        async with self._manager.run():
            self.ready.set()
            await asyncio.Event().wait()

    async def answer(self, scope: Scope, receive: Receive, send: Send, caller: Caller) -> None:
        """Answer one request of a caller."""
        await self.ready.wait()
        own = {**scope, "state": {**scope.get("state", {}), STATE: caller}}
        await self._manager.handle_request(own, receive, send)


def _caller_of(request: Any) -> Caller:
    caller = getattr(request.request.state, STATE)
    assert isinstance(caller, Caller)
    return caller
