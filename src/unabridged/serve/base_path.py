"""Sub-path of a reverse proxy: [serve] base_url = "https://example.org/news" puts the app under /news.

Routes and views know nothing of it. The middleware removes it from requests and adds it to redirects; the
templates add it to links. A proxy may pass the path as it is or without the sub-path.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unabridged import urls
from unabridged.errors import ConfigError


def base_path_of(base_url: str | None) -> str:
    """Return the path of a base URL without a slash at its end: "/news", or ""."""
    return urlsplit(base_url or "").path.rstrip("/")


def own_origin(base_url: str | None) -> str | None:
    """Return the origin of a base URL ("https://example.org"); None without one."""
    return urls.origin(base_url) if base_url else None


def own_host(base_url: str | None) -> tuple[str, ...]:
    """Return the host name of a base URL in a tuple; () without one."""
    return (urls.host(urls.origin(base_url)),) if base_url else ()


def check_base_path(base_url: str | None, routes: Iterable[str]) -> None:
    """Raise ConfigError for a sub-path that begins as one of the app's own paths does.

    Of a request for /feeds/3 the app could not say whether the proxy has removed the sub-path /feeds.
    """
    first = base_path_of(base_url).split("/")[1:2]
    if first and first[0] in {route.split("/")[1].partition(".")[0] for route in routes}:
        raise ConfigError(
            f"[serve] base_url = {base_url}: the reader has pages of its own under /{first[0]}. "
            "Choose another path, for example /news."
        )


def with_base_path(address: str, base_path: str) -> str:
    """Put the sub-path in front of an address of the app ("/a/3"); return other addresses unchanged."""
    is_local = address.startswith("/") and not address.startswith("//")
    return base_path + address if is_local else address


class BasePath:
    """ASGI middleware: remove the sub-path from requests, add it to redirects."""

    def __init__(self, app: ASGIApp, base_url: str | None) -> None:
        self._app = app
        self._base_path = base_path_of(base_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._base_path:
            await self._app(scope, receive, send)
            return
        host = Headers(scope=scope).get("host", "")

        async def send_prefixed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "location" in headers:
                    headers["location"] = self._redirected(headers["location"], host)
            await send(message)

        await self._app(self._without_base_path(scope), receive, send_prefixed)

    def _without_base_path(self, scope: Scope) -> Scope:
        raw: bytes = scope.get("raw_path") or b""
        plain = self._stripped(raw.decode()).encode() if raw.isascii() else raw
        return {**scope, "path": self._stripped(scope["path"]), "raw_path": plain}

    def _stripped(self, path: str) -> str:
        if path == self._base_path:
            return "/"
        return path.removeprefix(self._base_path) if path.startswith(self._base_path + "/") else path

    def _redirected(self, location: str, host: str) -> str:
        """Return a redirect's address as the browser needs it. host: of the request."""
        parts = urlsplit(location)
        if parts.netloc and parts.netloc == host:  # the router's own, to a path without its last slash
            location = parts._replace(scheme="", netloc="").geturl()
        return with_base_path(location, self._base_path)
