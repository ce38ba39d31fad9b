"""Addresses of the sync APIs: every convention of apps leads to one path of ours; CORS for apps in browsers.

Apps append /accounts and /reader to the address that a person types. FreshRSS has it end in /api/greader.php,
and removes a second /api or /greader.php that people add; Miniflux and FeedHQ have none, and Miniflux's own
API is below /v1/. Where the address ends in a slash, some apps send two.
"""

import re
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FRESHRSS = re.compile(r"/api/greader\.php(?:/api(?=/|$))?(?:/greader\.php)?")
_FEVER = re.compile(r"/fever(?:/(?:index\.php)?)?|/(?:api/)?fever\.php/?")
_OWN = re.compile(r"/accounts/|/reader(?:/|$)|/fever/$|/v1/")

CORS: Mapping[str, str] = {
    "access-control-allow-origin": "*",
    "access-control-allow-headers": "Authorization, Content-Type, X-Auth-Token",
    "access-control-allow-methods": "GET, POST, PUT, DELETE, OPTIONS",
    "access-control-max-age": "86400",
}
"""Any page may send requests: they count by the token that they carry, and no cookie does."""


def sync_path(path: str) -> str | None:
    """Return the path of ours for a decoded path of the sync APIs; None for any other path."""
    path = _one_slash(path)
    if _FEVER.fullmatch(path):
        return "/fever/"
    known = _FRESHRSS.match(path)
    rest = path if known is None else _one_slash(path[known.end() :])
    if known is not None and rest in ("", "/", "/check/compatibility"):
        return "/reader" + rest.rstrip("/")
    return rest if _OWN.match(rest) else None


def _one_slash(path: str) -> str:
    """Return a path that begins with one slash instead of several."""
    return f"/{path.lstrip('/')}" if path.startswith("//") else path


class SyncPaths:
    """ASGI middleware: rewrite the paths of the sync APIs, answer OPTIONS, and add the headers of CORS."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = sync_path(scope["path"]) if scope["type"] == "http" else None
        if path is None:
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=dict(CORS))(scope, receive, send)
            return

        async def send_with_cors(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(CORS)
            await send(message)

        await self._app({**scope, "path": path}, receive, send_with_cors)
