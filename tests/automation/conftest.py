"""A receiver of webhooks on loopback, whose answers a test sets; archives on both databases."""

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest_asyncio
from aiohttp import web

import tests.archive.conftest as both

postgresql, dsn, open_archive, archive = both.postgresql, both.dsn, both.open_archive, both.archive

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Received:
    """One request: its id, its body, and its headers."""

    id: str
    body: bytes
    headers: dict[str, str]

    @property
    def number(self) -> Any:
        return orjson.loads(self.body).get("number")

    def is_signed(self, secret: str) -> bool:
        """Verify the signature as a receiver does."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        right = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return any(hmac.compare_digest(right, one) for one in self.headers["webhook-signature"].split())


@dataclass
class Receiver:
    """Receiver of webhooks. answers: the next ones, in order; then 204. got: every request."""

    address: str = ""
    answers: list[Answer] = field(default_factory=list)
    got: list[Received] = field(default_factory=list)

    @property
    def numbers(self) -> list[Any]:
        return [one.number for one in self.got]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.got.append(Received(headers["webhook-id"], await request.read(), headers))
        if self.answers:
            return await self.answers.pop(0)(request)
        return web.Response(status=204)


def status(number: int, **headers: str) -> Answer:
    """Return an answer with a status and headers; `retry_after` is Retry-After."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(
            status=number, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    return answer


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """Run a receiver on a free port of loopback."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/{rest:.*}", receiver.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.address = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as found:
        yield found
