"""HTTP security: allowed hosts, security headers, same-origin checks, signatures, form tokens.

Where no login is asked, three rules replace it: the app listens on loopback only; it answers only to its own
host names (otherwise a web page could read the archive by DNS rebinding); and it changes the archive only
for a POST from one of its own pages.
"""

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unabridged.errors import ConfigError
from unabridged.serve.languages.messages import gettext, later

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
MEDIA_CSP = "default-src 'none'; sandbox"
"""For files of other sites: even when opened directly they may run or load nothing."""

SECURITY_HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
}

FOREIGN = later("The request came from another site.")

OTHER_NAME = later(
    "The request came from another site, or a reverse proxy changed its address. If you came through a "
    "proxy, set base_url under [serve] (or UNABRIDGED_SERVE_BASE_URL) to the address in your browser, for "
    "example https://news.example.org, and start the program again."
)
"""Refusal of a request whose host differs from that of its page. The page's own address is not repeated: on a
request from a hostile page it would be advice to trust that page."""

_HOST = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(?::\d{1,5})?")
_CONTROLS = re.compile(r"[\x00-\x20\x7f]")


class ForeignRequest(Exception):
    """A request that did not come from one of our pages. reason: a sentence for the user."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def harden(response: Response) -> Response:
    """Add the security headers that a response does not set itself."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    return response


class SecurityHeaders:
    """ASGI middleware: add the security headers to every response, and answer HEAD like GET."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"

        async def send_hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        asked = {**scope, "method": "GET", "is_head": True} if is_head else scope
        await self._app(asked, receive, send_hardened)


class HostGuard:
    """ASGI middleware: refuse requests for host names that are not allowed (421).

    A page on evil.example can point its own name at 127.0.0.1 (DNS rebinding); the browser then sends that
    name as Host.
    """

    def __init__(self, app: ASGIApp, allowed: Collection[str]) -> None:
        self._app = app
        self._allowed = frozenset(name.lower() for name in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or self._is_allowed(scope):
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        told = gettext(
            "This address does not belong to Unabridged. Open it by the name it was started with, or add "
            "the name you used to allow_hosts under [serve] in the settings (UNABRIDGED_SERVE_ALLOW_HOSTS). "
            "Behind a reverse proxy set base_url there to the address in your browser."
        )
        await PlainTextResponse(f"{told}\n", status_code=421)(scope, receive, send)

    def _is_allowed(self, scope: Scope) -> bool:
        given = Headers(scope=scope).getlist("host")
        return len(given) == 1 and host_allowed(given[0], self._allowed)


def host_allowed(header: str, allowed: Collection[str]) -> bool:
    """Say whether a Host header names one of `allowed` (lower case, no ports) or a loopback address."""
    match = _HOST.fullmatch(header)
    if match is None:
        return False
    name = (match["six"] or match["name"]).lower().rstrip(".")
    return name in allowed or is_loopback(name)


def is_loopback(name: str) -> bool:
    """Say whether a host name or address is a loopback one."""
    if name.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def is_secure(scope: Scope, base_url: str | None) -> bool:
    """Say whether the browser sees the app over https."""
    return scope["scheme"] == "https" or (base_url or "").startswith("https://")


def client_address(scope: Scope, proxies: Sequence[str]) -> str:
    """Return the address of the browser; behind a proxy that is believed, the one that it names.

    proxies: addresses or networks of the proxies that are believed.
    """
    client = scope.get("client")
    address = str(client[0]) if client else ""
    if not is_among(address, proxies):
        return address
    forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
    for one in reversed([part.strip() for part in forwarded if part.strip()]):
        if not is_among(one, proxies):
            return one[:60]
    return address


def is_among(address: str, networks: Sequence[str]) -> bool:
    """Say whether an address is in one of the networks; no for what is no address."""
    try:
        parsed = ipaddress.ip_address(address)
        return any(parsed in ipaddress.ip_network(network, strict=False) for network in networks)
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnOrigins:
    """Origins of our own pages, as a request's browser may name them.

    scheme, host: of the request. public: the origin under which browsers see the app behind a proxy that
    passes another host on; None if it is not set.
    """

    scheme: str
    host: str
    public: str | None = None

    def include(self, address: str) -> bool:
        """Say whether an origin or URL is one of ours."""
        # Behind a proxy that terminates TLS the scheme differs, the host does not.
        try:
            parts = urlsplit(address)
        except ValueError:
            return False
        host = parts.netloc.lower()
        if self.public is not None and f"{parts.scheme}://{host}" == self.public:
            return True
        return parts.scheme in (self.scheme, "https") and host == self.host.lower() and host != ""


def check_same_origin(headers: Headers, own: OwnOrigins) -> None:
    """Raise ForeignRequest if the browser's headers say that another site sent this request.

    Browsers send Sec-Fetch-Site or Origin with every POST. A client that sends neither is not a browser and
    has no credentials that another site could abuse; a form of it still needs the token.
    """
    site = headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        raise ForeignRequest(gettext(FOREIGN))
    origin = headers.get("origin")
    if origin is None or (origin == "null" and site == "same-origin"):
        return  # a page under `no-referrer` sends "null" with its own forms
    if not own.include(origin):
        raise ForeignRequest(gettext(OTHER_NAME))


class Signer:
    """Sign and verify form tokens and image URLs. key: secret of at least 16 bytes."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise ConfigError("The signing key must have at least 16 bytes.")
        self._key = key

    def sign(self, purpose: str, text: str = "") -> str:
        message = f"{purpose}\0{text}".encode("utf-8", "surrogatepass")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()[:40]

    def accepts(self, signature: str, purpose: str, text: str = "") -> bool:
        return hmac.compare_digest(self.sign(purpose, text).encode(), signature.encode("utf-8", "replace"))


def safe_next(target: str, *, default: str = "/") -> str:
    """Return `target` if it is a path on this site, else `default`.

    One leading slash, no backslash, no control characters: `//evil`, `/\\evil`, `/%09/evil` are refused.
    """
    if not target.startswith("/") or target.startswith("//") or "\\" in target or _CONTROLS.search(target):
        return default
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or re.match(r"/+(?:%(?:09|0a|0d|2f|5c)|/)", target, re.IGNORECASE):
        return default
    return target
