"""Addresses of the full-text services as clients make them: with a second slash, or under /full-text-rss/.

Plugins append "/parser" to what people type, often with a slash at its end; Full-Text RSS is installed in
/full-text-rss/ as its instructions say.
"""

import re

from starlette.types import ASGIApp, Receive, Scope, Send

_OURS = re.compile(
    r"(?:/{2,}|/full-text-rss/+)(?P<name>makefulltextfeed\.php|extract\.php|parser|parse-html)"
)


def service_path(path: str) -> str | None:
    """Return the path of ours for a path that clients make; None for any other path."""
    found = _OURS.fullmatch(path)
    return f"/{found['name']}" if found else None


class ServicePaths:
    """ASGI middleware: rewrite the paths of the full-text services."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = service_path(scope["path"]) if scope["type"] == "http" else None
        if path is not None:
            scope = {**scope, "path": path, "raw_path": path.encode()}
        await self._app(scope, receive, send)
