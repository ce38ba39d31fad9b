"""Topics of our WebSub hub: feeds of ours, read through the app as a reader that has their address."""

import asyncio
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from starlette.types import ASGIApp, Message, Scope

from unabridged.archive.records.core import OWNER
from unabridged.errors import InvalidValue, NotFound
from unabridged.feeds.write import WRITERS
from unabridged.serve.access import feed_format
from unabridged.serve.authentication import needs_login
from unabridged.serve.base_path import base_path_of
from unabridged.serve.context import AppContext

NOT_OURS = "hub.topic is no feed of this server that may be read by its address alone."
ONLY_READ = "The token in hub.topic may change things. Use one that may only read."


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicOwner:
    """Person to whom a topic belongs. token: number of the token in its address, None without one."""

    user: int
    token: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicDocument:
    """Answer to a request for a topic."""

    status: int
    body: bytes
    content_type: str
    etag: str

    @property
    def is_gone(self) -> bool:
        """Say whether the feed is not there any more, or may not be read any more."""
        return 300 <= self.status < 500 and self.status != 429


def owner_of(context: AppContext, topic: str, base: str) -> TopicOwner:
    """Return the person to whom a topic belongs. base: address of the app. Raises InvalidValue, NotFound."""
    parts, own = urlsplit(topic), urlsplit(base)
    path = unquote(parts.path).removeprefix(base_path_of(base))
    is_feed = feed_format("GET", path) in WRITERS
    if (parts.scheme, parts.netloc) != (own.scheme, own.netloc) or not is_feed or parts.fragment:
        raise NotFound(NOT_OURS)
    secret = parse_qs(parts.query).get("token", [""])[-1]
    if not secret:
        if needs_login(context.settings.serve):
            raise NotFound(NOT_OURS)
        return TopicOwner(user=OWNER)
    token = context.archive.accounts.apps.by_token(secret, now=context.clock())
    if token is None:
        raise NotFound(NOT_OURS)
    if token.scope != "read":
        raise InvalidValue(ONLY_READ)
    return TopicOwner(user=token.user, token=token.id)


async def read_topic(app: ASGIApp, topic: str) -> TopicDocument:
    """Ask the app for a topic, as a program would that has nothing but its address."""
    parts = urlsplit(topic)
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": parts.scheme,
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(b"host", parts.netloc.encode()), (b"accept", b"*/*")],
        "client": None,
        "server": (parts.hostname or "", parts.port),
        "state": {},
    }
    started: list[Message] = []
    body: list[bytes] = []

    requested: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if not requested:
            await asyncio.Event().wait()  # nobody disconnects
        return requested.pop()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.append(message)
        else:
            body.append(message.get("body", b""))

    await app(scope, receive, send)
    headers = {name.decode().lower(): value.decode() for name, value in started[0]["headers"]}
    return TopicDocument(
        status=started[0]["status"],
        body=b"".join(body),
        content_type=headers.get("content-type", ""),
        etag=headers.get("etag", ""),
    )
