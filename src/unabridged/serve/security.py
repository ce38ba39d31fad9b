"""The rules of the web doors: who may ask, what a browser may do with the answer, what may change.

There is no login yet, so three things stand in for it: the app listens on loopback only, it answers
only to names of its own (else a web page could read the archive by DNS rebinding), and it changes
something only for a POST that a page of its own sent.
"""

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unabridged.errors import ConfigError

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
MEDIA_CSP = "default-src 'none'; sandbox"
"""For bytes that somebody else made: even opened on their own they may do nothing."""

SECURITY_HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
}

FOREIGN = "The request came from another site."

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

_HOST = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(?::\d{1,5})?")
_CONTROLS = re.compile(r"[\x00-\x20\x7f]")


class ForeignRequest(Exception):
    """A change that was not asked for by a page of ours. `reason` is a sentence for the person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def harden(response: Response) -> Response:
    """Put the security headers on an answer that does not have its own."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    return response


class SecurityHeaders:
    """ASGI layer: every answer carries the security headers, and HEAD is answered like GET."""

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

        await self._app({**scope, "method": "GET"} if is_head else scope, receive, send_hardened)


class HostGuard:
    """ASGI layer: answer only when asked by a name on the list (421 otherwise).

    A page on evil.example may point its own name at 127.0.0.1; the browser then sends that name
    as Host, and this is where it stops.
    """

    def __init__(self, app: ASGIApp, allowed: Collection[str]) -> None:
        self._app = app
        self._allowed = frozenset(name.lower() for name in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or self._welcomes(scope):
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        await PlainTextResponse(
            "This address does not belong to Unabridged. Open it by the name it was started with, or add "
            "the name you used to allow_hosts under [serve] in the settings.\n",
            status_code=421,
        )(scope, receive, send)

    def _welcomes(self, scope: Scope) -> bool:
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
    """Say whether a host to listen on or to be asked by is this machine only."""
    if name.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def check_bind(host: str, *, allow_open: bool) -> None:
    """Raise ConfigError when listening on `host` would open the archive to others."""
    if is_loopback(host) or allow_open:
        return
    raise ConfigError(
        f"Listening on {host} would let everyone who can reach this machine read and change the archive: "
        "there is no login yet. Listen on 127.0.0.1, put a proxy with a login in front of it, or, if the "
        "network is yours alone, set allow_open = true under [serve]."
    )


def check_same_origin(headers: Headers, *, scheme: str) -> None:
    """Raise NotOurs when the browser says that another site sent this request.

    Browsers send Sec-Fetch-Site or Origin with every POST; a client that sends neither is no browser
    and holds nobody's trust that could be abused, but still needs the token.
    """
    site = headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        raise ForeignRequest(FOREIGN)
    origin = headers.get("origin")
    if origin is None or (origin == "null" and site == "same-origin"):
        return  # "null" is what a page under `no-referrer` sends with its own forms
    if not same_host(origin, headers.get("host", ""), scheme):
        raise ForeignRequest(FOREIGN)


def same_host(address: str, host: str, scheme: str) -> bool:
    """Say whether an origin, or an address, is of the host that was asked."""
    # Behind a proxy that ends TLS the scheme differs; the host may not.
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in (scheme, "https") and parts.netloc.lower() == host.lower() and host != ""


class Signer:
    """Signs what the pages of this app hand out: form tokens and addresses of pictures.

    key: secret bytes, at least 16.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise ConfigError("The secret for signing must have at least 16 bytes.")
        self._key = key

    def sign(self, purpose: str, text: str = "") -> str:
        message = f"{purpose}\0{text}".encode("utf-8", "surrogatepass")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()[:40]

    def accepts(self, signature: str, purpose: str, text: str = "") -> bool:
        return hmac.compare_digest(self.sign(purpose, text).encode(), signature.encode("utf-8", "replace"))


def check_token(signer: Signer, token: str) -> None:
    """Raise NotOurs when a form's token is not the one our pages carry."""
    if not signer.accepts(token, "form"):
        raise ForeignRequest(
            "This page is older than the running program. Load it again and repeat what you did."
        )


def safe_next(target: str, *, default: str = "/") -> str:
    """Return `target` when it is a path on this site, else `default`.

    One leading slash, no backslash, no control characters: `//evil`, `/\\evil`, `/%09/evil` go nowhere.
    """
    if not target.startswith("/") or target.startswith("//") or "\\" in target or _CONTROLS.search(target):
        return default
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or re.match(r"/+(?:%(?:09|0a|0d|2f|5c)|/)", target, re.IGNORECASE):
        return default
    return target
