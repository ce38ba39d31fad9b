"""Route of the MCP server: agents ask over streamable HTTP, with a token of their own."""

import asyncio
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from unabridged.archive.records.library import Token
from unabridged.errors import extra_advice
from unabridged.serve.base_path import own_origin
from unabridged.serve.context import AppContext, get_context
from unabridged.serve.diff_child import DiffTask
from unabridged.serve.publishing.feed_cache import FeedCache
from unabridged.serve.security import OwnOrigins, check_same_origin
from unabridged.text.diff import Diff

if TYPE_CHECKING:  # of an extra
    from unabridged.mcp_server.caller import Caller
    from unabridged.mcp_server.http import HttpServer

router = APIRouter()

AT_ONCE, WAITING = 16, 100
"""Requests that are answered at the same time, and that wait; further ones get 503."""

NO_TOKEN = (
    "Send a token of Unabridged in the header `Authorization: Bearer …`. `unabridged token add NAME` makes "
    "one, with `--scope read` one that may only read; so does the page of your account."
)
NO_SDK = "Agents need an extra of this program."
BUSY = "Too many requests at the same time. Try again in a moment."


@dataclass(slots=True)
class AgentServer:
    """The server, made when the first agent asks: its library takes 0.6 s and 40 MB to load."""

    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    waiting: int = 0
    _server: "HttpServer | None" = None
    _making: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def get(self, context: AppContext) -> "HttpServer":
        """Return the running server."""
        async with self._making:
            if self._server is None:
                self._server = await asyncio.to_thread(_load)
                context.background.start(self._server.run())
            return self._server


def _load() -> "HttpServer":
    from unabridged.mcp_server.http import HttpServer

    return HttpServer()


@router.post("/mcp")
async def mcp(request: Request) -> Response:
    """Answer an agent. The scope of its token decides which tools it has."""
    context, agents = get_context(request), request.app.state.agents
    _check_origin(request, context)
    token = await asyncio.to_thread(_token, request, context)
    if token is None:
        headers = {"www-authenticate": 'Bearer realm="Unabridged"', "cache-control": "no-store"}
        return PlainTextResponse(f"{NO_TOKEN}\n", 401, headers)
    if find_spec("mcp") is None:
        return PlainTextResponse(f"{NO_SDK} {extra_advice('mcp')}\n", 501)
    if agents.waiting >= WAITING:
        return PlainTextResponse(f"{BUSY}\n", 503, {"retry-after": "2"})
    return _Answer(agents, await agents.get(context), _caller(request, context, token))


def _check_origin(request: Request, context: AppContext) -> None:
    """Raise ForeignRequest for a request of another site's page, as the protocol demands."""
    host, public = request.headers.get("host", ""), own_origin(context.settings.serve.base_url)
    check_same_origin(request.headers, OwnOrigins(scheme=request.url.scheme, host=host, public=public))


def _token(request: Request, context: AppContext) -> Token | None:
    """Return the token that came as Bearer, whatever else the request has."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        return None
    return context.archive.accounts.apps.by_token(secret.strip(), now=context.clock())


def _caller(request: Request, context: AppContext, token: Token) -> "Caller":
    from unabridged.mcp_server.caller import Caller, Writer

    def read_soon(url: str) -> None:
        context.background.start(context.read_soon(url))

    async def compare(texts: tuple[str, str], titles: tuple[str, str]) -> tuple[Diff, Diff]:
        found = await context.diff_pool.compare(DiffTask(text=texts, title=titles))
        return found.text, found.title

    fetches: FeedCache = request.app.state.feed_cache
    writer = Writer(poller=context.poller, slots=fetches.slots, read_soon=read_soon)
    return Caller(
        archive=context.archive,
        user=token.user,
        writer=writer if token.scope == "write" else None,
        clock=context.clock,
        compare=compare,
        address=lambda path: context.address(request, path),
    )


class _Answer(Response):
    """Response that the server of the SDK writes, once there is a free slot."""

    def __init__(self, agents: AgentServer, server: "HttpServer", caller: "Caller") -> None:
        super().__init__()
        self._agents, self._server, self._caller = agents, server, caller

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._agents.waiting += 1
        try:
            await self._agents.slots.acquire()
        finally:
            self._agents.waiting -= 1
        try:
            await self._server.answer(scope, receive, send, self._caller)
        finally:
            self._agents.slots.release()
